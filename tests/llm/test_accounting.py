"""glassbox.llm.accounting: a word that changes what is asked is taken up by the line, or the question is refused."""

from collections.abc import Callable

import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
REFUSED = [  # question, the line that a model may write, what is told
    ("number of quirks reported of the skin models", "count model of T1", "how many cases"),
    ("how many skin pictures was the model tested on", "count model of T1", "how many cases"),
    ("list the 2 of skin having the highest dice", "list model K1 max N1 of T1", "list of them"),
    ("show me the 2 best skin models", "list model best N1 of T1", "by which metric"),
    ("how many of the 20 cases of skin-base land at a dice of 0.5", "count case K1 between N1 N2 of M1", "between two"),
    # what is asked for
    ("how many cases of skin-base have a low recall", "value X1 of M1", "Ask how many"),
    ("which group does skin-recall lose against skin-base in dice", "compare K1 of M1 M2", "less around it"),
    ("which cases have a better dice in skin-recall than in skin-base", "compare K1 of M1 M2", "how many cases"),
    ("which batches of skin-base have errors", "list batch of M1", "by what they are to be listed"),
    ("which cases are easy for skin-base", "list case of M1", "by what they are to be listed"),
    ("which tasks have problems", "list task", "by what they are to be listed"),
    ("lowest iou of any subgroup of the skin models", "min model K1 of T1", "Name one model"),
    ("which skin model has the case with the highest hd95", "max model K1 of T1", "Name one model"),
    ("what is the dice of skin-base and how many has it missed", "value K1 of M1", "one question"),
    ("what is the dice of skin-base and which is its worst batch", "worst batch K1 of M1", "one question"),
    ("which is better in dice and which in iou , skin-base or skin-recall", "compare K1 of M1 M2", "one question"),
    ("what skin model has the best dice and what is its iou", "best model K1 of T1", "one metric at a time"),
    ("how many cases of skin-base have dice or iou below 0.5", "count case K1 below N1 of M1", "joined by `and`"),
    # ends, spreads and statistics
    ("mode of dice of skin-base", "value K1 of M1", "statistic is not recorded"),
    ("which skin model has the highest median dice", "max model K1 of T1", "median is told of one model"),
    ("total recall of batches 1 and 2 of skin-base", "sum batch X1 in batch N1 N2 of M1", "a sum says nothing"),
    ("worst dice of a batch against all of skin-base", "value K1 of M1", "the best or the worst by itself"),
    ("which batch of skin-base has the highest dice and the lowest iou", "max batch K1 K2 of M1", "one end"),
    ("which skin model has the widest confidence interval for dice", "best model K1 of T1", "not by a spread"),
    ("which case of skin-base has the largest gap of dice", "max case K1 of M1", "not by a spread"),
    ("which batch of skin-base has a dice closest to 0.8", "list batch K1 equal N1 of M1", "How near"),
    ("how many cases of skin-base have a dice within 0.05 of it", "count case K1 above N1 of M1", "How near"),
    ("of the 2 worst batches of skin-base which has the best dice", "list batch K1 best N1 of M1", "ranking first"),
    ("mean dice of the worst 2 cases of skin-base", "list case K1 worst N1 of M1", "not computed"),
    ("is the best case of skin-base better than the best case of skin-recall in dice", "compare K1 of M1 M2",
     "one after the other"),
    ("average dice of the odd batches of skin-base", "mean batch K1 of M1", "ask by those"),
    ("dice of skin-base on the smallest lesion", "min case K1 of M1", "the size of what they show"),
    ("mean dice of cases that skin-base does not fail on", "mean case K1 of M1", "failed cases alone"),
    # comparisons, changes, shares and what is left out
    ("which skin models have a higher dice than skin-base", "list model K1 of M1", "Compare with a number"),
    ("how many batches of skin-base are worse than batch 3 in dice", "count batch K1 below N1 of M1",
     "a batch by its number"),
    ("which groups of skin-base are below its overall dice", "list group K1 of M1", "Compare with a number"),
    ("maximum hd95 of each skin variant", "max model K1 of T1", "one model at a time"),
    ("is skin-recall better than skin-base in every batch", "compare of M1 M2", "how many batches"),
    ("median dice of skin-base and skin-recall", "median case K1 of M1 M2", "one model at a time"),
    ("which batch is worst in both skin-base and skin-recall by dice", "worst batch K1 of M1 M2", "one model"),
    ("which skin models got a worse ece after calibration", "worst model K1 of T1", "not ranked by a change"),
    ("dice of skin-base on all lesions but low contrast ones", "value K1 of M1", "not for the others"),
    ("dice of the models without eye", "value K1 of T1", "left out"),
    ("lesions missed by skin-base but not by skin-recall", "value K1 of M1 M2", "is not listed"),
    ("what share of groups of skin-base has a dice above 0.5", "count group K1 above N1 of M1", "how many there are"),
    ("by what factor is the dice of skin-base higher", "value K1 of M1", "both numbers"),
    ("is skin-base better in dice on low contrast or on high", "compare K1 of M1", "both groups in full"),
    # places of a ranking, exclusions, conditions and words beside a name
    ("which skin model has the best dice after skin-base", "best model K1 of T1", "which place"),
    ("what rank has skin-recall by dice", "value K1 of M1", "which place"),
    ("the last but one worst batch of skin-base by dice", "worst batch K1 of M1", "which place"),
    ("dice loss of skin-base", "value K1 of M1", "as they are"),
    ("dice of skin-base after review", "value K1 of M1", "not recorded"),
    ("dice of skin-base on failures", "value K1 K2 of M1", "not recorded"),
    ("ece of skin-base in batch 1 after calibration", "value K1 in batch N1 of M1", "as they were scored"),
    ("how many cases of skin-base have a dice below 0.3 and below 0.5", "count case K1 below N1 of M1",
     "one condition"),
    ("how many batches and cases of skin-base have a dice below 0.5", "count batch K1 below N1 of M1",
     "one after the other"),
    ("iou of the skin model with the highest dice", "max model K2 of T1", "which has it"),
    ("which skin models have dice above iou", "list model K1 of T1", "Compare with a number"),
    ("best dice of skin-base on low contrast", "best group K1 of M1", "without an end"),
    ("which batch of skin-base is the largest", "worst batch of M1", "by which metric"),
    ("which batch of skin-base has the lowest dice , batch 2 excluded", "min case K1 in batch N1 of M1", "left out"),
    ("dice of skin-base on low and on high contrast", "value K1 of M1", "in full"),
    ("is skin-recall ever better than skin-base", "compare of M1 M2", "how many batches"),
    ("what is the best batch of skin-base and the worst batch of skin-recall by dice", "best batch K1 of M1 M2",
     "one model"),
    ("which batch of skin-base is average", "best batch of M1", "by which metric"),
    ("dice of skin-base on lesions which bleed", "value K1 of M1", "not recorded"),
    # conditions, causes and advice
    ("dice of skin-base on the arm", "value K1 of M1", "not recorded"),
    ("dice of skin-base at mayo", "value K1 of M1", "not recorded"),
    ("how many cases of skin-base from austria have a dice below 0.5", "count case K1 below N1 of M1", "not recorded"),
    ("dice of skin-base in 2023", "value K1 of M1", "not recorded"),
    ("dice of skin-base if we double the images", "value K1 of M1", "not recorded"),
    ("how many cases of skin-base have a dice below 0.5 and why", "count case K1 below N1 of M1", "no causes"),
    ("what iou should skin-base have", "value K1 of M1", "should be"),
    ("how robust is skin-base against blur", "count corruption of M1", "under that corruption"),
    ("which case is skin-base least certain of", "worst case of M1", "quality"),
    ("how many images are in a batch of skin", "count case of T1", "one batch"),
    ("which batch got worse in dice from skin-base to skin-recall", "worst batch K1 of M1 M2", "differ most"),
    ("dice of skin-base for cases that itch", "worst case K1 of M1", "not recorded"),
]  # fmt: skip
TOLD = [  # the near neighbours of these, and the numbers that are told
    ("how many skin models are there", "count model of T1"),
    ("name the 2 best skin models by iou", "list model K1 best N1 of T1"),
    ("how many cases of skin-base are between a dice of 0.5 and 0.9", "count case K1 between N1 N2 of M1"),
    ("order the 2 skin models by dice from best to worst", "list model K1 best N1 of T1"),
    ("what is the lowest dice over the batches of skin-base", "min batch K1 of M1"),
    ("the 2 best mean dice of the batches of skin-base", "list batch K1 best N1 of M1"),
    ("looking at every skin model whose dice is the lowest", "min model K1 of T1"),
    ("which cases of skin-base have a dice below 0.5", "list case K1 below N1 of M1"),
    ("which batch of skin-base has the highest dice", "max batch K1 of M1"),
    ("which group of cases ( batch ) of skin-base has the highest dice", "max batch K1 of M1"),
    ("which batches has skin-base", "list batch of M1"),
    ("list the skin models", "list model of T1"),
    ("which skin model has the best dice", "best model K1 of T1"),
    ("what is the dice and what is the iou of skin-base", "value K1 K2 of M1"),
    ("how many cases of skin-base have a dice above 0.3 and an iou above 0.3", "count case K1 above N1 of M1"),
    ("median dice over the cases of skin-base", "median case K1 of M1"),
    ("total missed lesions of batches 1 and 2 of skin-base", "sum batch K1 in batch N1 N2 of M1"),
    ("dice of skin-base relative to skin-recall", "compare K1 of M1 M2"),
    ("gap between the best and the worst batch of skin-base in dice", "worst batch K1 of M1"),
    ("dice of skin-base within batch 2", "value K1 in batch N1 of M1"),
    ("the 2 worst batches of skin-base by dice", "list batch K1 worst N1 of M1"),
    ("across all skin models the highest dice", "max model K1 of T1"),
    ("on how many batches is skin-recall better than skin-base in dice", "compare K1 of M1 M2"),
    ("is the dice of skin-base better than that of skin-recall", "compare K1 of M1 M2"),
    ("dice of skin-base on low contrast lesions", "value K1 of M1"),
    ("is skin-base better in dice on low contrast or on high contrast", "compare K1 of M1"),
    ("how many lesions were missed by skin-base", "value K1 of M1"),
    ("ece of skin-base after calibration", "value K1 of M1"),
    ("the second best batch of skin-base by dice", "best batch K1 of M1"),
    ("dice of skin-base on low and high contrast lesions", "value K1 of M1"),
    ("which group of skin-base has the best dice", "best group K1 of M1"),
    ("is low contrast the worst group of skin-base by dice", "worst group K1 of M1"),
]


@pytest.mark.parametrize(("question", "line", "told"), REFUSED)
def test_what_no_part_of_a_line_takes_up_is_refused(answered: Read, question: str, line: str, told: str) -> None:
    with pytest.raises(Unanswerable) as caught:
        answered(question, line)
    assert told in caught.value.told


@pytest.mark.parametrize(("question", "line"), TOLD)
def test_its_neighbours_are_told(answered: Read, question: str, line: str) -> None:
    """The same words where the line does take them up."""
    assert [found for found in answered(question, line) if found.told.rows]
