"""Stage robustness@<task>: the balanced model on test pictures made worse on purpose.

reads   models/<model>.keras, data/<task>/test.npz, metrics/<model>-calibration.json;
        params seed, format, tasks.<task>.{evaluate, robustness}
writes  metrics/<task>-robustness.json
"""

from glassbox.artifacts import read_json, read_model, read_split, write_json
from glassbox.data.augment import Image
from glassbox.data.corruption import corrupted
from glassbox.data.truth import truths
from glassbox.metrics import calibration, segment
from glassbox.nets.inference import at_size, probabilities
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Score every kind of corruption at every strength, and the pictures as they are."""
    settings, paths, name = stage.task.evaluate, stage.paths, stage.compared["balanced"]
    model, test = read_model(paths.model(name)), read_split(paths.split(stage.key, "test"))
    at = calibration.operating(read_json(paths.calibration(name)))
    true = truths(test)

    def scored(images: Image) -> segment.Record:
        found = probabilities(model, images, at.temperature)
        maps = (at_size(each, *truth.mask.shape) for truth, each in zip(true, found, strict=True))
        masks = [segment.outline(each, at.threshold, settings.least_part, settings.fill) for each in maps]
        return segment.brief(true, masks, settings.failure_at, stage.seed, settings.resamples)

    record = {"none": scored(test.images)}
    for kind, strengths in stage.track(list(stage.task.robustness), f"robustness {name}"):
        record[kind] = {f"{each:g}": scored(corrupted(test.images, kind, each, stage.seed)) for each in strengths}
    write_json(paths.robustness(stage.key), record)
    stage.say(f"{name}: {len(record)} kinds of picture")


if __name__ == "__main__":
    run(main)
