"""Turns of phrase in the words of the records: what a question describes at length, by the name it has there."""

import re

from glassbox.llm.everyday import PLAIN_WORDS
from glassbox.llm.idioms import AXIS, EDGE, IDIOMS, PICTURE, SHARE
from glassbox.llm.marked import MARKED
from glassbox.llm.retold import RETOLD
from glassbox.llm.rows import Rows, compiled, rewritten
from glassbox.llm.turned import TURNED

VARIANT = r"(recall|precision)(?: variant)?"
MOVED = r"with its threshold moved to match the \1 variant"
OBJECT = r"(?: (?:the |its )?(?:blood )?(?:vessels|lesions|moles|spots|pictures|them))?"
NOT_NEAR = r"(?<!near-)(?<!near )(?<!nearly )(?<!almost )"
DOUBLES = r"(near|exact)[- ]duplicates? (across|within) (?:(?:the|their|its|a) )?splits?\b(?! (?:above|below|over))"
TASKS = r"(?:data ?sets|tasks|collections)"
TONE = re.compile(
    r"\bon (very light|light|intermediate|tan|brown|dark)(?= ?(?:,|minus|vs|versus|and|than|$))", re.IGNORECASE
)
DESCRIBED: Rows = (
    # All tasks at once.
    (rf"\b(?:across|of|over|among|in) all (?:of )?(?:the |these )?{TASKS}"
     r"(?: (?:here|under assessment|on file|recorded))?, which(?: one)?\b", "which data set"),
    (r"\bwhich of (?:the|these|all|all the|your) (?:data ?sets|(?:data )?collections)\b", "which data set"),
    (r"\bwhich data ?set here\b", "which data set"),
    (r"\b(?:boasts?|comprises?|brings?|offers?) (?=the (?:most|fewest|least|largest|biggest|smallest))", "has "),
    (r"\b(?:in|of|across) the (?:whole|entire) (?:collection|repository|project|house)\b", "of all tasks"),
    (r"\b(?:among|of|across) all (?:of )?(?:your|the|these) models, which(?: one)?\b", "of all tasks, which model"),
    (r"\bcomes? with (?=the (?:most|fewest|least)|more than|fewer than|over|under|at least|at most)", "has "),
    # Pictures that stand twice.
    (r"\bduplicates (?:that|which) are (near|exact)(?:ly)?[- ]identical\b", r"\1 duplicates"),
    (rf"{NOT_NEAR}\b(?:exactly )?(?:identical|double|doubled) {PICTURE} (?:turn up|appear|are|occur|stand|sit|exist) "
     r"in (?:more than one|several|two|different) splits?", "exact duplicates are there across splits"),
    (rf"{NOT_NEAR}\b(?:identical|double|doubled) {PICTURE} (?:found|seen|present|there) in (?:more than one|several|"
     r"two|different) splits?", "exact duplicates across splits"),
    (rf"\b{PICTURE} (?:occur|appear|stand) identically in (?:two|several|more than one|different)(?: different)? "
     rf"splits",
     "exact duplicates across splits"),
    (rf"\bin which {TASKS} do (near|exact)[- ]duplicates (?:sit|occur|lie|exist|appear) (across|within) "
     r"(?:one and the same |the same |different |the )?splits?", r"list the tasks with \1 duplicates \2 splits above "
     r"0"),
    (rf"\b{PICTURE} (?:recur|come back|reappear|stand|appear) exactly in (?:another|a second|a different) split",
     "exact duplicates across splits"),
    (rf"\bexactly (?:double|doubled|identical) {PICTURE} (?=within|inside)", "exact duplicates "),
    (rf"\bhow many (?:of the )?{TASKS} (?:show|have|contain|hold) (?:any|some|at least one) {DOUBLES}",
     r"how many tasks have \1 duplicates \2 splits above 0"),
    (rf"\b(?:name|list) (?:every|all|each|the) (?:tasks?|data ?sets?) (?:whose data |that |which )?"
     rf"(?:contains?|have|has|shows?|with) (?:any )?{DOUBLES}",
     r"list the tasks with \1 duplicates \2 splits above 0"),
    (rf"\bin which {TASKS} (?:were|are) (?:there )?(?:any )?(near|exact)[- ]duplicates? (?:found )?(across|within) "
     r"(?:the |their |its )?splits?", r"list the tasks with \1 duplicates \2 splits above 0"),
    (r"\b(near |exact |near-|exact-)duplicates? (?:that |which )?(?:cross|crossing|span|leak over) (?:the |its |a )?"
     r"splits?(?: boundar(?:y|ies))?", r"\1duplicates across splits"),
    (rf"\b(?:name|list) the {TASKS} in which at least one {DOUBLES} (?:was|is) found",
     r"list the tasks with \1 duplicates \2 splits above 0"),
    (rf"\bin how many {TASKS} (?:was|is) at least one (near|exact)[- ]duplicate found "
     r"(?:within|inside) (?:a|the) split", r"how many tasks have \1 duplicates within splits above 0"),
    (rf"\b(near|exact)[- ]duplicates?(?: {PICTURE}| pairs)?,? "
     r"(?:leaking|that leak|leak|spread|spilling|reaching|sit|sitting|stand|standing|lie|are|found) "
     r"(?:across|between|over|into) (?:the |its )?splits", r"\1 duplicates across splits"),
    (rf"\b{PICTURE} shared, pixel for pixel, between (?:the |its )?splits", "exact duplicates across splits"),
    (rf"\bnear[- ]identical {PICTURE}", "near duplicates"),
    (rf"{NOT_NEAR}\bidentical {PICTURE} (?:turned up|turn up|appear|appeared|were found|are found|are|were) "
     r"(?=within|inside)", "exact duplicates "),
    (r"\bduplicates exactly (?:the same|alike) (?:inside|within) the splits", "exact duplicates within the splits"),
    (r"\bhow many more (near|exact) duplicates (?:lie |are |there are )?within (?:the )?splits? than across(?: them)?",
     r"\1 duplicates within splits minus \1 duplicates across splits"),
    (r"\b(near|exact) doubles\b", r"\1 duplicates"),
    (rf"\b(near|exact) double {PICTURE}", r"\1 duplicates"),
    (r"\bduplicates inside (?:the )?splits\b", "duplicates within splits"),
    (r"\b(near|exact)[- ]duplicate pairs spanning (?:different |several |the )?splits", r"\1 duplicates across splits"),
    (rf"\bpairs of (?:nearly|almost|near)[- ]identical {PICTURE} (?:sit|lie|are) (?:inside|within) (?:the same|one) "
     r"(?:part|split)", "near duplicates within splits"),
    (r"\b(?:inside|within) (?:its|their) own splits\b", "within splits"),
    # The balanced model's threshold, moved.
    (rf"\b(?:(?:simply|merely|just|only) )?(?:thresholded|re-?thresholded) for {VARIANT}\b", MOVED),
    (rf"\b(?:simply|merely|just|only) cut for {VARIANT}\b", MOVED),
    (r"\b((?:cut-?off|threshold)\b[^,?]*?) (?:moved|shifted|raised|lowered) "
     rf"(?:to favour|to favor|in favour of|towards?) {VARIANT}\b", r"\1 moved to match the \2 variant"),
    (rf"\b(?:were |is |be )?(?:simply |merely |just |only )?(?:cut|thresholded) at the {VARIANT} threshold\b", MOVED),
    (rf"\bmoved to the threshold that (?:mimics|matches|imitates) the {VARIANT}", MOVED),
    (rf"\btuned for {VARIANT}(?=: threshold)", MOVED),
    (rf"\b(?:copies|trades? like|acts? like|works? like) the (?={VARIANT})", "imitates the "),
    (r"\buntil its (recall|precision) (?:matches|equals|reaches) that of the \1 variant", r"to match the \1 variant"),
    # Risk and calibration.
    (r"\bselective risk\b", "risk"),
    (r"\b(mean risk\b.*)\bthe least (?:possible|attainable|achievable|reachable)(?: one)?(?=\W*$|[.,?;])",
     r"\1the least possible risk"),
    (r"(?<=\w)'s risk[- ]coverage curve\b", ""),
    (r"\brisk[- ]coverage area of (\S+) (?:be )?(?:under|with|for|given) (?:a|the) (?:perfect|ideal|best) "
     r"(?:ordering|order|ranking)(?: of (?:the |its )?(?:cases|pictures))?", r"least possible risk of \1"),
    (r"\b((?:ece|brier|nll|calibration error|confidence)\b.*)\bbefore (?:any )?(?:correction|rescaling)\b(?! of)",
     r"\1before calibration"),
    (r"\b(\w+) (?:gain|drop|change|fall),? \(before (?:less|minus) after\)", r"\1 before minus after calibration"),
    (r"\btemp(?:erature)? scaling T\b", "temperature"),
    (r"\bpre ?[/-] ?post (?:temp(?:erature)? scaling|calibration|scaling)\b", "before and after calibration"),
    (r"(?-i:\bT) and (?:val-tuned )?(?=threshold)", "temperature and "),
    # Failures at review.
    (r"\b(?:if|when|once|by|after|with) (?:one |we |you )?(?:sends?|sending)? ?20 ?(?:%|percent) "
     r"(?:of (?:the |its |all )?\w+ )?(?:be |is |are |were |gets? |go(?:es)? )?(?:sent )?"
     r"(?:(?:for|to) (?:a )?(?:human )?review\b(?! at random)|to (?:an? |the "
     r")?(?:human|person|doctor|clinician|expert)\b)",
     "by reviewing 20 % of the cases"),
    (rf"\bof its failures, what {SHARE} (?:would|does|could|can) (\S+) (?:have )?(?:flag|flagged|catch|caught)\b",
     r"what share of \1's failures is caught"),
    (rf"\b{SHARE} of (?:the|its) failures (?:would|does|could|can) (\S+) (?:flag|catch|find)\b",
     r"share of \1's failures is caught"),
    (r"\bhow much of the (\S+) (?:bad ones|failures) (?:do|would|can|could) (?:we|you|one|it) catch\b",
     r"what share of \1's failures is caught"),
    (r"\b(failures of \S+) would (?:our|the|my) (?:staff|doctors|nurses|team|people|readers) (?:find|catch|see)\b",
     r"\1 are caught"),
    (r"\b(?:if|when|by) (?:they |we |one |you )?review(?:ed|s|ing)? the (?:fifth|20 ?%) of (?:the )?\w+ (?:that|which) "
     r"(?:the (?:network|model)|it) (?:doubts (?:the )?most|trusts (?:the )?least|is (?:the )?least sure of)",
     "by reviewing 20 % of the cases"),
    (r"\bif the (?:most )?(?:suspicious|doubtful|uncertain|least certain|least trusted|shakiest) (?:fifth|20 ?%) "
     r"(?:were|was|is|are) sent "
     r"(?:to|for) review", "by reviewing 20 % of the cases"),
    # Conditions.
    (r"\b(?:once|when|if) it (?:averages|is averaged) over (?:flipped|mirrored|turned)[a-z ]* copies"
     r"(?: of (?:the|each) \w+)?(?: at test time)?", "with test-time augmentation"),
    (r"\bfor (?:children|patients|people) (?:whose|with) pneumonia (?:was|is) (viral|bacterial)\b",
     r"for \1 pneumonia"),
    (r" ?\(touching minus not(?: touching)?\)", ""),
    (rf"\b(?:where|when|if) (?:the )?(?:mole|lesion|spot|it) touches (?:the )?{EDGE}",
     "for lesions that touch the edge"),
    (rf"\b(?:moles|lesions|spots) (?:that are )?cut off (?:at|by) the {EDGE}", "lesions that touch the edge"),
    (rf"\b(touch(?:es|ing)? the {EDGE}\b.*)\b(?:those|ones|the others) (?:that|which|who) (?:do not|don'?t)\b"
     r"(?=[,.;?:)]|$| (?:for|in|on|by)\b)", r"\1those that do not touch the edge"),
    (r"\bin the (phantom|isic|drive) world,?", r"on \1,"),
    (rf"\b(?:upper|top|highest) third (?:of|by|in) {AXIS}\b", r"high \1"),
    (rf"\b(?:lower|bottom|lowest) third (?:of|by|in) {AXIS}\b", r"low \1"),
    (r"\bmedium[- ](?=brightness|contrast)", "middle "),
    (rf"\bhow many {PICTURE} of (?:healthy|normal) (?:lungs|chests|children|people|patients)\b",
     "how many normal films"),
    (r"\bhow many healthy (?:chests|films|x-?rays) "
     r"(?=(?:are |were )?(?:there )?in\b|do(?:es)? [\w -]+ (?:contain|hold|have)\b)", "how many normal films "),
    (r"\bpre[- ](?:temperature scaling|calibration|scaling) ?(?:/|and|&) ?post\b", "before and after calibration"),
    (r"\b(noise|blur|brightness|colour)(?: of| sigma| strength)? (\d[\d.]*), (\d[\d.]*)(?:,? and|,) (\d[\d.]*\d|\d)\b",
     r"\1 \2, \1 \3 and \1 \4"),
    (r"\bcorrelation of (?:the )?(\S+) maps? (?:once|when|after|if) (?:the )?weights (?:are |were |have been )?"
     r"shuffled (?:down )?to the (\w+)", r"\1 correlation with shuffled \2"),
    (r"\bby how much does (precision|recall|specificity) exceed (precision|recall|specificity)\b",
     r"difference \1 minus \2"),
    (r"\bhow much (\w+) is (?:won|gained) (?:by|when) going from (?:the )?([\w-]+) to (?:the )?([\w-]+)"
     r"(?: cut-?off| point| threshold| setting)?", r"\1 at \3 minus \1 at \2"),
    (r"\bprior to (?:temperature )?(?:scaling|calibration),? and (?:afterwards|after)\b",
     "before and after calibration"),
    (r"\b(does|do|than|vs|versus|between|has) rise (?!(?:in|of|to|with|from|by)\b)", r"\1 the RISE method "),
    (r"\b(low|middle|high) (and of|and with|and at|and under) (low|middle|high) (\w+)", r"\1 \4 \2 \3 \4"),
    (r"\b(without (?:the|a|any) \w+) less (?:its|the) ", r"\1 minus the "),
    (r"\bleaves? (\S+) with (?=an? )", r"give \1 "),
    (r"\bby how much (?:did|does|has) (?:the )?(?:calibration|temperature scaling) "
     r"(?:lower|lowered|reduced?|cut|improved?) (?:the )?(ece|brier|nll)\b",
     r"difference of the \1 before minus after calibration"),
    (r"\bbefore (?:they|we|you|it|one) (?:fixed|fitted|set|scaled|tuned|adjusted) (?:the |its )?"
     r"(?:temperature|probabilities)", "before calibration"),
    (r"\bhow many (false \w+) does ([^,?]+?) leave\b", r"how many \1 does \2 have"),
    (r"\b((?:rescaling|calibration|scaling)\b.*)\bbefore it and after it\b", r"\1before and after calibration"),
    (rf"\b(do not touch the {EDGE} .*)\bthose that do\b(?! not)", r"\1those that touch the edge"),
    (rf"\bwhat {SHARE} of (?:the |all )?pixels does (\S+) (?:wrongly "
     rf")?(?:paint|colour|color|mark|draw|shade|fill)(?: in)? as "
     r"(?:lesion|mole|spot|vessel)s?,? (?:by mistake|wrongly|in error|where there (?:is|was) none)(?=\?|$)",
     r"percentage of false positive pixels of \1"),
    (r"\b(?:above|from) (?:what|which) probability does (\S+) rule (?:a )?pneumonia (in|out)\b",
     r"rule-\2 threshold of \1"),
    (r"\bhow (?:sure|certain|confident) was (\S+) that (\S+) (?:has|had|shows|is) pneumonia(?!-)",
     r"probability of pneumonia of case \2 with \1"),
    (r"\bhow much of (?:a|the) typical (?:\(median\) )?(\S+) (test|training|validation) (?:photo|picture|image) is "
     r"(?:covered by )?(?:the |a )?(lesion|mole|vessel)s?", r"median \3 share of the \1 \2 split"),
    (r"\bwhen (?:the )?([\w-]+) (?:calls|labels) (?:(?:something|a tile|a film|a picture|it|an image) )?"
     r"(?:as )?(?!normal|healthy|sick|ill)([\w -]+), "
     r"how often is (?:that|it|this|the call) (?:correct|right|true)", r"precision of \1 for \2"),
    (r"\bhow well (?:are|is) (?!failures|errors|mistakes)([\w -]+?) "
     r"(?:picked up|caught|found|detected|recognised) by ([\w-]+)",
     r"sensitivity of \2 for \1"),
    (r"\bwhich ([\w -]+?) is (?:the )?(?:runner-up|second best) (?:for|in|on|by) ([\w -]+?),? "
     r"(?:along|together) with the (?:leader|winner|best)", r"which \1 is the best and the second best in \2"),
    (r"\btemp scaling\b", "temperature scaling"),
    (r"\blegit(?:imate)? difference\b", "significant difference"),
    (r"\b(?:would|could|will|can) you (?:kindly )?inform me of\b", "what is"),
    (r"\bwhich (the [\w-]+ (?:network|model)) (?:attained|achieved|reached|attains|obtained)\b", r"of \1"),
    (r"\bupon the (?=test|training|validation)", "on the "),
    (r"(?-i:\bP ?[/,] ?R\b)(?! ?(?:AUC|curve))(?: ?/)?", "precision, recall,"),
    (r"\bdark minus bright\b", "low brightness minus high brightness"),
    (r"\bbright minus dark\b", "high brightness minus low brightness"),
    (rf"\bdark {PICTURE} (vs|versus|than on|than|and on|and) bright ones\b", r"low brightness \1 high brightness"),
    (r"\bjpeg quality (\d+) minus (?:jpeg )?quality (\d+)\b", r"jpeg \1 minus jpeg \2"),
    (r"\b(noise|blur|brightness|colour) (\d[\d.]*) minus (\d[\d.]*\d|\d)\b", r"\1 \2 minus \1 \3"),
    (r"\bwith/without ratio\b", "ratio"),
    (r"\bsmallest (lesions|moles) (vs|versus|and|or|against) (?:the )?(?:largest|biggest)(?: ones| lesions| moles)?\b",
     r"small \1 \2 large \1"),
    (r"^(?:with|under|if patients have|given) (?:(?:heavy|much|lots of|a lot of) )?(?:hair,? )?(?:over the mole )?"
     r"\(?(\d+) (?:hairs|of them drawn on)\)?,? how often does (?:the )?(?!it\b)([\w-]+)(?: model| network)? fail\b",
     r"failure rate of \2 with \1 hairs"),
    (rf"\bwhat about (?!failures|errors|mistakes)([\w ]+?) ?[-,:] ?what {SHARE} of (?:those|them|these) "
     r"does (\S+) (?:find|spot|catch|detect)\b", r"sensitivity of \2 for \1"),
    (r"(?<=\w) \(mean of the (?:two )?class recalls\)", ""),
    (r"^((?:data ?sets|tasks) with) (?:any|some) (near|exact)[- ]duplicates? (?:inside|within) (?:a |the )?splits?\W+"
     r"(?:enumerate|list|name)(?: them)?(?=\W*$)", r"list the tasks with \2 duplicates within splits above 0"),
    (r"\benumerate\b", "list"),
    (rf"\bhow many (?:eye )?{PICTURE} (?:is|was) (\S+) (tested|trained) on\b",
     lambda found: f"how many {found[2].removesuffix('ed').replace('train', 'training')} images has {found[1]}"),
    (rf"\b(?:byte|bit|pixel)[- ](?:for[- ](?:byte|bit|pixel)[- ])?identical (?:duplicates|copies|{PICTURE})\b",
     "exact duplicates"),
    (r"\bduplicates straddling (?:the )?splits\b", "duplicates across splits"),
    (r"(\bleast (?:attainable |possible |achievable )?risk\b[^,?]*?),? if [^,?]*\bin (?:the )?(?:ideal|perfect|best) "
     r"order\b",
     r"\1"),
    (r"\b(?:at|for|in|with) the (highest|lowest|middle) (hair|contrast|size|brightness) "
     r"(?:level|group|third|tertile)\b",
     lambda found: f"for {({'highest': 'high', 'lowest': 'low'}).get(found[1].lower(), 'middle')} {found[2]}"),
    (r"\bhow sharp is the (?:probability )?map (?:of|for|in) ", "what is the sharpness of "),
    (r"\b(?:demonstrable|provable|established|proven) difference\b", "significant difference"),
    (r"(\b[\w-]+) (?:\+|and|plus|with) its (?:lower|upper) (?:confidence )?(?:limit|bound)(?=\W*$|,)",
     r"\1 with its confidence interval"),
    (r"\bwho takes (second|third) place among the (\S+ (?:networks|models|variants)) (?:on|for|in|by) ",
     r"which of the \2 is \1 best in "),
    (r"\bcolou?r (?:cast|shift|tint|change) (?=\d)", "colour "),
    (r"\b(expected iou) (?:vs\.?|versus|and|beside|against) (?:what (?:was it|it was|is it|it is) (?:really|in fact)|"
     r"the (?:real|actual|true) (?:one|iou))", r"\1 and IoU"),
    (r"\bwhere (contrast|brightness|size|hair) is (low|high|middle),? (and|versus|vs|minus) (?:where )?(?:it is )?"
     r"(low|high|middle)\b", r"for \2 \1 \3 \4 \1"),
    (r"\bhow many (lesions|moles|spots|cases) (?:does|did|do) (\S+) (?:not|fail to) (?:detect|find)(?: at all)?"
     r"(?=\W*$| in batch \d+\W*$)", r"how many \1 does \2 miss"),
    (rf"\bhow many (?:test |chest |eye |skin |tissue )?(?:{PICTURE}|films|tiles) (?:does|did) (\S+) not "
     r"(?:classify|get|read|label|sort|call) (?:correctly|right(?:ly)?)(?=\W*$)", r"how many cases did \1 get wrong"),
    (r"(\bmean risk\b[^?,]*?) under selective prediction\b", r"\1"),
    (r"\bwhen (?:there is )?no (\w+) (?:is )?(?:in view|present|visible|there)?,? ?"
     r"(vs|versus|and|or|less|minus)(?: \w+)? when (?:there|one) is(?: one)?", r"without a \1 \2 with a \1"),
    (r"\bwhich threshold (?:would )?turns? (\S+) into an? (recall|precision) (?:model|variant|one)(?: without "
     r"retraining)?",
     r"threshold of \1 moved to match the \2 variant"),
    (r"\bhow many (?:pixels of )?([\w ]+?) separate (batch \d+) from (batch \d+)",
     r"difference in \1 between \2 and \3"),
    (r"\b(?:nastiest|harshest|cruellest) (?=corruption|perturbation|disturbance)", "worst "),
    (r"\bin the whole (?:file|record|archive|house)\b", "of all tasks"),
    (r"\b(?:is|are|was|were) (?:evaluated|tested|scored|judged) on (?=(?:more|fewer|less|at least|at most|over|under)\b"
     r"[^?]* test )", "has "),
    (r"\bmakes? do with (?=(?:more|fewer|less|at least|at most|over|under)\b)", "has "),
    (r"(\bwhich (?:data ?set|task)\b.*\b(?:most|fewest|least)\b.*?),? and how many(?: are there)?(?=\W*$)", r"\1"),
    (r"\bvessel (photographs?|photos?|pictures?|images?)\b", r"retina \1"),
    (r"\bbetween (?:the )?(precision|recall|balanced|base) and (?:the )?(precision|recall|balanced|base) "
     r"(?:variant|model|version|network)s\b", r"between \1 variant and \2 variant"),
    (r"\bby how (?:many points|much) (?:is|does|do) (\S+)'s ([\w ]+?) (?:above|over|higher than|larger than|exceed) "
     r"its (?!calib|uncalib)"
     r"([\w ]+?)(?: one)?(?=\W*$)", r"difference \2 minus \3 of \1"),
    (r"\bgoes missing\b", "is lost"),
    (r"\bif (?:the |its )?(?:operating point|cut-?off|threshold) moves from (\S+) to (\S+?)(?=\W*$)", r"from \1 to \2"),
    (r"\b(macro\b[^?]*?|balanced accuracy\b[^?]*?) (?:over|across) (?:all|the) (?:\w+ )?(?:tissue "
     r"types|tissues|classes)\b", r"\1"),
    (r"\b(\w+) of (\S+) weighted by (?:class )?(?:support|sizes?)\b", r"weighted \1 of \2"),
    (r"\ban? (dice|iou|jaccard|recall|precision|accuracy) from (0?\.\d+) to (0?\.\d+)", r"a \1 between \2 and \3"),
    (r"^(?=.*\b(?:skin tone|ita)\b).*$", lambda found: TONE.sub(r"on \1 skin", found[0])),
    (r"\bdim,? (?=low[- ]brightness)", ""),
    (r"\bdim (patches|tiles|films|images|pictures) \(low brightness\)", r"low brightness \1"),
    (r"\bif (?:you|one|we|i) add (noise|blur) (\d[\d.]*) to (?:the )?(\S+) (?:pictures|images|photos),? how often does "
     r"(?:the|its) (?:network|model) fail\b", r"failure rate of \3 with \1 \2"),
    (r"\bfails? at a rate of (?=\d)", "have a failure rate of "),
    (r"\b(near|exact)[- ]duplicate pairs (?=across|within)", r"\1 duplicates "),
    (r"\bhow many ([\w -]+? )?(?:tiles|films|patches) (?:is|was) (\S+) trained on\b", r"how many \1training images "
     r"has \2"),
    (r"^(?:the )?(?:spot|mole|lesion|outline) (?=with the (?:lowest|highest|worst|best|smallest|largest)\b)", "image "),
    (r"\b(?:pooling|counting) every pixel, what(?:'s| is) the (?=\w+ of)", "what is the pooled "),
    (r"\b(tiniest|smallest|largest|biggest|greatest|median) share of (?:a|the) (?:picture|image|photo) (?:that "
     r")?(?:an? |the )?"
     r"(mole|lesion|vessel)s? (?:covers?|fills?|takes? up|occup(?:y|ies))", r"\1 \2 share"),
    (r"\bwho fails (less|more) often,? (\S+) or (\S+?)(?=\W*$)",
     lambda found: f"which has the {'lower' if found[1].lower() == 'less' else 'higher'} failure rate, {found[2]} or "
     f"{found[3]}"),
    (r"\bby how often (\S+) fails(?: there| on them| in them)?", r"by failure rate of \1"),
    (rf"\bfail(?:s|ing)? (?:in|on) (\d+ ?%) of (?:the |their |its )?({PICTURE}|cases) or more\b",
     r"failing in at least \1 of \2"),
    (r"\bpoints? in(?:to|side) the (?:target|lesion|mole|vessels?) (at least|more than|under|less than|over|below) "
     r"(\d+ ?%) of the time", r"have a pointing of \1 \2"),
    (r"\b(?:first and second|second and first|gold and silver)(?: places?)?,? (?:among|of|in) (?:the )?"
     r"(.+? (?:networks|models|variants|methods)) (?:for|on|in|by) (?=\w)", r"the two best \1 by "),
    (r"\bbefore (minus|and|vs|versus) after (?:scaling the temperature|temperature fitting|rescaling)\b",
     r"before \1 after calibration"),
    (r"\bplain (\w+) and (?:the |its )?\1 with flips averaged\b", r"\1 and TTA \1"),
    (r"^(?:skin )?(?:spots|moles|lesions|outlines) (?=where|in which|on which)", "images "),
    (r"\baveraged (?:across|over) (?:the|all)(?: the)?(?: two| three| four)? (\S+ (?:networks|models|variants)),? "
     r"(?:how high|what) is the (.+?)(?=\W*$)", r"mean \2 over the \1"),
    (r"^subtract (\S+)'s ([\w ]+?) from its ([\w ]+?)(?=\W*$)", r"\3 minus \2 of \1"),
    (r"\b(?:bad|failed|poor) (?:outlines|masks|ones)\b(?=.*\bcatch.*\breview)", "failures"),
    (r"\b(outlined?|segment(?:ed)?|traced?|did) least well\b", r"\1 worst"),
    (rf"\b(two|three|four|five|\d+) least trusted (?:outlines|{PICTURE}|cases)\b", r"\1 cases with the lowest quality"),
    (rf"\bin how many (?:(?:of )?(\S+?)(?:'s)? )?batches (?:was|were|is|are) (?:every|each|all)(?: single)?(?: of "
     rf"the)? "
     rf"(?:{PICTURE}|patch|tile|film|one|case|cases|patches|tiles|films|image|picture) "
     r"(?:called|classified|read|sorted|labelled|named) (?:correctly|right(?:ly)?)",
     r"how many \1 batches have an accuracy of exactly 1"),
    (r"\bretinas\b(?= (?:by|with|in|on)\b)", "retina images"),
    (r"\bhow much (\w+) does (?:the )?(\S+?)(?: model| network)? give up between (.+?) and (?:an? )?(.+?)(?=\W*$)",
     r"how much \1 is lost by \2 from \3 to \4"),
    (r"\b(?:with )?no (ruler|chart|bubbles?|vignette) in (?:the|a) (?:picture|image|photo|frame|view)\b", r"without "
     r"a \1"),
    (r"(?<!no )(?<!any )(?<!without )(?<!not )\b(?:an? )?(ruler|chart|bubbles?|vignette) in (?:the|a) "
     r"(?:picture|image|photo|frame|view)\b", r"with a \1"),
    (r"\b(?:temp(?:erature)? )?scaling (?:param(?:eter)?|factor|constant)\b", "temperature"),
    (r"(\bleast (?:possible |attainable )?risk) \((?:perfect|ideal|best) (?:ordering|order|ranking)\)", r"\1"),
    (r"\bwhat does (?:temperature scaling|calibration) take off the (\S+) (ECE|NLL|Brier(?: score)?)\b",
     r"difference of the \2 of \1 before minus after calibration"),
    (r"\b(map|maps) (?:stays?|remains?) (?:the same|unchanged) (?:although|even though|when|after|if|once) (?:the )?"
     r"weights (?:have been |are |were |had been )?shuffled(?:, so that (?:they|it) fails? the sanity check)?",
     r"\1 stays with shuffled weights"),
    (r"\b(corruption|perturbation) (?:settings|conditions|variants)\b", r"\1s"),
    (r", may I ask\b", ""),
    (r"^for (?:background|context|reference)[:,] ", ""),
    (r"\b(?:tell|explain to|give) a (?:layman|lay person|beginner|child) ", ""),
    (r"\bdifference in (\w+), before minus after\b(?! cal)", r"difference in \1 before minus after calibration"),
    (r"\b(?:when|if|where) there(?:'s| is) (?:an? )?(\w+) in the (?:image|picture) "
     r"(?:vs|versus|and|or) (?:when|if|where) there (?:isn'?t|is not|is none)(?: any| one)?",
     r"with \1 versus without \1"),
    # What is said twice.
    (r"\b(?:fewest|most|least) failures \((lowest|highest) failure rate\)", r"\1 failure rate"),
    (r", yes the (?:hd95|hausdorff|dice|iou|jaccard|recall|precision) one(?=\W*$)", ""),
    (r"\boverlap (?=(?:dice|iou|jaccard)\b)", ""),
    (rf"\bhow well does (\w+-[\w-]+) (?:find|outline|trace|segment|do){OBJECT}, (?:in |by |as )?"
     r"(sensitivity|recall|precision|dice|iou|jaccard|specificity|accuracy)\?$", r"\2 of \1?"),
    (r"\bhow many (?:sick|ill|healthy) (?:(?:ones|patients'?|people|children|films|chests|pictures) ?)+does it "
     r"(?:overlook|miss|flag|clear), (?:that is|i\.?e\.?|in other words),? (?=how many )", ""),
    (r"\b(which (?:of the )?[\w-]+ (?:variants?|models?|networks?)) (?:misses|finds|overlooks|catches|makes) (?:the )?"
     r"(?:fewest|most|least) (?:(?:lesion|vessel|mole|false|missed) )?(?:pixels|alarms|area|mistakes), "
     r"(?:that is|i\.?e\.?),? (?=(?:has|have|is)\b)", r"\1 "),
    (r"\breal (?=iou|dice|jaccard)", ""),
)  # fmt: skip
REPHRASED = (*DESCRIBED, *IDIOMS, *MARKED, *PLAIN_WORDS, *RETOLD, *TURNED)
COMPILED = compiled(REPHRASED)  # while loading: the first question is not to wait for it


def rephrased(question: str) -> str:
    """The question with such turns in the words of the records.

    >>> rephrased("Which of the data sets boasts the most test pictures?")
    'which data set has the most test pictures?'
    """
    return rewritten(question, COMPILED)
