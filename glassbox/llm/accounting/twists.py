"""What turns a question, by the words that do: more rows for the table of `untold`, each met where it was lost once."""

from glassbox.llm.accounting.said import Said
from glassbox.llm.language import EXTREMES

COMPLEMENT = "What is left to one is not computed: ask for the metric itself, or for false negatives."
ENDS = tuple(EXTREMES)

TWISTS = (
    Said(
        r"\bfail(?:s|ed)? to (?:cover|find|mark|detect|see|catch|spot|outline)\b|\bundetected\b|\bnon-?detection\b|"
        r"\b(?:not|never|isn't|aren't|wasn't) (?:\w+ )?(?:detected|found|covered|marked|detect|find|cover|mark)\b",
        COMPLEMENT,
        measures=frozenset({"recall", "sensitivity", "detection_rate", "failure_rate"}),
    ),
    Said(r"\boutside\b", COMPLEMENT, measures=frozenset({"mass"})),
    Said(r"\blets? through\b|\bslips? through\b", COMPLEMENT, measures=frozenset({"failure_rate", "missed", "caught"})),
    Said(
        r"^how (?:good|trustworthy|reliable|accurate|dependable|strong|weak|bad|poor) ",
        "Name a metric, such as Dice or IoU.",
        measures=frozenset({"n", "support", "cases"}),
    ),
    Said(
        r"\b(?:half|thirds?|quarters?|tenth|every second)\b.*\b(?:review|checked|looked|sent|inspect)|"
        r"\b(?:review|check|look|send|inspect)\w*\b.*\b(?:half|third|quarter|tenth|every second)\b",
        "How many failures are caught is recorded for a fifth of the cases sent for review.",
        measures=frozenset({"caught"}),
    ),
    Said(r"\bdead\b", "Ask for the share of maps that are dead.", measures=frozenset({"cases"})),
    Said(
        r"^(?:which|what|list)(?: \S+)? (?:models?|networks?|variants?) (?:besides|other than|except|apart from)\b",
        "What is left when some models are left out is not listed.",
    ),
    Said(
        r"\b(?:lower|upper) (?:bound|end) of the (?:paired )?difference\b",
        "Ask for the comparison: it tells the interval of a difference where one is recorded.",
        verbs=("difference", "value"),
        parts=frozenset({"minus_balanced"}),
    ),
    Said(
        r"\b[a-z_-]+\d+ (?:to|through|thru|until) [a-z_-]+\d+\b",
        "Cases are asked for one by one, and not from one to another.",
        verbs=("mean", "sum", "median", "list", "value"),
    ),
    Said(r"\bspread of\b", "Ask for the highest and the lowest: no spread is computed.", verbs=("mean", "median")),
    Said(
        r"^by what (?:per ?cent|factor)\b",
        "Relative changes are not computed: ask for the difference.",
        verbs=("difference", "compare", "value"),
    ),
    Said(
        r"\bdetected (?:case|lesion|image|picture)s?\b",
        "Of the detected ones alone nothing is ranked: ask for all.",
        measures=frozenset({"dice", "iou", "hd95_px"}),
        verbs=ENDS,
    ),
    Said(
        r"\bguaranteed\b|\bwith 95 ?(?:%|per ?cent) confidence\b",
        "Ask for the bounds of the interval: one case guarantees nothing.",
        verbs=ENDS,
    ),
    Said(
        r"\b(?:comes?|came) (?:up|out) empty\b|\bempty (?:masks|outlines)\b",
        "How many outlines are empty is not recorded.",
    ),
    Said(
        r"\bshare of (?:the )?(?:cases|images|pictures|batches) (?:does|do|did|is|are)\b",
        "Ask on how many of them one is ahead: shares under a condition are not computed.",
        verbs=("compare", "difference"),
    ),
    Said(
        r"\babsolute differences?\b",
        "Differences are told with their sign, and of means.",
        verbs=("difference", "compare"),
    ),
    Said(
        r"\bagreement between\b",
        "How far two models agree is not recorded.",
        measures=frozenset({"agreement"}),
        verbs=("difference", "compare"),
    ),
    Said(
        r"\bleak(?:age|s|ing)?\b",
        "Ask for duplicates across splits.",
        measures=frozenset({"cases", "train", "val", "test"}),
    ),
    Said(
        r"^how (?:was|were|is|are) .*\baugmented\b|\bhow many times was each\b",
        "Ask for the samples in the augmentation plan.",
    ),
    Said(r"\bhow many cases\b", "What is sent for review is recorded as a share.", measures=frozenset({"review"})),
    Said(
        r"\bof (?:the |all )?(?:healthy|normal|non-lesion|marked)\b|\bpixels marked\b",
        "That is recorded as a share of all pixels.",
        measures=frozenset({"false_positive_percent"}),
    ),
    Said(
        r"\bover all pixels\b",
        "Over all pixels it is called pooled: ask for that.",
        measures=frozenset({"dice", "iou", "precision", "recall"}),
        parts=frozenset({"pooled"}),
    ),
    Said(
        r"\b(?:smallest|largest|least|biggest) (?:\w+ )?(?:gap|difference) (?:to|from)\b",
        "How far two models are apart is told of two that are named.",
        verbs=ENDS,
    ),
    Said(
        r"\b(?:that|which) \S+ (?:misses|missed|hasn't|has not|does not|doesn't)\b",
        "Which cases one model has and another has not is not told.",
        measures=frozenset({"missed", "failures"}),
    ),
    Said(r"\bgamma\W*(?:of |at )?\d", "Gamma is no corruption that is recorded."),
    Said(
        r"\bextra[- ](?:high|low|dark|light|large|small)\b",
        "No group beyond low, middle and high is recorded.",
    ),
    Said(
        r"\bfull hausdorff\b|\bhausdorff\b.*\bmaximum one\b|\bmaximum hausdorff\b|\bhd100\b",
        "Of the Hausdorff distance the 95th percentile is recorded.",
        measures=frozenset({"hd95_px"}),
        but=r"\b(?:hd)?95|^(?:in |on |for )?which\b|\bby (?:case|batch)\b",
    ),
    Said(r"\b(?:score|eigen|layer|ablation)-?cam\b|\bcam\+\+", "That method is not recorded."),
    Said(
        r"\bmiss(?:ed|es)?\b|\boverlook\w*\b",
        "Ask how many were missed: that is recorded of all cases together.",
        measures=frozenset({"n", "support"}),
    ),
    Said(
        r"\bnumber of lesion pixels\b|\bhow many pixels (?:did|does) \S+ mark\b",
        "Ask for true positives, false positives or false negatives.",
        measures=frozenset({"fn", "fp"}),
        but=r"\b(?:un(?:painted|marked|found|covered)|missed|left|overlooked|not)\b",
    ),
)
