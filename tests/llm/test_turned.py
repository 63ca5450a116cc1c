"""glassbox.llm.turned: whole questions, turned into the usual form of theirs."""

import re

import pytest

from glassbox.llm.rephrased import rephrased
from glassbox.llm.turned import TURNED

CASES = [
    ("the IoU of skin-base with four flips", "the IoU of skin-base with TTA"),
    ("Lump all the pixels of skin-base's test pictures together: resulting sensitivity?",
     "what is the pooled sensitivity of skin-base?"),
    ("If one pools all the pixels of the test pictures together instead of averaging picture by picture, what Dice "
     "does skin-base have?",
     "what pooled Dice does skin-base have?"),
    ("pixels kept, all pooled: specificity of skin-base", "pixels kept, pooled specificity of skin-base"),
    ("the 50th percentile of the per-image Dice of skin-base", "the median Dice of skin-base"),
    ("half of skin-base's images have an HD95 no larger than what? (median)",
     "what is the median HD95 of the cases of skin-base?"),
    ("which model brings up the rear on recall", "which model has the worst recall"),
    ("which pictures are stuck short of 0.75", "which pictures are below 0.75"),
    ("head count: batches of skin-base above 0.9", "number of batches of skin-base above 0.9"),
    ("batches with 0.9 Dice or beyond", "batches with 0.9 Dice or more"),
    ("skin-base's five ghastliest contours", "skin-base's five worst images"),
    ("the margin separating skin-base from skin-recall in Dice",
     "the difference between skin-base and skin-recall in Dice"),
    ("How many px of HD95 separate skin-base from skin-recall?",
     "difference in HD95 between skin-base and skin-recall?"),
    ("Is the cue model beaten by the chart model in IoU?", "is the chart model better than the cue model in IoU?"),
    ("skin-base or skin-recall: higher Dice?", "which has the higher Dice, skin-base or skin-recall?"),
    ("does the pooled Dice fall above or below the mean Dice, and by how much do they differ",
     "by how much does the pooled Dice differ from the mean Dice"),
    ("most failures according to its uncertainty record", "most failures"),
    ("And for contrast a success story, please: which batch of skin-base is best?",
     "which batch of skin-base is best?"),
    ("how many go wrong, let us say with an IoU under 0.3", "how many go wrong with a IoU under 0.3"),
    ("Which model, if any stands out, has the best Dice?", "Which model has the best Dice?"),
    ("the Hausdorff distance (95th centile) of it", "the Hausdorff distance of it"),
    ("what do their Dice scores average to", "what is the mean Dice"),
    ("roll call of the methods", "list the methods"),
    ("How much more of the mole does skin-recall find than skin-base?",
     "how much more recall does skin-recall have than skin-base?"),
    ("Compare the temperatures of skin-base and skin-recall: what is the one minus the other?",
     "difference between skin-base and skin-recall in temperatures?"),
    ("the area under the risk-coverage curve (mean risk)", "the mean risk"),
    ("the mean risk, and that of a perfect ordering (least risk)", "the mean risk and the least possible risk"),
    ("Please contrast lesions with hair and without", "compare lesions with hair and without"),
    ("what accuracy (plain, not balanced)", "what accuracy"),
    ("correlation of saliency maps once the bottleneck has been shuffled",
     "saliency correlation with shuffled bottleneck"),
    ("Class balance: how many are normal", "how many are normal"),
    ("it colours something in as mole", "it marks something as mole"),
    ("Dice of skin-base, the doctor wants it before noon", "Dice of skin-base"),
    ("IoU on faint spots, I mean the low contrast ones", "IoU on low contrast"),
    ("specificity given up when moving from rule-in to rule-out",
     "specificity at rule-in minus specificity at rule-out"),
    ("by how much did skin-base's expected IoU for skin_001 overshoot the IoU it really got",
     "difference expected IoU minus IoU of skin-base in case skin_001"),
    ("do any identical images sit in two different splits of skin, and how many",
     "how many exact duplicates across splits has skin"),
    ("retina picture on which the flips agree least", "retina picture with the lowest agreement"),
    ("Sharpest skin-base outline (sharpness), which image", "which image of skin-base has the highest sharpness"),
    ("weight given to sharpness in the quality estimate of skin-base",
     "sharpness weight in the predicted quality of skin-base"),
    ("After encoder1 is shuffled, how strongly do the saliency maps of skin-base still correlate with the originals?",
     "saliency correlation with shuffled encoder1 of skin-base?"),
    ("How many vessel pixels did skin-base find correctly in batch 0?",
     "how many true positives has skin-base in batch 0?"),
    ("how many healthy chests in the film test set get flagged by mistake", "how many false positives has film"),
    ("how many sick people does it let slip through, the false negatives", "how many false negatives"),
    ("which missed the highest percentage of pixels (false negative percent)",
     "which has the highest percentage of false negative pixels"),
    ("how much more lesion does skin-base overlook than skin-recall, as a percentage?",
     "difference of the percentage of false negative pixels between skin-base and skin-recall?"),
    ("how many background pixels of skin_001 did skin-base leave alone, i.e. tn",
     "how many true negatives of skin_001 has skin-base"),
    ("skin-base left out how many lesion pixels in batch 3", "skin-base has how many false negatives in batch 3"),
    ("How much percent of pixels does skin-base colour wrongly as lesion (false positive)?",
     "percentage of false positive pixels of skin-base?"),
    ("byte-identical pictures straddling splits", "exact duplicates across splits"),
    ("Exact copies of a picture that sit in two different splits", "exact duplicates across splits"),
    ("how many nearly identical pictures sit in different splits of skin",
     "how many near duplicates are there across splits of skin"),
    ("exact duplicates across splits: does skin have any, and what number?",
     "how many exact duplicates across splits has skin?"),
    ("the most pictures to train with", "the most training images"),
    ("how tiny is the tiniest lesion, as share of its image?", "smallest lesion share?"),
    ("What share of a picture does a spot fill in the median for the skin test set?",
     "what is the median lesion share of the skin test set?"),
    ("the test retinas", "the retina test images"),
    ("on the pathology patches", "on the pathology tiles"),
    ("how often does Grad-CAM point inside the lesion on skin-base", "what is the pointing of Grad-CAM for skin-base"),
    ("How much of the occlusion heat map of skin-base falls on the spot itself, so its mass?",
     "what is the mass of the occlusion heat map of skin-base?"),
    ("that lay the most of their heat (mass) inside the lesion", "that with the highest mass"),
    ("Which heat maps of skin-base stay the same when one shuffles the weights?",
     "Which methods of skin-base stay with shuffled weights?"),
    ("What IoU does skin-base expect of itself on average over the cases (expected IoU)?",
     "What is the mean expected IoU of skin-base?"),
    ("forecast IoU (expected_iou)", "expected IoU"),
    ("which needed the strongest softening (temperature)", "which has the highest temperature"),
    ("At what probability does skin-base binarise, per its validation-chosen threshold?",
     "what is the threshold of skin-base?"),
    ("worst calibrated before the scaling (the ECE)", "worst in ECE before calibration"),
    ("Temperature scaling was done for skin-base. By how much did its ECE go down?",
     "difference of the ECE of skin-base before minus after calibration?"),
    ("By how much does scaling with the temperature bring down skin-base's Brier score?",
     "difference of the Brier score of skin-base before minus after calibration?"),
    ("which reads chest pictures more accurately", "which is more accurate"),
    ("how many were classified right", "how many were classified correctly"),
    ("the worst calibrated by ECE", "the worst in ECE"),
    ("how many it has false negatives", "how many false negatives"),
    ("the tiniest lesion share", "the smallest lesion share"),
    ("Ruler in view: recall of skin-base", "with Ruler: recall of skin-base"),
    ("precision amid ruler marks", "precision with a ruler"),
    ("once Gaussian blur hits strength 4", "once blur 4"),
    ("when the noise is at 0.06", "when the noise 0.06"),
    ("once brightness is off by 0.3", "once brightness 0.3"),
    ("which skin-lesion network", "which network"),
    ("How much Dice loses the skin network from clean pictures to noise of 0.12?",
     "how much Dice does skin lose with noise of 0.12?"),
    ("list the missed lesions of skin-base", "list the cases of skin-base with detected 0"),
    ("undetected cases (detected = 0) in skin-base: list", "list the cases of skin-base with detected 0"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "said"), CASES)
def test_questions_are_turned(question: str, said: str) -> None:
    assert rephrased(question) == said


KEPT = [  # a row that is too wide would lose a condition, and tell what was not asked
    "How often does Grad-CAM point outside the lesion on skin-base?",
    "Which heat maps of skin-base stay the same when one shuffles the pictures?",
    "Does skin-base or skin-recall have the higher Dice on dark skin?",
    "How many of the healthy chests in batch 3 does film-base flag by mistake?",
    "Is skin-base beaten by the radiologist in Dice?",
    "By how much does skin-base's Dice fall short of skin-recall's?",
    "Which model has the highest share of failures?",
    "How much Dice does skin-base lose with noise 0.12?",
    "The doctor wants to know the Dice of skin-base on dark skin",
    "Which 50th percentile?",
    "Does skin have any exact duplicates across splits?",
    "the specificity lost on dark skin",
]


@pytest.mark.parametrize("question", KEPT)
def test_no_condition_is_lost(question: str) -> None:
    assert rephrased(question) == question


@pytest.mark.parametrize("at", range(len(TURNED)))
def test_every_turn_is_met(at: int) -> None:
    pattern, _ = TURNED[at]
    assert any(re.search(pattern, question, re.IGNORECASE) for question, _ in CASES), pattern
