"""Stage calibrate@<model>: the temperature and the operating points of one model, from the validation split.

reads   models/<model>.keras, data/<task>/val.npz; params format, operating.<model>, tasks.<task>.calibrate
writes  metrics/<model>-calibration.json, plots/<model>/{thresholds.csv,reliability.png}
"""

import numpy as np

from glassbox.artifacts import read_labelled, read_model, write_bytes, write_csv, write_json
from glassbox.metrics.classify import calibration, probability
from glassbox.nets.classes import logits
from glassbox.render.figure import reliability
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Cool or heat the logits until probabilities are frequencies, then cut them where each purpose asks."""
    paths, folder, wanted = stage.paths, stage.paths.plots(stage.key), stage.points
    val, model = read_labelled(paths.split(stage.task_name, "val")), read_model(paths.model(stage.key))
    said = np.stack(list(stage.track(logits(model, val.images), f"calibrate {stage.key}", len(val.cases))))
    temperature = probability.temperature(said, val.labels, val.form)
    thresholds = calibration.thresholds(said, val.labels, val.form, temperature)
    given = said, val.labels, val.form, stage.classified.calibrate.bins, temperature
    record = calibration.calibration_summary(*given, thresholds, wanted)
    write_csv(folder / "thresholds.csv", thresholds)
    write_json(paths.calibration(stage.key), record)
    plotted = calibration.plotted(*given)
    write_bytes(folder / "reliability.png", reliability(plotted, f"{stage.key}, validation split"))
    stage.say(f"{stage.key}: temperature {temperature}, threshold {record.get('threshold', 'none')}")


if __name__ == "__main__":
    run(main)
