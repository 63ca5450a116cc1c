"""glassbox.llm.spelling: a question as it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassbox.llm.spelling import as_written

WRITTEN = [
    ("pct of pixels w/o dupes", "percentage of pixels without duplicates"),
    ("hd95 + recall, 3 + 4", "hd95 and recall, 3 + 4"),
    ("What does RISE have", "What does the RISE method have"),
    ("the RISE method", "the RISE method"),
    ("DOES RISE WORK", "DOES RISE WORK"),
    ("does it rise", "does it rise"),
    ("below 0,8 Dice", "below 0.8 Dice"),
    ("batches 0,8,9 and 10,8", "batches 0,8,9 and 10,8"),
    ("high minus low contrast", "high contrast minus low contrast"),
    ("for small and for large lesions", "for small lesions and for large lesions"),
    ("the two corruptions under which", "two corruptions under which"),
    ("the two corruptions", "the two corruptions"),
    ("the training portion", "the training split"),
    ("a diff-tool and a probe", "a diff-tool and a probe"),
    ("fell or falls short of 0.8", "fell or stay below 0.8"),
    ("se and sp of it", "sensitivity and specificity of it"),
    ("Dice of the first and the second model when ranked", "Dice of the best and the second best model when ranked"),
    ("Dice of the first and the second batch", "Dice of the first and the second batch"),
    ("the Dice, two decimals are enough", "the Dice"),
    ("TTA Dice minus the normal Dice", "TTA Dice minus the Dice"),
    ("pneumonia F1 minus the normal F1", "pneumonia F1 minus the normal F1"),
    ("the n per group, what n has it", "the n per group, what n has it"),
    ("dice w hair", "dice with hair"),
    ("above ten percent or Ninety per cent", "above 10 percent or 90 per cent"),
    ("ten batches", "ten batches"),
    ("a Dice at or above 0.9", "a Dice at least 0.9"),
    ("a Dice equal to or below 0.9", "a Dice at most 0.9"),
    ("at or near 0.9", "at or near 0.9"),
    ("det. rate and del. gain, ins. gain", "detection rate and deletion gain, insertion gain"),
    ("T (temp scaling) of it", "temperature of it"),
    ("IG, and ig", "integrated gradients, and ig"),
    ("temp of it, by temp scaling", "temperature of it, by temp scaling"),
    ("between blur one and blur four", "between blur 1 and blur 4"),
    ("the blur one should fear, with jpeg ten", "the blur one should fear, with jpeg 10"),
    ("precision n recall, n = 3", "precision and recall, n = 3"),
    ("near-duplicate images shared between the splits", "near duplicates across splits"),
    ("false pos and false neg", "false positives and false negatives"),
    ("those <5y", "those under 5 years"),
    ("High minus low contrast", "High contrast minus low contrast"),
    ("Dr. Lang and e.g. this", "Dr Lang and e.g. this"),
    ("which left out most lesion pixels", "which has the most false negatives"),
    ("A recalls more than B", "A has more recall than B"),
    ("the chest test films", "the test chest films"),
    ("dups and a dup, thr, CXR", "duplicates and a duplicate, threshold, chest-xray"),
    ("b17 and b4", "batch 17 and before"),
    ("b-17 or ab17", "b-17 or ab17"),
    ("T for it, at t for it", "temperature for it, at t for it"),
    ("ruler yes - ruler no, 3 - 4", "ruler yes minus ruler no, 3 - 4"),
    ("argmax of Dice, arg min of IoU", "highest of Dice, lowest of IoU"),
    ("strangest, oddest, the modal IoU, neatest, cutest", "weirdest, weirdest, the mode of IoU, tidiest, weirdest"),
    ("minibatch 4 and mini-batches", "batch 4 and batches"),
    ("Sørensen, Soerensen–Dice, dice sorensen", "Dice, Dice, Dice"),
    ("after.ece, before.brier", "ece after calibration, brier before calibration"),
    ("ECE before - after scaling", "ECE before minus after scaling"),
    ("class count pneumonia - normal in skin", "class count pneumonia minus normal in skin"),
    ("noise 0.03/0.06/0.12", "noise 0.03, noise 0.06 and noise 0.12"),
    ("blur 1/4", "blur 1 and blur 4"),
    ("surf. Dice", "surface Dice"),
    ("avg Dice, bal, prec, acc", "average Dice, balanced, precision, accuracy"),
    ("it looses, sensitivities", "it loses, sensitivity"),
    ("south of 0.8, north of 0.9, south of here", "below 0.8, above 0.9, south of here"),
    ("skin-base / blur / Dice", "skin-base, blur, Dice"),
    ("ECE pre / post scaling", "ECE pre / post scaling"),
    ("an exact copy, exact copies, near-copies", "an exact duplicates, exact duplicates, near duplicates"),
    ("75th percentile of the lesion share", "upperquartile the lesion share"),
    ("75th percentile of Dice", "75th percentile of Dice"),
    ("medium brightness, chest xr, the recall one", "middle brightness, chest-xray, the recall variant"),
    ("high minus low lesion contrast", "high contrast minus low contrast"),
    ("noise, sigma 0.1 and noise σ=0.1", "noise 0.1 and noise 0.1"),
    ("error bars, the tenth percentile", "confidence interval, the 10th percentile"),
    ("Out of curiosity, what is it", "what is it"),
    ("the 4 batches of skin-base with lowest dice", "4 batches of skin-base with lowest dice"),
    ("width of the 95 % Dice interval", "upper bound minus lower bound of the Dice"),
    ("a Dice of 0.95 or better", "a Dice of at least 0.95"),
    ("an HD95 of 5 or better", "an HD95 of 5 or better"),
    ("Hausdorff distance (95 %)", "HD95"),
    ("95% Hausdorf distance", "HD95"),
    ("by how much does it rise from base to recall", "by how much does it increase from base to recall"),
    ("does RISE rise", "does the RISE method rise"),
    ("more than one quarter of the cases", "more than 25 % of the cases"),
    ("below a half", "below 50 %"),
    ("jpeg quality 50 to quality 10", "jpeg quality 50 to jpeg 10"),
    ("lower and upper quartile of the lesion share", "lowerquartile and upperquartile the lesion share"),
    ("ninety-five percent", "95 percent"),
    ("forty percent", "40 percent"),
    ("between 80 and 90 percent", "between 80 % and 90 %"),
    ("xrays of normals", "x-rays of normal"),
    ("the balanced accuracy at your earliest convenience", "the balanced accuracy"),
    ("which data set, of all those you keep, is largest", "which data set is largest"),
    ("median nll (mean is skewed by a few)", "median nll"),
    ("skin temp.", "skin temperature."),
    ("skin temp. of 3", "skin temp. of 3"),
]


@pytest.mark.parametrize(("question", "written"), WRITTEN)
def test_abbreviations_are_written_out(question: str, written: str) -> None:
    assert as_written(question) == written


@given(st.text("abcdefgh RISE0,8.-/wo prob", max_size=40))
def test_what_is_written_out_stays(question: str) -> None:
    """Written out twice is written out once, in letters of the question's kind."""
    written = as_written(question)
    assert as_written(written) == written
