"""A question in the letters that its reader wrote, before it is taken apart: abbreviations, and what capitals tell."""

import re

from glassbox.llm.rows import Rows, compiled, rewritten

SHORT = {  # as people type, in whole words
    "prob": "probability", "pct": "percentage", "dupe": "duplicate", "dupes": "duplicates", "dup": "duplicate",
    "dups": "duplicates", "thr": "threshold", "cxr": "chest-xray", "b4": "before",
    "xrays": "x-rays", "xray": "x-ray", "imgs": "images", "img": "image", "pics": "pictures", "pic": "picture",
     "negs": "negatives", "diff": "difference",
    "bal": "balanced", "prec": "precision", "btch": "batch", "acc": "accuracy",
    "sig": "significant", "frac": "fraction", "nought": "0", "nil":
     "0", "num": "number", "whats": "what is", "hows": "how is",
}  # fmt: skip
SHORTENED = re.compile(rf"(?<![-_])\b(?:{'|'.join(SHORT)})\b(?![-_])", re.IGNORECASE)
SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TENS = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90}  # fmt: skip
UNITS_SPELLED = {word: number for number, word in enumerate(SPELLED, start=1)}
SAID_DIGITS = ("zero", *SPELLED[:9])
DIGITS = "|".join(SAID_DIGITS)
PERCENTS = {f"{ten}-{one}": TENS[ten] + UNITS_SPELLED[one] for ten in [*TENS][1:] for one in SPELLED[:9]}
PERCENTS |= {joined.replace("-", " "): number for joined, number in PERCENTS.items()} | UNITS_SPELLED | TENS
LEVELS = "low|high|small|medium|large"
REWRITTEN: Rows = (
    (r"\b(?:at|equal to|equals?|exactly) or (?:above|over|(?:greater|more|higher|larger) than)\b", "at least"),
    (r"\b(?:at|equal to|equals?|exactly) or (?:below|under|(?:less|lower|smaller|fewer) than)\b", "at most"),
    (
        r"\b(dice|iou|jaccard|f1|overlap|recall|sensitivity|specificity|precision|accuracy)( score)?(?: of| at)? "
        r"(\d[\d.]*\d) (?:or|and) better\b",
        r"\1\2 of at least \3",
    ),
    (r"\bhausd?orf+(?: distance)?,? \(?95(?:th)? ?(?:%|percent(?:ile)?|per ?centile)\)?", "HD95"),
    (r"\b95(?:th)? ?(?:%|percent(?:ile)?|per ?centile) hausd?orf+(?: distance)?", "HD95"),
    (  # and not the method of that name
        r"(?<!of )(?<!does )(?<!do )(?<!is )(?<!for )(?<!and )(?<!or )(?<!with )(?<!using )(?<!than )(?<!by )"
        r"(?<!noise )(?<!blur )(?<!, )"
        r"(?-i:\brise(?:s|n)?\b)(?= (?:from|by|to|when|with)\b)",
        "increase",
    ),
    (
        r"\b(exceeds?|than|over|above|below|under|least|most|up to) (?:a|one) (quarter|fifth|tenth|half)\b(?!-)",
        lambda found: f"{found[1]} { {'q': 25, 'f': 20, 't': 10, 'h': 50}[found[2][0].lower()] } %",
    ),
    (
        r"\b(jpeg|blur|noise|brightness|colour)((?: quality| sigma| strength)? )(\d[\d.]*) (to|versus|vs|minus) "
        r"(?:quality |sigma |strength |\1 )?(\d[\d.]*\d|\d)\b(?!%)",
        r"\1\2\3 \4 \1 \5",
    ),
    (
        r"\b(?:lower and upper|first and third|upper and lower) quartiles?(?: of)?"
        r"(?=.*\b(?:share|area|fraction|portion)\b)",
        "lowerquartile and upperquartile",
    ),
    (r"\bwithin an? (HD95|Hausdorff(?: distance)?) of (\d[\d.]*\d|\d)", r"with an \1 of at most \2"),
    (r"\b(touch(?:es|ing)?) (?:the |an? )?(?:image|picture|photo|frame)(?:'s)? (?:edge|border)s?\b", r"\1 the edge"),
    (  # as it is dictated
        r"(?<!this )(?<!that )(?<!which )(?<!what )(?<!the )(?<!operating )(?<!screening )(?<!-in )(?<!-out )"
        rf"\b(?:(?:zero|nought|oh) )?point ((?:{DIGITS})(?: (?:{DIGITS}))*)\b",
        lambda found: "0." + "".join(str(SAID_DIGITS.index(word)) for word in found[1].lower().split()),
    ),
    (r" ?\([qp](?:25|75)\)(?=\W*$)", ""),
    (r"^n (?=(?:batches|cases|images|groups|subgroups|models)\b)", "number of "),
    (r"\bpneumonias (minus|vs|versus|than) normals\b", r"pneumonia \1 normal"),
    (r"\barg ?max\b(?:imum)?", "highest"),
    (r"\barg ?min\b(?:imum)?", "lowest"),
    (r"\bbatches,? (?:ranging |running |numbered )?from (?=\d+ (?:to|through|till|until|up to) \d+\b)", "batches "),
    (  # and not `compare batch 3 to 7`
        r"^(?!.*\b(?:compare|from|change|difference|than)\b)(.*)\bbatch (?=\d+ (?:to|thr\w+|till|until|up to) "
        r"\d+\b(?![.\d]))",
        r"\1batches ",
    ),
    (r"\b(batches \d+) (?:through|thru|till|until|up to) (?=\d)", r"\1 to "),
    (r"(?<=\d) (?:per cent|hundredths)\b", " %"),
    (r"\bfor ages\b(?! (?:\d|over|under|above|below|between|from|of|up))", "for long"),  # of nobody
    (
        r"\b(children|kids|patients|people|films|x-rays|chests|lungs|pictures|images) "
        r"(?:without|free of|with no|who (?:do not|don't) have) (?:any )?pneumonia\b",
        r"\1 normal",
    ),
    (r"\btop-(?=\d)", "top "),
    (r"\bmini-?batch(?=(?:es)?\b)", "batch"),
    (r"\b(?:dice[- /])?s(?:ø|ö|oe|o)rensen(?:[-–/ ]dice)?\b", "Dice"),
    (r"\b(before|after)\.(ece|nll|brier|confidence)\b", r"\2 \1 calibration"),
    (r"\b(before|after) [-–] (before|after)\b", r"\1 minus \2"),
    (r"\b(count \w+) [-–] (?=\w+ in\b)", r"\1 minus "),
    (r"\b(noise|blur|jpeg|hair|brightness) (\d[\d.]*)/(\d[\d.]*)/(\d[\d.]*\d|\d)", r"\1 \2, \1 \3 and \1 \4"),
    (r"\b(noise|blur|jpeg|hair|brightness) (\d[\d.]*)/(\d[\d.]*\d|\d)", r"\1 \2 and \1 \3"),
    (r"\bsurf\.? (?=dice)", "surface "),
    (r"\bavg\b\.?", "average"),
    (r"\blooses\b", "loses"),
    # Words that would be taken for slips of others: `strongest`, `model`, `nearest`.
    (r"\b(?:strangest|oddest|cutest)\b", "weirdest"),
    (r"\bnicest\b", "best"),
    (r"\bmodal (?=\w)", "mode of "),
    (r"\bneatest\b", "tidiest"),
    (r"\bthresholded for high (recall|precision)(?: \(no retraining\))?", r"thresholded for \1"),
    (r"[\u03c3\u03a3] ?= ?(?=\d)", ""),
    (r"\bnear[- ]cop(?:y|ies)\b(?! shared)", "near duplicates"),
    (
        r"\bthe (\d+|two|three|four|five|six|seven|eight|nine|ten) (batches|cases|images) (?=(?:of \S+ )?with (?:the )?"
        r"(?:lowest|highest|worst|best|smallest|largest)\b)",
        r"\1 \2 ",
    ),
    (r"\berror bars?\b", "confidence interval"),
    (r"\bninetieth percentile\b", "90th percentile"),
    (r"\btenth percentile\b", "10th percentile"),
    (r"^out of curiosity[,:]? ", ""),
    (
        r"\b(low|high|middle) (minus|less|vs|versus) (low|high|middle) lesion (contrast|size|hair)\b",
        r"\1 \4 minus \3 "
        r"\4",
    ),
    (r"\b(noise|blur), sigma (?=\d)", r"\1 "),
    (r"\bchest xr\b", "chest-xray"),
    (r"\bmedium (?=(?:brightness|contrast|hair|size)\b)", "middle "),
    (r"\b(precision|recall|balanced|base) one\b(?= *(?:$|[?.,]))", r"\1 variant"),
    (r"\bdisparity\b", "difference"),
    (r"\bforfeits?\b", "lose"),
    (r"\bpossess(?:es)?\b", "has"),
    (r"\bexact cop(?:y|ies)\b", "exact duplicates"),
    (
        r"\b(?:third quartile|upper quartile|75th percentile|[pq]75)\b(?: "
        r"of)?(?=.*\b(?:share|area|fraction|portion)\b)",
        "upperquartile",
    ),
    (
        r"\b(?:first quartile|lower quartile|25th percentile|[pq]25)\b(?: "
        r"of)?(?=.*\b(?:share|area|fraction|portion)\b)",
        "lowerquartile",
    ),
    (r"\bsensitivities\b", "sensitivity"),
    (r"\b(south|north) of (?=\d)", lambda found: {"s": "below ", "n": "above "}[found[1][0].lower()]),
    (r"(?<=\w) / (?!(?:pre|post|before|after)\b)(?=\w)", ", "),
    (r"\bdet\. ?(?=rate)", "detection "),
    (r"\bdel\. ?(?=gain)", "deletion "),
    (r"\bins\. ?(?=gain)", "insertion "),
    (r"(?-i:\bT) \(temp(?:erature)?(?: scaling)?\)(?: (?:of|for))?", "temperature of"),
    (r"(?-i:\bIG\b)", "integrated gradients"),
    (r"\btemp\b(?! scal|\.\s*\w|-)", "temperature"),
    (r"\bbetween (\d[\d.]*) and (\d[\d.]*) (%|per ?cent)", r"between \1 % and \2 %"),
    (r" at your (?:earliest )?convenience\b", ""),
    (r"^(?:fig(?:ure)?|tab(?:le)?|section|appendix|page|line|p)\.? ?[a-z]?\d+[a-z]?[:,.] ", ""),
    (r"(\bduplicates\b[^()]*?) \((?:more than|above|over) 0\)", r"\1"),
    (r" \((?:the )?base and (?:the |its )?(?:three )?variants\)", ""),
    (r"\b(brightness|colour) (?:is |was )?off by (?=\d)", r"\1 "),
    (r",? of all (?:those|that|the ones) (?:you|we|they) (?:keep|have|hold|know|store|record),?(?= )", ""),
    (r"(\bmedian\b[^()]*?) ?\((?:the )?mean is (?:skewed|distorted|pulled|misleading|dragged)[^)]*\)", r"\1"),
    (r"(?<=\w) \+ (?=[a-zA-Z])", " and "),
    (r"\bw/o\b", "without"),
    (r"\bw/(?=\s)", "with"),
    (r"(?<=[a-z] )w (?=[a-z]{3})", "with "),
    (r"(?<![\d.,])0,(\d+)(?![\d.,])", r"0.\1"),  # a comma for a point
    (r"\bthe (?=(?:two|three|four|five|\d+) (?:corruptions|methods|subgroups|groups) under)", ""),  # there are more
    (r"\b(training|validation|test) (?:portion|part|partition)\b", r"\1 split"),
    (r"\b(?:to|for) (?:rule|ruling) \w+ (in|out)\b", r"at rule-\1"),
    (  # `high minus low contrast`, `for small and for large lesions`: the noun stands with each
        rf"\b({LEVELS}) (minus|and for|and on|than for|than on|versus on) ({LEVELS}) (\w+)",
        r"\1 \4 \2 \3 \4",
    ),
    (
        rf"\b({'|'.join(SPELLED[1:9])})(?:[- ]tenths| (?:in|out of) (?:every )?ten)\b",
        lambda found: f"{10 * UNITS_SPELLED[found[1].lower()]} %",
    ),
    (r"\bthree[- ]quarters\b", "75 %"),
    (r"\bfour[- ]fifths\b", "80 %"),
    (r"\b(?:a|one) quarter of\b", "25 % of"),
    (r"\b(?:a|one) fifth of\b", "20 % of"),
    (r"\b(?:a|one) tenth of\b", "10 % of"),
    (
        r"(?<!near-)(?<!near )(?<!nearly )(?<!almost )\bidentical (?:pictures|images|photos|files)(?: shared)? "
        r"(?=across|between|in more)",
        "exact duplicates ",
    ),
    (r"\b(higher|lower|bigger|smaller|larger|greater|more|less|fewer) as (?=\d)", r"\1 than "),
    (r"(?<=\d)px\b", " px"),
    (r"\ba thousand\b", "1000"),
    (r"\b(\d+) ((?:\w+ ){0,2})(?:in|out of|per) (?:a|every|each|one) hundred\b", r"\1 % \2"),
    (r"\ba hundred (?!per|percent)", "100 "),
    (r"\bcomes first and (?:who |which )?(?:comes )?second\b", "is the best and the second best"),
    (r"\bcomes second\b", "is second best"),
    (r"\bbefore any (?=calibration|temperature)", "before "),
    (r"\bthe (?=middle brightness)", ""),
    (r"(?<=[a-z]{4} )(?<!size )(?<!what )n (?=[a-z]{3})", "and "),  # `precision n recall`, and not `the n per group`
    (r"< ?(\d+) ?y(?:o|rs?)?\b", r"under \1 years"),
    (r"\bfalse pos\b\.?", "false positives"),
    (r"\bfalse neg\b\.?", "false negatives"),
    (
        r"\b(near|exact)[- ]duplicates?(?: (?:images|pictures|photos|files))?(?: (?:are|were))?"
        r"(?: shared)? (?:between|across) (?:the |its )?splits",
        r"\1 duplicates across splits",
    ),
    (r"\bprior to calibration and (?:following|after) (?:it|that)\b", "before and after calibration"),
    (
        r"\b(?:left|leaves|missed|misses|overlooked|overlooks) (?:out )?(?:the )?most (?:lesion|vessel|mole) pixels",
        "has the most false negatives",
    ),
    (r"\brecalls (more|less) than", r"has \1 recall than"),
    (r"\b(pathology|tissue|chest|retina) (test|training|validation) (?=tiles|films|pictures|images)", r"\2 \1 "),
    (
        r"\bwidth of the (?:95 ?%? |95 percent )?(\w+) (?:confidence )?interval",
        r"upper bound minus lower bound of the \1",
    ),
    (r"\b(Dr|Mr|Mrs|Ms|Prof)\. (?=[A-Z])", r"\1 "),
    (r"\bfall(s|ing)? short of\b", "stay below"),
    (r"\b(?:se|sens)(?: and |/|, | & )(?:sp|spec)\b(?!\w)", "sensitivity and specificity"),
    (r"\bthe first and (?:the )?second (?=\w+ .*\brank)", "the best and the second best "),
    (r"(?:,| -)? (?:(?:two|three|four|2|3|4) (?:decimals|digits) (?:is|are) (?:fine|enough|ok|plenty))", ""),
    (r"\b(minus|versus|vs) (?:the|its) (?:plain|usual|ordinary) (?=\w)", r"\1 the "),
    (r"\b((?:TTA|flips?)\b.* (?:minus|versus|vs)) (?:the|its) normal ", r"\1 the "),  # else a class, perhaps
    (r"\bb(?!4\b)(\d{1,3})\b(?![-_])", r"batch \1"),
    (r"\b(yes|no) - (?=\w+ (?:yes|no)\b)", r"\1 minus "),
    (r"(?-i:\bT) (?=for|of|on)", "temperature "),
    (r"\bbounds of the (?:paired )?difference\b", "interval"),
)
COMPILED = compiled(REWRITTEN)
STRENGTH = re.compile(  # and not `the blur one should fear`
    rf"\b(blur|jpeg) (one(?= (?:and|to|vs|versus|minus) (?:blur|jpeg)\b)|{'|'.join(SPELLED[1:])})\b", re.IGNORECASE
)
PERCENT = re.compile(rf"\b({'|'.join(sorted(PERCENTS, key=len, reverse=True))}) (per ?cent|%)", re.IGNORECASE)


def as_written(question: str) -> str:
    """The question with its abbreviations written out.

    `RISE` in capitals is the explanation method and no verb, `0,8` one number, and of `the two corruptions under which`
    there are more than two.

    >>> as_written("pct of dupes w/o RISE, 0,8")
    'percentage of duplicates without the RISE method, 0.8'
    """
    if not question.isupper():
        question = re.sub(r"(?<!the )\bRISE\b(?! (?:map|method))", "the RISE method", question)
    question = PERCENT.sub(lambda found: f"{PERCENTS[found[1].lower()]} {found[2]}", question)
    question = STRENGTH.sub(lambda found: f"{found[1]} {PERCENTS[found[2].lower()]}", question)
    return SHORTENED.sub(lambda found: SHORT[found[0].lower()], rewritten(question, COMPILED))
