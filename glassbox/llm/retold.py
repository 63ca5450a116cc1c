"""More questions in the usual form of theirs: by what is seen in a picture, read off a curve, or told in prose."""

from glassbox.llm.idioms import PICTURE, SHARE
from glassbox.llm.rows import Rows

RETOLD: Rows = (
    # What is seen.
    (r"\b(?:when|whenever|if|where|once) (?:an? |the )?(ruler|chart|bubble)s? (?:is|are) (?:in view|visible|in "
     r"sight|present|"
     r"in the (?:picture|image|photo))\b", r"with a \1"),
    (rf"\b{PICTURE} lacking (?:the |an? )?(ruler|chart|bubble)s?\b", r"images without a \1"),
    (rf"^how large is the group of {PICTURE} (?:bearing|with|showing) (?:an? )?(\w+) in the evaluation of "
     rf"(\S+?)(?=\?|$)",
     r"how many images with a \1 has \2"),
    (r"\bwhen (?:perfectly )?clean (?:pictures|images) are blurred at strength (?=\d)", "with blur "),
    # Counts.
    (r"\b(\S+) (?:outlines|masks|borders) straying (\d+) px or (?:farther|further|more)(?: \(hd95\))?: (?:tally|count)",
     r"how many images of \1 have an HD95 of at least \2"),
    (r"^what quantity of [\w -]+ makes up the (\S+) (training|test|validation) (?:portion|part|split|set)",
     r"how many \2 images has \1"),
    (r"^([\w -]+?) (tiles|films) available to train (\S+)", r"how many \1 training \2 has \3"),
    (r"\b(?:photographs|photos|pictures|images|tiles|films) (?:that are )?reserved for (validation|training)\b",
     r"\1 images"),
    (r"\bwhich collection (?=(?:offers|has|holds|contains))", "which data set "),
    (r"\b(?:offers|has|holds) the greatest quantity of training (?:material|data|images|pictures)", "has the most "
     "training images"),
    (rf"\b(?:exactly )?identical (?:copies|{PICTURE}) sitting (?:inside|within) the same split", "exact duplicates "
     "within splits"),
    (r"\bdid (\S+) (?:overlook|miss) any lesions(?: altogether)?,? and if so,? how many(?: were missed)?",
     r"how many lesions did \1 miss"),
    (r"\bidentify the cases? in which (\S+) did not detect the lesion(?: at all)?", r"list the cases of \1 with "
     r"detected 0"),
    (rf"\bwhat (?:{SHARE}|portion) of (?:the )?{PICTURE} is set aside for review (?:with|by|for|of|under) ",
     "what is the review share of "),
    # Rates.
    (rf"\bout of all the (?:spots|moles|lesions) in the test set,? what {SHARE} did (\S+) (?:at least "
     rf")?(?:detect|find|spot)",
     r"what is the detection rate of \1"),
    (rf"\b{SHARE} of (?:moles|lesions|spots|vessels|{PICTURE}) that count as failures (?:under|with|for|of) ",
     "failure rate of "),
    (rf"\bwhat {SHARE} of (?:the |all )?(?:pneumonias|pneumonia {PICTURE}) (?:does|did) (?:the )?(\S+?)(?: "
     rf"classifier| model| "
     r"network)? (?:pick up|catch|find|detect|spot)", r"what is the sensitivity of \1"),
    (rf"\b{SHARE} of (?!the |all |lesion|vessel)([\w -]+?) (?:tiles|films) (?:recovered|found|recognised|caught) by "
     rf"(\S+)",
     r"recall of \2 for \1"),
    (rf"\bwhat {SHARE} of (?:the |its )?failures (?:would|does|did|will) (?:a |the )?review (?:have "
     rf")?(?:intercept|catch|caught|"
     r"stop)(?:ed|ped)? (?:for|of|with) ", "what share of failures is caught by the review of "),
    (r"\b(?:the )?stingiest with false positives,? in per ?cent of (?:the )?pixels",
     "the one with the lowest percentage of false positive pixels"),
    (r"\bis the one with the (lowest|highest) ", r"has the \1 "),
    # Ends, places, middles.
    (r"\b(?:has|with) the (?:farthest|furthest)[- ]off (?:border|outline|contour)(?: \(hd95\))?", "has the highest "
     "HD95"),
    (r"^who takes gold and who takes silver (?:for|in|on|by) ([\w ]+?) among (?:the )?(\S+) "
     r"(?:networks|models|variants)\W*"
     r"(?:give me the top two)?\W*$", r"which \2 model is the best and the second best in \1?"),
    (r"\bacross the (?:whole|entire) stable of (?:networks|models),? who\b", "of all tasks, which model"),
    (rf"\bwhich subgroup of (?:\w+ )?{PICTURE} drags the (\w+) of (\S+) down the most", r"which subgroup of \2 has "
     r"the lowest \1"),
    (r"\bmedian batch-?wise (\w+)", r"median \1 over the batches"),
    (r"\bbatch-?wise (\w+)", r"\1 over the batches"),
    (r"\brange of plausible (\w+?)ies\b", r"confidence interval of the \1y"),
    (r"\brange of plausible (\w+?)s?(?=[ ,?]|$)", r"confidence interval of the \1"),
    # Pooled.
    (r"\b(?:if|when) (?:one|we|you|i) pools? (?:every pixel|all (?:of )?the pixels) of the (?:test )?(?:set|split),? "
     r"what "
     r"(?:overlap \()?(\w+)\)? (?=does)", r"what pooled \1 "),
    # Thresholds, quality.
    (r"^which probability does (\S+) have to (?:cross|exceed|pass) at the ([\w-]+) point", r"what is the threshold "
     r"of \1 at the \2 point"),
    (r"\bwhat iou did (\S+) expect,? and what iou did it (?:actually |really )?get", r"expected IoU and IoU of \1"),
    # Plain words for a network, and what it does.
    (r"\b(?:sensitivity|recall)-(?:leaning|minded|oriented|focus+ed|favouring|driven) (?:(\S+) "
     r")?(?:net|network|model|variant)\b",
     lambda found: f"{found[1] + ' ' if found[1] else ''}recall variant"),
    (r"\bprecision-(?:leaning|minded|oriented|focus+ed|favouring|driven) (?:(\S+) )?(?:net|network|model|variant)\b",
     lambda found: f"{found[1] + ' ' if found[1] else ''}precision variant"),
    (r"\bvariant that favours (recall|precision)\b", r"\1 variant"),
    (r"\b(?:tidiest|neatest|cleanest|finest) (?=(?:\S+ "
     r")?(?:scans|outlines|cases|masks|images|pictures|contours)\b)", "best "),
    (r"\b(?:clumsiest|sloppiest|messiest|shoddiest) (?=(?:\S+ "
     r")?(?:scans|outlines|cases|masks|images|pictures|contours)\b)",
     "worst "),
    (rf"\bwhat {SHARE} of (\S+?)(?:'s)? (?:segmentations|outlines|masks) (?:break down|fail)(?=\W*$)",
     r"what is the failure rate of \1"),
    (r"\bhow likely is a breakdown(?=\W*$)", "failure rate"),
    (r"\bgoe?s? wrong on\b", "fail on"),
    (r"\bfails on the (largest|highest|biggest|smallest|lowest) share of (?:lesions|moles|images|pictures|cases)\b",
     r"has the \1 failure rate"),
    (r"\bfaint, (?=low[- ]contrast)", ""),
    (r"\b(?:healthy|normal) films alone\b", "normal films"),
    (rf"\bwhat {SHARE} of the pixels (?:flagged|marked|painted|drawn) as (?:vessel|lesion|mole)s? (?:is|are) "
     rf"(?:genuine|right|"
     r"correct|real|true)", "what is the precision"),
    (r"\bnumber of (?:spots|moles) (?=where|for which|on which)", "number of images "),
    (r"\bwhich (film|tile|picture|image|scan) earned (\S+) its (heaviest|largest|worst|highest|greatest) ",
     lambda found: f"which {found[1]} of {found[2]} has the {'worst' if found[3] == 'worst' else 'highest'} "),
    (r"\bpoints? inside the (?:lesion|mole) (least|most) often\b",
     lambda found: f"has the {'lowest' if found[1] == 'least' else 'highest'} pointing"),
    (r"\bagrees (least|most) with the (?:reference|true) border within (?:2|two) (?:px|pixels)",
     lambda found: f"has the {'lowest' if found[1] == 'least' else 'highest'} surface Dice"),
    (r"\bin which (?:test )?(picture|image) does the border (?:that )?(\S+) drew lie (?:farthest|furthest) from the "
     r"true "
     r"(?:border|one),? judging by (?:the )?hd95(?: distance)?", r"which \1 of \2 has the highest HD95"),
    # Shares of a picture.
    (rf"\bwhat {SHARE} of an? (\S+) (test|training|validation) (?:scan|picture|image|photo) is "
     rf"(vessel|lesion|mole),? (?:at|in) "
     r"the median", r"what is the median \3 share of the \1 \2 split"),
    (r"\bmost space an? (mole|lesion|vessel) takes up in any (\S+) (test|training|validation) "
     r"(?:picture|image|photo)(?:,? as a "
     r"fraction)?", r"largest \1 share of the \2 \3 split"),
    (r"\bin the middle case, meaning the median,? (?=of|for|in)", "in the median "),
    (rf"\bwhat {SHARE} of the (?:frame|picture|image) does the (?:tiniest|smallest) (\S+) (test|training|validation) "
     r"(mole|lesion) (?:occupy|fill|cover|take up)", r"what is the smallest \3 share of the \1 \2 split"),
    # Sums and counts.
    (r"\btally up every (lesion|vessel) pixel (\S+) (?:overlooked|missed),? batch (?:after|by) batch",
     r"sum of the false negatives of \2 over all batches"),
    (r"\badd up the (?:spurious|false|wrong) (?:vessel|lesion) pixels (\S+) (?:drew|marked|painted) across its batches",
     r"sum of the false positives of \1 over all batches"),
    (r"\b(?:do|does) (\S+?)(?:'s)? splits share exact (?:copies|duplicates)\? what(?:'s| is) the "
     r"(?:tally|count|number)",
     r"how many exact duplicates across splits has \1"),
    (rf"\bwere there any nearly identical {PICTURE} that occur in more than one split of (?:the )?(\S+)(?: data "
     rf"set)?,? and if so,? "
     r"how many(?: such)?(?: near duplicates)?(?: across splits)?(?: were found| are there)?\W*$",
     r"how many near duplicates across splits has \1?"),
    (rf"\bhow many additional (?:{PICTURE}) sit in (testing|training|validation) relative to "
     rf"(testing|training|validation)",
     lambda found: f"how many more {found[1].replace('testing', 'test')} than {found[2].replace('testing', 'test')} "
     f"images"),
    (r"\b(list|name) (?:every|each) (?:task|data ?set) that recorded at least one (exact|near) duplicates? "
     r"(within|across) "
     r"(?:a |the )?splits?", r"list the tasks with \2 duplicates \3 splits above 0"),
    (r"\bhave correct equal to 0\b", "were classified wrongly"),
    (r"\bcorruptions that push (\S+?)'s (\w+) (under|below|over|above) ", r"corruptions with \2 of \1 \3 "),
    # What is expected, pooled, flipped, moved, corrected.
    (r"\b(\S+?)'s own guess at the iou of (\S+)", r"expected IoU of case \2 with \1"),
    (r"\b(?:if|when) (?:one|we|you|i) pools? the pixels of all (?:lesions|images|pictures|cases)(?: together)?,? "
     r"what (?=\w+ does)",
     "what pooled "),
    (r"\bafter averaging (?:the )?predictions from (?:mirrored|flipped) copies,? where does (\S+?)'s (\w+) end up",
     r"what is the \2 of \1 with TTA"),
    (r"\bwhat threshold gives (\S+) the (recall|precision) of \S+-\2\b",
     r"what is the threshold of \1 moved to match the \2 variant"),
    (rf"\bfrom (?:undisturbed|clean|original|untouched) {PICTURE} to {PICTURE} blurred with a strength of (?=\d)",
     "from none to blur "),
    (r"\bin the (bacteria|virus) group \((yes|no)\)", r"in the \1 \2 group"),
    (r"\bpneumonias? that (?:were|are|was|is) caused by (?:a )?virus(?:es)?\b", "viral pneumonia"),
    (r"\bpneumonias? that (?:were|are|was|is) caused by (?:a )?bacteri(?:a|um)\b", "bacterial pneumonia"),
    (r", list (?:them|em|'em)\b", ""),
)  # fmt: skip
