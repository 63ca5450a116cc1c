"""Questions turned into the usual form of theirs: what pools, ranks, counts or differs, by the name that has it."""

from glassbox.llm.idioms import PICTURE, SHARE
from glassbox.llm.rows import Rows

TURNED: Rows = (
    # What is pooled, its middle, its ends.
    (r"\bwith (?:four |the )?flips(?= *(?:$|[?,.)]|(?:for|on|by|in)\b))", "with TTA"),
    (rf"^(?:lump|pool|throw|put|tip|mix) all (?:of )?the pixels (?:of|from) (\S+?)(?:'s)? (?:test )?(?:{PICTURE} )?"
     r"(?:together|into one \w+)[:,] (?:the |what is the )?(?:resulting )?(\w+)", r"what is the pooled \2 of \1"),
    (r"\b(?:if|when) (?:one|we|you|i) pools? (?:every pixel|all (?:of )?the pixels)(?: (?:of|from) (?:all )?the "
     r"(?:test )?"
     rf"{PICTURE})?(?: together)?(?:,? (?:instead of|rather than) [^,]*)?, what (?=\w+ does)", "what pooled "),
    (r"[,;] all pooled: (?:the )?(?=\w+ of)", ", pooled "),
    (r"\b(?:50th percentile|p50|0\.5 quantile) of (?:the )?(?:per[- ](?:image|case|picture) )?", "median "),
    (r"^half of (\S+?)(?:'s)? (?:images|cases|pictures) have an? (\w+) (?:that is )?(?:no "
     r"(?:larger|bigger|higher|more) than|"
     r"of at most|below|under) (?:what|which value)\W*(?:\(median\))?$", r"what is the median \2 of the cases of \1?"),
    (r"\bbrings? up the rear (?:on|in|for|by)\b", "has the worst"),
    (r"\b(?:stuck|stay|stays|staying|remain|fall|falls|falling|get|gets|got) short of (?=\d)", "below "),
    (r"^(?:a )?head ?count(?::| of)", "number of"),
    (r"(?<=\d) ((?:[a-z]+ )?)or beyond\b", r" \1or more"),
    (r"\b(?:ghastliest|ugliest|sorriest|lousiest|shabbiest|dodgiest|messiest) "
     r"(?:contours|outlines|masks|cases|images)\b",
     "worst images"),
    (r"\b(?:margin|gap|distance) (?:separating|between|from) (\S+) (?:from|and|to) (\S+) (?:in|on|by)\b",
     r"difference between \1 and \2 in"),
    (r"^how many (?:px|pixels) of (\S+) (?:separate|lie between|are between) (\S+) (?:from|and)\b",
     r"difference in \1 between \2 and"),
    (r"\b(is|was|does|gets?) (the [\w-]+ (?:model|network)|[\w-]+) (?:get )?(?:beaten|outdone|outperformed|surpassed) "
     r"by (the [\w-]+ (?:model|network)|[\w-]+) (?:in|on|by)\b", r"is \3 better than \2 in"),
    (r"^(?!which)(\S+) or (\S+?)[:,] (?:the |which has the )?(higher|lower|better|worse|larger|smaller) ([\w ]+?)\W*$",
     r"which has the \3 \4, \1 or \2?"),
    (r"\bdoes the pooled (\w+) (?:fall|lie|sit) above or below the mean \1,? and by how much(?: do they differ)?",
     r"by how much does the pooled \1 differ from the mean \1"),
    (r",? according to (?:its|the|their) (?:uncertainty|subgroup|quality|explanation|robustness)s? "
     r"(?:record|file|table)\b", ""),
    (r"^(?:and )?(?:for|by|in) contrast,? (?!group|low|high)(?:[\w ]+, please: )?", ""),
    (r",? let(?:'s| us) say,? with an? ", " with a "),
    (r",? if any(?: stands out)?,", ""),
    (r"\s*\(95th (?:percentage|centile)\.?\)", ""),
    (r"\bwhat do (?:their|its) (\w+)(?: scores| values)? average to\b", r"what is the mean \1"),
    (r"\bcorrelation w/ shuffled\b", "correlation with shuffled"),
    (r"^per-batch outliers: ", ""),
    (r"\bdo(?:es)? (\S+) (recall|precision|balanced|base) do (worst|best) (?:in |on |by )?(\w+)(?=\?|$)",
     r"of \1-\2 has the \3 \4"),
    (r"\b(\S+) on (\S+?): is the stays[- ]with[- ]shuffled[- ]weights flag 0 or 1",
     r"does \1 stay with shuffled weights on \2"),
    (r"^(most|fewest) (train|val|test|training|validation) (cases|images) which (dataset|data set|task)",
     r"which \4 has the \1 \2 \3"),
    (r"\b(?:lowest|least) attainable mean risk with a perfect (?:ranking|ordering) (?:for|of)",
     "least possible risk of"),
    (r"\b(?:network|model) (?:that (?:was|is) )?tuned (?:to find every (?:lesion )?pixel|for (?:recall|sensitivity))\b",
     "recall variant"),
    (r"\b(?:network|model) (?:that (?:was|is) )?tuned (?:to (?:raise no|avoid|minimi[sz]e) false alarms|for "
     r"precision)\b",
     "precision variant"),
    (r"\b(network|model) tuned for balance\b", "balanced variant"),
    (r"\bby how much did the temperature (?:lower|reduce|cut|bring down) the (expected calibration error|ece|brier "
     r"score|nll)",
     r"difference of the \1 before minus after calibration"),
    (r"\bmedian share of an? (\S+) (test|training|validation) (?:picture|image|photo) that (?:the "
     r")?(vessel|lesion|mole)s? "
     r"(?:takes? up|covers?|fills?|occup(?:y|ies))", r"median \3 share of the \1 \2 split"),
    (r"\bhow many times more does ([\w -]+?) (?:light up|point at) the (?:chart|cue) than without (?:it|the cue)",
     r"what is the ratio of \1"),
    (r"\baccuracy minus balanced accuracy\b", "accuracy less balanced accuracy"),
    (r"^(?:max|largest) (?:image|img) (height|width) (\S+) (train|test|val)\w*(?: set| split)?",
     r"largest image \1 of the \2 \3 split"),
    (r"^(?:min|smallest) (?:image|img) (height|width) (\S+) (train|test|val)\w*(?: set| split)?",
     r"smallest image \1 of the \2 \3 split"),
    (rf"\bhow many ({PICTURE}|cases) go (?:really |badly |quite )?wrong with (\S+?),? with an? ", r"how many \1 of "
     r"\2 have a "),
    (r"\b(predicted )?qualities\b", r"\1quality values"),
    (r"^averaged out per picture, how much do the flipped predictions of (\S+) agree\W*$",
     r"what is the mean agreement of \1?"),
    (r"^what (\w+) makes (?:the )?(?=[\w-]+)", r"what \1 has the "),
    (r"\bthe 2018 (?:lesion |skin )?(?=(?:networks?|models?|images|pictures|set|test)\b)", "the 2018 edition "),
    (r"\bpathology tile (?=(?:classifier|model|network)\b)", "pathology "),
    (r"\bkeep (more|fewer|less) than (\d+) cases for (validation|training|test)", r"have \1 than \2 \3 cases"),
    (r"\b(?:when|if|where) the (brightness|contrast) is (high|low|middle)\b", r"with \2 \1"),
    (r"\b(tta (\w+) (?:minus|less) )(?:its |the )?plain (?=\2\b)", r"\1"),
    (r"\broll ?call of (?=the )", "list "),
    (r"\bhow much more of the (?:mole|lesion|vessels?|vessel tree|spot) does (\S+) (?:find|cover|catch|recover) than "
     r"(\S+?)"
     r"(?=\?|$)", r"how much more recall does \1 have than \2"),
    (r"^compare the ([\w ]+?) of (\S+) and (\S+?)[:;,] what is (?:the )?(?:one|first) minus (?:the )?(?:other|second)",
     r"difference between \2 and \3 in \1"),
    (r"^class balance: ", ""),
    (r"\barea under the risk[- ]coverage curve \(mean risk\)", "mean risk"),
    (r",? and (?:that|the one) of a perfect (?:ordering|order|ranking) \(least risk\)", " and the least possible risk"),
    (r"^(?:please )?contrast (?=lesions|images|pictures|the )", "compare "),
    (r"\s*\(plain,? not balanced\)", ""),
    (r"\bcorrelation of (?:the )?(\S+) maps? (?:once|when|after|if) (?:the )?(\w+) (?:has been|is|was) shuffled",
     r"\1 correlation with shuffled \2"),
    (r"\bcolou?rs something (?:in )?as (?=(?:a )?(?:mole|lesion|vessel))", "marks something as "),
    (r"\bon (?:the )?[\w ]+, I mean (?:the |those with )?(low|high|middle) (contrast|hair|brightness)(?: ones)?\b",
     r"on \1 \2"),
    (r"\b(\w+) (?:given up|lost|sacrificed|gained|won) when (?:moving|going) from (?:the )?([\w-]+) to (?:the "
     r")?([\w-]+)",
     r"\1 at \2 minus \1 at \3"),
    (r"\bby how much (?:did|does) (\S+?)'s (expected iou|predicted quality) (?:for|of|on) (\S+) (?:overshoot|exceed|"
     r"overestimate) the (iou|jaccard)(?: it really got)?", r"difference \2 minus \4 of \1 in case \3"),
    (r"\bdo any identical (?:images|pictures) (?:sit|stand|lie) in (?:two )?different splits of (\S+?),? and how "
     r"many\b",
     r"how many exact duplicates across splits has \1"),
    (r"\b(retina |eye )?(picture|image|case) (?:on|for) which the flips agree (least|most)\b",
     lambda found: f"{found[1] or ''}{found[2]} with the {'lowest' if found[3] == 'least' else 'highest'} agreement"),
    (r"\bsharpest (\S+) (?:outline|mask|border) \(sharpness\), which (image|case)\b",
     r"which \2 of \1 has the highest sharpness"),
    (r"\bweight (?:given to|of|on|for) (?:the )?(sharpness|agreement|expected iou) in the (?:predicted )?quality"
     r"(?: estimate| score)?\b", r"\1 weight in the predicted quality"),
    (r"^(?:after|once|when) (?:the )?(\w+) is shuffled, how (?:strongly|well|much) do(?:es)? the ([\w -]+?) maps? of "
     r"(\S+) "
     r"(?:still )?correlate(?: with the originals?)?", r"\2 correlation with shuffled \1 of \3"),
    (r"\bhow many (?:vessel|lesion) pixels did (\S+) (?:find|mark|catch) (?:correctly|rightly) (?=in batch)",
     r"how many true positives has \1 "),
    (r"\bhow many (?:healthy|normal) (?:chests|films|people|children) (?:in|of) (?:the )?(\S+)(?: test set)? "
     r"(?:get|are|were) "
     r"(?:flagged|called sick) (?:by mistake|wrongly|falsely)", r"how many false positives has \1"),
    (r"\bhow many (?:sick|ill) (?:people|children|chests|patients) does (it|\S+) let slip(?: through)?, the (?=false "
     r"neg)",
     r"how many \1 has "),
    (r"\bhow many it has false neg", "how many false neg"),
    # Pixels.
    (r"\b(?:missed|misses|overlooked|overlooks|left out) the (highest|largest|biggest|lowest|smallest) "
     r"(?:percentage|share) of (?:the )?(?:lesion )?pixels(?: \(false negatives?(?: percent(?:age)?)?\))?",
     r"has the \1 percentage of false negative pixels"),
    (r"\b(?:how much more (?:of the )?lesion does|by how many percentage points does) (\S+) (?:overlook|miss) "
     r"(?:more (?:of the )?(?:lesion )?pixels )?than (\S+?),? ?(?:as a percentage|in per ?cent(?:age points)?)?\?",
     r"difference of the percentage of false negative pixels between \1 and \2?"),
    (r"\bhow many (?:background|healthy|skin) pixels (?:of|in) (\S+) did (\S+) (?:rightly |correctly )?leave "
     r"(?:alone|untouched|unmarked)(?:, i\.?e\.? tn)?", r"how many true negatives of \1 has \2"),
    (r"\bleft out how many (?:lesion|vessel) pixels\b", "has how many false negatives"),
    (r"^(?:how much|what) per ?cent of (?:the |all )?pixels (?:does|did) (\S+) (?:colour|color|paint|mark) wrongly as "
     r"(?:lesion|mole|vessel)s?(?: \(false positives?\))?", r"percentage of false positive pixels of \1"),
    # Duplicates and data.
    (r"\bexact copies of a picture (?:that )?(?:sit|stand|lie|are) in (?:two )?different splits\b",
     "exact duplicates across splits"),
    (rf"\b(?:nearly|almost|near)[- ]identical {PICTURE} (?:that )?(?:sit|stand|lie|are|appear) in (?:two |several )?"
     r"different splits", "near duplicates are there across splits"),
    (r"^((?:exact|near) duplicates [\w ]+): does (\S+) have any,? and (?:what number|how many)\b", r"how many \1 has "
     r"\2"),
    (rf"\b{PICTURE} to (?:train|learn|practise) (?:with|on|from)\b", "training images"),
    (rf"\b(?:how tiny|how small|how large|how big) is the (tiniest|smallest|largest|biggest) (lesion|mole|vessel),? "
     rf"(?:as (?:an? )?)?{SHARE} of (?:its|the) (?:image|picture|photo)", r"\1 \2 share"),
    (r"\btiniest (?=(?:lesion|mole) share)", "smallest "),
    (rf"\bwhat {SHARE} of (?:a|the) (?:picture|image|photo) does (?:a|the) (?:spot|mole|lesion) "
     r"(?:fill|cover|occupy|take up) in the median (?:for|in|of)", "what is the median lesion share of"),
    (r"\b(test|training|validation) retinas\b", r"retina \1 images"),
    (r"\bpathology patches\b", "pathology tiles"),
    # Explanations.
    (r"\bhow often does ([\w-]+(?: [\w-]+)?) (?:point|hit|land|aim) (?:inside|in|at|into|on|within) the "
     r"(?:lesion|mole|spot|target)(?: itself)?(?: (?:on|for|of|with) )", r"what is the pointing of \1 for "),
    (r"\bhow much of the ([\w-]+(?: [\w-]+)?) (?:heat ?map|map) of (\S+) (?:falls|lies|sits|lands) "
     r"(?:on|in|inside|within) the (?:spot|lesion|mole)(?: itself)?(?:,? so its mass)?",
     r"what is the mass of the \1 map of \2"),
    (r"\b(?:lay|put|place|have) (?:the )?most of their heat (?:\(mass\) )?(?:in|inside|on) the (?:lesion|mole|spot)\b",
     "with the highest mass"),
    (r"\b(heat ?maps|maps) (of \S+) (?=(?:stay|remain|look)\b[^?]*\bweights\b)", r"methods \2 "),
    (r"\b(?:stay|remain|look)s? (?:the same|unchanged|alike) (?:even )?(?:when|if|after|once) (?:(?:one|we|you|i) "
     r"(?:shuffles?|randomi[sz]es?|scrambles?) (?:the )?(?:network's |model's )?weights|(?:the )?(?:network's "
     r"|model's )?"
     r"weights (?:are|were|get) (?:shuffled|randomi[sz]ed|scrambled))", "stay with shuffled weights"),
    # Other words.
    (r"\b(\w+) does (\S+) expect of itself on average over the cases \(expected \1\)",
     r"is the mean expected \1 of \2"),
    (r"\bforecast (iou|dice)(?: \(expected_iou\))?", r"expected \1"),
    (r"\bneed(?:ed|s) the (?:strongest|most) (?:softening|correction|cooling)(?: \(temperature\))?",
     "has the highest temperature"),
    (r"\bat (?:which|what) probability does (\S+) (?:binari[sz]e|cut off)(?:, per its [\w -]+)?",
     r"what is the threshold of \1"),
    (r"\b(before|after) the (?:temperature )?(?:scaling|calibration) \((?:the )?(ece|brier score|nll)\)",
     r"by \2 \1 calibration"),
    (r"\bworst calibrated by (\w+)\b", r"worst in \1"),
    (r"\b(?:temperature )?scaling was (?:done|applied|used) (?:for|to|on|with) (\S+?)\. by how much did (?:its|the) "
     r"(\w+) (?:go down|fall|drop|shrink|improve)", r"difference of the \2 of \1 before minus after calibration"),
    (r"\bby how much (?:does|did) scaling with the temperature (?:bring down|lower|reduce) (\S+?)'s (\w+(?: score)?)",
     r"difference of the \2 of \1 before minus after calibration"),
    (r"\b(?:classifies|reads|sorts|judges) (?:[\w-]+ )?(?:[\w-]+ )?more accurately\b", "is more accurate"),
    (r"\bclassified right\b", "classified correctly"),
    (r"\b(ruler|chart|bubbles) in (?:view|sight|the picture): ", r"with \1: "),
    (r"\bamid (?:a )?(ruler|chart|bubble)s?(?: marks)?\b", r"with a \1"),
    (r"\bgaussian blur hits strength (?=\d)", "blur "),
    (r"\b(noise|blur|jpeg) is (?:at |of |set to )?(?=\d)", r"\1 "),
    (r"\bbrightness is (?:off by|shifted by|raised by|at) (?=\d)", "brightness "),
    (r"\bskin[- ]lesion (?=(?:networks?|models?|variants?|nets?)\b)", ""),
    (r"\bhow much (\w+) loses (?:the )?([\w-]+)(?: network| model)?(?: from (?:clean|plain|untouched) "
     rf"{PICTURE} to (?=noise|blur|jpeg))?", r"how much \1 does \2 lose with "),
    (rf"^(?:list|name|show) (?:me )?(?:all )?(?:the )?(?:missed lesions|undetected (?:cases|{PICTURE})) of (\S+?)\W*$",
     r"list the cases of \1 with detected 0"),
    (r"^undetected (?:cases|images)(?: \(detected ?=+ ?0\))? (?:in|of) (\S+?): list\b",
     r"list the cases of \1 with detected 0"),
    # How much, how often, how many.
    (r"\bsaliency (?=(?:techniques|methods)\b)", ""),
    (r"^half of (\S+?)(?:'s)? (?:images|cases|pictures) (?:score|have|get|lie) (?:an? )?(?:above|below|over|under) "
     r"(?:which|what) (\w+)", r"what is the median \2 of the cases of \1"),
    (rf"^how many of (?:the |all )?(?:\d+ )?(\S+?)(?:'s)? (?:outlines|masks|lesions|cases|{PICTURE}) count as failures",
     r"how many failures has \1"),
    (r"\bbreaks? down (?=(?:at|with|under|on|when)\b)", "fail "),
    (r"\b(?:stay|stays|lie|lies|is|are|be|remain|remains) within (\d[\d.]*) ?(?=px|pixels)", r"is at most \1 "),
    (r"\bat least (\d[\d.]*) (?:but|and) (?:no more than|at most|not more than|not over|not above) (\d[\d.]*\d|\d)"
     r"(?= ?(?:px|pixels|%)?\W*(?:$|how many|count|for |of ))", r"between \1 and \2"),
    (r"^(?:who|which|what) takes? first and second place (?:on|in|for|by) ([\w ]+?) among (?:the )?(\S+) "
     r"(?:networks|models|variants)\W*$", r"which \2 model is the best and the second best in \1?"),
    (r"\brunner-?up among (?:the )?(\S+) (?:models|networks|variants) (?:in|for|on|by) (\w+)\W*(?:and "
     r")?(?:give|name|tell|show) "
     r"(?:me )?(?:the )?(?:winner|leader)(?: as well| too)?\W*$", r"which \1 model is the best and the second best "
     r"in \2"),
    (r"\b(?:photographs|photos|pictures|images|tiles|films) (?:that are )?available for (training|validation)\b",
     r"\1 images"),
    (r"\beye (?=training images|validation images|test images)", ""),
    (rf"\b(?:any )?identical {PICTURE} leaking from one split (?:in)?to another,? and if so what'?s the "
     rf"(?:figure|number)",
     "how many exact duplicates are there across splits"),
    (rf"^in which (?:data ?sets|tasks) do (?:exactly )?identical {PICTURE} (?:straddle|span|sit in|stand in) (?:two "
     rf")?(?:the )?"
     r"splits", "list the tasks with exact duplicates across splits above 0"),
    (r"\bdoes any (\S+) (?:image|picture|film|tile) appear identically in two different splits\??,? how many",
     r"how many exact duplicates across splits has \1"),
    (rf"^are there (exact|near) duplicate (?:{PICTURE} )?(within|across) (?:a |the )?splits? (?:in|of) (\S+?),? and "
     rf"how many",
     r"how many \1 duplicates \2 splits has \3"),
    (r"\bhow wide is the (?:uncertainty|confidence) band (?:around|of) (\S+?)'s (\w+),? end to end",
     r"upper bound minus lower bound of the \2 of \1"),
    (rf"\bhow many (\w+) points separate (?:the )?dark {PICTURE} from (?:the )?bright (?:ones|{PICTURE})",
     r"difference in \1 between low brightness and high brightness"),
    (r"(\bdark\b.*\bbright\b.*\S)\s*\(low minus high brightness\)", r"\1"),
    (r"\bwhat do we gain in (\w+) on (\S+) if we go from tta off to tta on\W*(?:i\.?e\.? tta \w+ minus (?:plain "
     r")?\w+)?\W*$",
     r"tta \1 minus \1 of \2"),
    (r"^what did flipping (?:buy|bring|gain|change) (?:on|for) (\S+) - tta (\w+) less plain \2, (\S+)",
     r"tta \2 minus \2 of \3 on \1"),
    (r"^(?:what|which) (models|networks|tasks|data ?sets) (?:do )?(?:u|you) have(?: for (\S+))?",
     lambda found: f"which {found[1]} {'of ' + found[2] + ' ' if found[2] else ''}are there"),
    (r"^among batches (\d+) ?[-–] ?(\d+) of (\S+?), count those (?:at|with) (\d[\d.]*) "
     r"(dice|iou|jaccard|recall|precision|accuracy|"
     r"specificity|sensitivity|f1) or (?:better|more|above)", r"how many of the batches \1 to \2 of \3 have a \5 of "
     r"at least \4"),
    (r"\b(?:last|final|first) (?:(\S+) )?batch,? (?:number|no\.?|nr\.?) (\d+)", lambda found: f"{found[1] or ''} "
     f"batch {found[2]}"),
    (r"\bhow many (?:lesion|vessel) pixels did (\S+) (?:leave out|miss|overlook|skip)", r"how many false negatives "
     r"has \1"),
    (r"\bcertainty \(agreement\) of the flips\b", "agreement"),
    (r" (?:over|of|under|along) the risk[- ]coverage curve\b", ""),
    (r"\b(which|of) (\w+) retina (?=\w)(?!image)", r"\1 \2 image "),
    (r"\b(?:which|what) of (?:all )?(?:your|the|these) image collections\b", "which data set"),
    # Groups.
    (r"\b(?:when|if|where|with|once) an? (ruler|chart|bubble) is (?:in view|visible|in the "
     r"(?:picture|image|photo)|present)\b",
     r"with a \1"),
    (r"\b(\w+) away from (?:the )?edge (less|minus) \1 at (?:the )?edge\b", r"\1 not touching the edge minus "
     r"touching the edge"),
    (rf"\bhair[- ]poor (?:ones|{PICTURE})", "images with little hair"),
    # Classes.
    (r"\bhow many normal films were (?:over-?called|flagged|marked) as pneumonia by (\S+)", r"how many false "
     r"positives has \1"),
    (rf"\b(tiles|{PICTURE}|cases) (?:assigned to|called|labelled(?: as)?|classified as|taken for) ([\w ]+?)(?: "
     rf"tissue)? by the "
     r"(?:network|model|classifier)\b", r"\1 called \2"),
    (r"\bhow many ([\w ]+?) (?:did|does) (\S+) label as ([\w ]+?)(?: in the test set)?(?=\?|$)",
     r"how many \1 did \2 call \3"),
    (r"\bcolorectal (?=tiles\b)", ""),
    (r"\b(\w+) differ between the (dark|bright) and the (?:dark|bright) images (?=in|of|for)",
     lambda found: f"{found[1]} differ between {'low' if found[2] == 'dark' else 'high'} brightness and "
     f"{'high' if found[2] == 'dark' else 'low'} brightness "),
    (rf"^number of (\S+) (?:test )?(tiles|{PICTURE}|cases) called ([\w -]+)", r"how many \2 did \1 call \3"),
    (r"\bhow (?:sure|certain|confident) was (?:the )?(\S+)(?: model| network)? that (\S+) (?:is|was) "
     r"(normal|pneumonia|healthy)(?![-\w])",
     r"probability that \2 is \3 with \1"),
    (r"\bwhich (\S+) (film|tile|picture|image) was the (?:network|model) most (?:certain|sure|confident) (?:that it )?"
     r"(?:showed|shows|has|had) (pneumonia|\w+)(?:, i\.?e\.? the highest probability)?",
     r"which \1 \2 has the highest probability of \3"),
    (r"\bwhat probability did it get for ([\w ]+?),? and what for ([\w ]+)", r"probability of \1 and probability of "
     r"\2"),
    (r"\b(?:proportion|share|fraction|percentage) of (?:correct|right) "
     r"(?:reads|readings|calls|labels|answers|verdicts)\b",
     "accuracy"),
    (r"\bwhat share of (?:the |all )?pneumonias (?:does|did) (\S+) (?:pick up|catch|find|detect|spot)", r"what is "
     r"the sensitivity of \1"),
    (r"\bdoes (\S+) get more (?:films|tiles|images|pictures) right than (\S+?),? (?:going|judging|judged) by "
     r"(?:plain )?accuracy",
     r"is \1 better than \2 in accuracy"),
    # Explanations, again.
    (r"\bon how many (?:cases|images|pictures) was ([\w -]+?) (?:assessed|evaluated|measured|scored) (?:for|on|with) "
     r"(\S+)",
     r"how many cases of \1 has \2"),
    (r"^averaged over all (?:explainers|methods|techniques|explanation methods),? what(?: is|'s) the ([\w ]+?) "
     r"(?:for|of|on) "
     r"(\S+?)(?=\?|$)", r"mean \1 over all methods of \2"),
    (r"\b(?:across|over) (?:the )?(?:explanation )?(?:explainers|techniques)\b", "over all methods"),
    (r"\bmedian ([\w ]+?) (?:across|over) explanation methods\b", r"median \1 over all methods"),
    (r"\bwhich explainer points (worst|best)\b", r"which method has the \1 pointing"),
    (r"\b(two|three|four|five|\d+) (?:strongest|highest|largest|biggest) (deletion|insertion) gains?, (\S+)",
     r"the \1 methods with the highest \2 gain of \3"),
    (r"\bhow sensitive is ((?:hi-?res)?grad-?cam|lime|saliency|smooth-?grad|occlusion|gradient x input|integrated "
     r"gradients|rise|"
     r"guided[ -]back-?propagation|var-?grad|the RISE method|attention gates) to (?:tiny "
     r")?(?:perturbations?|changes|noise) (?:of|in) "
     r"(?:the )?(?:input|picture|image)", r"sensitivity of \1"),
    (r"\bdoes ([\w ]+?) hit the target on (\S+) - pointing\b", r"pointing of \1 on \2"),
    (r"\bby how much does (\S+) out-?point (?:plain )?(\S+) (?:on|for) ", r"difference in pointing between \1 and \2 "
     r"of "),
    (r"\b(\S+?)'s ratio minus (\S+?)'s ratio (?:for|of|in) ", r"difference in ratio between \1 and \2 of "),
    (r"\bhow often does (?:the )?([\w-]+) (?:peak|maximum|maps?) (?:land|fall|lie)s? (?:inside|in|on|within) the "
     r"(?:lesion|mole|spot|target) (?:for|on|of|with) ", r"what is the pointing of \1 for "),
    (r"\bwhat ([\w ]+?) does ([\w -]+?) leave (?:on|for|with) ", r"what \1 has \2 for "),
    (r"\bwhich corruption is (?:the )?(\S+)(?: model| segmenter| network)? (most|least) robust "
     r"(?:to|against)(?=\W*(?:$|by|in))",
     lambda found: f"which corruption hurts {found[1]} {'least' if found[2] == 'most' else 'most'}"),
    (r"\bwhich corruptions leave (\S+) (?:at|with) an? ", r"which corruptions give \1 a "),
    (r"\bmethods whose maps (?:stay|stayed|remain|remained)(?: the same| unchanged)? (?:after|when) (?:shuffling "
     r")?(?:the )?weights"
     r"(?: are shuffled)?", "methods that stay with shuffled weights"),
    (r"\s*\(flag 1\)", ""),
)  # fmt: skip
