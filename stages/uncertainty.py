"""Stage uncertainty@<model>: predicted quality of every test case, fitted on the validation split.

reads   models/<model>.keras, data/<task>/{val,test}.npz, metrics/<model>-calibration.json; params seed, format,
        tasks.<task>.evaluate
writes  metrics/<model>-uncertainty.json, metrics/quality/<model>.csv, plots/<model>/{risk-coverage.csv,uncertainty.png}
"""

from glassbox.artifacts import Split, read_json, read_model, read_split, write_bytes, write_csv, write_json
from glassbox.data.truth import truths
from glassbox.metrics import calibration, quality, segment
from glassbox.metrics.overlap import Mask
from glassbox.nets.inference import Probability, at_size, flipped
from glassbox.render import heatmaps
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Show the network each picture and its mirror images; validation tells what their doubt foretells."""
    settings, paths, folder = stage.task.evaluate, stage.paths, stage.paths.plots(stage.key)
    model, at = read_model(paths.model(stage.key)), calibration.operating(read_json(paths.calibration(stage.key)))
    val, test = (read_split(paths.split(stage.task_name, name)) for name in ("val", "test"))

    def cut(found: Probability, size: tuple[int, ...]) -> Mask:
        return segment.outline(at_size(found, *size), at.threshold, settings.least_part, settings.fill)

    def seen(split: Split) -> quality.Table:
        maps = stage.track(flipped(model, split.images, at.temperature), f"uncertainty {stage.key}", len(split.cases))
        return quality.table(split.cases, truths(split), maps, cut)

    cases, weights = quality.told(seen(test), seen(val), settings.review)
    record = quality.summary(cases, settings.failure_at, settings.review, stage.seed, settings.resamples)
    write_json(paths.uncertainty(stage.key), {**record, "weights": weights})
    write_csv(paths.quality(stage.key), cases)
    write_csv(folder / "risk-coverage.csv", quality.risk_coverage(cases["quality"], cases["iou"]))
    chosen = quality.lowest(cases, settings.worst)
    part = test.of(list(chosen))
    maps = list(flipped(model, part.images, at.temperature))
    drawn = [cut(each[0], each[0].shape) for each in maps], [quality.uncertainty(each) for each in maps]
    write_bytes(folder / "uncertainty.png", heatmaps.doubts(chosen, part.images, part.masks > 0, *drawn, stage.key))


if __name__ == "__main__":
    run(main)
