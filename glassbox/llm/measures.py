"""What is known of recorded metrics beyond their names: which way is better, which are counts, how they are called."""

# Metrics for which less is better; every other one of SYNONYMS that `best` can be asked of is better when higher.
LOWER = frozenset({
    "hd95_px", "fp", "fn", "missed", "failures", "failure_rate", "ece", "brier", "mean_risk", "least_risk", "error",
    "faults", "nll", "mae", "false_alarms", "false_positive_percent", "false_negative_percent", "completeness", "dead",
})  # fmt: skip

HIGHER = frozenset({
    "dice", "iou", "precision", "recall", "specificity", "accuracy", "f1", "thresholded_jaccard",
    "surface_dice_2px", "tp", "tn", "detected", "detection_rate", "roc_auc", "average_precision", "auroc",
    "quality", "expected_iou", "agreement", "tta_iou", "tta_dice", "caught", "deletion_gain", "insertion_gain",
    "mass_gain", "mass", "pointing", "balanced_accuracy", "sensitivity", "npv", "ppv", "auprc", "mcc", "kappa", "ratio",
})  # fmt: skip

SUMMED = frozenset({"tp", "fp", "fn", "tn", "missed", "detected"})  # counts: of a whole split they are added up

USUAL = ("dice", "roc_auc", "auroc", "balanced_accuracy", "accuracy")  # what "best" means where no metric is named

# What a metric, a condition or a whole key is called in an answer; anything else goes by the words of its own name.
LABELS = {
    "dice": "Dice", "iou": "IoU", "hd95_px": "HD95 (px)", "surface_dice_2px": "surface Dice (2 px)", "f1": "F1",
    "ece": "ECE", "brier": "Brier score", "roc_auc": "ROC AUC", "auroc": "AUROC", "tp": "true positives",
    "fp": "false positives", "fn": "false negatives", "tn": "true negatives", "n": "cases",
    "missed": "missed lesions", "quality": "predicted quality", "jpeg": "JPEG", "ita_deg": "skin tone (ITA)",
    "traced": "traced by hand",
    "tta": "four flips averaged", "before": "before calibration", "after": "after calibration",
    "at_threshold": "at its threshold", "per_class": "class", "points": "point",
    "tta_iou": "IoU with four flips averaged", "tta_dice": "Dice with four flips averaged",
    "expected_iou": "expected IoU", "model": "share on the cue", "without": "share on the cue, never having seen it",
    "false_alarms": "false alarms of the check for unfamiliar pictures (share)",
    "duplicates.exact_across": "exact duplicates across splits",
    "duplicates.exact_within": "exact duplicates within a split",
    "duplicates.near_across": "near duplicates across splits",
    "duplicates.near_within": "near duplicates within a split",
    "pixels.false_positive_percent": "false positive pixels (percent)",
    "pixels.false_negative_percent": "false negative pixels (percent)",
}  # fmt: skip
SPLIT_NAMES = {"train": "training", "val": "validation", "test": "test"}
