"""Stage xai-render@<model>: explanations of the task's representative batch.

reads   models/<model>.keras, data/<task>/test.npz, metrics/cases/<model>.csv, metrics/batches/<base>.csv,
        metrics/<model>-calibration.json;
        params format, tasks.<task>.xai
writes  plots/<model>/xai/{gradcam,attribution}.png
"""

from glassbox.artifacts import read_csv, read_json, read_model, read_split, write_bytes
from glassbox.metrics import calibration, segment
from glassbox.render import panel
from glassbox.stage import Stage, run
from glassbox.xai import suite

TOP_PERCENT = 99.0  # the colour scale's end: a few spikes would leave the rest dark


def main(stage: Stage) -> None:
    """Explain why the predicted lesion was called one: the mean logit over it, by each method."""
    settings, paths, folder = stage.task.xai, stage.paths, stage.paths.plots(stage.key) / "xai"
    model = read_model(paths.model(stage.key))
    batch = segment.representative_batch(read_csv(paths.batches(stage.base_name)))
    scores = segment.of_batch(read_csv(paths.cases(stage.key)), batch)
    part = read_split(paths.split(stage.task_name, "test")).of(list(scores.index))
    truths = part.masks.astype(bool)
    threshold = calibration.operating(read_json(paths.calibration(stage.key))).uncalibrated
    pages = {"gradcam": suite.layer_wise(model, part.inputs(), threshold, settings.layers)}
    pages["attribution"] = suite.attributions(
        model, part.images, threshold, settings.steps, settings.segments, settings.compactness
    )
    for name, page in stage.track(pages.items(), f"explain {stage.key}", len(pages)):
        rows = [
            panel.Explained(case, part.images[i], truths[i], *page.of(i), segment.caption(scores.loc[[case]]))
            for i, case in enumerate(part.cases)
        ]
        about = f"{stage.key}, test batch {batch}"
        sheet = panel.explanations(rows, tuple(page.maps), about, page.note, TOP_PERCENT, settings.opacity)
        write_bytes(folder / f"{name}.png", sheet)


if __name__ == "__main__":
    run(main)
