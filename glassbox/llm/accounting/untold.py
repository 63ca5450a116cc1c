"""What no record tells, by the words that ask for it: a table for `glassbox.llm.accounting.unlike`."""

from glassbox.llm.accounting.near import NEAR
from glassbox.llm.accounting.said import Said
from glassbox.llm.accounting.twists import TWISTS

PICTURES = r"(?:cases|images|pictures|lesions|masks|outlines)"
HAUSDORFF = r"\b(?:maximum|max|full|100 ?%)[^?]*\bhausdorff|\bhausdorff\b[^?]*\b(?:maximum|100 ?%)"
SPOILED = r"\b(?:out of focus|over-?exposed|under-?exposed|blurry|shaky|badly lit|smeared|noisy)\b"


SAID = (
    *TWISTS,
    Said(
        r"\b(?:w/|with|given|on|using) (?:\d+ ?x|twice|double|half|more|\d+ ?% more)(?: (?:the|as much))? "
        rf"(?:data|training (?:data|{PICTURES}))\b",
        "The records tell what is, and not what would be.",
    ),
    Said(
        r"\b(?:averag|combin|merg|pool)\w+ (?:the )?(?:outputs|predictions|probabilities|logits|masks) (?:of|from)\b",
        "Networks are recorded one by one, and none that takes the mean of several.",
        but=r"\b(?:flip|mirror)",
    ),
    Said(r"\bboth (?:blur|nois|dark|bright|rotat)\w*\b.*\band\b", "Corruptions are recorded one at a time."),
    Said(
        r"\b(?:before|prior to|without) (?:any )?(?:resizing|resampling|cropping|preprocessing|downscaling)\b"
        r"|\bbefore (?:they|it) (?:was|were|got) (?:shrunk|resized|cropped|scaled|preprocessed)",
        "The records hold the pictures as they were trained and scored.",
    ),
    Said(
        r"\b(?:how many )?times (?:larger|higher|bigger|more|greater|smaller|lower|as (?:large|high|much|many|big))\b",
        "How many times as much is not computed: ask for both numbers.",
        parts=frozenset({"ratio"}),
    ),
    Said(
        r"^by what percentage\b|\b(?:what percentage|relative) (?:change|drop|loss|increase)\b",
        "Relative changes are not computed: ask for the difference.",
    ),
    Said(
        r"\bby (?:my|our|another|a second|the second|the other) (?:\w+ )?(?:colleague|doctor|radiologist|dermatologist|"
        r"nurse|student|reader|resident|expert)s?\b",
        "How persons do is not recorded.",
    ),
    Said(r"\bin a row\b|\bconsecutive\b|\bback to back\b", "Batches are counted, and not how they follow each other."),
    Said(
        r"\b(?:painted|edited|erased|cropped|cut|taken|shaved) (?:out|off|away)\b",
        "Pictures are recorded as they are.",
        but=r"\bcut off (?:by|at)\b",
    ),
    Said(r"\boutside (?:of )?the field of view\b", "What lies outside the field of view is not scored."),
    Said(
        r"\b(?:share|fraction|percentage|proportion)\b",
        "Shares of cases are not computed: ask for their numbers.",
        frozenset(("cases", "n")),
        verbs=("value", "count"),
    ),
    Said(
        r"\b(?:rotations?|turns|scales|crops|shifts) (?:are |is )?(?:averaged|combined|pooled)\b",
        "What is recorded is the mean over four flips.",
    ),
    Said(
        r"\bfalse[- ](?:positive|negative) (?:regions?|blobs?|components?|islands?|objects?)\b|\bnot pixels\b",
        "Pixels are counted, and not the parts that they make up.",
        frozenset(("fp", "fn")),
    ),
    Said(
        r"\b(?:file ?names?|names|ids?|identifiers?) of the (?:exact|near)?[- ]?duplicates\b",
        "Duplicates are counted, and not named.",
        frozenset(("exact_across", "near_across", "exact_within", "near_within")),
    ),
    Said(
        r"\b\w+ed (?:afterwards|later|subsequently)\b|\b(?:then|afterwards) put right\b|"
        r"\b(?:later|subsequently|eventually|afterwards|then) (?!than)\w+(?:ed|en)\b",
        "What became of persons or pictures is not recorded.",
        but=r"\bcalibrat|\bscal(?:ed|ing)\b|\bECE\b|\btrained\b|\btuned\b",
    ),
    Said(
        r"\b(?:doctor|radiologist|dermatologist|clinician|reader|expert|physician)s? (?:dis)?agree|"
        r"\b(?:outlined|corrected|redrawn|edited|checked|fixed) (?:by hand|manually)\b",
        "How persons do is not recorded.",
    ),
    Said(
        r"\b(?:lesions|moles|spots|patients|people)\b.* as opposed to (?:the )?(?:images|pictures|cases)\b",
        "Cases are counted, and pixels.",
    ),
    Said(
        r"\bhow many (?:different|distinct|separate|unique) (?:slides|patients|people|persons|children|lesions|sites|"
        r"hospitals|scanners|cameras|cent(?:re|er)s|doctors|readers|devices|sources)\b",
        "Cases are counted, and not where they come from.",
    ),
    Said(
        r"^of (?:the|its|their) (?:\w+ )?(?:exact|near)[- ]duplicates\b.*, how many\b",
        "Duplicates are counted, and nothing more is recorded of them.",
        but=r"\b(?:lie|are|sit|stand) (?:across|within|inside|between)\b",
    ),
    Said(
        r"\bselective prediction\b",
        "What is left when cases are set aside is recorded as a mean risk.",
        but=r"\brisk\b",
    ),
    Said(
        r"\bmedian\b",
        "Ask for the median by itself.",
        but=r"\bnot (?:the )?median\b|\bshare|\bsize|\bheight|\bwidth|\barea",
        parts=frozenset(("median",)),
        verbs=("value",),
    ),
    Said(
        r"\b(?:margin of error|standard errors?)\b",
        "No interval is recorded of that, but the value alone.",
        frozenset(("ece", "brier", "nll", "confidence", "temperature", "threshold")),
    ),
    Said(
        r"\btells? (?:its |the |their )?failures apart\b",
        "Ask for the AUROC of the predicted quality.",
        frozenset(("failures", "failure_rate")),
    ),
    Said(
        r"^(?:please |kindly )?(?:draw|plot|render|sketch|overlay)\b",
        "Nothing is drawn here: ask for a number.",
        but=r"\b(?:what|how|which)\b",
    ),
    Said(
        r"\b(?:percentage|per ?cent|%|share|fraction|proportion) of (?:the |all |its )?"
        r"(?:lesion|mole|vessel|spot) pixels\b",
        "What is recorded is the share of all pixels: ask for the recall.",
        frozenset(("false_negative_percent", "fn", "false_positive_percent", "fp")),
    ),
    Said(
        r"\bminus (?:the|its|their) (?:mean|average|median)\b",
        "The difference from a mean is not computed: ask for both.",
        verbs=("value",),
    ),
    Said(
        r"\b(?:cases|images|pictures) (?:that |which )?failed\b",
        "Which cases failed is not listed: ask for cases with an IoU below a number.",
        verbs=("best", "worst", "max", "min"),
    ),
    Said(r"\bon average\b|\baverage\b|\bmean\b", "Ask for the mean over the cases, or for the sum.", verbs=("sum",)),
    Said(r"\bweighted (?:by|with|for)\b", "Means with weights are not computed.", parts=frozenset(("weighted",))),
    Said(
        r"\b(?:came|comes?|coming) from (?:the |an? )?(?:\w+ )?"
        r"(?:clinic|hospital|site|cent(?:re|er)|practice|scanner|country|city|camera|vendor)\b",
        "Where pictures come from is not recorded.",
    ),
    Said(r"\bmasks? of .*\b(?:merged|combined|fused|joined|united)\b", "Networks are recorded one by one."),
    Said(
        r"\b(?:not|rather than|instead of|other than) (?:the |at the )?(?:95|ninety)",
        "Of the distance between two borders the 95th percentile alone is recorded.",
        frozenset(("hd95_px",)),
    ),
    Said(
        HAUSDORFF,
        "Of the distance between two borders the 95th percentile alone is recorded.",
        frozenset(("hd95_px",)),
        but=r"\b95|hd95",
        verbs=("value",),
    ),
    Said(
        r"\b(?:[013-9]|\d\d+|one|three|four|five|ten)[ -]?(?:px|pixels?)\b",
        "The surface Dice is recorded at a tolerance of 2 px.",
        frozenset(("surface_dice_2px",)),
        but=r"\bhd95|\bhausdorff",
    ),
    Said(
        r"\bfrom (?:train|val|test)|\bbetween (?!(?:\S+ ){0,2}splits)|"
        r"\b(?:within|inside|across|straddl\w+|links?|joins?|connects?) (?:the )?(?:train\w*|val\w*|test)\b|"
        r"\bhow many (?:of them )?(?:lie|are|sit|stand) in (?:the )?(?:train\w*|val\w*|test)\b",
        "Duplicates are counted across all splits together, or within them.",
        frozenset(("exact_across", "near_across", "exact_within", "near_within")),
    ),
    Said(
        r"\bor better\b",
        "Say whether at least or at most that number.",
        frozenset(("hd95_px", "nll", "ece", "brier", "failure_rate")),
    ),
    Said(r"\b(?:among|of|over|in) (?:the |its )?(?:first|last) \d+\b", "Batches have numbers and cases have names."),
    Said(r"\bwithout (?:the )?(?:base|balanced|recall|precision)\b", "Name the models that are meant."),
    Said(
        r"\bwinning (?:entry|team|submission)\b|\bchallenge winner\b|\bwinner of the (?:\d+ )?challenge\b",
        "Scores of other places are not recorded.",
    ),
    Said(r"\b(?:horizontal|vertical|two|eight|2|8) flips?\b", "What is recorded is the mean over four flips."),
    Said(r"\brisk\b", "Ask for the mean risk, or for the predicted quality.", frozenset(("quality",))),
    Said(
        r"\b(?:zero|nothing|nought) (?:when|if|below|under)\b",
        "Ask for the thresholded Jaccard.",
        frozenset(("iou",)),
        verbs=("value",),
    ),
    Said(
        r"\bcalls? (?:an? |the )?\w+ (?:healthy|normal)\b",
        "Ask for the negative predictive value.",
        frozenset(("precision",)),
        parts=frozenset(("normal",)),
        verbs=("value",),
    ),
    Said(
        r"^",
        "Of sizes those of the pictures alone are recorded.",
        frozenset(("width_px", "height_px")),
        but=r"\b(?:image|picture|photo|photograph|scan|film|tile|slide|size|tall|wide|height|px|pixel|radiograph|x-ray)",
    ),
    Said(
        SPOILED,
        "That condition is not recorded.",
        parts=frozenset(("blur", "noise", "brightness", "contrast")),
        verbs=("value", "mean"),
    ),
    Said(
        r"\b(?:wants?|demands?|asks? for) (?:a |an )?(?:stronger|better|newer|bigger) \w+",
        "The records give no advice.",
    ),
    Said(
        r"\b(?:hit|on|affect|spoil|in)(?:s|ting)? (?:the same|one) (?:picture|image|photo)\b",
        "Corruptions are recorded one at a time.",
        but=r"^(?:(?!\band\b).)*$",
    ),
    Said(
        r"\b(?:BCa|bias[- ]corrected|studenti[sz]ed|wilson|clopper|jackknife|bayesian|credible interval)\b",
        "Intervals are recorded as percentiles of a bootstrap.",
    ),
    Said(r"\bSTARE\b|\bCHASE\b|\bHRF\b|\bPH2\b|\bIDRiD\b", "That data set is not recorded."),
    Said(
        r"\bcontrast (?:is |was |were )?(?:reduced|lowered|increased|raised|changed|halved)\b",
        "That corruption is not recorded.",
    ),
    Said(
        r"\b(?:lesions|moles|spots|those|ones) (?:at|near|close to) the (?:\S+ )?(?:edge|border|margin|frame)\b",
        "That group is not recorded there.",
        parts=frozenset(("edge",)),
    ),
    Said(
        r"\bwithin (?:\d+|one|two|three|four|five|ten) ?(?:px|pixels?) (?:of|from)\b",
        "How far from a border pixels lie is not recorded.",
        parts=frozenset(("surface_dice_2px",)),
        but=r"\bsurface|\bnsd\b",
    ),
    Said(
        r"^(?:out )?of (?:the|those|all|its) [^,]*\b(?:over|under|above|below|than|least|most)\b[^,]*\d[^,]*, "
        r"how many (?:were|are|have|had|show|come|came|did|do)\b",
        "A second condition on those cases is not recorded.",
        verbs=("count", "value"),
        but=r", how many (?:are|were|have|had|show) [a-z ]*\b(?:above|below|over|under|least|most|than|miss\w*)\b",
    ),
    Said(
        r"\bbubbles?\b",
        "That condition is not recorded there.",
        parts=frozenset(("bubbles",)),
    ),
    Said(
        r"\b(?:sent|flagged|referred) (?:to|for) (?:a )?review, how many\b",
        "Of a review it is recorded what share of the failures it catches.",
    ),
    Said(
        r"\b(?:thin|thick|fine|narrow|wide|main|peripheral|central)(?:ner|nest|er|est)? (?:blood )?vessels\b",
        "Vessels are not told apart.",
    ),
    Said(
        rf"\b(?:on|over|for|among|of|across|in) (?:the |those )?(?:\S+ )?{PICTURES} (?:that|which|it) (?:it )?(?:had )?"
        r"(?:fail(?:s|ed)?)\b",
        "Means over the failed cases alone are not computed: ask for cases with an IoU below a number.",
        verbs=("value", "mean", "compare", "difference"),
        but=r"\bhow many\b",
    ),
    Said(
        r"^(?:please |kindly )?(?:open|file|raise|create|submit|schedule|book|e-?mail|upload|approve|sign|order|fax) "
        r"(?:an?|the|this|it)\b",
        "Nothing is done here but answering: ask for a recorded number.",
        but=r"^(?:please |kindly )?order the\b.*\b(?:by|from)\b",
    ),
    Said(
        r"\b(?:interval|CI)\b.*\b(?:drop|difference|loss|fall|gap)\b|\b(?:drop|difference|loss|fall|gap)\b.*"
        r"\b(?:interval|CI)\b",
        "Of that difference no interval is recorded.",
        verbs=("difference", "value"),
        but=r"\b(?:between|paired|minus|from|than|vs|versus|variant)\b",
    ),
    Said(
        r"\b(?:which|that) (?:\S+ ){0,3}?(?:expect(?:ed|s)? to fail|fail(?:ed|s)? on"
        r"(?! (?:more|less|fewer|at|over|under|no)\b))\b",
        "A second condition on those cases is not recorded.",
        verbs=("count", "list"),
    ),
    Said(
        r"\bof (?:the |its )?(?:(?:healthy |normal )?skin pixels|pixels of (?:healthy |normal )?skin)\b|"
        r"\bof (?:the |all )?pixels (?:that |which )?\S+ (?:marks|paints|draws|flags)\b(?! falsely| wrongly).*"
        r"\b(?:wrong|false|falsely|wrongly)\b",
        "What is recorded is the share of all pixels.",
        frozenset(("false_positive_percent", "fp")),
        but=r"\bhow many\b",
    ),
    Said(
        r"\b(?:intercept|review)\w*\b",
        "Ask what share of the failures a review catches.",
        frozenset(("failure_rate",)),
        verbs=("value",),
    ),
    *NEAR,
)
