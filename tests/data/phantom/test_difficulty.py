"""The embedded data set is not trivial: a threshold does far worse than the trained network."""

import json
from pathlib import Path

import cv2
import numpy as np

from glassbox.data.phantom import loader
from glassbox.metrics.overlap import count, dice
from glassbox.params import load, parse

ROOT = Path(__file__).parents[3]


def test_otsu_scores_15_dice_points_below_the_network() -> None:
    """Otsu's threshold on grey, darker side lesion, on the same test pictures as the recorded score."""
    content = load(ROOT / "params.yaml")
    source = parse(loader.Source, content.tasks["phantom"].source, "source")
    scores = []
    for case in loader.cases(ROOT, source, content.seed, "test"):
        grey = cv2.cvtColor(case.image, cv2.COLOR_RGB2GRAY)
        _, dark = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
        scores.append(dice(count(case.mask, dark > 0)))
    recorded = json.loads((ROOT / "metrics" / "phantom-balanced.json").read_text(encoding="utf-8"))
    assert recorded["n"]["cases"] == len(scores)
    assert float(np.mean(scores)) < recorded["dice"]["mean"] - 0.15
