"""glassbox.llm.idioms: how people say a thing without its name, and what they say around it."""

import re

import pytest

from glassbox.llm.idioms import IDIOMS
from glassbox.llm.rephrased import rephrased

CASES = [
    ("on how many eye pictures the skin network was tested", "how many test images has the skin network"),
    ("the median, not the mean, of it", "the median of it"),
    ("the sensitivity with which the skin network finds the vessels", "the sensitivity of the skin network"),
    ("it fails to deliver a usable outline", "it fails"),
    ("is it true that a-base has a higher Dice than b-base", "a-base has a higher Dice than b-base"),
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
    ("what it got to learn from", "what it train on"),
    ("the test pile", "the test split"),
    ("the three worst spots", "the three worst images"),
    ("how many skin spots have a Dice above 0.5", "how many images have a Dice above 0.5"),
    ("Do the records support that a-base and b-base differ?", "do a-base and b-base differ?"),
    ("top 4 cases skin-recall by dice lowest", "the 4 lowest cases skin-recall by dice"),
    ("Average precision of skin-base; the area under the PR curve, not the PPV.", "Average precision of skin-base."),
    ("pooling every pixel of the test set rather than averaging by image, what Dice does skin-base get",
     "what pooled Dice does skin-base get"),
    ("how far adrift is the outline at the 95th centile of Hausdorff distance for skin-base", "HD95 of skin-base"),
    ("how many normal films did film-base call pneumonia at screening",
     "how many false positives does film-base have at screening"),
    ("how many pneumonia films did film-base call normal at screening",
     "how many false negatives does film-base have at screening"),
    ("Median IoU per image - the median, mind, not the mean.", "Median IoU per image."),
    ("how many cases are crossing HD95 of 20 pixels", "how many cases have HD95 above 20 pixels"),
    ("the FPS, and the FPs", "the frames per second, and the FPs"),
    ("which batches of films", "which batches"),
    ("count the skin spots for which", "count the images for which"),
    ("which spot has the worst HD95", "which image has the worst HD95"),
    ("the median rather than the mean of the Dice", "the median of the Dice"),
    ("the median Dice? The mean hides things, they say.", "the median Dice?"),
    ("list the two leaders", "list the two best models"),
    ("Which of the two classifiers, film-base or lung-base, is more accurate?",
     "which is more accurate, film-base or lung-base?"),
    ("which makes the fewest failures? I mean the lowest failure rate", "which has the lowest failure rate"),
    ("the precision product", "the precision variant"),
    ("all the models we can choose from", "all the models there are"),
    ("Largest training set?", "which task has the Largest training split?"),
    ("how many cases do all training splits hold", "how many cases do the training splits of all tasks hold"),
    ("Any exact twins shared between the splits of skin? How many?",
     "how many exact duplicates across splits of skin?"),
    ("the threshold (skin-threshold)", "the threshold"),
    ("stand in for the precision variant", "imitate the precision variant"),
    ("the threshold, according to calibration", "the threshold"),
    ("how many healthy skin pixels were painted as lesion", "how many false positives were there"),
    ("what percentage of pixels does skin-recall paint as mole though they're just skin (false positives)?",
     "percentage of false positive pixels of skin-recall?"),
    ("if one pools the pixels of all skin test images, what is the Dice of skin-base",
     "of all skin test images what is the pooled Dice of skin-base"),
    ("if you throw all pixels of all test images into one big pot, how precise is skin-base",
     "of all test images what is the pooled precision of skin-base"),
    ("which one catches the biggest share of its failures", "which one has the biggest share of failures caught"),
    ("the Dice when contrast is high compared to low", "the Dice on high contrast compared to low contrast"),
    ("when the noise rises from 0.03 to 0.12", "from noise 0.03 to noise 0.12"),
    ("heavy noise of 0.12", "noise 0.12"),
    ("lesions that run over the edge of the picture", "lesions that touch the edge of the picture"),
    ("the AUROC for virus?", "the AUROC for viral pneumonia?"),
    ("the AUROC on the virus group, please", "the AUROC on the virus yes group, please"),
    ("the lowest agreement under test-time augmentation", "the lowest agreement"),
    ("the error of the quality that skin-base predicts for its own outlines", "the error of the predicted quality of "
     "skin-base"),
    ("caught by the 20 % review", "caught by reviewing 20 % of the cases"),
    ("when the doubtful pictures are reviewed", "by reviewing 20 % of the cases"),
    ("the NPV with its lower confidence limit", "the NPV with its confidence interval"),
    ("did it recover more of the lesion area in batch 1 or 2, by recall",
     "did it have the higher recall in batch 1 or 2, by recall"),
    ("gentlest corruption", "best corruption"),
    ("which batch tanks its Dice most", "which batch lowers its Dice most"),
    ("how many batches have 100 % accuracy", "how many batches have an accuracy of exactly 1"),
    ("how many batches are 100% accurate", "how many batches has an accuracy of exactly 1"),
    ("in how many batches is film-base 100% accurate", "in how many batches has film-base an accuracy of exactly 1"),
    ("surface dice skin base 2 px", "surface dice 2 px skin base "),
    ("lesions touching image edge", "lesions touching the edge"),
    ("the error of the quality estimate", "the error of the predicted quality"),
    ("How does Grad-CAM score in the pointing game?", "what is the pointing of Grad-CAM?"),
    ("the IoU with test-time augmentation and without it", "the IoU with and without test-time augmentation"),
    ("how strongly does the occlusion map still correlate after shuffling down to encoder1",
     "occlusion correlation with shuffled encoder1"),
    ("at what probability does skin-recall cut its mask", "what is the threshold of skin-recall"),
    ("Which models are above 0.18? I rather suspect the recall one.", "Which models are above 0.18?"),
    ("It would worry me if half were lost, so on how many is recall below 0.5", "on how many is recall below 0.5"),
    ("it fails on a good many pictures", "it fails on some pictures"),
    ("how many did it classify correctly, as a count of pictures?", "how many did it classify correctly?"),
    ("how many batches of skin precision average a Dice under 0.8", "how many batches of skin precision have a Dice "
     "under 0.8"),
    ("the most training cases of the lot?", "the most training cases?"),
    ("how sure was tissue-base of the class it predicted for tile test-01", "probability of case test-01 with "
     "tissue-base"),
    ("the ratio of attribution on the chart between the cued model and the one without", "the ratio"),
    ("log loss per x-ray", "log loss per image"),
    ("pneumonias caused by a virus", "viral pneumonia"),
    ("pneumonia due to bacteria", "bacterial pneumonia"),
    ("the ECE before that temperature business", "the ECE before calibration"),
    ("when blurred with sigma 4 instead of sigma 1", "when from blur 1 to blur 4"),
    ("did temperature scaling reduce the ECE of tissue-base, and by how much",
     "difference of the ECE of tissue-base before minus after calibration"),
    ("p of pneumonia, image test-00621", "probability of pneumonia, image test-00621"),
    ("which skin network misses the least, ie highest sensitivity", "which skin network has the highest sensitivity"),
    ("Which data sets have near-duplicate images across their splits?",
     "list the tasks with near duplicates across splits above 0?"),
    ("which classifies more accurately, a-base or b-base", "which is more accurate, a-base or b-base"),
    ("% of px wrongly marked as mole by skin-recall", "percentage of false positive pixels of skin-recall"),
    ("which models have u got for skin", "which models are there for skin"),
    ("a failure rate in excess of 0.3", "a failure rate above 0.3"),
    ("the median share of the test image that vessels fill in eye", "the median vessel share of the test split in eye"),
    ("How wide is the confidence interval around skin-base's mean Dice?",
     "upper bound minus lower bound of the Dice of skin-base?"),
    ("what reduction in nll did the temperature bring about for tissue-base",
     "difference of the nll of tissue-base before minus after calibration"),
    ("which contains the greatest number of exact duplicates within splits",
     "which has the most exact duplicates within splits"),
    ("in how many of film's batches were fewer than 90 % of the images classified correctly",
     "how many batches of film have an accuracy below 90 %"),
    ("in how many of film's batches were more than 90 % of the images classified correctly",
     "how many batches of film have an accuracy above 90 %"),
    ("which has the higher Dice, and what are the two values?", "which has the higher Dice?"),
    ("if one pools every pixel of the test pictures together, what Jaccard does skin-base reach",
     "what pooled Jaccard does skin-base reach"),
    ("Which skin spot has the lowest Dice?", "which skin image has the lowest Dice?"),
    ("which chest film was the worst", "which chest image was the worst"),
    ("which skin-base spots have a precision below 0.3", "which skin-base images have a precision below 0.3"),
    ("Pooling every pixel of the skin test photographs together, what Jaccard does skin-base get?",
     "what pooled Jaccard does skin-base get?"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "said"), CASES)
def test_idioms_become_names(question: str, said: str) -> None:
    """And no condition is lost on the way."""
    assert rephrased(question) == said


KEPT = [
    "top 4 cases by Dice of skin-base, not the lowest",
    "top 4 cases by Dice and the lowest",
    "the mean of the median",
    "the sum, and not the mean",
    "is the noise from 0.03 to 0.12 recorded",
    "what share of pixels does skin-base paint in batch 2?",
    "which spot is largest",
    "the best threshold according to the calibration split",
    "the AUROC by virus group",
    "virus versus bacteria, for virus and for bacteria",
    "how many films were reviewed",
    "how many batches have 100 cases",
    "is skin-base 90% accurate in batch 2",
    "which lesion runs along the edge",
    "the cases with an average recall",
    "pneumonia with a virus",
    "I suspect that isic-base is worst: is it",
    "the ratio of false positives",
    "the ECE before that",
    "IoU with and without it",
    "How many pixels are marked as lesion in skin-base?",
    "What share of the pixels does skin-base mark as lesion where there is dark skin?",
    "What is the dice agreement after test-time augmentation for skin-base?",
    "the lowest agreement in augmentation on image SKIN_0000001",
    "p of pneumonia in film 3",
    "did calibration reduce the ECE and Brier of skin-base, and by how much",
]


@pytest.mark.parametrize("question", KEPT)
def test_no_condition_is_lost(question: str) -> None:
    """What these ask is not in the records by a shorter name."""
    assert rephrased(question) == question


@pytest.mark.parametrize("at", range(len(IDIOMS)))
def test_every_idiom_is_met(at: int) -> None:
    """No row of the table without a question above that it changes."""
    changed = []
    for question, _ in CASES:
        for pattern, said in IDIOMS[:at]:
            question = re.sub(pattern, said, question, flags=re.IGNORECASE)
        changed.append(re.search(IDIOMS[at][0], question, re.IGNORECASE))
    assert any(changed), IDIOMS[at][0]
