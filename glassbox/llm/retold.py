"""More questions in the usual form of theirs: by what is seen in a picture, read off a curve, or told in prose."""

from collections.abc import Callable

from glassbox.llm.idioms import PICTURE, SHARE

RETOLD: tuple[tuple[str, str | Callable[..., str]], ...] = (
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
     r"(?:networks|models|variants)\b.*",
     r"which \2 model is the best and the second best in \1?"),
    (r"\bacross the (?:whole|entire) stable of (?:networks|models),? who\b", "of all tasks, which model"),
    (r"\bwhich subgroup of [\w ]+ drags the (\w+) of (\S+) down the most", r"which subgroup of \2 has the lowest \1"),
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
)  # fmt: skip
