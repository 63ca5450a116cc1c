"""Stage preprocess@<task>: from raw data to the splits a network is given.

reads   data/<task>.sha256, data/raw/<task>/; params seed, format, tasks.<task>.{labels, loader, source, preprocess}
writes  data/<task>/{train,val,test}.npz, metrics/<task>-data.json, plots/<task>/preprocess.png
"""

from importlib import import_module

from glassbox.artifacts import SPLITS, read_manifest, write_bytes, write_json, write_labelled, write_split
from glassbox.data import assemble, assemble_labelled
from glassbox.data.check import Census
from glassbox.params import parse
from glassbox.render.panel import Stepped, before_after
from glassbox.stage import Stage, run

SHOWN = 5


def main(stage: Stage) -> None:
    """Verify the raw data against the manifest, then read, preprocess, count and store every split."""
    task, paths, census, classes = stage.task, stage.paths, Census(), {}
    loader = import_module(f"glassbox.data.{task.loader}.loader")
    source = parse(loader.Source, task.source, f"{paths.params()}: tasks.{stage.key}.source")
    given = paths.raw(stage.key), source, stage.seed
    loader.verify(*given, read_manifest(paths.manifest(stage.key)))
    for split in SPLITS:
        cases = stage.track(loader.cases(*given, split), f"preprocess {split}")
        if stage.kind == "segment":
            write_split(paths.split(stage.key, split), assemble.assemble(cases, task.preprocess, split, census))
        else:
            made = assemble_labelled.assemble(cases, (told := stage.classified).preprocess, told.labels, split, census)
            classes[split] = assemble_labelled.counts(made)
            write_labelled(paths.split(stage.key, split), made)
    report, shown = census.report(), []
    write_json(paths.census(stage.key), report.counts | ({"classes": classes} if classes else {}))
    for case, _ in zip(loader.cases(*given, "train"), range(SHOWN), strict=False):
        steps, mask = assemble.showcase(case.image, task.preprocess), getattr(case, "mask", None)
        shown.append(Stepped(case.name, tuple(steps.values()), (mask, *[None] * (len(steps) - 1))))
    write_bytes(paths.plots(stage.key) / "preprocess.png", before_after(shown, tuple(steps), stage.key))
    for line in report.lines():
        stage.say(line)


if __name__ == "__main__":
    run(main)
