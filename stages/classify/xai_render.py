"""Stage xai-render@<model>: explanations of the task's representative batch.

reads   models/<model>.keras, data/<task>/test.npz, metrics/{cases/<model>,batches/<base>}.csv;
        params seed, format, tasks.<task>.xai
writes  plots/<model>/xai/: gradcam.png, attribution.png, cases/<case>.png, index.html
"""

from glassbox.artifacts import read_csv, read_labelled, read_model, write_bytes
from glassbox.metrics.classify import chosen, tables
from glassbox.render import heatmaps, html
from glassbox.stage import Stage, run
from glassbox.xai import randomise, suite

LAYERED = "grad-cam"  # has a sheet of its own, a column a layer


def main(stage: Stage) -> None:
    """Explain what the network called each picture, by each method and at each layer."""
    settings, paths, folder = stage.task.xai, stage.paths, stage.paths.plots(stage.key) / "xai"
    model, sections = read_model(paths.model(stage.key)), []
    batch = tables.representative_batch(read_csv(paths.batches(stage.base_name)))
    scored = chosen.of_batch(read_csv(paths.cases(stage.key)), batch)
    part = read_labelled(paths.split(stage.task_name, "test")).of(list(scored["case"]))
    about, captions = f"{stage.key}, test batch {batch}", chosen.captions(scored, part.classes)
    look, nothing = heatmaps.Look(settings.opacity, settings.scale, settings.smoothing), [None] * len(part.cases)
    told = chosen.logit_told(part.form, part.classes)
    target = suite.of_classes(chosen.explained(scored, part.form))
    given = model, randomise.shuffled(model, stage.seed), part.inputs(), target, [LAYERED, *settings.methods]
    made = suite.columns(*given, settings, stage.seed, stage.track)
    shown = part.cases, part.in_colour(), nothing, nothing
    for name, columns in zip(("gradcam", "attribution"), suite.apart(made, LAYERED), strict=True):
        rows = heatmaps.explained(*shown, suite.rows(columns), captions)
        drawn = heatmaps.explanations(rows, suite.titles(columns), about, told, look, signed=suite.signs(columns))
        write_bytes(folder / f"{name}.png", drawn)
        sections.append(html.Section(name, told, suite.guide(columns), (drawn,)))
    rows = heatmaps.explained(*shown, suite.rows(made), captions)
    for case, page in heatmaps.case_pages(rows, suite.titles(made), about, look, suite.signs(made)):
        write_bytes(folder / "cases" / f"{case}.png", page)
        sections.append(html.Section(case, "", (), (page,)))
    write_bytes(folder / "index.html", html.page(f"Explanations of {stage.key}", chosen.READING, sections))


if __name__ == "__main__":
    run(main)
