"""`glassbox check`: what a data set holds and what is wrong with it."""

import json
from dataclasses import replace

from glassbox.artifacts import SPLITS, Paths, read_manifest
from glassbox.commands.dataset import Dataset, dataset
from glassbox.commands.screen import progress, say
from glassbox.data import acquire, check_labelled
from glassbox.data.check import Census, Report, check
from glassbox.errors import GlassboxError
from glassbox.params import load


def run(task: str, as_json: bool) -> int:
    """Print the report, one line a fault; exit code 1 where there is one."""
    paths = Paths()
    data = dataset(paths, load(paths.params()), task)
    report = inspect(data)
    if not data.is_drawn and paths.manifest(task).exists():
        report = replace(report, faults=[*report.faults, *_against_manifest(data, paths)])
    if as_json:
        say(json.dumps({**report.counts, "findings": report.findings, "faults": report.faults}, indent=2))
    else:
        tell(report)
    return int(bool(report.faults))


def tell(report: Report) -> None:
    """The report on stdout, with every one of its faults."""
    for line in [*replace(report, faults=[]).lines(), *(f"fault: {line}" for line in report.faults)]:
        say(line)
    say(f"{len(report.findings)} findings, {len(report.faults)} faults")


def inspect(data: Dataset) -> Report:
    """Read every picture, with its mask or label, of a data set, drawn or on disk."""
    with progress() as bar:
        if not data.is_drawn and data.labels is not None:
            return check_labelled.check(data.entries(), data.labels, bar)
        if not data.is_drawn:
            return check(data.pairs(), bar)
        census = Census()
        for split in SPLITS:
            for done, case in enumerate(data.cases(split), start=1):
                census.add(split, case)
                bar(f"check {split}", done, getattr(data.source, split, done))  # the phantom's source says how many
        return census.report()


def _against_manifest(data: Dataset, paths: Paths) -> list[str]:
    """The manifest's complaint, where there is one."""
    try:
        with progress() as bar:
            acquire.verify(data.raw, read_manifest(paths.manifest(data.name)), data.files(), bar)
    except GlassboxError as error:
        return [str(error)]
    return []
