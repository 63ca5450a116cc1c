"""glassbox.llm.retold: what is seen, read off or told in prose, in the usual form of it."""

import re

import pytest

from glassbox.llm.rephrased import rephrased
from glassbox.llm.retold import RETOLD

CASES = [
    ("phantom-base Jaccard whenever a ruler is in view", "phantom-base Jaccard with a ruler"),
    ("pictures lacking the chart", "images without a chart"),
    ("How large is the group of images bearing a ruler in the evaluation of skin-base?",
     "how many images with a ruler has skin-base?"),
    ("IoU when perfectly clean pictures are blurred at strength 4", "IoU with blur 4"),
    ("skin-base outlines straying 20 px or farther (HD95): tally",
     "how many images of skin-base have an HD95 of at least 20"),
    ("What quantity of tissue tiles makes up the skin test portion?", "how many test images has skin?"),
    ("mucus tiles available to train skin", "how many mucus training tiles has skin"),
    ("photographs reserved for validation", "validation images"),
    ("which collection offers most", "which data set offers most"),
    ("what offers the greatest quantity of training material", "what has the most training images"),
    ("identical copies sitting inside the same split", "exact duplicates within splits"),
    ("Did skin-base overlook any lesions altogether, and if so, how many were missed?",
     "how many lesions did skin-base miss?"),
    ("Identify the case in which skin-base did not detect the lesion at all.",
     "list the cases of skin-base with detected 0."),
    ("What portion of images is set aside for review with skin-base?", "what is the review share of skin-base?"),
    ("Out of all the spots in the test set, what fraction did skin-base at least detect?",
     "what is the detection rate of skin-base?"),
    ("fraction of moles that count as failures under skin-base", "failure rate of skin-base"),
    ("what fraction of pneumonia films does the film classifier pick up", "what is the sensitivity of film"),
    ("fraction of smooth muscle tiles recovered by film-base", "recall of film-base for smooth muscle"),
    ("What proportion of failures would review have intercepted for skin-base?",
     "what share of failures is caught by the review of skin-base?"),
    ("which is the stingiest with false positives, in percent of the pixels",
     "which has the lowest percentage of false positive pixels"),
    ("which has the farthest-off border (HD95)", "which has the highest HD95"),
    ("Who takes gold and who takes silver for recall among the skin networks? Give me the top two.",
     "which skin model is the best and the second best in recall?"),
    ("Across the whole stable of networks, who has the highest Dice?",
     "of all tasks, which model has the highest Dice?"),
    ("Which subgroup of tissue pictures drags the accuracy of film-base down the most?",
     "which subgroup of film-base has the lowest accuracy?"),
    ("the median batchwise accuracy", "the median accuracy over the batches"),
    ("batchwise accuracy", "accuracy over the batches"),
    ("range of plausible sensitivities, skin-base", "confidence interval of the sensitivity, skin-base"),
    ("range of plausible recalls", "confidence interval of the recall"),
    ("If I pool every pixel of the test set, what overlap (IoU) does skin-base get?",
     "what pooled IoU does skin-base get?"),
    ("Which probability does film-base have to cross at the rule-out point?",
     "what is the threshold of film-base at the rule-out point?"),
    ("what IoU did skin-base expect, and what IoU did it actually get", "expected IoU and IoU of skin-base"),
    ("which is the one with the lowest HD95", "which has the lowest HD95"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "said"), CASES)
def test_questions_are_retold(question: str, said: str) -> None:
    assert rephrased(question) == said


KEPT = [  # a row that is too wide would lose a condition, and tell what was not asked
    "phantom-base Jaccard whenever a doctor is in view",
    "How large is the group of people with a mole?",
    "Out of all the spots of my patients, what fraction did skin-base detect?",
    "fraction of moles that are failures of the biopsy",
    "range of sensitivity over the batches of skin-base",
    "Which probability does film-base give?",
    "the lowest percentage of dark pictures",
    "Did skin-base overlook any lesions on dark skin?",
]


@pytest.mark.parametrize("question", KEPT)
def test_no_condition_is_lost(question: str) -> None:
    assert rephrased(question) == question


@pytest.mark.parametrize("at", range(len(RETOLD)))
def test_every_row_is_met(at: int) -> None:
    pattern, _ = RETOLD[at]
    assert any(re.search(pattern, question, re.IGNORECASE) for question, _ in CASES), pattern
