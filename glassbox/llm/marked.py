"""What a network finds, marks and strays by, with a bound or beside another: by the metric that measures it."""

from glassbox.llm.idioms import PICTURE, SHARE
from glassbox.llm.rows import Rows

FIND = (
    r"(?:(?:find|cover|recover|detect|outline|trace|capture)s?|catch(?:es)?|picks? up|found|covered|recovered|detected|"
    r"caught|picked up|outlined|traced|captured)"
)
MARK = r"(?:mark|paint|draw|flag|colour|color|outline|highlight|call)s?"
TARGET = r"(?:the |its |each |a )?(?:true |real |actual )?(?:lesion|mole|spot|vessel)s?(?: area| pixels)?"
RIGHT = r"(?:right|correct|true|(?:really |actual |true |real )?(?:lesion|mole|vessel)s?)"
BOUND = r"((?:less|fewer|more|no more|no less|no fewer) than|at least|at most|under|over|below|above|up to)"
NUMBER = r"(\d[\d.]* ?(?:%|percent|per cent))"
END = {"least": "lowest", "most": "highest", "furthest": "highest", "farthest": "highest", "worst": "highest"}

MARKED: Rows = (
    # A bound on what is found, or on what is right of what is marked.
    (rf"\b(?:in|for|on|at) which {BOUND} {NUMBER} of what (\S+) {MARK} (?:is|are|was|were) {RIGHT}",
     r"in which the precision of \3 is \1 \2"),
    (rf"\b(?:where|when) {BOUND} {NUMBER} of what (\S+) {MARK} (?:is|are|was|were) {RIGHT}",
     r"where the precision of \3 is \1 \2"),
    (rf"\b(?:in|for|on|at) which (\S+) {FIND} {BOUND} {NUMBER} of {TARGET}\b", r"in which the recall of \1 is \2 \3"),
    (rf"\bwhere (\S+) {FIND} {BOUND} {NUMBER} of {TARGET}\b", r"where the recall of \1 is \2 \3"),
    (rf"\bwhich (networks|models|variants|ones)? ?{FIND} {BOUND} {NUMBER} of {TARGET}(?: on average)?",
     r"which \1 have a recall of \2 \3"),
    (rf"\b(?:where|in which) {BOUND} {NUMBER} of (?:the |its )?(?:{PICTURE}|films|tiles|patches|cases) "
     rf"(?:were|are|was) "
     r"(?:called|classified|read|sorted|labelled) (?:correctly|right(?:ly)?)(?: \(accuracy\))?", r"with an accuracy "
     r"of \1 \2"),
    (rf"\bwith {BOUND} {NUMBER} (?:right|correct)\b", r"with an accuracy of \1 \2"),
    # As a value.
    (rf"\b{SHARE} of (?:the |its )?(\S+) (?:attribution|heat|mass|relevance)s? (?:that )?"
     r"(?:falls?|falling|lies|lying|lands|landing) (?:in|inside|within|on) the (?:mole|lesion|target|vessels?)",
     r"mass of \1"),
    (r"(?<!of )(?<!of the )(?<!all )\b(?:lesion|vessel|mole) pixels (?:were |was |are )?(?:left "
     r"out|overlooked|passed over|not found)\b",
     "false negatives"),
    (rf"\bhow much of what (\S+) {MARK} (?:as )?(?:lesion|mole|vessel)s? (?:is|are|was) {RIGHT}(?=\W*$|,)",
     r"what is the precision of \1"),
    (rf"\bhow much of what (\S+) {MARK} (?:is|was) {RIGHT}(?=\W*$|,)", r"what is the precision of \1"),
    (rf"\b({SHARE}) of (?:all |the )?(?:the )?pixels (?:that )?(\S+) (?:wrongly|falsely|mistakenly) "
     rf"(?:{MARK}|marked|painted|"
     rf"coloured|drew|drawn|flagged)(?: in)? as {TARGET}\b", r"percentage of false positive pixels of \2"),
    (rf"\b({SHARE}) of (?:all |the )?(?:the )?pixels (?:that )?(\S+) (?:{MARK}|marked|painted|coloured)(?: in)? as "
     rf"{TARGET} "
     r"(?:by mistake|wrongly|in error)\b", r"percentage of false positive pixels of \2"),
    (rf"\bwhat {SHARE} of (?:the |all )?(?:moles|lesions|spots) (?:did|does) (\S+) (?:at least "
     rf")?(?:detect|notice)(?=\W*$)",
     r"what is the detection rate of \1"),
    # How far an outline strays.
    (r"\b(?:do (?:its |the )?outlines )?strays? (least|most|furthest|farthest) (?:with|in) (?:its|their) outlines?",
     lambda found: f"has the {END[found[1].lower()]} HD95"),
    (r"\bin which (.+?) do (?:the )?outlines stray (least|furthest|farthest)(?: from the truth)?(?:,? HD95[- ]wise)?",
     lambda found: f"which {found[1]} has the {END[found[2].lower()]} HD95"),
    (r"\bwhich (.+?)(?:'s|s')? outlines stray (least|most|furthest|farthest)(?: from the truth)?",
     lambda found: f"which {found[1]} has the {END[found[2].lower()]} HD95"),
    (r"\bwhose (?:boundary|outline|border) is (?:closest|nearest) to the (?:truth|true border|reference)"
     r"(?: \((?:smallest|lowest) HD95\))?", "which has the lowest HD95"),
    (r"\bkeeps? (?:its|their) outlines? (?:nearest|closest) to the (?:true border|truth|reference)(?: \(lowest "
     r"HD95\))?",
     "has the lowest HD95"),
    (r"\bare the outlines of (\S+) (?:further|farther) off than those of (\S+?)(?=[,?]|$)",
     r"is the HD95 of \1 higher than that of \2"),
    (r"\bare the outlines of (\S+) (?:closer|nearer)(?: to the truth)? than those of (\S+?)(?=[,?]|$)",
     r"is the HD95 of \1 lower than that of \2"),
    (r"\b(?:outlines? |borders? )?agreement within (?:2|two) ?(?:px|pixels)\b", "surface Dice"),
    # How far the flipped copies agree.
    (r"\b(?:whose|where (?:the|its)) (?:flips|flipped (?:runs|copies|versions)) agree (less than|more "
     r"than|below|above|under|over)",
     r"with an agreement of \1"),
    (r"\b(?:on|in|for) which (\w+) do the (?:flips|flipped (?:runs|copies|versions)) of (\S+) agree (least|most)",
     lambda found: f"which {found[1]} has the {END[found[3].lower()]} agreement of {found[2]}"),
    (r"\bleaves? (?:out )?the (most|fewest) (?:lesion|vessel|mole) pixels (?:undetected|unfound|uncovered|out)\b",
     r"have the \1 false negatives"),
    (r"\bdraws? (?:the |its )?outlines? closest to the (?:reference|truth)(?: mask)? (?:in terms of|by|in) (?:the "
     r")?HD95",
     "has the lowest HD95"),
    (r"(?<!of )(?<!of the )(?<!of its )(?<!its )(?<!healthy )(?<!normal )\b(?:pixels of (?:healthy |normal "
     r")?skin|(?:healthy |normal )?"
     r"skin pixels) (?:were |was |are |got |get )?(?:falsely |wrongly |mistakenly )?(?:called|labelled|taken for|"
     rf"mistaken for|marked|painted|classified|coloured)(?: as)? {TARGET}\b", "false positive pixels"),
    (rf"\bpixels (?:falsely|wrongly|mistakenly) (?:called|labelled|labeled|taken for|marked|painted|classified)"
     rf"(?: as)? {TARGET}\b", "false positive pixels"),
)  # fmt: skip
