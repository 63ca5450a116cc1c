"""English words by which a question tells what it asks, beside the names of the index."""

from glassbox.llm.numbers import SUPERLATIVES

MANY = {"most", "highest", "largest", "greatest", "maximum", "biggest", "max"}
FEW = {"fewest", "least", "lowest", "smallest", "minimum", "min"}
QUALITY = {"best", "worst", "better", "worse", "badly", "poorest", "poorly", "weakest", "strongest", "well", "wrong"}
FIRST = {"highest": "max", "largest": "max", "lowest": "min", "smallest": "min", "worst": "worst", "best": "best"}
ENDS = {  # of a ranking: the verb of a word for the upper end, and the word for the lower
    "best": ("best", "worst"), "strongest": ("best", "weakest"), "highest": ("max", "lowest"),
    "top": ("best", "bottom"), "max": ("max", "min"), "maximum": ("max", "minimum"), "largest": ("max", "smallest"),
    "biggest": ("max", "smallest"), "greatest": ("max", "smallest"), "most": ("max", "fewest"),
    "longest": ("max", "shortest"),
}  # fmt: skip
TOWARDS = {
    **dict.fromkeys(("highest", "largest", "biggest", "greatest", "most", "maximum"), "max"),
    **dict.fromkeys(("lowest", "smallest", "fewest", "least", "minimum"), "min"),
    **dict.fromkeys(("best", "strongest", "top"), "best"), **dict.fromkeys(("worst", "poorest", "weakest"), "worst"),
}  # fmt: skip
WINNING = {
    "beat", "beats", "higher", "better", "top", "tops", "ahead", "outperform", "outperforms", "lower", "worse",
    "larger", "smaller", "above", "more", "less", "fewer", "exceed", "exceeds", "win", "wins", "outdo", "outdoes",
    "outscore", "outscores", "surpass", "surpasses", "overtake", "overtakes",
    "behind", "trails", "lags", "superior", "inferior",
}  # fmt: skip
SURPASSING = {"beat", "beats", "exceed", "exceeds", "outdo", "outdoes", "outperform", "outperforms", "surpass",
              "surpasses", "ahead", "win", "wins", "better", "higher"}  # fmt: skip
EQUALLING = {"equal", "equals", "tied", "tie", "ties", "same", "identical"}
THERE = {"there", "that", "same", "very", "it", "this", "those"}  # where another stands
EXCEPT = {"ignoring", "excluding", "except", "aside", "apart", "exclude", "ignore", "without", "leave", "leaving",
          "skip", "skipping", "discard", "discarding", "disregarding", "disregard"}  # fmt: skip
REMOVED = {"excluded", "ignored", "omitted", "removed"}  # behind what is left out
MOVED = {
    "move", "moved", "moving", "moves", "shift", "shifted", "shifting", "shifts", "adjusted", "adjusting",
    "lowered", "lowering", "instead", "merely", "makes", "raised", "raising", "pushed", "slid", "sliding", "tuned",
    "comparison", "matches", "match", "matching", "equal", "equals",
}  # fmt: skip
LARGER = {"bigger", "larger", "more", "biggest", "largest", "most", "greater", "longer"}
FEWER = {"smaller", "fewer", "less", "smallest", "fewest", "least"}
OTHER_END = {"best": "worst", "max": "min"}
RANKING = {  # which is ahead, or behind
    *SUPERLATIVES, *QUALITY, "max", "min", "maximum", "minimum", "bottom", "fail", "fails", "failed", "hard", "harder",
    "hardest", "easiest", "leader", "winner", "win", "wins", "won", "lead", "leads", "champion", "champ", "first",
    "last", "suffers", "good", "bad", "baddest", "finest", "peak", "peaks", "record", "poor", "poorer", "weak",
    "strong", "low", "high", "tops", "beat", "beats", "beaten", "winning", "leading", "superior", "inferior", "lags",
    "trails", "laggard", "loser", "loses", "dud", "ahead", "behind", "crown", "star", "outperforms", "outperformed",
    "maximal", "minimal",
    "king", "struggles", "struggle", "rear", "runner", "number", "front", "outclassed", "excels", "shines", "fares",
    "fared",
}  # fmt: skip
ORDERING = {"rank", "ranked", "ranking", "order", "ordered", "sort", "sorted"}
LOSING = {"lowers", "reduces", "degrades", "spoils", "wrecks", "cost", "costs", "lose", "loses", "hurt", "hurts",
          "drop", "drops", "harm", "harms", "damage", "damages"}  # fmt: skip
ADVICE = {
    "should", "would", "recommend", "recommended", "pick", "deploy", "ship", "choose", "trust", "buy", "prefer",
    "preferred", "preferable", "advise", "proud", "ashamed", "suggest", "your",
}  # fmt: skip
LIKING = {"like", "love", "favourite", "favorite", "favor", "favour"}
SEVERAL = {"how", "many", "models", "networks", "any", "which", "list", "name", "every"}  # not one model's value

CLASSES = {"class", "classes", "tissue", "tissues"}
CALLED = {
    "method": {"method", "methods", "explanation", "explanations", "explainer", "technique", "techniques", "xai"},
    "corruption": {"corruption", "corruptions", "perturbation", "perturbations", "degradation", "degradations",
                   "disturbance", "disturbances", "distortion", "distortions"},
    "group": {"group", "groups", "subgroup", "subgroups", "subset", "subsets", "category", "categories", "strata",
              "stratum", *CLASSES},
}  # fmt: skip
SPREAD = {  # a group, a corruption or a method, in other words
    "kind", "kinds", "type", "types", "sort", "population", "skin", "patients", "strata", "stratum", "cohort",
    "cohorts", "third", "thirds", "robustness", "distortion", "distortions", "disturbance", "damage", "degrades", "map",
    "maps", "attribution", "attributions", "saliency", "demographic", "slice", "slices", "bucket", "bin", "segment",
    "size", "sizes",
}  # fmt: skip
MODELS = {"model", "models", "network", "networks", "variant", "variants", "who", "net", "nets"}
NETWORKS = ("variant", "model", "network", "net", "version", "one", "tuned", "system")  # after a model's purpose
PICTURES = {
    "film", "films", "photo", "photos", "radiograph", "radiographs", "scan", "scans", "mole", "moles", "slide",
    "slides", "tile", "tiles", "patch", "patches", "retina", "x", "rays", "patient", "id", "eye", "eyes",
}  # fmt: skip

GENERAL = {"how", "well", "do", "did", "does", "perform", "performed", "fare", "result", "results", "score", "go"}
AMOUNT = {"number", "count", "numbers", "amount", "total", "of", "the"}  # between `most` and what is counted
COUNTING = {"count", "many", "number", "tally", "total"}
ADDING = {"sum", "sums", "total", "totals", "add", "added", "adding", "together", "altogether", "combined", "summed"}
UNEQUAL = {
    "below", "above", "under", "over", "than", "least", "most", "beyond", "exceed", "exceeds", "exceeding", "up",
    "minimum", "maximum", "beneath", "within", "past", "reach", "reaches", "reaching", "or", "between",
    "tops", "topping", "beats", "surpass", "surpasses", "surpassing",
}  # fmt: skip
PAIRED = {"paired", "interval", "ci", "significant", "significance", "significantly", "confidence", "sig"}
SIGNIFICANT = {
    "significant",
    "significance",
    "significantly",
    "sig",
    "chance",
    "luck",
    "fluke",
    "coincidence",
}  # of a difference
NOT = {"not", "never", "without", "nor", "didnt", "doesnt", "isnt", "wasnt", "werent", "arent", "dont", "hasnt"}
NEGATIONS = ("not", "never", "without")
NAMING = {"id", "ids", "identifier", "identifiers"}
ASKING = {"which", "name", "list", "whose", "what", "that"}
DIFFER = {
    "difference", "differ", "differs", "gap", "delta", "minus", "change", "changes", "gain", "gains", "lose", "loses",
    "loss", "drop", "drops", "cost", "costs", "lower", "higher", "better", "worse", "reduce", "reduces", "reduction",
    "improve", "improves", "hurt", "hurts", "help", "helps", "rise", "rises", "increase", "decrease", "cut", "cuts",
    "add", "adds", "bring", "brings", "fall", "falls", "fell", "shrink", "shrinks", "shrank", "dropped", "rose", "grew",
    "reduced", "improved", "increased", "decreased", "lowered", "raised", "shed", "sheds", "saved", "saves", "diff",
    "brought", "outnumber", "outnumbers", "remove", "removes", "removed",
}  # fmt: skip
FOUND = {"find", "finds", "found", "cover", "covers", "covered", "catch", "catches", "caught", "recover", "recovers",
         "picked", "picks", "pick", "detect", "detects", "recognise", "recognised", "recognize", "capture", "captures",
         "captured", "get", "gets", "retrieved", "recovered", "retrieve", "see", "sees", "saw", "seen"}  # fmt: skip
DETECTING = {"detect", "detects", "detected", "find", "finds", "found"}
OUTLINED = {"lesion", "vessel", "vessels", "pixels", "pixel", "spot", "mole"}  # and not `lesions`: those are detected
RECOGNISING = {"recognise", "recognises", "recognize", "recognizes", "recognised", "recognized", "identify",
               "identifies", "identified", "find", "finds", "catch", "catches", "spot", "spots"}  # fmt: skip
NUMBERED = {
    "item", "question", "clause", "annex", "article", "paragraph", "chapter", "point", "no", "part",
    "row", "step", "entry", "section", "figure", "ticket", "page",
}  # fmt: skip
BOUNDING = {"than", "over", "above", "under", "below", "least", "most"}
CAUGHT = {"catch", "catches", "caught", "cought", "pick", "picks", "spot", "spots", "spotted"}
REVIEWING = {
    "looks", "look", "inspect", "inspects", "inspected", "person", "human", "looked", "reviewer", "review",
    "reviewed", "reviews", "reviewing", "reviewers",
}  # fmt: skip
SEPARATING = {"separate", "separates", "discriminate", "discriminates", "distinguish", "distinguishes", "tell", "tells"}
ESCAPING = {"escape", "escaped", "escapes", "slipped", "unnoticed", "unseen", "unfound", "undetected", "overlooked"}
RANGING = {"range", "ranges", "ranging", "span", "spans", "spread"}
MISSING = {"no", "true", "any", "single", "ever", "not", "never", "none"}
STRAYING = {"off", "away", "apart", "stray", "strays", "from"}
DRAWN = {"outline", "outlines", "contour", "contours", "border", "borders", "boundary", "boundaries", "edge"}
HEALTHY = {"healthy", "normal", "negative", "negatives", "well"}
SICK = {"sick", "ill", "diseased", "positive", "positives", "pneumonia"}
RIGHTLY = {"rightly", "correctly", "properly"}
CLEARED = {"clear", "cleared", "clears", "dismissed", "passed", "released"}
FLAGGED = {"recognise", "recognised", "recognize", "recognized", "catch", "caught", "detect", "detected", "spotted",
           "flag", "flags", "flagged", "alarmed", "recalled", "called"}  # fmt: skip
PAINTED = {"paint", "paints", "painted", "mark", "marks", "marked", "call", "calls", "called", "outline", "outlines",
           "outlined", "draw", "draws", "drawn", "colour", "colours", "color", "colors", "say", "says", "label",
           "labels", "flag", "flags", "flagged"}  # fmt: skip
TRULY = {"right", "truly", "correct", "true", "really", "genuine", "genuinely"}
LABELLED = {"label", "labels", "labelled", "labeled", "classify", "classifies", "classified", "name", "names", "gets"}
SINKING = {"collapse", "collapses", "collapsed", "drops", "falls", "sinks", "dips", "plunges"}
AFFECTING = {
    "improve", "improves", "improved", "lower", "lowers", "raise", "raises", "help", "helps", "hurt", "hurts", "affect",
    "affects",
    "remove", "removes", "removed",
    "lift", "lifts", "lifted", "boost", "boosts", "reduce", "reduces", "worth", "harm", "harms", "matter",
    "matters", "strong", "heavy",
}  # fmt: skip
COMPARING = {
    "beat", "beats", "better", "than", "ahead", "outperform", "outperforms", "more", "higher", "worse", "lower", "or",
    "versus", "vs", "between", "compare", "compared", "against", "fewer",
}  # fmt: skip
PART = {"fraction", "share", "proportion", "part", "percentage", "rate", "often", "frequently", "portion", "percent",
        "quota"}  # fmt: skip
FAILING = {"fail", "fails", "failed", "failing"}
WRONG = {"wrong", "wrongly", "incorrect", "incorrectly", "misclassified", "misclassify", "misclasified",
         "misclassifies", "mistaken", "mistakes", "mislabelled", "mislabeled", "mislabels", "misjudged", "misread",
         "error", "errors", "mistake"}  # fmt: skip
RIGHT = ({"get", "right"}, {"gets", "right"}, {"got", "right"}, {"correctly"})
VIOLATING = {"violate", "violates", "violating", "breach", "breaches", "breaching", "infringe", "infringing"}
SIZES = {"size", "sizes", "large", "big", "many", "number", "count", "counts", "balance", "split", "splits"}
WHY = {"why", "if", "will", "would", "should", "could"}
ARTICLES = ("a", "an", "the")
HOLDING = ("with", "have", "has", "had", "having")
WITHIN = ("on", "with", "from", "near", "under", "inside", "of")
JOINTS = (",", "and", "or", "the", "plus", "also", "vs", "versus")
PLAIN = frozenset((  # these change nothing in a question for a value
    "'s", ",", "?", "a", "about", "achieve", "achieved", "achieves", "all", "an", "and", "are", "at", "average",
    "batch", "be", "both", "bounds", "by", "call", "calls", "can", "case", "cases", "data", "detect", "detected",
    "did", "do", "does", "drawn", "each", "every", "exactly", "fetch", "figure", "figures", "for", "from", "gave",
    "get", "gets", "give", "gives", "got", "had", "haha", "has", "have", "hehe", "hello", "hi", "how", "i", "image",
    "images", "in", "interval", "is", "it", "its", "just", "kindly", "lesion", "lesions", "limits", "lol", "look",
    "looking", "mark", "marks", "me", "mean", "metric", "metrics", "model", "models", "much", "my", "need", "net",
    "network", "networks", "number", "numbers", "of", "ok", "on", "one", "our", "overall", "per",
    "percent", "percentage", "percentages", "picture",
    "pictures", "pixel", "pixels", "please", "precisely", "provide", "px", "reach", "reached", "reaches", "record",
    "recorded", "records", "report", "result", "results", "score", "scored", "scores", "set", "show", "simply", "sir",
    "so", "state", "task", "tell", "test", "thanks", "that", "the", "their", "then", "there", "this", "to",
    "tolerance", "up", "us", "use", "used", "uses", "value", "values", "variant", "variants", "want", "was", "we",
    "were", "what", "which", "whole", "with", "you",
    "pls", "plz", "thx", "ta", "cheers", "asap",
    "believe", "chuck", "curious", "gimme", "guess", "reckon", "suppose", "think", "toss", "wonder", "wondering",
    "asked", "asks", "audit", "auditor", "boss", "clinical", "colleague", "file", "manager", "meeting", "needs", "fix",
    "spot", "spots", "mole", "moles", "film", "films", "tile", "tiles",
    "requested", "requests", "slide", "supervisor", "table", "team", "wants", "wish", "wishes",
))  # fmt: skip
LOST = {"lose", "loses", "lost", "losing", "cost", "costs", "sink", "sinks", "sank", "drag", "drags", "knock",
        "knocks"}  # fmt: skip
RATHER = {"instead", "rather", "from", "than"}  # there is something else to compare with
