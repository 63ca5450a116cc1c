"""Stage confusion@<model>: how many pixels of each kind were called what, from the scored cases.

reads   metrics/cases/<model>.csv; params format, tasks.<task>.labels
writes  plots/<model>/confusion.csv, plots/<model>/confusion.png
"""

from glassbox.artifacts import read_csv, write_bytes, write_csv
from glassbox.metrics.segment import confusion_table
from glassbox.render.figure import confusion
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Sum the counts of all cases; no second inference."""
    labels = (stage.task.labels.target, stage.task.labels.background)
    table = confusion_table(read_csv(stage.paths.cases(stage.key)), *labels)
    tp, fn, fp, tn = table["n"]
    folder = stage.paths.plots(stage.key)
    write_csv(folder / "confusion.csv", table)
    write_bytes(folder / "confusion.png", confusion(tp, fp, fn, tn, labels, stage.key))


if __name__ == "__main__":
    run(main)
