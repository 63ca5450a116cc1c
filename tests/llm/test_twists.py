"""glassbox.llm.accounting.twists: a twist of a question is not lost, and the same without it is answered."""

import pytest

from glassbox.llm.accounting.unlike import unlike
from glassbox.llm.catalogue import Entry
from glassbox.llm.typed import Query

TWISTS = [  # verb, metric, a question that is answered so, one that is not, what is told
    (
        "value",
        "recall",
        "how much of the lesion does it cover",
        "how much of the lesion does it fail to cover",
        "left to one",
    ),
    ("value", "detection_rate", "share of lesions detected", "share of lesions not detected", "left to one"),
    (
        "value",
        "grad-cam.mass",
        "share of the mass on the lesion",
        "share of the mass outside the lesion",
        "left to one",
    ),
    (
        "value",
        "failure_rate",
        "share of failures",
        "share of failures it would let slip, or lets through",
        "left to one",
    ),
    ("value", "contrast.low.n", "how many cases on dark skin", "How good is skin-base on dark skin?", "Name a metric"),
    ("value", "caught", "caught when a fifth is reviewed", "caught when half of the cases are reviewed", "for a fifth"),
    ("value", "lime.cases", "how many cases for LIME", "how many LIME maps are dead", "maps that are dead"),
    (
        "list",
        "dice",
        "which models have a Dice above 0.8",
        "which models besides skin-base have a Dice above 0.8",
        "left out",
    ),
    (
        "difference",
        "dice",
        "the difference in Dice",
        "the lower bound of the paired difference in Dice",
        "the comparison",
    ),
    ("mean", "dice", "mean Dice of test-01 and test-05", "mean Dice of test-01 to test-05", "one by one"),
    ("value", "dice", "Dice of skin-base", "skin-base gamma 0.5 Dice", "Gamma"),
    ("value", "contrast.high.dice", "Dice at high contrast", "Dice at extra-high contrast", "No group beyond"),
    ("max", "hd95_px", "the largest HD95", "the full Hausdorff distance, the maximum one", "95th percentile"),
    ("mean", "dice", "mean of Dice over batches", "spread of Dice over batches", "no spread"),
    ("difference", "recall", "by how much is it ahead", "by what percent is it ahead", "Relative changes"),
    ("worst", "dice", "the worst case by Dice", "the worst detected case by Dice", "ask for all"),
    ("worst", "dice", "the worst case by Dice", "the worst-case Dice with 95 percent confidence", "one case"),
    ("value", "dice", "how well does it do", "how often does it come up empty", "empty"),
    ("compare", "dice", "does one beat the other", "on what share of cases does one beat the other", "one is ahead"),
    ("difference", "dice", "the mean difference", "the mean absolute difference", "sign"),
    ("difference", "agreement", "how far is one's agreement ahead", "the agreement between the two", "not recorded"),
    ("value", "cases.train", "how many train cases", "does training leak into test", "duplicates"),
    ("value", "samples", "how many samples are in the plan", "how was skin augmented", "augmentation plan"),
    ("value", "review", "what share is sent for review", "how many cases would be sent", "as a share"),
    (
        "value",
        "pixels.false_positive_percent",
        "false positive percent",
        "share of the healthy skin marked",
        "of all pixels",
    ),
    ("value", "dice", "Dice over all cases", "Dice over all pixels", "pooled"),
    (
        "min",
        "dice",
        "which model has the smallest Dice",
        "which has the smallest Dice gap to skin-base",
        "two that are named",
    ),
    ("value", "n.missed", "how many lesions it missed", "lesions it finds that skin-base misses", "another has not"),
    ("value", "grad-cam.mass", "mass of Grad-CAM", "mass of Score-CAM", "not recorded"),
    (
        "value",
        "contrast.low.n",
        "how many lesions of low contrast",
        "low-contrast lesions it missed",
        "all cases together",
    ),
    ("value", "fn", "lesion pixels not marked", "number of lesion pixels", "true positives"),
]


@pytest.mark.parametrize(("verb", "metric", "plain", "twisted", "told"), TWISTS)
def test_a_twist_is_refused(verb: str, metric: str, plain: str, twisted: str, told: str) -> None:
    entry = Entry("skin-base", "skin", "test", metric, "metrics/skin-base.json", "whole")
    query = Query(verb, None, (entry,), ("skin-base",), "skin", order=verb if verb in ("worst", "min") else None)
    assert unlike(plain, query) is None
    assert told in str(unlike(twisted, query))
