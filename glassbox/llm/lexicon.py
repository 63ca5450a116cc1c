"""What the field calls things: other names of recorded metrics and conditions, and what is often asked for.

The index says which metrics there are; this says how people name them. A metric or condition that is not here can be
asked for by the words of its own name, so that a new one needs no entry.
"""

# Part of a recorded key: other names, in words. The part's own words always count.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "dice": (
        "dsc", "dice score", "dice coefficient", "dice index", "dice similarity", "dice similarity coefficient",
        "sorensen dice", "dice overlap", "dice value", "dice metric", "dice similarity score",
    ),
    "iou": (
        "jaccard", "jaccard index", "jaccard score", "jaccard coefficient", "jaccard similarity", "jaccard overlap",
        "intersection over union", "iou score", "jac", "intersection over the union", "jaccard value",
    ),
    "precision": (
        "ppv", "positive predictive value", "precision score", "pixel precision", "precision value",
        "precision metric", "precise",
    ),
    "recall": (
        "sensitivity", "true positive rate", "tpr", "hit rate", "recall score", "pixel recall", "recall value",
        "recall metric", "sensitivity score", "sensitive",
    ),
    "specificity": ("true negative rate", "tnr", "selectivity", "specificity score"),
    "accuracy": ("pixel accuracy", "acc", "accuracy score", "overall accuracy"),
    "f1": ("f1 score", "f score", "f measure", "f 1", "f1 measure", "f one score"),
    "thresholded_jaccard": (
        "thresholded jaccard index", "thresholded iou", "jaccard thresholded", "threshold jaccard",
    ),
    "hd95_px": (
        "hd95", "hd 95", "95th percentile hausdorff distance", "95th percentile hausdorff", "hausdorff distance",
        "hausdorff", "95 percent hausdorff distance", "95 hausdorff distance", "hausdorff 95",
        "95 % hausdorff distance", "hausdorff95", "robust hausdorff distance", "95th hausdorff", "95 % hausdorff",
        "boundary distance", "95th percentile of the hausdorff distance", "hd95 distance", "hausdorff distance 95",
        "95 percent hausdorff",
    ),
    "surface_dice_2px": (
        "surface dice", "normalised surface dice", "normalized surface dice", "nsd", "surface dice at 2 px",
        "boundary dice", "surface dice 2px", "surface dice 2 px", "surface dice at two pixels",
        "surface dice score", "normalised surface distance", "surface dice at 2 pixels", "surface overlap",
    ),
    "tp": (
        "true positives", "true positive pixels", "true positive", "tps", "true positive count", "tp count",
        "tp pixels",
    ),
    "fp": (
        "false positives", "false positive pixels", "false positive", "fps", "false alarms", "fp count",
        "fp pixels", "false positive count", "pixels wrongly marked as lesion", "wrongly marked pixels",
        "wrongly marked as lesion", "falsely marked pixels", "wrongly outlined pixels",
        "pixels wrongly called lesion", "false positive pixel count",
    ),
    "fn": (
        "false negatives", "false negative pixels", "false negative", "fns", "missed pixels", "fn count",
        "fn pixels", "false negative count", "pixels wrongly left out", "lesion pixels left out",
        "missed lesion pixels", "lesion pixels missed", "false negative pixel count",
    ),
    "tn": (
        "true negatives", "true negative pixels", "true negative", "tns", "tn count", "tn pixels",
        "true negative count",
    ),
    "missed": (
        "missed lesions", "lesions missed", "missed cases", "missed lesion", "misses", "missed targets",
        "lesions missed out", "undetected lesions", "lesions undetected", "overlooked lesions", "missed images",
        "cases missed", "missed lesion count", "completely missed lesions", "lesions not detected",
        "lesions not found", "lesions overlooked", "undetected", "miss", "overlook", "overlooked",
        "completely missed", "totally missed", "entirely missed", "miss completely", "miss entirely",
        "miss altogether", "undetected cases", "lesions were missed", "lesions are missed", "lesions did miss",
    ),
    "detected": ("detected lesion", "lesion detected", "found lesion", "detection flag"),
    "failures": (
        "failed cases", "failed masks", "number of failures", "failure count", "failed images", "failed lesions",
    ),
    "failure_rate": (
        "failure rate", "rate of failure", "rate of failures", "share of failures", "failure share",
        "fraction of failures", "proportion of failures", "failure percentage", "percentage of failures",
        "fail rate", "failed share", "share of failed cases", "fraction of failed cases",
        "proportion of failed cases", "failure fraction", "portion of failures", "fraction of images failed",
        "share of failed images", "proportion of failed images",
    ),
    "detection_rate": (
        "rate of detection", "share detected", "detection share", "fraction detected", "lesion detection rate",
    ),
    "empty_truth": ("empty truth", "empty masks", "empty truths", "empty truth masks", "empty ground truth"),
    "roc_auc": (
        "roc auc", "area under the roc curve", "auc", "auc roc", "area under roc", "auc of the roc curve",
        "area under roc curve", "area under the receiver operating characteristic curve", "area under curve",
        "area under the curve", "pixel auc", "roc area",
    ),
    "average_precision": ("mean average precision", "ap", "pr auc", "area under the precision recall curve", "auprc"),
    "auroc": (
        "auroc of predicted quality", "auroc of the predicted quality", "quality auroc", "failure auroc",
        "auroc for failures", "auroc for failure", "auroc of failure detection", "auroc for finding failures",
        "auroc of the quality prediction", "failure detection auroc", "predicted quality auroc",
        "auroc for failure detection", "auc of predicted quality", "auc of failure detection",
    ),
    "temperature": ("calibration temperature", "scaling temperature", "softmax temperature"),
    "threshold": (
        "operating threshold", "decision threshold", "cut off", "cutoff", "operating point", "chosen threshold",
        "probability threshold", "threshold value", "cut point",
    ),
    "ece": ("expected calibration error", "calibration error"),
    "brier": ("brier score", "brier loss"),
    "quality": ("predicted quality", "quality score", "quality prediction", "estimated quality", "quality estimate"),
    "expected_iou": ("expected jaccard", "anticipated iou"),
    "tta_iou": ("iou of four flips", "iou with test time augmentation", "tta jaccard", "flipped iou"),
    "tta_dice": ("dice of four flips", "dice with test time augmentation"),
    "caught": (
        "failures caught", "caught failures", "share of failures caught", "failures caught by review",
        "fraction of failures caught", "share of caught failures", "caught", "failures gets caught",
        "failures get caught", "failures are caught", "failures is caught", "portion of failures caught",
    ),
    "review": ("review share", "share sent for review", "reviewed share", "share of cases for review"),
    "mean_risk": ("average risk", "area under the risk coverage curve", "aurc"),
    "least_risk": ("lowest possible risk", "oracle risk", "best possible risk"),
    "error": (
        "quality error", "error of predicted quality", "quality prediction error", "error of the predicted quality",
    ),
    "exact_across": (
        "exact duplicates across splits", "duplicates across splits", "exact duplicates across",
        "identical images across splits", "identical pictures across splits",
    ),
    "exact_within": (
        "exact duplicates within splits", "duplicates within splits", "exact duplicates within",
        "identical images within splits", "exact duplicates within a split",
    ),
    "near_across": ("near duplicates across splits", "near duplicates across"),
    "near_within": ("near duplicates within splits", "near duplicates within", "near duplicates within a split"),
    "faults": ("data faults", "faults in the data"),
    "target_share": ("lesion area share", "target area", "lesion area", "share of the image covered", "lesion share"),
    "height_px": ("image height", "picture height"),
    "width_px": ("image width", "picture width"),
    "agreement_mean": ("mean alignment agreement", "alignment agreement"),
    "agreement_min": ("lowest alignment agreement", "minimum alignment agreement"),
    "false_positive_percent": (
        "false positive percentage", "percentage of false positives", "share of false positive pixels",
        "percent false positives", "false positive pixel percentage", "false positive pixel percent",
        "percent of false positive pixels",
    ),
    "false_negative_percent": (
        "false negative percentage", "percentage of false negatives", "share of false negative pixels",
        "percent false negatives", "false negative pixel percentage", "false negative pixel percent",
        "percent of false negative pixels",
    ),
    "deletion_gain": ("deletion score", "deletion"),
    "insertion_gain": ("insertion score", "insertion"),
    "mass_gain": ("relevance mass gain",),
    "mass": ("relevance mass",),
    "pointing": ("pointing game", "pointing accuracy", "pointing game score", "pointing score"),
    "completeness": ("completeness error",),
    "stays_with_shuffled_weights": ("unchanged by shuffled weights",),
}  # fmt: skip

# Conditions under which a metric was taken: the parts of a key, and how people name them.
CONDITIONS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("pooled",): (
        "pooled", "pooled pixels", "pooled over all pixels", "over pooled pixels", "micro averaged", "pixel pooled",
        "pool all the pixels", "pool all pixels", "pooling all pixels", "all pixels pooled", "pooled together",
        "pool all the pixels together", "all pixels together", "pixels pooled",
    ),
    ("tta",): (
        "tta", "test time augmentation", "four flips", "4 flips", "flips averaged", "mirror images",
        "flip averaging", "test time flips", "four mirror images", "averaged flips", "four flips averaged",
    ),
    ("before",): (
        "before calibration", "before temperature scaling", "uncalibrated", "before scaling",
        "prior to calibration", "without calibration",
    ),
    ("after",): (
        "after calibration", "after temperature scaling", "calibrated", "after scaling", "once calibrated",
        "post calibration", "with calibration", "temperature scaled", "once temperature scaled",
        "been temperature scaled", "after being calibrated", "when calibrated",
    ),
    ("at_threshold",): (
        "at the operating threshold", "at the chosen threshold", "at its threshold", "at threshold",
        "at its operating threshold", "at the threshold",
    ),
    ("minus_balanced",): ("minus balanced", "paired difference from balanced"),
    ("size", "low"): (
        "small lesions", "smallest lesions", "small size", "low size", "smallest third", "size low", "small ones",
        "the smallest third of lesions", "small targets",
    ),
    ("size", "middle"): (
        "medium lesions", "medium sized lesions", "middle sized lesions", "mid sized lesions", "size middle",
        "medium size", "middle size",
    ),
    ("size", "high"): (
        "large lesions", "largest lesions", "big lesions", "large size", "high size", "largest third", "size high",
        "biggest lesions", "large targets",
    ),
    ("contrast", "low"): (
        "low contrast", "low contrast lesions", "lowest contrast", "faint lesions", "poor contrast",
        "lowest contrast third", "contrast low", "weak contrast", "least contrast", "pale lesions",
    ),
    ("contrast", "middle"): (
        "medium contrast", "middle contrast", "contrast middle", "medium contrast lesions", "intermediate contrast",
        "moderate contrast",
    ),
    ("contrast", "high"): (
        "high contrast", "high contrast lesions", "highest contrast", "strong contrast", "contrast high",
        "good contrast", "most contrast",
    ),
    ("edge", "yes"): (
        "touching the edge", "touch the edge", "at the edge", "edge lesions", "lesions at the border",
        "touching the border", "cut by the edge", "edge yes", "touching the image border", "edge touching",
        "reaching the edge", "touching the image edge", "on the edge", "edge touching lesions", "touches the edge",
        "touches the border", "touches the edge of the image", "touch the edge of the image",
        "touching the edge of the image", "touches the image edge", "touch the border", "reaches the edge",
        "reach the edge",
    ),
    ("edge", "no"): (
        "not touching the edge", "away from the edge", "do not touch the edge", "edge no", "inside the picture",
        "clear of the edge", "not touching the border",
    ),
    ("ita_deg", "very_light"): ("very light skin", "very light", "lightest skin"),
    ("ita_deg", "light"): ("light skin", "fair skin"),
    ("ita_deg", "intermediate"): ("intermediate skin", "medium skin", "intermediate skin tone"),
    ("ita_deg", "tan"): ("tan skin", "tanned skin", "tan skin tone"),
    ("ita_deg", "brown"): ("brown skin", "brown skin tone", "brown skinned"),
    ("ita_deg", "dark"): ("dark skin", "darkest skin", "dark skin tone", "black skin"),
    ("hair", "low"): ("little hair", "hairless", "low hair", "hair low", "least hair", "few hairs"),
    ("hair", "middle"): ("some hair", "medium hair", "hair middle", "moderate hair"),
    ("hair", "high"): (
        "much hair", "a lot of hair", "high hair", "hair high", "lots of hair", "most hair", "hairy", "hairy skin",
        "heavy hair",
    ),
    ("hair", "yes"): ("with hair", "hair present", "hair yes"),
    ("hair", "no"): ("without hair", "no hair", "hair absent", "hair no"),
    ("blur",): ("blur", "blurring", "blurred", "gaussian blur", "blurry"),
    ("noise",): ("noise", "gaussian noise", "noisy"),
    ("jpeg",): ("jpeg", "jpeg compression", "jpg", "jpeg quality", "compression"),
    ("brightness",): ("brightness", "brightness change", "brightened"),
    ("colour",): (
        "colour", "color", "colours", "colors", "colour shift", "color shift", "colour change", "colour cast",
    ),
    ("hair",): (
        "hairs", "drawn hair", "drawn hairs", "artificial hair", "artificial hairs", "hairs drawn", "added hairs",
    ),
    ("none",): (
        "without any corruption", "with no corruption", "uncorrupted", "clean images", "without corruption",
        "no corruption", "unaltered pictures", "clean pictures",
    ),
}  # fmt: skip
ORDINARY = frozenset({
    "model", "without", "n", "samples", "review", "error", "dead", "alignment", "worst", "none", "weights",
    "constant", "coarse", "stem", "size", "edge", "before", "after", "cases", "pixels", "excludes_zero",
    "precision", "recall", "uncertainty", "width_px", "height_px",
})  # fmt: skip

# Between the kind of a corruption and its strength: `blur of 4`.
STRENGTH = (
    "of", "at", "strength", "level", "with", "sigma", "quality", "at strength", "of strength", "with strength",
    "at level", "of sigma", "with sigma", "at sigma", "at quality", "of quality", "by", "strength of", "level of",
    "sigma of", "is", "corruption at", "corruption", "changed by", "are changed by", "is changed by", "shifted by",
    "quality of", "down to",
)  # fmt: skip
# A group that is told by whether something is in the picture.
PRESENT: dict[str, tuple[str, ...]] = {
    "yes": (
        "with {}", "with a {}", "{} present", "{} are present", "{} is present", "{} are there", "{} are visible",
        "{} is visible", "{} is there", "{} visible", "show {}", "show a {}", "show the {}", "showing {}",
        "showing a {}", "have {}", "have a {}", "containing {}", "containing a {}", "there is a {}", "there are {}",
        "with the {}", "with visible {}",
    ),
    "no": (
        "without {}", "without a {}", "no {}", "{} absent", "{} is absent", "{} are absent", "lacking {}",
        "lacking a {}", "free of {}", "without any {}", "with no {}", "do not show {}", "do not show a {}",
        "without the {}",
    ),
}  # fmt: skip

# Two conditions named together, both of them meant.
SIDES = dict.fromkeys(
    (
        "before and after", "before and after calibration", "before and after temperature scaling",
        "before and after scaling", "with and without calibration", "before vs after calibration",
        "before versus after calibration", "before vs after", "by temperature scaling", "by calibration",
        "through calibration", "from calibration", "temperature scaling", "thanks to calibration",
    ),
    ("before calibration", "after calibration"),
)  # fmt: skip

STATISTICS: dict[str, tuple[str, ...]] = {
    "ci_low": (
        "lower bound", "lower limit", "lower end", "ci low", "lower confidence bound", "lower confidence limit",
        "lower ci", "bottom of the interval", "lower bound of the interval", "lower end of the interval", "low end",
        "lower bound of the confidence interval", "lower bound of the 95 % interval", "lower edge",
    ),
    "ci_high": (
        "upper bound", "upper limit", "upper end", "ci high", "upper confidence bound", "upper confidence limit",
        "upper ci", "top of the interval", "upper bound of the interval", "upper end of the interval", "high end",
        "upper edge", "upper bound of the confidence interval", "upper bound of the 95 % interval",
    ),
    "median": ("median image", "middle value"),
}  # fmt: skip

SPLITS: dict[str, tuple[str, ...]] = {
    "train": (
        "training split", "training set", "train set", "train split", "training data", "training", "train",
        "training part",
    ),
    "val": (
        "validation split", "validation set", "val set", "val split", "validation", "val", "validation data",
        "dev set", "validation part",
    ),
    "test": (
        "test split", "test set", "testing set", "held out set", "test", "test data", "official test split",
        "testing", "test part",
    ),
}  # fmt: skip

PURPOSES: dict[str, tuple[str, ...]] = {
    "base": ("base", "baseline"),
    "balanced": ("balanced",),
    "precision": ("precision", "high precision"),
    "recall": ("recall", "high recall"),
}  # fmt: skip

EVERY_TASK = (
    "all models", "all recorded models", "all networks", "all the models", "every model", "any model",
    "all the networks", "all data sets", "all datasets", "all tasks", "every data set", "every dataset",
    "every task", "any task", "any data set", "across tasks", "across data sets", "across datasets", "all data",
)  # fmt: skip

CORRUPTIONS = ("blur", "noise", "jpeg", "brightness", "colour", "hair")


# What is often asked for and may not be recorded: named, so that it is not taken for something else.
OFTEN_ASKED = (
    "shap", "lrp", "deeplift", "tcav", "anchors", "grad cam plus plus", "score cam", "eigen cam", "motion blur",
    "fog", "salt and pepper noise", "elastic deformation", "mean hausdorff distance", "average hausdorff distance",
    "inter observer agreement", "interobserver agreement", "observer agreement", "melanoma subtype",
    "balanced accuracy", "kappa", "cohen s kappa", "cohen kappa", "cohens kappa", "f2", "f2 score", "mcc",
    "matthews correlation", "auprc", "matthews correlation coefficient", "average surface distance",
    "mean surface distance", "assd", "asd", "psnr", "ssim", "mean absolute error", "mae", "mse", "rmse", "r2",
    "log loss", "loss", "training loss", "validation loss", "npv", "top 5 accuracy", "negative predictive value",
    "volume", "perplexity", "bleu", "rouge", "map", "mean iou per class", "fid", "youden index", "training time",
    "inference time", "latency", "runtime", "run time", "speed", "throughput", "memory", "memory usage", "flops",
    "parameters", "number of parameters", "parameter count", "weights", "layers", "number of layers", "epochs",
    "number of epochs", "learning rate", "batch size", "optimizer", "optimiser", "seed", "random seed", "dropout",
    "weight decay", "momentum", "gpu", "gpus", "cpu", "price", "energy", "carbon footprint", "power consumption",
    "age", "sex", "gender", "diagnosis", "melanoma", "malignancy", "hospital", "camera", "author", "authors",
    "licence", "license", "date", "file size", "size on disk", "commit", "architecture", "standard deviation",
    "std", "variance", "correlation", "p value", "p values", "skewness", "kurtosis", "quartile", "quartiles",
    "percentile", "histogram", "distribution", "interquartile range", "iqr", "standard error", "effect size",
    "training accuracy", "training dice", "learning curve", "bias", "fairness", "false discovery rate",
    "false positive rate", "false negative rate", "fpr", "fnr", "fallout", "hausdorff 100",
    "maximum hausdorff distance", "gini", "informedness", "lift", "prevalence", "likelihood ratio", "odds ratio",
    "diagnostic accuracy", "g mean", "hamming loss",
)  # fmt: skip
