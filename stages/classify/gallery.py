"""Stage gallery@<model>: what a classifier gets right and wrong, with explanations, and its curves.

reads   models/<model>.keras, data/<task>/test.npz, metrics/cases/<model>.csv, metrics/<model>.json,
        metrics/<model>-calibration.json; params seed, format, tasks.<task>.{evaluate, xai}
writes  plots/<task>/<model>/: a sheet a kind of case, classes.png, and for two classes curves.png
"""

from glassbox.artifacts import read_csv, read_json, read_labelled, read_model, write_bytes
from glassbox.metrics.classify import calibration, chosen
from glassbox.metrics.classify.points import curve_points
from glassbox.render import classes, heatmaps
from glassbox.stage import Stage, run
from glassbox.xai import randomise, suite

METHODS = ("grad-cam", "saliency", "integrated-gradients", "lime")


def main(stage: Stage) -> None:
    """Choose cases by how sure and how wrong the model was, explain them, and draw the curves of the whole split."""
    paths, folder = stage.paths, stage.paths.plots(stage.task_name) / stage.key
    settings, model = stage.task.xai.model_copy(update={"layers": "last"}), read_model(paths.model(stage.key))
    test, cases = read_labelled(paths.split(stage.task_name, "test")), read_csv(paths.cases(stage.key))
    record, look = (
        read_json(paths.metrics(stage.key)),
        heatmaps.Look(settings.opacity, settings.scale, settings.smoothing),
    )
    random = randomise.shuffled(model, stage.seed)
    told = chosen.logit_told(test.form, test.classes)
    for name, scored in chosen.gallery(cases, test.form, stage.classified.evaluate.shown).items():
        part, captions = test.of(list(scored["case"])), chosen.captions(scored, test.classes)
        target = suite.of_classes(chosen.explained(scored, test.form))
        made = suite.columns(model, random, part.inputs(), target, METHODS, settings, stage.seed)
        shown, none = (part.cases, part.in_colour()), [None] * len(part.cases)
        rows, about = heatmaps.explained(*shown, none, none, suite.rows(made), captions), f"{stage.key}, test: {name}"
        drawn = heatmaps.explanations(rows, suite.titles(made), about, told, look, signed=suite.signs(made))
        write_bytes(folder / f"{name.replace(' ', '-')}.png", drawn)
    write_bytes(folder / "classes.png", classes.per_class(record["per_class"], f"{stage.key}, test split"))
    if test.form == "binary":
        at = calibration.operating(read_json(paths.calibration(stage.key)))
        curves = curve_points(cases["probability"], cases["truth"], at.points)
        write_bytes(folder / "curves.png", classes.curves(*curves, chosen.areas(record), f"{stage.key}, test split"))


if __name__ == "__main__":
    run(main)
