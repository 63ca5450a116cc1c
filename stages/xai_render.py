"""Stage xai-render@<model>: explanations of the task's representative batch.

reads   models/<model>.keras, data/<task>/test.npz, metrics/cases/<model>.csv, metrics/batches/<base>.csv,
        metrics/<model>-calibration.json; params seed, format, tasks.<task>.xai
writes  plots/<model>/xai/: gradcam.png, attribution.png, cases/<case>.png, index.html
"""

from glassbox.artifacts import read_csv, read_json, read_model, read_split, write_bytes
from glassbox.metrics import calibration, segment
from glassbox.render import heatmaps, html
from glassbox.stage import Stage, run
from glassbox.xai import randomise, suite

LAYERED = "grad-cam"  # has a sheet of its own, a column a layer


def main(stage: Stage) -> None:
    """Explain what the network outlined, by each method and at each layer of a group."""
    settings, paths, folder = stage.task.xai, stage.paths, stage.paths.plots(stage.key) / "xai"
    model = read_model(paths.model(stage.key))
    batch = segment.representative_batch(read_csv(paths.batches(stage.base_name)))
    scores = segment.of_batch(read_csv(paths.cases(stage.key)), batch)
    part = read_split(paths.split(stage.task_name, "test")).of(list(scores.index))
    threshold = calibration.operating(read_json(paths.calibration(stage.key))).uncalibrated
    images, truths = part.inputs(), part.masks.astype(bool)
    target, predictions = suite.of_form(model, images, list(truths), threshold, settings.region)
    look = heatmaps.Look(settings.opacity, settings.scale, settings.smoothing)
    about, captions = f"{stage.key}, test batch {batch}, region: {settings.region}", segment.captions(scores)
    given = model, randomise.shuffled(model, stage.seed), images, target, [LAYERED, *settings.methods]
    made = suite.columns(*given, settings, stage.seed, stage.track)
    sections, shown = [], (part.cases, part.images, truths, predictions)
    for name, columns in zip(("gradcam", "attribution"), suite.apart(made, LAYERED), strict=True):
        rows, told = heatmaps.explained(*shown, suite.rows(columns), captions), suite.about(columns)
        drawn = heatmaps.explanations(rows, suite.titles(columns), about, told, look, signed=suite.signs(columns))
        write_bytes(folder / f"{name}.png", drawn)
        sections.append(html.Section(name, told, suite.guide(columns), (drawn,)))
    rows = heatmaps.explained(*shown, suite.rows(made), captions)
    for case, page in heatmaps.case_pages(rows, suite.titles(made), about, look, suite.signs(made)):
        write_bytes(folder / "cases" / f"{case}.png", page)
        sections.append(html.Section(case, "", (), (page,)))
    write_bytes(folder / "index.html", html.page(f"Explanations of {stage.key}", suite.READING, sections))


if __name__ == "__main__":
    run(main)
