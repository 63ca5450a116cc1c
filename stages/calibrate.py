"""Stage calibrate@<model>: the temperature and the operating threshold of one model, from the validation split.

reads   models/<model>.keras, data/<task>/val.npz; params format, operating.<model>, tasks.<task>.calibrate
writes  metrics/<model>-calibration.json, plots/<model>/{thresholds.csv,reliability.png}
"""

from glassbox.artifacts import read_model, read_split, write_bytes, write_csv, write_json
from glassbox.data.truth import counts, kinds, truths_as_seen
from glassbox.metrics import calibration
from glassbox.nets.inference import logits
from glassbox.render.figure import reliability
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Cool or heat the logits until probabilities are frequencies, then cut them where the model's purpose asks."""
    settings, paths, folder = stage.task.calibrate, stage.paths, stage.paths.plots(stage.key)
    val = read_split(paths.split(stage.task_name, "val"))
    maps = stage.track(logits(read_model(paths.model(stage.key)), val.images), f"calibrate {stage.key}", len(val.cases))
    found, truths = calibration.counted(maps, truths_as_seen(val))
    temperature = calibration.temperature(found, truths)
    each = kinds(val, settings.tracing)
    thresholds = calibration.by_threshold(found, truths, temperature, each)
    purpose = stage.params.operating[stage.key]
    operating = calibration.Operating(temperature, calibration.choose(thresholds, purpose.keep, purpose.least))
    write_csv(folder / "thresholds.csv", thresholds)
    record = calibration.summary(found, truths, settings.bins, operating, thresholds)
    write_json(paths.calibration(stage.key), {**record, **counts(each)})
    plotted = calibration.plotted(found, truths, settings.bins, temperature)
    write_bytes(folder / "reliability.png", reliability(plotted, f"{stage.key}, validation split"))
    stage.say(f"{stage.key}: temperature {operating.temperature}, threshold {operating.threshold}")


if __name__ == "__main__":
    run(main)
