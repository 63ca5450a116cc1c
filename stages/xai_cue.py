"""Stage xai-cue@<task>: do explanations show a planted cue? Asked of a network that learned it, and of one without.

reads   models/<model>.keras, metrics/<model>-calibration.json of both, data/<task>/test.npz; params seed, format,
        cues.<task>, tasks.<task>.{source, xai, evaluate}
writes  metrics/<task>-xai.json
"""

from importlib import import_module

import numpy as np

from glassbox.artifacts import read_json, read_model, read_split, write_json
from glassbox.metrics import calibration, explained
from glassbox.params import parse
from glassbox.stage import Stage, run
from glassbox.xai import suite, trust


def main(stage: Stage) -> None:
    """The share of every method's relevance on the cue, over the test pictures that have one."""
    task, paths, cue = stage.task, stage.paths, stage.params.cues[stage.key]
    loader = import_module(f"glassbox.data.{cue.loader}.loader")
    source = parse(loader.Source, task.source, f"{paths.params()}: tasks.{stage.key}.source")
    test = read_split(paths.split(stage.key, "test"))
    places = dict(zip(test.cases, loader.planted(source, stage.seed, "test"), strict=True))
    part = test.of(trust.spread([name for name in test.cases if places[name].any()], task.xai.trust.cases))
    images, rows = part.inputs(), {}
    for role, name in stage.track([("model", cue.model), ("without", cue.without)], f"cue {stage.key}"):
        model = read_model(paths.model(name))
        threshold = calibration.operating(read_json(paths.calibration(name))).uncalibrated
        target, _ = suite.of_form(model, images, list(part.masks.astype(bool)), threshold, task.xai.region)
        asked = trust.asked(part.cases, images, part.masks.astype(bool), target, name)
        cues = np.stack([places[case] for case in asked.cases])
        rows[role] = list(trust.on_cue(model, asked, cues, task.xai, stage.seed))
    write_json(paths.trust(stage.key), explained.on_cue(rows, stage.seed, task.evaluate.resamples))


if __name__ == "__main__":
    run(main)
