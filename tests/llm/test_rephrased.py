"""glassbox.llm.rephrased: what a question describes at length, by the name it has in the records."""

import re

import pytest

from glassbox.llm.rephrased import DESCRIBED, rephrased

MOVED = "with its threshold moved to match the"
CASES = [
    ("Across all data sets under assessment, which one has the most cases?", "which data set has the most cases?"),
    ("Which of the data sets boasts the most test pictures?", "which data set has the most test pictures?"),
    ("the best Dice in the whole repository", "the best Dice of all tasks"),
    ("duplicates that are near-identical across splits", "near duplicates across splits"),
    ("identical pictures turn up in more than one split", "exact duplicates are there across splits"),
    ("the most exactly double pictures within its splits", "the most exact duplicates within its splits"),
    ("how many of the data sets show any exact duplicate across their splits",
     "how many tasks have exact duplicates across splits above 0"),
    ("name every task whose data contain near duplicates within splits",
     "list the tasks with near duplicates within splits above 0"),
    ("In which data sets were near duplicates found across splits?",
     "list the tasks with near duplicates across splits above 0?"),
    ("exact duplicates cross the splits", "exact duplicates across splits"),
    ("duplicates cross the splits", "duplicates cross the splits"),  # of which kind is not said
    ("near-duplicate pairs sit across the splits", "near duplicates across splits"),
    ("pictures shared, pixel for pixel, between the splits", "exact duplicates across splits"),
    ("near-identical films", "near duplicates"),
    ("identical X-rays turned up within the splits", "exact duplicates within the splits"),
    ("if it is simply thresholded for recall", f"if it is {MOVED} recall variant"),
    ("if it were merely cut at the precision threshold", f"if it {MOVED} precision variant"),
    ("moved to the threshold that mimics the precision variant", f"{MOVED} precision variant"),
    ("tuned for recall: threshold?", f"{MOVED} recall variant: threshold?"),
    ("tuned for recall", "tuned for recall"),  # which may be what a variant is
    ("trade like the recall variant", "imitates the recall variant"),
    ("until its recall matches that of the recall variant", "to match the recall variant"),
    ("the cut-off is moved to favour recall", "the cut-off is moved to match the recall variant"),
    ("the mean risk and the least possible one", "the mean risk and the least possible risk"),
    ("the mean risk and the least possible error", "the mean risk and the least possible error"),
    ("mean risk of its risk-coverage curve", "mean risk of its risk-coverage curve"),
    ("mean risk of a-base's risk-coverage curve", "mean risk of a-base"),
    ("the risk-coverage area of a-base under a perfect ordering", "the least possible risk of a-base"),
    ("ECE gain (before less after)", "ECE before minus after calibration"),
    ("ECE prior to scaling, and afterwards", "ECE before and after calibration"),
    ("how many bad ones if we send 20% for review", "how many bad ones by reviewing 20 % of the cases"),
    ("of its failures, what share would a-base have caught", "what share of a-base's failures is caught"),
    ("share of the failures does a-base catch", "share of a-base's failures is caught"),
    ("how much of the skin failures do we catch", "what share of skin's failures is caught"),
    ("IoU where the mole touches the image edge", "IoU for lesions that touch the edge"),
    ("spots touching the border against those that don't", "spots touching the border against those that do not touch "
     "the edge"),
    ("moles cut off at the picture edge", "lesions that touch the edge"),
    ("the upper third of lesion size", "the high size"),
    ("the lower third by contrast", "the low contrast"),
    ("how many X-rays of healthy lungs are there", "how many normal films are there"),
    ("how many healthy films are in the test split", "how many normal films are in the test split"),
    ("how many healthy films does it wrongly flag", "how many healthy films does it wrongly flag"),
    ("noise 0.03, 0.06, 0.12", "noise 0.03, noise 0.06 and noise 0.12"),
    ("noise 0.03 and 0.06", "noise 0.03 and 0.06"),
    ("of high and of middle brightness", "of high brightness and of middle brightness"),
    ("by how much does precision exceed recall", "difference precision minus recall"),
    ("how much recall is won by going from the rule-out to the rule-in cutoff", "recall at rule-in minus recall at "
     "rule-out"),
    ("what does rise have", "what does the RISE method have"),
    ("does rise in size", "does rise in size"),
    ("which kinds leave skin with a Dice below 0.8", "which kinds give skin a Dice below 0.8"),
    ("how many ill ones does it overlook, that is, how many false negatives are there", "how many false negatives are "
     "there"),
    ("how many ill ones at rule-in does it overlook, that is, how many false negatives are there",
     "how many ill ones at rule-in does it overlook, that is, how many false negatives are there"),
    ("which skin variant misses fewest pixels, i.e. has the highest recall",
     "which skin variant has the highest recall"),
    ("which skin variant errs most before calibration, i.e. has the largest ECE",
     "which skin variant errs most before calibration, i.e. has the largest ECE"),
    ("how well does skin-base find them, sensitivity?", "sensitivity of skin-base?"),
    ("how well does skin-base do on brown skin, in Dice?", "how well does skin-base do on brown skin, in Dice?"),
    ("the precision with which skin-base recognises lymphocytes",  # a class: it is not left out
     "the precision with which skin-base recognises lymphocytes"),
    ("is it true that a-base fails", "is it true that a-base fails"),
    ("if it is merely cut for precision", f"if it is {MOVED} precision variant"),
    ("the mean selective risk", "the mean risk"),
    ("the ECE before any correction", "the ECE before calibration"),
    ("its temp scaling T", "its temperature"),
    ("which part of the failures of a-base would our staff find", "which part of the failures of a-base are caught"),
    ("if they reviewed the fifth of pictures that the network doubts the most", "by reviewing 20 % of the cases"),
    ("caught if the suspicious fifth were sent to review", "caught by reviewing 20 % of the cases"),
    ("once it averages over flipped and turned copies of the picture", "with test-time augmentation"),
    ("for children whose pneumonia was viral", "for viral pneumonia"),
    ("touching the edge or not, Dice (touching minus not)", "touching the edge or not, Dice"),
    ("in the phantom world, the Dice", "on phantom, the Dice"),
    ("in a world of its own", "in a world of its own"),
    ("medium-brightness tiles", "middle brightness tiles"),
    ("ECE pre temperature scaling / post", "ECE before and after calibration"),
    ("correlation of saliency maps once weights are shuffled down to the stem",
     "saliency correlation with shuffled stem"),
    ("the overlap Dice and the real IoU", "the Dice and the IoU"),
    ("which spots are small", "which spots are small"),
    ("which data set here has the most, may I ask?", "which data set has the most?"),
    ("exact double pictures inside the splits", "exact duplicates within splits"),
    ("exact duplicate pairs spanning different splits", "exact duplicates across splits"),
    ("how many pairs of nearly identical photos sit inside the same part", "how many near duplicates within splits"),
    ("ECE pre/post temp scaling", "ECE before and after calibration"),
    ("its T and val-tuned threshold", "its temperature and threshold"),
    ("macro P / R / F1", "macro precision, recall, F1"),
    ("accuracy, dark minus bright", "accuracy, low brightness minus high brightness"),
    ("accuracy, bright minus dark", "accuracy, high brightness minus low brightness"),
    ("dark films vs bright ones", "low brightness vs high brightness"),
    ("Dice at jpeg quality 50 minus quality 10", "Dice at jpeg 50 minus jpeg 10"),
    ("Dice at noise 0.03 minus 0.12", "Dice at noise 0.03 minus noise 0.12"),
    ("the highest with/without ratio", "the highest ratio"),
    ("smallest lesions vs largest", "small lesions vs large lesions"),
    ("With much hair, 40 of them drawn on, how often does skin fail?", "failure rate of skin with 40 hairs?"),
    ("skin with 40 hairs, how often does it fail", "skin with 40 hairs, how often does it fail"),
    ("What about bacterial pneumonia - what share of those does film-base find?",
     "sensitivity of film-base for bacterial pneumonia?"),
    ("balanced accuracy (mean of the two class recalls)", "balanced accuracy"),
    ("enumerate the strata", "list the strata"),
    ("the worst 3 corruption settings", "the worst 3 corruptions"),
    ("the ECE after temp scaling", "the ECE after temperature scaling"),
    ("a legit difference", "a significant difference"),
    ("would you kindly inform me of the Dice", "what is the Dice"),
    ("the Dice which the skin network attained upon the test pictures", "the Dice of the skin network on the test "
     "pictures"),
    ("exact duplicates that cross a split boundary", "exact duplicates across splits"),
    ("name the data sets in which at least one near duplicate within a split was found",
     "list the tasks with near duplicates within splits above 0"),
    ("in how many data sets was at least one exact duplicate found inside a split",
     "how many tasks have exact duplicates within splits above 0"),
    ("For background: what is it", "what is it"),
    ("the background class", "the background class"),
    ("please tell a layman the Dice", "please the Dice"),
    ("Difference in ECE, before minus after.", "difference in ECE before minus after calibration."),
    ("when there's hair in the image vs when there isn't", "with hair versus without hair"),
    ("which has the fewest failures (lowest failure rate)", "which has the lowest failure rate"),
    ("the exact doubles inside its own splits", "the exact duplicates within splits"),
    ("since rescaling: the ECE before it and after it", "since rescaling: the ECE before and after calibration"),
    ("of those that do not touch the edge minus those that do", "of those that do not touch the edge minus those that "
     "touch the edge"),
    ("What percentage of pixels does skin-base paint as lesion by mistake?",
     "percentage of false positive pixels of skin-base?"),
    ("What percentage of pixels does skin-base paint as lesion?",
     "What percentage of pixels does skin-base paint as lesion?"),
    ("above what probability does film-base rule a pneumonia in", "rule-in threshold of film-base"),
    ("how sure was film-base that film-0001 has pneumonia",
     "probability of pneumonia of case film-0001 with film-base"),
    ("how much of a typical (median) skin test photo is lesion", "median lesion share of the skin test split"),
    ("when tissue-base calls something muscle, how often is that correct", "precision of tissue-base for muscle"),
    ("how well are viral pneumonias picked up by film-base", "sensitivity of film-base for viral pneumonias"),
    ("which skin variant is runner-up for recall, along with the leader",
     "which skin variant is the best and the second best in recall"),
    ("Among all of your models, which one is best", "of all tasks, which model is best"),
    ("which comes with the most test pictures", "which has the most test pictures"),
    ("recall without the chart less its recall with it", "recall without the chart minus the recall with it"),
    ("by how much did the calibration lower the ECE", "difference of the ECE before minus after calibration"),
    ("the ECE before they fixed the temperature", "the ECE before calibration"),
    ("how many false negatives does a-base leave", "how many false negatives does a-base have"),
    ("by hausdorff, yes the hd95 one", "by hausdorff"),
    ("duplicates exactly the same inside the splits", "exact duplicates within the splits"),
    ("how many more near duplicates lie within the splits than across them",
     "near duplicates within splits minus near duplicates across splits"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "said"), CASES)
def test_descriptions_become_names(question: str, said: str) -> None:
    """And no condition is lost on the way."""
    assert rephrased(question) == said


KEPT = [  # a row that is too wide would lose a condition, and tell what was not asked
    "How well does skin-base segment small lesions, in Dice?",
    "How well does skin-base segment SKIN_0000001, in Dice?",
    "How well does skin-recall compare to skin-base, in Dice?",
    "How well does skin-base do without hair, in Dice?",
    "On how many normal films was film-base tested?",
    "On how many validation images was skin-base tested?",
    "What is the Dice with which skin-base outlines small lesions?",
    "Which skin variant handles small lesions best, that is, has the highest Dice?",
    "Which skin variant beats the second best, i.e. has the highest Dice?",
    "How often does skin-base miss small lesions, that is, the failure rate of skin-base?",
    "How much does skin-base lose without hair, i.e. the Dice of skin-base?",
    "In all data sets except skin, which has the most test cases?",
    "Tell me the recall of skin-base, yes the value under noise 0.12.",
    "Tell me the accuracy of film-base, yes the validation accuracy.",
    "In batch 2, with 40 hairs, how often does skin fail?",
    "With 40 hairs drawn on small lesions, how often does skin fail?",
    "What percentage of pixels does skin-base mark as lesion where there is hair?",
    "How many almost identical films were found within the splits?",
    "Which pneumonia films belong to the test split?",
    "Which failed images fall into batch 2?",
    "What is the Dice of the skin model tuned towards recall?",
    "How many of the skin-base failures would we catch?",
    "How well are failures caught by skin-base?",
    "the ECE before correction of the labels",
    "is it significant before any correction?",
    "what is caught when 20 % of films are sent for review at random",
    "if we review the 20 % of pictures that it trusts the most",
    "Which models does the software have results for under noise?",
    "the P/R AUC",
    "When film-base calls normal films pneumonia, how often is that right?",
    "did it fall or rise this year",
    "small and of low contrast",
    "spots touching the edge against those that don't have hair",
    "list the tasks with near duplicates within splits below 5",
    "how sure was it that film-0001 is pneumonia-free",
    "by how much did calibration improve the accuracy",
]


@pytest.mark.parametrize("question", KEPT)
def test_no_condition_is_lost(question: str) -> None:
    """What these ask is not in the records by a shorter name."""
    assert rephrased(question) == question


@pytest.mark.parametrize("at", range(len(DESCRIBED)))
def test_every_turn_is_met(at: int) -> None:
    """No row of the table without a question above that it changes."""
    changed = []
    for question, _ in CASES:
        for pattern, said in DESCRIBED[:at]:
            question = re.sub(pattern, said, question, flags=re.IGNORECASE)
        changed.append(re.search(DESCRIBED[at][0], question, re.IGNORECASE))
    assert any(changed), DESCRIBED[at][0]
