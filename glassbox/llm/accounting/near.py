"""What is near to a record and is none: exclusions, conditions and shares that no query holds, rows for `untold`.

Each stands here since a question with these words was once answered by the record beside what it asks for.
"""

from glassbox.llm.accounting.said import Said
from glassbox.llm.language import EXTREMES

ENDS = tuple(EXTREMES)
METRIC = r"(?:recall|precision|dice|iou|jaccard|hd95|accuracy|specificity|f1|failure rate)"
PARTLY = r"(?:dark|light|bright|brown|tan|large|small|big|hairy|viral|bacterial|low|high)"
LEVEL = r"(?:blur|noise|jpeg|brightness|colour|color|hair)(?: (?:quality|strength|sigma))? [\d.]+"
CHANGE = r"(?:drop|decline|degradation|deterioration|raise[sd]?|effect)"
LOST = r"(?:left out|discarded|removed|excluded|dropped|thrown out)"
SIZES = frozenset({"cases", "train", "val", "test", "n", "support", "samples", "height_px", "width_px"})
OVERALL = frozenset({"dice", "iou", "auroc", "accuracy", "balanced_accuracy"})
NEAR = (
    # One of two, and not the other.
    Said(rf"\b{METRIC} or (?:an? |the )?{METRIC}\b", "Ask for one condition at a time.", verbs=("count", "list")),
    Said(rf"\b{METRIC} but not (?:an? |the )?{METRIC}\b", "Ask for one condition at a time.", verbs=("count", "list")),
    Said(
        r"\b(?:rather than|instead of|, not) (?:the |a |its )?(?:pooled|median|macro|weighted|screening)\b",
        "Ask for the one that is meant by its name alone.",
    ),
    Said(
        r"\b(?:apart|aside) from (?:batch(?:es)?|cases?)\b|\bnot counting\b|\bbatch(?:es)? \d+ aside\b"
        r"|\bclasses without\b|\bwithout the (?:test|training|validation) (?:split|set|part)\b",
        "What is left when a part is left out is not told: ask for all, or for one.",
    ),
    Said(
        rf"(?<!^)\b(?:not|isn't|aren't|never|neither) (?:very |too )?{PARTLY}\b",
        "Name a recorded group: what is not in one is none.",
        verbs=("value", "compare", "difference", *ENDS),
    ),
    Said(
        r"\b(?:misclassified|(?:correctly|wrongly|rightly) classified|failed|undetected|missed)\b[^,]*"
        r"\b(?:with|have|having)\b[^,]*\b(?:above|below|over|under|least|most|than)\b",
        "A second condition on those cases is not recorded: ask for `are wrong and have`.",
        frozenset({"probability", "recall", "precision", "hd95_px", "nll", "dice", "iou"}),
        verbs=("count", "list"),
    ),
    Said(
        r"\bamong the (?:bright|dark|viral|bacterial)\b|\brightly told\b|\bin (?:a|every) hundred\b",
        "Cases of a group are not counted so: ask for its accuracy.",
        frozenset({"correct"}),
        verbs=("count",),
    ),
    # Shares, changes and widths that are not computed.
    Said(
        r"\b(?:percentage|proportion|fraction|share|per ?cent|how large a part)\b of (?:\S+ ){0,2}"
        r"(?:cases|images|pictures|batches)\b",
        "Shares under a condition are not computed: ask how many.",
        verbs=("count",),
    ),
    Said(
        rf"\b{CHANGE}\b.*\b{LEVEL}|\b{LEVEL}\b.*\b{CHANGE}\b",
        "Ask for the difference to the unspoiled pictures.",
        verbs=("value",),
    ),
    Said(r"\bhalf(?:[- ]?| the | of the )width\b", "Ask for both bounds: the half of their distance is not computed."),
    Said(
        r"\b(?:mean|average)\b",
        "Of the target's share the median is recorded.",
        frozenset({"target_share"}),
        verbs=("value",),
    ),
    Said(r"\b(?:deletion|insertion) auc\b", "Ask for the gain.", frozenset({"deletion_gain", "insertion_gain"})),
    # Pictures that are no longer there, or in all splits together.
    Said(
        rf"\bdedup\w+|\b{LOST} (?:of|from)\b|\bare duplicates\b|\boriginally\b"
        r"|\bunique (?:\w+ )?(?:images?|pictures?)\b"
        r"|\boriginal (?:isic|data|images|pictures)\b|\b(?:across|over|in) all (?:the |its )?splits\b|, all splits\b",
        "Recorded is how many pictures each split has, as they were trained and scored.",
        SIZES | {"normal", "pneumonia"},
        but=r"\bduplicates (?:across|within|between)\b",
    ),
    # Failures of two models, and those that a review has or has not seen.
    Said(
        r"\bboth \S+ and \S+ (?:fail|miss)|\bfail\w* (?:for|under|on|by) both\b|\bdid both\b"
        r"|\bfail\w* (?:for|under|on|by) \S+ as well as\b|\bslipped past\b|\bundetected\b|\bunreviewed\b",
        "Failures are recorded of one model, reviewed or not.",
        frozenset({"failures", "failure_rate"}),
        verbs=("value", "count"),
    ),
    # Thresholds.
    Said(
        r"\bfailure (?:threshold|cut-?off)\b|\bthreshold of the (?:familiarity|failure|review)|\bdoes the thresholded\b"
        r"|\b(?:lowest|highest|largest|smallest) (?:\w+ )?(?:threshold|cut-?off)\b",
        "Ask for a model's threshold, or for that of an operating point.",
        frozenset({"threshold"}),
        verbs=("value",),
    ),
    Said(
        r"\b(?:what|which) \w+ counts? as (?:a )?failure\b",
        "From which IoU on an outline has failed is a parameter, and no result.",
    ),
    Said(r"\btriage\b", "That operating point is not recorded."),
    # Of a class, of a check, of a group.
    Said(
        r"\bprobability (?:of|for) (?:being )?normal\b|\bnormal (?:cases|films|pictures|images)\b",
        "Ask for the other class.",
        frozenset({"p_pneumonia"}),
    ),
    Said(r"\b(?:encoder|decoder|gate)[ -]?\d", "That layer is not recorded.", frozenset({"bottleneck"})),
    Said(r"\bdetection rate\b", "No detection rate is recorded there.", frozenset({"recall"})),
    Said(
        r"\b\w+ and \w+ (?:taken )?together\b",
        "Ask for one class after the other.",
        frozenset({"recall", "precision", "f1"}),
        verbs=("value",),
    ),
    Said(
        r"^how (?:does|do|did) \S+ fare\b",
        "Name a metric, such as Dice or IoU.",
        frozenset({"recall", "precision"}),
        but=METRIC,
    ),
    Said(
        r"^how many (?:mistakes|errors) (?:does|do|did)\b",
        "Ask for false positives, or for false negatives.",
        frozenset({"fp", "fn"}),
    ),
    Said(
        r"\bgradient methods\b",
        "Methods are not told apart by kind: ask for one, or for all.",
        verbs=("mean", "median"),
    ),
    Said(r"\boperating points\b", "Ask for the threshold at one of the points.", frozenset({"threshold"}), verbs=ENDS),
    Said(
        r"\b(?:normal|pneumonia) class\b|\bof normal\b",
        "That is recorded of both classes together.",
        frozenset({"brier", "ece", "nll", "auroc"}),
    ),
    Said(
        r"\b(?:unfamiliar|unknown|rejects?|rejected)\b",
        "Ask for the false alarms of the check for unfamiliar pictures.",
        frozenset({"correct", "accuracy"}),
    ),
    Said(
        r"\b(?:finds?|found|caught|detect(?:s|ed)?|recogni[sz]ed?)\b",
        "Ask for true positives.",
        frozenset({"fn"}),
        but=r"\b(?:not|miss\w*|overlook\w*|fail\w*|un(?:found|detected|noticed|seen|marked|recogni[sz]ed)|never|leave|left"
        r"|without|lost)\b|n't",
    ),
    Said(r"\bwrong about\b", "What is left to one is not computed.", frozenset({"sensitivity", "recall"})),
    Said(
        r"\b(?:rarest|commonest|most common|least common)\b|\bsize of the (?:worst|best)\b",
        "Ask for the number of cases of each.",
        frozenset({"f1", "recall", "precision", "dice", "iou", "accuracy"}),
    ),
    Said(r"\bhow good (?:is|are) \S+\W*$", "Name a metric, such as Dice or IoU.", frozenset({"n", "support", "cases"})),
    Said(r"\bat the most\b", "Ask for the worst case.", frozenset({"hd95_px"}), verbs=("value",)),
    Said(
        r"^how (?:\w+confident|unsure|explainable|novel|\w+estimated|stable|complex|new|old)\b",
        "That is not recorded: name a metric.",
        OVERALL,
        verbs=("value",),
        but=METRIC,
    ),
    # Of what there is nothing to count or to rank.
    Said(
        r"^how many (?:skin|segmentation|classification|chest|tissue) (?:data ?sets|tasks|models)\b|^how many models "
        r"(?:were trained with|use|used|contain)\b|^how many (?:\w+ )*(?:methods|explanations) (?:beat|pass) \w"
        r"|^how many (?:data ?sets|tasks) have (?:no duplicates|leaks)|\bkinds of corruptions?\b",
        "Ask for a list: they are counted all together.",
        verbs=("count",),
        but=r"\b(?:above|below|over|under|least|most|than)\b",
    ),
    Said(r"\bcomes (?:third|fourth|fifth)\b|\bat its (?:weakest|mildest)\b", "Ask for a list in order.", verbs=ENDS),
    Said(
        r"^which (?:\w+ )?class\b.*\bnever\b",
        "Ask for the recall or the precision of a class.",
        verbs=("count", "value"),
    ),
    Said(
        r"\baugment\w*|\balignment\b",
        "Ask for the alignment's agreement.",
        frozenset({"agreement"}),
        parts=frozenset({"alignment"}),
        but=r"\b(?:test[- ]time|tta|views)\b",
    ),
)
