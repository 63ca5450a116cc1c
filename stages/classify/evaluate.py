"""Stage evaluate@<model>: score one model on the test split.

reads   models/<model>.keras, data/<task>/test.npz, metrics/<model>-calibration.json;
        params seed, format, tasks.<task>.evaluate
writes  metrics/<model>.json, metrics/<model>-subgroups.json, metrics/cases/<model>.csv, metrics/batches/<model>.csv
"""

import numpy as np

from glassbox.artifacts import read_json, read_labelled, read_model, write_csv, write_json
from glassbox.metrics.classify import calibration, probability, subgroups, summary, tables
from glassbox.nets.classes import logits
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Tell every test case apart at the operating points that validation gave, and summarise."""
    paths, settings = stage.paths, stage.classified.evaluate
    test, model = read_labelled(paths.split(stage.task_name, "test")), read_model(paths.model(stage.key))
    at = calibration.operating(read_json(paths.calibration(stage.key)))
    said = np.stack(list(stage.track(logits(model, test.images), f"evaluate {stage.key}", len(test.cases))))
    found = probability.probabilities(said, test.form, at.temperature)
    told, drawn = (found, test.labels, test.form), (stage.seed, settings.resamples)
    cases = tables.cases_table(test.cases, test.labels, found, test.form, test.classes, settings.batch, at.threshold)
    record = summary.summary(cases, *told, test.classes, at.points, *drawn)
    write_csv(paths.cases(stage.key), cases)
    write_csv(paths.batches(stage.key), tables.batches_table(cases))
    write_json(paths.metrics(stage.key), record)
    write_json(paths.subgroups(stage.key), subgroups.subgroups(cases, test.attributes, *told, *drawn))
    stage.say(f"{stage.key}: accuracy {record['accuracy']['mean']}, AUROC {record['auroc']['mean']}, {record['n']}")


if __name__ == "__main__":
    run(main)
