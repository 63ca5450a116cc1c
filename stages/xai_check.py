"""Stage xai-check@<task>: how far each method of explanation can be trusted on the task's balanced model.

reads   models/<model>.keras, data/<task>/test.npz, metrics/cases/<model>.csv, metrics/batches/<base>.csv,
        metrics/<model>-calibration.json; params seed, format, comparisons.<task>, tasks.<task>.xai,
        tasks.<task>.evaluate
writes  metrics/<model>-xai.json, plots/<model>/xai-check.csv
"""

import pandas as pd

from glassbox.artifacts import read_csv, read_json, read_model, read_split, write_csv, write_json
from glassbox.metrics import calibration, explained, segment
from glassbox.stage import Stage, run
from glassbox.xai import suite, trust
from glassbox.xai.methods import METHODS


def main(stage: Stage) -> None:
    """Ask every method the four questions of `trust`, the costly two of the representative batch alone."""
    settings, paths, name, base = stage.task.xai, stage.paths, stage.compared["balanced"], stage.compared["base"]
    model, test = read_model(paths.model(name)), read_split(paths.split(stage.key, "test"))
    threshold = calibration.operating(read_json(paths.calibration(name))).uncalibrated

    def asked(cases: list[str]) -> trust.Asked:
        part = test.of(cases)
        images, truths = part.inputs(), part.masks.astype(bool)
        target, _ = suite.of_form(model, images, list(truths), threshold, settings.region)
        return trust.asked(cases, images, truths, target, name)

    batch = segment.representative_batch(read_csv(paths.batches(base)))
    many = asked(trust.spread(test.cases, settings.trust.cases))
    few = asked(list(segment.of_batch(read_csv(paths.cases(name)), batch).index))
    rows = trust.by_case(model, many, settings, stage.seed)
    cases = pd.DataFrame(stage.track(rows, f"check {name}", len(METHODS) * len(many.cases)))
    batches = stage.track(trust.by_batch(model, few, settings, stage.seed), f"shuffle {name}", len(METHODS))
    write_csv(paths.plots(name) / "xai-check.csv", cases)
    write_json(paths.trust(name), explained.summary(cases, batches, stage.seed, stage.task.evaluate.resamples))


if __name__ == "__main__":
    run(main)
