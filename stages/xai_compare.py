"""Stage xai-compare@<task>: explanations of the task's models side by side, a page a case.

reads   models/<model>.keras, metrics/<model>-calibration.json, metrics/cases/<model>.csv of base, precision, balanced
        and recall, metrics/batches/<base>.csv, data/<task>/test.npz; params seed, format, comparisons.<task>,
        tasks.<task>.xai
writes  plots/<task>/xai/: <case>.png, index.html
"""

from glassbox.artifacts import read_csv, read_json, read_model, read_split, write_bytes
from glassbox.metrics import calibration, segment
from glassbox.render import heatmaps, html
from glassbox.stage import Stage, run
from glassbox.xai import randomise, suite


def main(stage: Stage) -> None:
    """The representative batch, a row a model: what moved each to its own outline."""
    settings, paths, folder = stage.task.xai, stage.paths, stage.paths.plots(stage.key) / "xai"
    batch = segment.representative_batch(read_csv(paths.batches(stage.compared["base"])))
    cases = list(segment.of_batch(read_csv(paths.cases(stage.compared["balanced"])), batch).index)
    part = read_split(paths.split(stage.key, "test")).of(cases)
    images, truths = part.inputs(), part.masks.astype(bool)
    asked, outlined, told = [], [], []
    for name in stage.track(list(stage.compared.values()), f"explain {stage.key}"):
        model, scores = read_model(paths.model(name)), segment.of_batch(read_csv(paths.cases(name)), batch)
        threshold = calibration.operating(read_json(paths.calibration(name))).uncalibrated
        target, predictions = suite.of_form(model, images, list(truths), threshold, settings.region)
        given = model, randomise.shuffled(model, stage.seed), images, target
        asked.append(suite.columns(*given, settings.beside, settings, stage.seed))
        outlined.append(predictions)
        told.append(segment.captions(scores))
    columns = suite.aligned(asked)
    look = heatmaps.Look(settings.opacity, settings.scale, settings.smoothing)
    first, rows = columns[0], [suite.rows(made) for made in columns]
    drawn = outlined, rows, told, suite.titles(first), suite.signs(first), look
    sheets = heatmaps.side_by_side(list(stage.compared.values()), cases, part.images, truths, *drawn)
    sections = [html.Section("how to read it", suite.about(first), suite.guide(first))]
    for case, sheet in zip(cases, sheets, strict=True):
        write_bytes(folder / f"{case}.png", sheet)
        sections.append(html.Section(case, "", (), (sheet,)))
    write_bytes(folder / "index.html", html.page(f"Models of {stage.key} side by side", suite.READING, sections))


if __name__ == "__main__":
    run(main)
