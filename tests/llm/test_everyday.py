"""glassbox.llm.everyday: everyday words in the usual form of them."""

import re

import pytest

from glassbox.llm.everyday import PLAIN_WORDS
from glassbox.llm.rephrased import rephrased

CASES = [
    ("phantom IoU with ruler absent", "phantom IoU without a ruler"),
    ("proportion of skin test images that count as failures", "failure rate of skin"),
    ("phantom IoU with ruler present", "phantom IoU with a ruler"),
    ("brightness change 0.1 against 0.3", "brightness 0.1 and brightness 0.3"),
    ("Blurring skin with sigma 4 leaves a Dice of what?", "Dice of skin with blur 4?"),
    ("IoU on skin with heavily squashed jpegs (quality 10)", "IoU on skin with jpeg 10"),
    ("Dark corners (vignette) and the skin network: what PPV remains?", "PPV of skin with a vignette?"),
    ("moles that run off the frame", "moles that touch the edge"),
    ("AUROC for the darkest brightness tertile (low)", "AUROC for the low brightness"),
    ("AUROC for the brightest tertile (high)", "AUROC for the high brightness"),
    ("faint low contrast moles", "low contrast moles"),
    ("dimmest third of the pictures", "darkest third of the pictures"),
    ("the tissue sorter", "the tissue classifier"),
    ("which mole version is best", "which version is best"),
    ("how many retinal images lie between 0.8 and 0.9", "how many images lie between 0.8 and 0.9"),
    ("for how many of the retinas does HD95 exceed 10", "for how many retina images does HD95 exceed 10"),
    ("Which sort of picture is skin-base worst at", "which subgroup of skin-base is worst"),
    ("which sets have fewer than 150 test pictures", "which data sets have fewer than 150 test pictures"),
    ("How many cases are reserved for validation in the skin data", "how many validation cases has skin"),
    ("skin near-copies shared across the splits, how many", "how many near duplicates across splits has skin"),
    ("Do duplicates cross the split boundary in skin? Exact ones only.",
     "how many exact duplicates across splits has skin?"),
    ("skin-base failures caught when 20% get checked",
     "what share of the failures of skin-base is caught by reviewing 20 % of the cases?"),
    ("the share of failures caught when 20 % are checked",
     "the share of failures caught by reviewing 20 % of the cases"),
    ("at a 20% review budget", "by reviewing 20 % of the cases"),
    ("if I double-check a fifth of skin-base's outlines what share of the failures would I catch",
     "what share of the failures of skin-base is caught by reviewing 20 % of the cases"),
    ("The tissue sorter, what percentage does it sort right?", "what is the accuracy of the tissue classifier?"),
    ("Does film-base let any pneumonia slip by in rule-out mode, how many missed?",
     "how many false negatives has film-base at rule-out?"),
    ("Of actual stroma bits, what share does the film model find?", "sensitivity of the film model for stroma?"),
    ("How many pneumonia films did film-base learn from?", "how many pneumonia training films has film-base?"),
    ("heat maps on skin-base: how often does grad-cam point inside the mole?", "pointing of grad-cam for skin-base?"),
    ("Order all four skin models from the highest recall to the lowest.",
     "list the skin models by recall, highest first."),
    ("Subtract the recall of skin-base from its specificity; what remains?", "specificity minus recall of skin-base"),
    ("how much is gained in Dice by flip averaging (TTA) over the plain prediction, skin-base?",
     "tta Dice minus Dice of skin-base?"),
    ("median per-image Dice (not the mean)", "median per-image Dice"),
    ("Fitted T (temp. scaling) for skin-base", "temperature for skin-base"),
    ("What portion of a typical skin training photograph is vessel (the median)?",
     "what is the median vessel share of the skin training split?"),
    ("How much of what skin-base paints as vessel really is vessel", "what is the precision of skin-base"),
    ("Highest plausible IoU for skin-base, taking the top of its 95 % range", "upper bound of the IoU for skin-base"),
    ("the lowest plausible IoU", "lower bound of the IoU"),
    ("Risk left over on average if skin's pictures are dropped in order of quality", "mean risk of skin"),
    ("ECE prior to any temperature fitting", "ECE before calibration"),
    ("How honest are skin-base's probabilities once scaled (ECE)?", "ECE of skin-base after calibration?"),
    ("which picture lost the largest number of lesion pixels", "which picture has the most false negatives"),
    ("Leaderboard of the skin networks by accuracy: just the first two", "the two best skin models by accuracy"),
    ("three worst offenders on HD95", "three worst cases by HD95"),
    ("How many lesions does skin-base cover entirely, leaving no lesion pixel out?",
     "how many cases of skin-base have a recall of exactly 1?"),
    ("how many healthy pixels did skin-base colour in by mistake", "how many false positives has skin-base"),
    ("Share of skin pictures that end in failure", "failure rate of skin"),
    ("how many batches came out spotless, every film classified correctly",
     "how many batches have an accuracy of exactly 1"),
    ("When film-base answers stroma, how often is that true?", "precision of film-base for stroma?"),
    ("When the chest film network calls a film healthy at the screening setting, how often is it right?",
     "negative predictive value of chest film at the screening point?"),
    ("Challenge-style Jaccard, zero when under 0.65", "thresholded Jaccard"),
    ("With blur 4, how often does the skin model fail?", "With blur 4, what is the failure rate of skin?"),
    ("How many chest radiographs did film-base classify correctly?",
     "how many cases classified correctly has film-base?"),
    ("JPEG at quality 25 versus 50 on skin: how much Dice is lost?",
     "difference in Dice of skin between jpeg 50 and jpeg 25?"),
    ("How many of the skin tiles ended up in the correct class?", "how many cases classified correctly has skin?"),
    ("how many normal chest films get flagged as pneumonia by film-base on test",
     "how many false positives has film-base"),
    ("Dice between pictures with a chart and pictures free of it",
     "Dice between pictures with a chart and without a chart"),
    ("dark (low brightness) radiographs", "low brightness radiographs"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "said"), CASES)
def test_questions_are_everyday(question: str, said: str) -> None:
    assert rephrased(question) == said


KEPT = [  # a row that is too wide would lose a condition, and tell what was not asked
    "Which sort of skin is it?",
    "brightness 0.1 against the truth",
    "How many pneumonia films did the doctor read?",
    "the tissue of the chest",
    "Order the models from the clinic",
    "median Dice (not the mean IoU)",
    "Do duplicates cross the split boundary in skin?",
    "a ruler is absent-minded",
    "share of pictures that end in the bin",
]


@pytest.mark.parametrize("question", KEPT)
def test_no_condition_is_lost(question: str) -> None:
    assert rephrased(question) == question


@pytest.mark.parametrize("at", range(len(PLAIN_WORDS)))
def test_every_row_is_met(at: int) -> None:
    pattern, _ = PLAIN_WORDS[at]
    assert any(re.search(pattern, question, re.IGNORECASE) for question, _ in CASES), pattern
