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
    ("the recall-oriented skin network", "the skin recall variant"),
    ("a precision-minded variant", "a precision variant"),
    ("the variant that favours recall", "the recall variant"),
    ("three tidiest scans", "three best scans"),
    ("the sloppiest outlines", "the worst outlines"),
    ("what fraction of skin-base's segmentations break down", "what is the failure rate of skin-base"),
    ("how likely is a breakdown", "failure rate"),
    ("how often does it go wrong on dark skin", "how often does it fail on dark skin"),
    ("it fails on the largest share of lesions", "it has the largest failure rate"),
    ("faint, low-contrast moles", "low-contrast moles"),
    ("F1 on healthy films alone", "F1 on normal films"),
    ("what proportion of the pixels flagged as vessel is genuine", "what is the precision"),
    ("number of spots where skin-base has a Dice of 1", "number of images where skin-base has a Dice of 1"),
    ("Which film earned film-base its heaviest log loss?", "which film of film-base has the highest log loss?"),
    ("which method points inside the lesion least often", "which method has the lowest pointing"),
    ("which agrees least with the reference border within 2 pixels", "which has the lowest surface Dice"),
    ("In which test picture does the border that skin-base drew lie farthest from the true border, judging by the "
     "HD95 distance?",
     "which picture of skin-base has the highest HD95?"),
    ("what fraction of a skin test scan is vessel, at the median",
     "what is the median vessel share of the skin test split"),
    ("Most space a mole takes up in any skin training picture, as a fraction",
     "largest mole share of the skin training split"),
    ("what share does it take up in the middle case, meaning the median, of the set",
     "what share does it take up in the median of the set"),
    ("What fraction of the frame does the tiniest skin training mole occupy?",
     "what is the smallest mole share of the skin training split?"),
    ("Tally up every lesion pixel skin-base overlooked, batch after batch.",
     "sum of the false negatives of skin-base over all batches."),
    ("Add up the spurious vessel pixels skin-base drew across its batches.",
     "sum of the false positives of skin-base over all batches."),
    ("Do skin's splits share exact copies? What's the tally?", "how many exact duplicates across splits has skin?"),
    ("Were there any nearly identical pictures that occur in more than one split of the skin data set, and if so, "
     "how many were found?",
     "how many near duplicates across splits has skin?"),
    ("how many additional scans sit in testing relative to training", "how many more test than training images"),
    ("List every task that recorded at least one exact duplicate within a split.",
     "list the tasks with exact duplicates within splits above 0."),
    ("how many have correct equal to 0", "how many were classified wrongly"),
    ("corruptions that push skin's iou under 0.74", "corruptions with iou of skin under 0.74"),
    ("skin-base's own guess at the IoU of skin_001", "expected IoU of case skin_001 with skin-base"),
    ("if you pool the pixels of all lesions together, what recall does skin-base have",
     "what pooled recall does skin-base have"),
    ("After averaging predictions from mirrored copies, where does skin-base's Dice end up?",
     "what is the Dice of skin-base with TTA?"),
    ("what threshold gives skin-balanced the precision of skin-precision?",
     "what is the threshold of skin-balanced moved to match the precision variant?"),
    ("from undisturbed pictures to pictures blurred with a strength of 4", "from none to blur 4"),
    ("in the bacteria group (yes)", "in the bacteria yes group"),
    ("pneumonias that were caused by a virus", "viral pneumonia"),
    ("pneumonias that were caused by bacteria", "bacterial pneumonia"),
    ("the methods, list em", "the methods"),
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
