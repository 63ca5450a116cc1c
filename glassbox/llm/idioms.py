"""Idioms: how people say a thing without its name, and what they say around it, in the words of the records."""

PICTURE = r"(?:pictures|images|photos|photographs|films|tiles|scans|files|x-?rays)"
SHARE = r"(?:share|fraction|part|proportion|percentage)"
EDGE = r"(?:image |picture |photo |frame )?(?:edge|border|rim)"
AXIS = r"(?:the )?(?:lesions? )?(size|contrast|hair|brightness)"
NETWORK = r"((?:the )?[\w-]+(?: network| model)?)"
IDIOMS = (
    # One thing instead of another, and what is said around it.
    (rf"\bbatch(es)? of {PICTURE}\b", r"batch\1"),
    (r"\b(?:skin )?(?:spots|moles) (?=(?:for|on|in) which\b)", "images "),
    (r"\bwhich (?:spot|mole|outline|mask|eye|chest|patch) (?=(?:has|gets|got|shows|scores|scored|fares|falls)\b)",
     "which image "),
    (r"\b(median|mean|average)(?:,? rather than|,? instead of|,? and not|,? not) the (?:mean|median|average),? "
     r"(?=(?:of the )?[\w-]+)", r"\1 "),
    (r"[.;?] the (?:mean|average) (?:hides|can|may|would|flatters|misleads|lies)\b[^.?!]*[.!?]?$", "?"),
    (r"\b(two|three|four|five|\d+) leaders\b", r"\1 best models"),
    (r"\bwhich of the two[^,?]*, (\S+) (?:or|and) (\S+?), (is|has|was|finds|misses|reaches|gets) ([^?,]*)\?",
     r"which \3 \4, \1 or \2?"),
    (r"\bfailures\? I mean the (?=(?:lowest|highest) failure rate)", "failures, that is the "),
    (r"\b(?:makes|has|have|with) the (?:fewest|most|least) failures, that is the ", "has the "),
    (r"\b(precision|recall|balanced|base) (?:product|version|edition|flavou?r)\b", r"\1 variant"),
    (r"\b(which|all|the) models? (?:we|you|one|i) can choose from\b", r"\1 models there are"),
    (r"^(?:the )?(largest|biggest|smallest) (training|test|validation) (?:set|split)(?: (?:that )?(?:we|you|they) "
     r"(?:keep|have|hold))?\W*$",
     r"which task has the \1 \2 split?"),
    (r"\ball (training|test|validation) (?:splits|sets)\b", r"the \1 splits of all tasks"),
    (r"^(?:are there )?any ([^?]+)\? how many\?", r"how many \1?"),
    (r"\b(exact|near) twins\b", r"\1 duplicates"),
    (r"\bduplicates shared between the splits\b", "duplicates across splits"),
    (r" ?\((?:see |from |in )?[\w-]+-(?:threshold|compare|robustness|calibration|subgroups|uncertainty|xai)"
     r"(?:\.json)?\)", ""),
    (r"\bstand in for (?=the (?:precision|recall) variant)", "imitate "),
    (r",? according to (?:the )?calibration\b(?! split)", ""),
    (r"\bhow many (?:healthy (?:skin )?|skin )pixels (?:were|are) (?:painted|marked|labelled|coloured|counted) as "
     r"(?:lesion|mole)s?(?: by mistake)?\b", "how many false positives were there"),
    (rf"\bwhat {SHARE} of (?:the |all )?pixels does (\S+) (?:wrongly )?(?:paint|colour|color|mark|draw) as "
     r"(?:lesion|mole)s?,? (?:though|although|when|where|but) (?:they're|they are|it is|it's) "
     r"(?:(?:just|only|really|in fact|healthy|normal|plain) )*skin(?: \(false positives\))?(?=\?|$)",
     r"percentage of false positive pixels of \1"),
    (r"\b(?:if|when) (?:one|we|you|i) (?:pools?|throws?|puts?|lumps?|mix(?:es)?) (?:all )?(?:the )?pixels "
     r"(?:of|from) all ((?:[\w-]+ )*?(?:images|pictures|cases))"
     r"(?: into one (?:big )?(?:pot|heap|pile|bucket)| together)?,? "
     r"(?:what is the |how (?=precise|accurate|sensitive|specific))", r"of all \1 what is the pooled "),
    (r"\bpooled precise is\b", "pooled precision of"),
    (r"\bcatch(?:es)? the (biggest|largest|highest|smallest|lowest) share of its failures\b",
     r"has the \1 share of failures caught"),
    (r"[.?!;] I (?:rather |quite |do )?(?:suspect|think|believe|reckon|guess|bet|fear) [^.?!]*[.?!]?$", "?"),
    (r"^it would (?:worry|trouble|bother|please|surprise|reassure) [^,]*, so ", ""),
    (r"\ba (?:good|great) many\b", "some"),
    (rf",? as a (?:count|number) of (?:{PICTURE}|cases)(?=\W*$)", ""),
    (r"\b(batches|cases|images|pictures|films)\b([^,?]*?) averages? an? ", r"\1\2 have a "),
    (r" of the lot(?=\W*$)", ""),
    (r"\bhow (?:sure|certain|confident) was (\S+) of the class (?:that )?it predicted for "
     r"(?:tile|film|picture|case|image) (\S+)(?=\?|$)", r"probability of case \2 with \1"),
    (r"\bratio of (?:the )?attribution on the \w+ between the cued model and the one without(?: it| one)?", "ratio"),
    (r"\bper (?:x-?ray|film|photo|tile|spot|mole|scan)\b", "per image"),
    # Conditions.
    (rf"\b(?:when|if|where|with|once) {AXIS} is (low|high|middle|small|large),? (compared (?:to|with)|versus|vs|than|"
     r"rather than|against) (?:when (?:it is |it's )?)?(low|high|middle|small|large)\b", r"on \2 \1 \3 \4 \1"),
    (r"\b(?:when|as|if) (?:the )?(noise|blur|brightness|contrast|jpeg|colour|hair|rotation) "
     r"(?:rises|goes up|goes|increases|grows|climbs|changes|drops|falls) from (\d[\d.]*) (?:up |down )?to "
     r"(\d[\d.]*\d|\d)",
     r"from \1 \2 to \1 \3"),
    (r"\b(?:heavy|strong|light|mild|severe|weak|slight|moderate) (noise|blur|brightness|contrast|jpeg) "
     r"(?:of|at) (?=\d)", r"\1 "),
    (rf"\b(?:runs?|goe?s?|reach(?:es)?|extends?|spills?|hangs?) (?:over|beyond|past|off|out of|to) the {EDGE}\b",
     "touch the edge"),
    (r"\b(for|on|in|of) (?:the )?virus(?: (?:group|subgroup|cases|films))?(?= *(?:\?|$|with |by ))",
     r"\1 viral pneumonia"),
    (r"\bon the (virus|bacteria) (?:sub)?group\b", r"on the \1 yes group"),
    (r"\bpneumonias? (?:caused by|due to) (?:a )?virus(?:es)?\b", "viral pneumonia"),
    (r"\bpneumonias? (?:caused by|due to) (?:a )?bacteri(?:a|um)\b", "bacterial pneumonia"),
    (r"\b(before|after) (?:that|the|this) temperature (?:business|thing|step|stuff|adjustment|fix|correction)\b",
     r"\1 calibration"),
    (r"(?<!dice )(?<!iou )\bagreement (?:under|with|across|in|after) (?:test[- ]time[- ]augmentation|TTA|augmentation)"
     r"(?= *(?:$|\?|,|of |for |by ))", "agreement"),
    (r"\berror of the quality (?:that|which) (\S+) predicts(?: for (?:its|the)(?: own)? "
     r"(?:outlines|masks|cases|pictures))?", r"error of the predicted quality of \1"),
    (r"\b(?:by|in|with|at|under) the 20 ?(?:%|percent) review\b", "by reviewing 20 % of the cases"),
    (r"\b(?:if|when|once) the (?:most )?(?:doubtful|uncertain|suspicious) (?:pictures|cases|ones|images|films) "
     r"(?:are|were|get) (?:reviewed|checked|sent (?:for|to) review)", "by reviewing 20 % of the cases"),
    (r",? (?:with|and|along with|together with) (?:its|the) (?:lower|upper) (?:95 ?(?:%|percent) )?(?:confidence )?"
     r"(?:limit|bound)(?=\W*$)", " with its confidence interval"),
    (r"\brecover(?:ed|s)? more of the (?:lesion|vessel|mole)s?(?: area)?\b(?=.*\b(?:sensitivity|recall)\b)",
     "have the higher recall"),
    (r"\b(?:gentlest|mildest|most harmless|least harmful) (?=(?:corruption|perturbation)\b)", "best "),
    (r"\btanks?\b(?= )", "lowers"),
    (r"\bsurface dice ((?:[\w-]+ ){1,3})(?:at )?2 ?px\b", r"surface dice 2 px \1"),
    (r"\btouch(es|ing) (?:image|picture|photo|frame) (?:edge|border)s?\b", r"touch\1 the edge"),
    (r"\bat (?:which|what) probability does (\S+) (?:cut|draw) (?:its |the )?(?:masks?|outlines?)",
     r"what is the threshold of \1"),
    (r"\b(blur|noise)(?:red)? (?:with|at|of) (?:sigma )?(\d[\d.]*) (?:instead of|rather than) (?:with |at |of )?"
     r"(?:sigma )?(\d[\d.]*\d|\d)", r"from \1 \3 to \1 \2"),
    (r"\bdid (?:temperature scaling|calibration|rescaling) (?:reduce|lower|improve|cut) the "
     r"((?:expected )?(?:calibration error|ece|brier(?: score)?|nll|log loss)) of (\S+?),? and by how much",
     r"difference of the \1 of \2 before minus after calibration"),
    (r"\bp of (?=pneumonia\b[^?]*\btest-\d)", "probability of "),
    (r"\b(?:if|when) (?:one|we|you|i) pools? every pixel of the (?:test )?(?:pictures|images) together,? "
     r"what (?=\w+ does)", "what pooled "),
    (r"\bmisses the (?:least|most|fewest),? (?:i\.?e\.?|that is),? (?:the )?(?=(?:highest|lowest) )", "has the "),
    (rf"^which (?:data ?sets|tasks) (?:have|contain|hold|show) (near|exact)[- ]duplicate(?:s|d)?(?: {PICTURE})? "
     r"(across|within) (?:their |the )?splits(?=\W*$)", r"list the tasks with \1 duplicates \2 splits above 0"),
    (r"\bclassifies more accurately\b", "is more accurate"),
    (rf"(?:%|\b{SHARE}) of (?:px|pixels) wrongly (?:marked|painted|drawn|labelled) as (?:lesion|mole)s? by (\S+)",
     r"percentage of false positive pixels of \1"),
    (r"\bwhich (models|tasks|networks) (?:have|do) (?:u|you) (?:got|have)\b", r"which \1 are there"),
    (r"\bin excess of (?=\d)", "above "),
    (r"\bmedian share of the (test|training|validation) (?:image|picture|photo) that (?:the )?(vessel|lesion|mole)s "
     r"(?:occupy|cover|fill|take up)", r"median \2 share of the \1 split"),
    (r"\bhow wide is the (?:95 ?(?:%|percent) )?(?:confidence |bootstrap )?interval (?:around|of|for) (\S+)'s "
     r"(?:mean )?(\w+)",
     r"upper bound minus lower bound of the \2 of \1"),
    (r"\bwhat (?:reduction|drop|improvement|change) in (\w+) did (?:the )?(?:temperature|calibration) (?:scaling )?"
     r"(?:bring(?: about)?|give|yield|cause) for (\S+)", r"difference of the \1 of \2 before minus after calibration"),
    (r"\bcontains? the (?:greatest|largest|highest) number of (?=(?:exact|near)[- ]duplicates)", "has the most "),
    (r"\bin how many of (\S+)'s batches were (?:fewer|less) than (\d+ ?(?:%|percent)) of the \w+ classified correctly",
     r"how many batches of \1 have an accuracy below \2"),
    (r"\bin how many of (\S+)'s batches were more than (\d+ ?(?:%|percent)) of the \w+ classified correctly",
     r"how many batches of \1 have an accuracy above \2"),
    (r",? and what are (?:the|both) (?:two )?values(?=\W*$)", ""),
    (r"[;,] the area under the (?:PR|precision[- ]recall) curve, not the \w+(?=\W*$)", ""),
    (r"\bpooling (?:every pixel|all (?:the )?pixels)(?: of (?:the )?(?:\w+ "
     r"){0,2}(?:set|split|images|pictures|photographs))?(?: together)?"
     r"(?: rather than averaging (?:by|per|over) \w+)?, what (?=\w+ does)", "what pooled "),
    (r"\bhow far adrift is the outline at the 95th (?:per)?centile of (?:the )?Hausdorff distance (?:for|of)",
     "HD95 of"),
    (r"\bhow many (?:normal|healthy) films (?:did|does) ([^,?]+?) call pneumonia\b",
     r"how many false positives does \1 have"),
    (r"\bhow many pneumonia films (?:did|does) ([^,?]+?) call (?:normal|healthy)\b",
     r"how many false negatives does \1 have"),
    (r" ?[-,;] the median,? (?:mind|please),? not the mean(?=\W*$)", ""),
    (r"\b(?:are |is )crossing (?:an? )?(\w+) of (?=\d)", r"have \1 above "),
    (r"(?-i:\bFPS\b)", "frames per second"),
    (r"\bhow many skin spots\b", "how many images"),
    (r"^do(?:es)? the records (?:support|show|say|confirm|tell|suggest) that ", "do "),
    (r"^top (\d+|two|three|four|five|ten) (cases|images|pictures|batches) ([^,]*) (?<!the )(lowest|worst)(?=\W*$)",
     r"the \1 \4 \2 \3"),
    (r"\bquality estimate\b", "predicted quality"),
    (r"\bhow does (\S+) score in the pointing game", r"what is the pointing of \1"),
    (r"\bwith (test-time augmentation|TTA) and without it\b", r"with and without \1"),
    (r"\bhow strongly does the (\S+) map still correlate (?:after|with) (?:the weights )?"
     r"shuff\w+ (?:the weights )?(?:down )?to (\w+)", r"\1 correlation with shuffled \2"),
    (r"\bhave (?:a |an )?(?:perfect |full )?100 ?(?:%|percent) accuracy\b", "have an accuracy of exactly 1"),
    (r"\b((?:how many|which) .*?)\b(?:is|are|was|were) (?:a )?100 ?(?:%|percent) accurate\b",
     r"\1has an accuracy of exactly 1"),
    (r"\b(how many .*?)\bis (\S+) 100 ?(?:%|percent) accurate\b", r"\1has \2 an accuracy of exactly 1"),
    # The rest.
    (rf"\b({PICTURE}|cases) for (?:testing|a test)\b", r"test \1"),
    (rf"\b({PICTURE}|cases) for (?:training|learning)\b", r"training \1"),
    (r"\bused to teach\b", "used to train"),
    (rf"\bwhich (task|data ?set) was tested on the (?:largest|greatest|highest) number of (?:{PICTURE}|cases)\b",
     r"which \1 has the most test cases"),
    (rf"\bwhich (task|data ?set) was trained on the (?:largest|greatest|highest) number of (?:{PICTURE}|cases)\b",
     r"which \1 has the most training cases"),
    (r"\bwhich (tasks|data sets|models|networks) (?:does )?(?:your|the|this) (?:software|tool|system|program) "
     r"(?:has|have|holds?|knows?)(?: (?:records|numbers|results) (?:for|of|on|about))?(?=\W*$)", r"which \1 are there"),
    (rf"\bon how many (?:eye )?{PICTURE} (?:was |is |has )?{NETWORK} (?:was |is |been )?tested",
     r"how many test images has \1"),
    (rf"\bon how many (?:eye )?{PICTURE} (?:was |is |has )?{NETWORK} (?:was |is |been )?trained",
     r"how many training images has \1"),
    (r"\b(?:contains?|holds?|has|have|with|offers?|provides?) the (?:largest|highest|greatest) number of "
     r"(?=training|test|validation)",
     "has the most "),
    (r"\b(?:contains?|holds?|has|have|with) the (?:smallest|lowest) number of (?=training|test|validation)",
     "has the fewest "),
    (rf"\bwhich (?:eye )?(?:{PICTURE}|cases) (?:make up|belong to|form|lie in|fall into)(?= batch)",
     "which cases are in"),
    (r"\bthe (\w+) with which (the [\w-]+ (?:network|model)|[\w-]+) (?:finds|outlines|detects|marks|traces)"
     r" (?:the |a |its )?(?:blood )?(?:vessels?|lesions?|moles?|spots?)(?: of the (?:retina|eyes?|skin))?",
     r"the \1 of \2"),
    (r"\bfails? to (?:deliver|produce|give|draw|provide) an? (?:usable|good|acceptable|decent) "
     r"(?:outline|mask|result|drawing)", "fails"),
    (r"\b(?:minimum|lowest|smallest|worst) (?:mask )?(?:alignment|agreement)(?: after| in the| under)? augmentation\b",
     "agreement min"),
    (r"^is it (?:correct|true|right|the case) that (?=.* than\b)", ""),
    (r"\b((?:two|three|four|five|six|ten|\d+) (?:worst|best|poorest)) (?:spots|moles|outlines)\b", r"\1 images"),
    (r"\bwhich ((?:\S+ )?)(?:spot|mole|lesion|outline|mask|eye|chest|patch|film) "
     r"(?=(?:has|was|got|gets|shows|scores|falls|comes)\b)",
     r"which \1image "),
    (r"\bwhich ((?:\S+ )?)(?:spots|moles|outlines|masks|eyes|chests|patches) "
     r"(?=(?:have|has|get|got|show|score|fall|reach)\b)",
     r"which \1images "),
    (r"\b(?:get|have|had|got) to learn from\b", "train on"),
    (r"\b(test|training|validation) (?:pile|pool|heap|stack)\b", r"\1 split"),
)  # fmt: skip
