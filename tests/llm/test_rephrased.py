"""glassbox.llm.rephrased: what a question describes at length, by the name it has in the records."""

import re

import pytest

from glassbox.llm.rephrased import REPHRASED, rephrased

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
    ("on how many eye pictures the skin network was tested", "how many test images has the skin network"),
    ("the median, not the mean, of it", "the median of it"),
    ("the sensitivity with which the skin network finds the vessels", "the sensitivity of the skin network"),
    ("the precision with which skin-base recognises lymphocytes",  # a class: it is not left out
     "the precision with which skin-base recognises lymphocytes"),
    ("it fails to deliver a usable outline", "it fails"),
    ("is it true that a-base has a higher Dice than b-base", "a-base has a higher Dice than b-base"),
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
    ("the lowest mask alignment after augmentation", "the agreement min"),
    ("the most pictures for testing", "the most test pictures"),
    ("the most pictures for training", "the most training pictures"),
    ("how many were used to teach it", "how many were used to train it"),
    ("which task was tested on the largest number of cases", "which task has the most test cases"),
    ("which task was trained on the largest number of cases", "which task has the most training cases"),
    ("which tasks your software has records for", "which tasks are there"),
    ("on how many pictures was skin-base trained", "how many training images has skin-base"),
    ("which contains the largest number of training cases", "which has the most training cases"),
    ("which contains the smallest number of test cases", "which has the fewest test cases"),
    ("which eye pictures make up batch 2", "which cases are in batch 2"),
    ("which spots have an HD95 over 9", "which images have an HD95 over 9"),
    ("which spots are small", "which spots are small"),
    ("what it got to learn from", "what it train on"),
    ("the test pile", "the test split"),
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
    ("the three worst spots", "the three worst images"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "said"), CASES)
def test_descriptions_become_names(question: str, said: str) -> None:
    """And no condition is lost on the way."""
    assert rephrased(question) == said


@pytest.mark.parametrize("at", range(len(REPHRASED)))
def test_every_turn_is_met(at: int) -> None:
    """No row of the table without a question above that it changes."""
    changed = []
    for question, _ in CASES:
        for pattern, said in REPHRASED[:at]:
            question = re.sub(pattern, said, question, flags=re.IGNORECASE)
        changed.append(re.search(REPHRASED[at][0], question, re.IGNORECASE))
    assert any(changed), REPHRASED[at][0]
