"""Stage evaluate@<model>: score one model on the test split.

reads   models/<model>.keras, data/<task>/test.npz, metrics/<model>-calibration.json;
        params seed, format, tasks.<task>.{calibrate,evaluate}
writes  metrics/<model>.json, metrics/<model>-subgroups.json, metrics/cases/<model>.csv, metrics/batches/<model>.csv
"""

from glassbox.artifacts import read_json, read_model, read_split, write_csv, write_json
from glassbox.data.truth import attributes, truths
from glassbox.metrics import calibration, segment, subgroups
from glassbox.metrics.ranking import Ranking
from glassbox.nets.inference import at_size, probabilities
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Outline every test case, score it at the truth's own size, and summarise."""
    settings, paths = stage.task.evaluate, stage.paths
    model, test = read_model(paths.model(stage.key)), read_split(paths.split(stage.task_name, "test"))
    temperature, threshold = calibration.operating(read_json(paths.calibration(stage.key)))
    rows, ranking = [], Ranking()
    found = stage.track(probabilities(model, test.images, temperature), f"evaluate {stage.key}", len(test.cases))
    for (truth, region), small in zip(truths(test), found, strict=True):
        probability = at_size(small, *truth.shape)
        prediction = segment.outline(probability, threshold, settings.least_part, settings.fill)
        rows.append(segment.case_row(truth, prediction, settings.failure_at, region))
        ranking.add(truth, probability, region)
    cases = segment.cases_table(test.cases, rows, settings.batch)
    summary = segment.summary(cases, settings.failure_at, stage.seed, settings.resamples) | ranking.summary()
    write_csv(paths.cases(stage.key), cases)
    write_csv(paths.batches(stage.key), segment.batches_table(cases))
    write_json(paths.metrics(stage.key), summary)
    told = attributes(test, stage.task.calibrate.tracing)
    groups = subgroups.summary(cases, told, settings.failure_at, stage.seed, settings.resamples)
    write_json(paths.subgroups(stage.key), groups)
    stage.say(f"{stage.key}: Dice {summary['dice']['mean']}, IoU {summary['iou']['mean']}, {summary['n']}")


if __name__ == "__main__":
    run(main)
