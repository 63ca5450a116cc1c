"""Questions in everyday words: at a desk, in a corridor, in a paper; in the usual form of them."""

from glassbox.llm.idioms import PICTURE, SHARE
from glassbox.llm.rows import Rows

PLAIN_WORDS: Rows = (
    (r"^((?:with|under|at|when|if|once) (?![^,?]* on )[^,?]+), how often does (?:the )?(?!it\b)(\S+?)(?: model| "
     r"network)? fail\b",
     r"\1, what is the failure rate of \2"),
    (rf"\bhow many (?:\w+ )?(?:radiographs|{PICTURE}) did (\S+) classify (?:correctly|rightly|right)\b",
     r"how many cases classified correctly has \1"),
    (r"^jpeg at quality (\d+) (?:versus|vs|against) (\d+) on (\S+?): how much (\w+) is lost",
     r"difference in \4 of \3 between jpeg \2 and jpeg \1"),
    (rf"\bhow many of the (\S+) (?:{PICTURE}) (?:ended up|landed|were put) in the (?:correct|right) class",
     r"how many cases classified correctly has \1"),
    (r"\bhow many normal (?:chest )?films get flagged as pneumonia by (\S+)(?: on test)?", r"how many false "
     r"positives has \1"),
    (r"\bwith an? (ruler|chart|bubble) and (?:pictures|images|those) free of it", r"with a \1 and without a \1"),
    (r"\bdark \(low brightness\)", "low brightness"),
    # Said at a desk, in a corridor, in a paper.
    (r"\b(?:with )?(ruler|chart|bubbles?|vignette) absent\b", r"without a \1"),
    (r"\b(?:with )?(ruler|chart|bubbles?|vignette) present\b", r"with a \1"),
    (r"\b(noise|blur|brightness|colour|contrast) (?:change |of )?(\d[\d.]*) (?:against|versus|vs) (?:\1 "
     r")?(\d[\d.]*\d|\d)(?=\D|$)",
     r"\1 \2 and \1 \3"),
    (r"^blurring (\S+) with sigma (\d) leaves an? (\w+) of what", r"\3 of \1 with blur \2"),
    (r"\b(?:heavily |badly |strongly )?(?:squashed|squeezed|compressed) jpe?gs? \(quality (\d+)\)", r"jpeg \1"),
    (r"\bdark corners \(vignette\) and the (\S+) (?:network|model): what (\w+) remains", r"\2 of \1 with a vignette"),
    (r"\brun(?:s|ning)? off the (?:frame|picture|image|edge)\b", "touch the edge"),
    (r"\bdarkest brightness (?:tertile|third)(?: \(low\))?", "low brightness"),
    (r"\bbrightest (?:brightness )?tertile(?: \(high\))?", "high brightness"),
    (r"\bfaint (?=low[- ]contrast)", ""),
    (r"\bdimmest (?=third|images|pictures|films|tiles)", "darkest "),
    (r"\b(tissue|chest|film|x-ray) (?:sorter|reader)\b", r"\1 classifier"),
    (r"\bmole (?=(?:version|variant|model|network)s?\b)", ""),
    (rf"\bhow many retinal {PICTURE} (?=lie|have|score|get|reach)", "how many images "),
    (r"\bof the retinas (?=does|do|has|have|is)", "retina images "),
    (r"\bwhich (?:sort|kind|type) of (?:picture|image|photo|film|tile|lesion|mole)s? (?:is|does) (\S+) (worst|best) "
     r"(?:at|on|with)"
     r"(?=\W*(?:$|by\b))", r"which subgroup of \1 is \2"),
    (r"^which sets (?=have|hold|contain)", "which data sets "),
    (rf"\bhow many (cases|{PICTURE}) are (?:reserved|set aside|kept|held back) for (validation|training) in (?:the "
     rf")?(\S+)(?: data)?",
     r"how many \2 \1 has \3"),
    (r"\b(\S+) near[- ]cop(?:y|ies) shared across the splits,? how many", r"how many near duplicates across "
     r"splits has \1"),
    (r"^do duplicates cross the split boundar(?:y|ies) in (\S+)\? exact ones only\W*$",
     r"how many exact duplicates across splits has \1?"),
    (r"^(\S+) failures caught (?:when|if) 20 ?% get (?:checked|reviewed)\W*$",
     r"what share of the failures of \1 is caught by reviewing 20 % of the cases?"),
    (r"\bwhen 20 ?(?:%|percent) (?:of (?:them|the cases) )?(?:get|are|is) (?:checked|reviewed)\b", "by reviewing 20 "
     "% of the cases"),
    (r"\bat a 20 ?% review budget\b", "by reviewing 20 % of the cases"),
    (rf"^if i double-check (?:a fifth|20 ?%) of (\S+?)'s outlines,? what {SHARE} of (?:the failures would i "
     rf"catch|i's failures is caught)",
     r"what share of the failures of \1 is caught by reviewing 20 % of the cases"),
    (r"^(?:the )?([\w-]+ [\w-]+), what percentage does it (?:sort|get|read|classify) right", r"what is the accuracy "
     r"of the \1"),
    (r"\bdoes (\S+) let any pneumonia slip by in ([\w-]+) mode,? how many(?: missed)?", r"how many false negatives "
     r"has \1 at \2"),
    (rf"\bof (?:the )?actual ([\w ]+?) (?:bits|tiles|pieces),? what {SHARE} does the ([\w -]+?) (?:find|catch|detect)",
     r"sensitivity of the \2 for \1"),
    (r"\bhow many ([\w ]+?) (films|patches|tiles|images) (?:did (\S+) learn from|were there to learn from in "
     r"(\S+?))(?=\?|$)",
     lambda found: f"how many {found[1]} training {found[2]} has {found[3] or found[4]}"),
    (r"^heat ?maps (?:on|of|for) (\S+): how often does (\S+) point inside the (?:mole|lesion|target)", r"pointing of "
     r"\2 for \1"),
    (r"^order all (?:\w+ )?(\S+) models from the highest ([\w ]+?) to the lowest", r"list the \1 models by \2, "
     r"highest first"),
    (r"^subtract the (\w+) of (\S+) from its (\w+)\W*(?:what remains)?\W*$", r"\3 minus \1 of \2"),
    (r"\bhow much is gained in (\w+) by flip averaging(?: \(tta\))? over the plain prediction,? (\S+?)(?=\?|$)",
     r"tta \1 minus \1 of \2"),
    (r"(\bmedian\b[^?]*?) ?\(not the mean\)", r"\1"),
    (r"\bfitted (?-i:T)(?: \(temp(?:erature)?\.? scaling\))?", "temperature"),
    (rf"\bwhat (?:{SHARE}|portion) of a typical (\S+) (training|test|validation) (?:photograph|photo|picture|image) "
     rf"is (vessel|lesion|mole)"
     r"(?: \(the median\))?", r"what is the median \3 share of the \1 \2 split"),
    (r"\bhow much of what (\S+) (?:paints|marks|draws|colou?rs|flags) as (vessel|lesion|mole) (?:really |actually "
     r"|truly )?is "
     r"(?:really )?\2", r"what is the precision of \1"),
    (r"^(?:the )?(?:highest|topmost|largest) plausible (?!difference)(\w+)(?= (?:for|of|by)\b|\W*$)", r"upper bound "
     r"of the \1"),
    (r"^(?:the )?(?:lowest|smallest) plausible (?!difference)(\w+)(?= (?:for|of|by)\b|\W*$)", r"lower bound of the \1"),
    (r",? taking the (?:top|bottom) of its 95 ?% range\b", ""),
    (r"^(?:the )?risk left over on average if (\S+?)'s pictures are dropped in order of quality", r"mean risk of \1"),
    (r"\bprior to any temperature fitting\b", "before calibration"),
    (r"\bhow honest are (\S+?)'s probabilities once scaled(?: \((\w+)\))?", lambda found: f"{found[2] or 'ECE'} of "
     f"{found[1]} after calibration"),
    (r"\blost the largest number of (?:lesion|vessel) pixels", "has the most false negatives"),
    (r"^leaderboard of the (\S+) (?:networks|models) by ([\w ]+?): (?:just )?the first two", r"the two best \1 "
     r"models by \2"),
    (r"\bworst offenders (?:on|by|in) ", "worst cases by "),
    (r"\bhow many lesions does (\S+) cover (?:entirely|completely|fully)(?:,? leaving no lesion pixel out)?",
     r"how many cases of \1 have a recall of exactly 1"),
    (r"\bhow many healthy (?:skin )?pixels did (\S+) (?:colou?r|paint|mark)(?: in)?(?: by mistake| wrongly)", r"how "
     r"many false positives has \1"),
    (rf"^{SHARE} of (\S+) (?:test )?(?:{PICTURE}) that (?:end in failure|(?:count|are counted) as failures|are "
     rf"failures)",
     r"failure rate of \1"),
    (r"\bcame out spotless,? every (?:film|tile|picture|image) classified correctly", "have an accuracy of exactly 1"),
    (r"\bwhen (?:the )?(\S+) (?:answers|says|predicts|replies) [\"']?([\w-]+(?: [\w-]+)?)[\"']?,? how often is "
     "(?:that|it) "
     r"(?:true|right|correct)\W*$", r"precision of \1 for \2?"),
    (r"\bwhen (?:the )?([\w -]+?)(?: network| model| classifier)? calls a film (?:healthy|normal) at the ([\w-]+) "
     r"(?:setting|point),? how often is it "
     r"right", r"negative predictive value of \1 at the \2 point"),
    (r"\bchallenge-style jaccard,? zero when under 0\.65\b", "thresholded Jaccard"),
)  # fmt: skip
