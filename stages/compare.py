"""Stage compare@<task>: the task's models side by side, their paired differences and their training curves.

reads   models/<model>.keras, models/<model>-history.csv, metrics/cases/<model>.csv of base, precision, balanced and
        recall, metrics/<model>-calibration.json, metrics/batches/<base>.csv, data/<task>/test.npz; params seed, format,
        comparisons.<task>, tasks.<task>.evaluate
writes  metrics/<task>-compare.json, plots/<task>/compare/{variants,curves,scores}.png
"""

from glassbox.artifacts import read_csv, read_json, read_model, read_split, write_bytes, write_json
from glassbox.metrics import calibration, segment
from glassbox.nets.inference import probabilities
from glassbox.render import figure, panel
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Measure every model against `balanced` on the same cases; draw the representative batch for each variant."""
    settings, paths, names = stage.task.evaluate, stage.paths, list(stage.compared.values())
    base, balanced, folder = stage.compared["base"], stage.compared["balanced"], paths.plots(stage.key) / "compare"
    cases = {name: read_csv(paths.cases(name)) for name in names}
    differences = segment.against(balanced, cases, stage.seed, settings.resamples)
    write_json(paths.comparison(stage.key), {"minus_balanced": differences})

    batch = segment.representative_batch(read_csv(paths.batches(base)))
    chosen = {name: segment.of_batch(table, batch) for name, table in cases.items() if name != base}
    part = read_split(paths.split(stage.key, "test")).of(list(chosen[balanced].index))
    masks = {}
    for name in stage.track(chosen, "compare"):
        temperature, threshold = calibration.operating(read_json(paths.calibration(name)))
        found = probabilities(read_model(paths.model(name)), part.images, temperature)
        masks[name] = [segment.outline(each, threshold, settings.least_part, settings.fill) for each in found]
    rows, truths = [], part.masks.astype(bool)
    for i, case in enumerate(part.cases):
        outlined = tuple(masks[name][i] for name in chosen)
        told = tuple(segment.caption(table.loc[[case]]) for table in chosen.values())
        rows.append(panel.Varied(case, part.images[i], truths[i], outlined, told))
    headers = [f"{name}\n{segment.caption(table)}" for name, table in chosen.items()]
    write_bytes(folder / "variants.png", panel.variants(rows, headers, f"{stage.key}, test batch {batch}"))
    write_bytes(folder / "curves.png", figure.curves({n: read_csv(paths.history(n)) for n in names}, stage.key))
    means = {name: segment.means(table, stage.seed, settings.resamples) for name, table in cases.items()}
    write_bytes(folder / "scores.png", figure.intervals(means, stage.key, "95 % bootstrap intervals over cases"))


if __name__ == "__main__":
    run(main)
