"""Words that may stand for each other in a question, so that every wording is learned in the words of many people.

Each group is of one meaning within questions about recorded scores, not in general. A phrase is exchanged for another
of its group at random; the longest phrase that fits is taken.
"""

import random
import re
from collections import Counter

EXCHANGED = 0.22  # of the phrases that have others of their meaning: how many are exchanged
GROUPS = (
    "show|display|present|output|print|bring up|pull up|reveal|"
    "give me|tell me|report|list me|hand me|fetch|return|provide",
    "show me|let me see|give me|tell me|present me with|hand me|get me|let me have|pull up for me|point me to",
    "what is|what's|whats|tell me|which is|what would be|give me|what was|state|name",
    "what was|what is|what's|what were|which was|what had been|tell me",
    "what are|what were|tell me|give me|which are|name",
    "please|pls|kindly|if you would|would you|plz",
    "can you|could you|would you|will you|are you able to|can u|could u|might you",
    "i want to know|i would like to know|i'd like to learn|i need to know|"
    "i wish to know|i am asking|i want to see|i need|i want",
    "i need|i require|i want|i am looking for|i am after|i could use|looking for|searching for|need|want",
    "reach|attain|achieve|get|obtain|score|manage|hit|arrive at|end up with|come to|land on|earn|post|produce|deliver",
    "reaches|attains|achieves|gets|obtains|scores|manages|hits|has|shows|yields|posts|produces|delivers|holds",
    "reached|attained|achieved|got|obtained|scored|managed|hit|"
    "had|showed|yielded|posted|produced|delivered|earned|recorded",
    "have|show|possess|get|carry|hold|display",
    "has|shows|gets|holds|carries|possesses|displays|owns",
    "recorded|noted|logged|stored|documented|saved|written down|kept|registered|on file|measured|listed",
    "records|files|documentation|logs|archive|tables|results|data|books|record|protocol",
    "perform|do|fare|behave|work|score|come out|turn out|get on|hold up|go|cope",
    "performs|does|fares|behaves|works|scores|comes out|turns out|copes",
    "performed|did|fared|behaved|worked|scored|came out|turned out|coped",
    "performance|result|outcome|score|showing|behaviour|work",
    "value|number|figure|score|reading|result|level|amount|entry|measurement|statistic",
    "worst|poorest|weakest|least successful|most disappointing|"
    "least good|most badly|ugliest|most faulty|most problematic",
    "best|strongest|finest|most successful|top performing|ideal|most convincing|nicest|optimal",
    "highest|largest|greatest|biggest|maximum|maximal|topmost|peak|top|uppermost|max",
    "lowest|smallest|minimum|minimal|least|bottom|min|tiniest|slightest",
    "below|under|beneath|less than|lower than|smaller than|short of|worse than|not up to|fewer than",
    "above|over|more than|higher than|greater than|larger than|beyond|exceeding|in excess of|better than|bigger than",
    "at least|no less than|not less than|a minimum of|not below|not under|or more than",
    "at most|no more than|not more than|a maximum of|not above|not over|up to|at or below",
    "exactly|precisely|equal to|just|no more and no less than|identical to",
    "how many|what number of|how large a number of|what is the number of|"
    "count the|number of|the count of|how numerous are the",
    "count|number|tally|amount|quantity|total",
    "average|mean|averaged|arithmetic mean|typical",
    "median|middle|mid|central|halfway",
    "total|sum|summed|added up|combined|overall sum|grand total|altogether",
    "all batches|every batch|each batch|the batches|its batches|all the batches|the whole set of batches",
    "all cases|every case|each case|the cases|its cases|all the cases|every image|all images|all pictures|each image",
    "image|picture|case|photo|lesion|sample|frame|scan",
    "images|pictures|cases|photos|lesions|samples|frames|scans|lesion images|test images",
    "case|image|picture|lesion|sample",
    "cases|images|pictures|lesions|samples",
    "model|network|net|variant|system|classifier|algorithm|version",
    "models|networks|nets|variants|systems|algorithms|versions",
    "group|subgroup|category|stratum|class|kind of lesion|subset|cohort",
    "groups|subgroups|categories|strata|classes|kinds of lesions|subsets|cohorts",
    "corruption|perturbation|degradation|distortion|disturbance|kind of damage|alteration|stress test",
    "corruptions|perturbations|degradations|distortions|disturbances|alterations|stress tests",
    "method|technique|explainer|explanation method|attribution method|approach",
    "methods|techniques|explainers|explanation methods|attribution methods|approaches",
    "task|data set|dataset|collection|study|problem|benchmark",
    "tasks|data sets|datasets|collections|studies|problems",
    "metric|measure|score|indicator|quantity|index",
    "metrics|measures|scores|indicators|quantities",
    "difference|gap|distance|delta|discrepancy|spread|margin|divergence|change|disparity",
    "better|superior|stronger|ahead|preferable|more successful|in front|on top",
    "worse|inferior|weaker|behind|poorer|less successful|lagging",
    "beat|outperform|surpass|top|outdo|exceed|outscore|overtake|win against|defeat",
    "beats|outperforms|surpasses|tops|outdoes|exceeds|outscores|overtakes|wins against",
    "compare|contrast|set against each other|weigh up|put side by side|match|juxtapose",
    "compared|contrasted|put side by side|matched|set against each other",
    "versus|vs|against|as opposed to|or|compared to|compared with|in contrast to|relative to",
    "significant|statistically significant|beyond chance|real|reliable|meaningful|genuine|solid",
    "struggle|fail|stumble|have trouble|have difficulty|go wrong|"
    "suffer|do badly|slip up|mess up|falter|have a hard time",
    "struggles|fails|stumbles|has trouble|goes wrong|suffers|does badly|slips up|falters",
    "struggled|failed|stumbled|had trouble|went wrong|suffered|did badly|slipped up|messed up|faltered",
    "hardest|most difficult|toughest|trickiest|most troublesome|most challenging",
    "easiest|simplest|most comfortable|least difficult|least challenging",
    "name|identify|find|point out|specify|tell me|single out|spot|pick out|indicate|determine",
    "list|enumerate|name|give|spell out|show|itemise|write out|run through|display",
    "rank|sort|order|arrange|line up",
    "according to|going by|judged by|measured by|in terms of|by|"
    "as regards|with respect to|on the basis of|based on|with regard to|regarding",
    "in terms of|as regards|concerning|with respect to|when it comes to|"
    "as far as|judged on|on|for|regarding|measured in",
    "out of|among|of|amongst|within|from among|across",
    "on|for|in|at|over",
    "across|over|throughout|taken over|spanning",
    "which|what",
    "did|does|has",
    "was|is|were|had been",
    "any|some|a single",
    "overall|altogether|in total|as a whole|all in all|on the whole|in general|globally",
    "interval|range|bounds|limits|confidence interval|margin|ci",
    "much|far|big|large",
    "higher|larger|greater|bigger|better",
    "lower|smaller|less|worse",
    "also|too|as well|likewise|additionally",
    "same|identical|equivalent|that",
    "and for|what about|how about|and what about|now for|same for|and|likewise for|and with",
    "look up|check|find|dig up|search for|see|consult",
    "want|need|seek|wish for|ask for|look for",
    "exactly how|precisely how|how",
    "picture by picture|image by image|case by case|case wise|per image|per case",
    "batch by batch|batch wise|per batch|for each batch",
    "outline|segment|delineate|contour|mark|trace|segment out",
    "outlined|segmented|delineated|contoured|marked|traced",
)


class Thesaurus:
    """The groups, ready to be looked up."""

    def __init__(self) -> None:
        groups = [group.split("|") for group in GROUPS]
        times = Counter(phrase for phrases in groups for phrase in phrases)
        self._all = sorted(times)
        # What is in two groups has two meanings: it may come in for another, but nothing comes in for it.
        self._others = {
            phrase: [other for other in phrases if other != phrase]
            for phrases in groups
            for phrase in phrases
            if times[phrase] == 1
        }
        longest = sorted(self._others, key=len, reverse=True)
        self._found = re.compile(rf"(?<![\w{{'-])(?:{'|'.join(map(re.escape, longest))})(?![\w}}'-])")

    def words(self) -> str:
        """Every word of it, for a vocabulary."""
        return " ".join(self._all)

    def varied(self, sentence: str, rng: random.Random) -> str:
        """The sentence with some phrases exchanged; placeholders stay."""

        def exchange(found: re.Match[str]) -> str:
            return rng.choice(self._others[found[0]]) if rng.random() < EXCHANGED else found[0]

        return self._found.sub(exchange, sentence)
