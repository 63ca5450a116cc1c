"""Stage overlay@<model>: predictions beside the truth, on the task's representative batch and the worst cases.

reads   models/<model>.keras, data/<task>/test.npz, metrics/cases/<model>.csv, metrics/batches/<base>.csv,
        metrics/<model>-calibration.json; params format, tasks.<task>.evaluate
writes  plots/<model>/{masks,overlays,worst}.png
"""

from glassbox.artifacts import read_csv, read_json, read_model, read_split, write_bytes
from glassbox.metrics import calibration, segment
from glassbox.nets.inference import probabilities
from glassbox.render import panel
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Outline the chosen cases again and draw them; the batch is that of the task's base, the same for all models."""
    settings, paths, folder = stage.task.evaluate, stage.paths, stage.paths.plots(stage.key)
    model, test = read_model(paths.model(stage.key)), read_split(paths.split(stage.task_name, "test"))
    cases = read_csv(paths.cases(stage.key))
    temperature, threshold = calibration.operating(read_json(paths.calibration(stage.key)))
    batch = segment.representative_batch(read_csv(paths.batches(stage.base_name)))

    def shown(names: list[str]) -> list[panel.Shown]:
        part = test.of(names)
        made = []
        for i, probability in enumerate(probabilities(model, part.images, temperature)):
            told = segment.caption(cases[cases["case"] == names[i]])
            prediction = segment.outline(probability, threshold, settings.least_part, settings.fill)
            made.append(panel.Shown(names[i], part.images[i], part.masks[i].astype(bool), prediction, told))
        return made

    chosen = shown(list(segment.of_batch(cases, batch).index))
    about = f"{stage.key}, test batch {batch}"
    write_bytes(folder / "masks.png", panel.masks_beside_truth(chosen, about))
    write_bytes(folder / "overlays.png", panel.overlays_beside_truth(chosen, about))
    worst = segment.worst(cases, settings.worst)
    write_bytes(folder / "worst.png", panel.worst(shown(worst), stage.key, count=settings.worst))


if __name__ == "__main__":
    run(main)
