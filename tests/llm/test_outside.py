"""glassbox.llm.accounting.outside: what stands outside of the records beside what they hold."""

from collections.abc import Callable

import pytest

from glassbox.llm.ask import Reading
from glassbox.llm.asked import Unanswerable

Read = Callable[[str, str], list[Reading]]
REFUSED = [  # with the line that a model would write, reading past the twist
    ("how many complaints about the recall of skin-base", "value X1 of M1", "nothing of that"),
    ("order the skin models from fastest to slowest with their dice", "list model K1 of T1", "nothing of that"),
    ("how many minutes did it take to train skin-base", "count case of M1", "no times"),
    ("does a radiologist beat skin-base on dice any numbers", "value K1 of M1", "How persons do"),
    ("how much does skin-base overlap with the agreement of the experts in dice", "value K1 of M1", "How persons do"),
    ("how many of the data sets show a duplicate", "count task", "which duplicates"),
    ("missed lesions of skin-base a day", "value K1 of M1", "of no time"),
    ("how many patients are in the test set of skin", "count case of T1", "Persons are not recorded"),
    ("how many readers agreed with skin-base on batch 3", "count case in batch N1 of M1", "Persons are not recorded"),
    ("which skin model has the best dice and who trained it", "best model K1 of T1", "Who made something"),
    ("if the lesions were all large what dice has skin-base", "value K1 of M1", "what would be"),
    ("suppose the hair were shaved what dice has skin-base", "value K1 of M1", "what would be"),
    ("which patient does the case SKIN_0000001 of skin-base belong to", "list batch in case C1 of M1", "not recorded"),
    ("dice of skin-base on the cases from our own ward", "value K1 of M1", "come from"),
    ("dice of skin-base with augmentation turned off", "value K1 of M1", "not recorded"),
    ("dice of skin-base leaving the odd ones aside", "value K1 of M1", "left out"),
    ("dice of skin-base on vessels thinner than usual", "value K1 of M1", "condition is not recorded"),
    ("cohen d of the dice of skin-base and skin-recall", "difference K1 of M1 M2", "statistic is not recorded"),
    ("zork vs skin-base dice", "value K1 of M1", "each by its name"),
    ("dice of an ensemble of skin-base", "value K1 of M1", "of that kind"),
    ("robustness of skin-balanced to shaking", "worst corruption of M1", "corruption is not recorded"),
    ("dice of skin-balanced with blur 4 and noise 0.03 combined", "value K1 of M1", "one at a time"),
    ("dice of skin-base on small size that are also low contrast", "value K1 of M1", "one group at a time"),
    ("weighted dice of skin-base", "value K1 of M1", "kind of the metric"),
    ("mean dice of the odd numbered batches of skin-base", "mean batch K1 of M1", "ask by those"),
    ("dice of skin-base leaving out its 3 worst cases", "worst case K1 of M1", "left out"),
    ("the batch of skin-base furthest from the mean dice", "best batch K1 of M1", "which end"),
    ("if we pool it all what dice has skin-base", "value K1 of M1", "pixels pooled"),
    ("how many methods of skin-balanced react more than tenfold", "count method of M1", "above or below"),
    ("how much recall did it give away relative to skin-base in dice", "difference X1 K1 of M1", "the two models"),
    ("the worst cases of skin-base by zork", "list case worst of M1", "not recorded"),
    ("is the gap in dice larger than the same gap in iou for skin-base", "compare K1 K2 of M1", "two differences"),
    ("what percentage of the dice of skin-base does skin-recall get", "value K1 of M1 M2", "ask for both"),
    ("dice of skin-base per radiologist", "value K1 of M1", "How persons do"),
    ("dice of skin-base per kiosk", "value K1 of M1", "recorded by case"),
    ("dice of skin-base for people under 5", "value K1 of M1", "not recorded"),
    ("how many exact duplicates do skin and eye share with each other", "value K1 of T1", "in common"),
    ("how many vessels does the average picture of eye have", "count case of T1", "seen in one"),
    ("how do my own people compare with skin-base for dice", "value K1 of M1", "one's own readers"),
    ("what dice does nebulanet get on skin", "value K1 of T1", "none of the recorded models"),
    ("would the dice of skin-base go up with larger pictures", "max case K1 of M1", "what would be"),
    ("what dice does skin-base reach by reviewing 20 % of the cases", "value K1 of M1", "after a review"),
    (
        "is the dice of skin-base better than that of skin-recall by a bonferroni corrected test",
        "compare K1 of M1 M2",
        "no other test",
    ),
    ("rerun the threshold search for skin-base", "value K1 of M1", "no orders"),
]
TOLD = [  # the same words where they ask for nothing else
    ("who has the better dice , skin-base or skin-recall", "compare K1 of M1 M2"),
    ("how many tasks are there", "count task"),
    ("were any lesions missed by skin-base and if so how many", "value K1 of M1"),
    ("dice of skin-base per case", "value K1 of M1"),
    ("a radiologist asks for the dice of skin-base", "value K1 of M1"),
    ("how many cases of skin-base have a dice under 0.5", "count case K1 below N1 of M1"),
]


@pytest.mark.parametrize(("question", "line", "told"), REFUSED)
def test_what_is_not_held_is_refused(answered: Read, question: str, line: str, told: str) -> None:
    with pytest.raises(Unanswerable) as caught:
        answered(question, line)
    assert told in caught.value.told


@pytest.mark.parametrize(("question", "line"), TOLD)
def test_its_neighbours_are_told(answered: Read, question: str, line: str) -> None:
    assert [found for found in answered(question, line) if found.told.rows]


@pytest.mark.parametrize(
    ("whose", "told"), [("most certain of", False), ("trusts the most", False), ("least sure of", True)]
)
def test_it_is_the_least_certain_that_are_reviewed(
    told_of_film: Callable[[str, str], list[str]], whose: str, told: bool
) -> None:
    """What reviewing the surest would catch is another number, which nobody recorded."""
    question, line = f"caught of lung-balanced by reviewing the cases that it is {whose}", "value K1 of M1"
    if told:
        assert told_of_film(question, line) == ["lung-balanced: caught 0.66 on the test split."]
    else:
        with pytest.raises(Unanswerable, match="least certain"):
            told_of_film(question, line)
