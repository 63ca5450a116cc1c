"""glassbox.llm.marked: what a network finds, marks and strays by, by the metric that measures it."""

import re

import pytest

from glassbox.llm.marked import MARKED
from glassbox.llm.rephrased import rephrased

CASES = [
    ("List the subgroups in which less than 80 % of what skin-recall marks is right",
     "List the subgroups in which the precision of skin-recall is less than 80 %"),
    ("the batches where at most 70 % of what skin-base paints is really lesion",
     "the batches where the precision of skin-base is at most 70 %"),
    ("name the photos in which skin-base finds less than 10 % of the mole",
     "name the photos in which the recall of skin-base is less than 10 %"),
    ("cases where skin-base covers more than 95 % of the lesion",
     "cases where the recall of skin-base is more than 95 %"),
    ("which networks find at least 92 % of the lesion on average", "which networks have a recall of at least 92 %"),
    ("how much of what skin-base marks is right?", "what is the precision of skin-base?"),
    ("How much of what skin-base calls lesion is lesion?", "what is the precision of skin-base?"),
    ("which network strays least with its outline", "which network has the lowest HD95"),
    ("Which skin model's outlines stray least?", "which skin model has the lowest HD95?"),
    ("which network strays furthest in its outlines?", "which network has the highest HD95?"),
    ("Are the outlines of skin-a further off than those of skin-b?",
     "is the HD95 of skin-a higher than that of skin-b?"),
    ("Are the outlines of skin-a closer to the truth than those of skin-b?",
     "is the HD95 of skin-a lower than that of skin-b?"),
    ("vessel outlines, agreement within 2 pixels", "vessel outlines, surface Dice"),
    ("list any lesions whose flips agree less than 0.5 for skin-base",
     "list any lesions with an agreement of less than 0.5 for skin-base"),
    ("On which photo do the flipped runs of skin-base agree least?",
     "which photo has the lowest agreement of skin-base?"),
    ("pixels falsely called mole by skin-base", "false positive pixels by skin-base"),
    ("batch 4: how many pixels of healthy skin were painted as mole?", "batch 4: how many false positive pixels?"),
    ("Among all skin networks, whose boundary is closest to the truth (smallest HD95)?",
     "Among all skin networks, which has the lowest HD95?"),
    ("skin-base percentage of pixels wrongly painted as mole", "skin-base percentage of false positive pixels"),
    ("batches with fewer than 85 % right", "batches with an accuracy of fewer than 85 %"),
    ("batches where fewer than 60 percent of the films were called correctly (accuracy)",
     "batches with an accuracy of fewer than 60 percent"),
    ("Which batch leaves the most lesion pixels undetected?", "Which batch have the most false negatives?"),
    ("draws the outline closest to the reference in terms of HD95", "has the lowest HD95"),
    ("share of LIME attribution falling inside the mole", "mass of LIME"),
    ("how many lesion pixels were left out", "how many false negatives"),
    ("Percentage of all pixels that skin-base wrongly coloured in as lesion",
     "percentage of false positive pixels of skin-base"),
    ("fraction of pixels skin-base paints as lesion by mistake", "percentage of false positive pixels of skin-base"),
    ("what fraction of moles did skin-base at least detect", "what is the detection rate of skin-base"),
    ("In which skin batch do outlines stray farthest from the truth, HD95-wise?",
     "which skin batch has the highest HD95?"),
    ("which network keeps its outlines nearest to the true border (lowest HD95)", "which network has the lowest HD95"),
    ("skin-base pictures where the flips agree less than 0.5", "skin-base pictures with an agreement of less than 0.5"),
    ("Spots where skin-base captured less than 20 percent of the lesion",
     "images where the recall of skin-base is less than 20 percent"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "said"), CASES)
def test_questions_are_marked(question: str, said: str) -> None:
    assert rephrased(question) == said


KEPT = [  # a row that is too wide would lose a condition, and tell what was not asked
    "how much of the lesion does skin-base find?",
    "how much of what it marks was right last year",
    "the outlines of skin-a are further off",
    "less than 80 % of what is right",
    "which network agrees least",
    "agreement within 3 pixels",
    "flips agree on the mole",
    "with 85 % right away",
    "What percentage of healthy skin pixels are wrongly marked as lesion by skin-base?",
    "How much of the boundary does skin-base trace?",
]


@pytest.mark.parametrize("question", KEPT)
def test_no_condition_is_lost(question: str) -> None:
    assert rephrased(question) == question


@pytest.mark.parametrize("at", range(len(MARKED)))
def test_every_row_is_met(at: int) -> None:
    pattern, _ = MARKED[at]
    assert any(re.search(pattern, question, re.IGNORECASE) for question, _ in CASES), pattern
