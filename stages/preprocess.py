"""Stage preprocess@<task>: from raw data to the splits a network is given.

reads   data/<task>.sha256, data/raw/<task>/; params seed, format, tasks.<task>.{loader, source, preprocess}
writes  data/<task>/{train,val,test}.npz, metrics/<task>-data.json, plots/<task>/preprocess.png
"""

from importlib import import_module

from glassbox.artifacts import SPLITS, read_manifest, write_bytes, write_json, write_split
from glassbox.data.assemble import assemble, showcase
from glassbox.data.check import Census
from glassbox.params import parse
from glassbox.render.panel import Stepped, before_after
from glassbox.stage import Stage, run

SHOWN = 5


def main(stage: Stage) -> None:
    """Verify the raw data against the manifest, then read, preprocess, count and store every split."""
    task, paths = stage.task, stage.paths
    loader = import_module(f"glassbox.data.{task.loader}.loader")
    source = parse(loader.Source, task.source, f"{paths.params()}: tasks.{stage.key}.source")
    raw = paths.raw(stage.key)
    loader.verify(raw, source, stage.seed, read_manifest(paths.manifest(stage.key)))
    census = Census()
    for split in SPLITS:
        cases = stage.track(loader.cases(raw, source, stage.seed, split), f"preprocess {split}")
        write_split(paths.split(stage.key, split), assemble(cases, task.preprocess, split, census))
    report = census.report()
    write_json(paths.census(stage.key), report.counts)
    shown = []
    for case, _ in zip(loader.cases(raw, source, stage.seed, "train"), range(SHOWN), strict=False):
        steps = showcase(case.image, task.preprocess)
        shown.append(Stepped(case.name, tuple(steps.values()), (case.mask, *[None] * (len(steps) - 1))))
    write_bytes(paths.plots(stage.key) / "preprocess.png", before_after(shown, tuple(steps), stage.key))
    for line in report.lines():
        stage.say(line)


if __name__ == "__main__":
    run(main)
