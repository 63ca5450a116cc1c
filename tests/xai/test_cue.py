"""A shortcut that is known to be there is shown: the committed networks of the planted cue, asked anew."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from glassbox.artifacts import Paths, read_json, read_model
from glassbox.data.phantom import loader
from glassbox.metrics.calibration import operating
from glassbox.params import Params, load, parse
from glassbox.xai import suite, trust

ROOT = Path(__file__).parents[2]
TASK, CASES, TIMES = "phantom-cue", 12, 5
TOLD = ("occlusion", "rise", "var-grad")


@cache
def project() -> Params:
    return load(ROOT / "params.yaml")


def shares(role: str) -> dict[str, float]:
    """Each method's mean share of relevance on the cue, of pictures drawn with another seed than the network's."""
    params, paths = project(), Paths(ROOT)
    task, name = params.tasks[TASK], getattr(params.cues[TASK], role)
    seed = params.seed + 1
    source = parse(loader.Source, task.source, "source")
    drawn = zip(loader.cases(ROOT, source, seed, "test"), loader.planted(source, seed, "test"), strict=True)
    shown = [(case, place) for case, place in drawn if place.any()][:CASES]
    images = np.stack([case.image for case, _ in shown]).astype(np.float32) / 255
    truths = np.stack([case.mask for case, _ in shown])
    model = read_model(paths.model(name))
    threshold = operating(read_json(paths.calibration(name))).uncalibrated
    target, _ = suite.of_form(model, images, list(truths), threshold, task.xai.region)
    asked = trust.asked([case.name for case, _ in shown], images, truths, target, name)
    places = {case.name: place for case, place in shown}
    rows = list(trust.on_cue(model, asked, np.stack([places[case] for case in asked.cases]), task.xai, 0, TOLD))
    table = pd.DataFrame(rows)
    return {method: float(table[table["method"] == method]["mass"].mean()) for method in TOLD}


def test_relevance_lies_on_the_cue_of_the_network_that_learned_it() -> None:
    """At least five times as much as of the network for which the same charts mean nothing, as the record says too."""
    learned, without, told = shares("model"), shares("without"), read_json(Paths(ROOT).trust(TASK))
    for method in TOLD:
        assert learned[method] >= TIMES * without[method], method
        assert told[method]["model"]["mean"] == pytest.approx(learned[method], rel=0.5)
        assert told[method]["ratio"] >= TIMES, method
