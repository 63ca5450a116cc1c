"""Stage threshold@<task>: the cheap alternative to a variant, the balanced model with its threshold moved.

reads   models/<model>.keras, plots/<model>/thresholds.csv and metrics/<model>-calibration.json of the balanced model,
        metrics/<model>-calibration.json and metrics/cases/<model>.csv of the others, data/<task>/test.npz;
        params seed, format, comparisons.<task>, tasks.<task>.evaluate
writes  metrics/<task>-threshold.json
"""

from glassbox.artifacts import read_csv, read_json, read_model, read_split, write_json
from glassbox.data.truth import truths
from glassbox.metrics import calibration, segment
from glassbox.nets.inference import at_size, probabilities
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Move the threshold until, on validation, precision or recall is the variant's; then score both on test."""
    settings, paths, balanced = stage.task.evaluate, stage.paths, stage.compared["balanced"]
    model, test = read_model(paths.model(balanced)), read_split(paths.split(stage.key, "test"))
    thresholds = read_csv(paths.plots(balanced) / "thresholds.csv")
    temperature = calibration.operating(read_json(paths.calibration(balanced))).temperature
    maps = list(stage.track(probabilities(model, test.images, temperature), f"threshold {balanced}", len(test.cases)))
    record = {}
    for purpose in ("precision", "recall"):
        variant = stage.compared[purpose]
        reached = read_json(paths.calibration(variant))["at_threshold"][purpose]
        moved = calibration.matching(thresholds, purpose, reached)
        rows = []
        for (truth, region), found in zip(truths(test), maps, strict=True):
            mask = segment.outline(at_size(found, *truth.shape), moved, settings.least_part, settings.fill)
            rows.append(segment.case_row(truth, mask, settings.failure_at, region))
        cases = segment.cases_table(test.cases, rows, settings.batch)
        scored = segment.summary(cases, settings.failure_at, stage.seed, settings.resamples)
        against = segment.compare(cases, read_csv(paths.cases(variant)), stage.seed, settings.resamples)
        record[purpose] = {"threshold": moved, **scored, f"minus_{purpose}_variant": against}
    write_json(paths.threshold(stage.key), record)


if __name__ == "__main__":
    run(main)
