"""Stage confusion@<model>: how many pictures of each class were called what, from the scored cases.

reads   metrics/cases/<model>.csv; params format, tasks.<task>.labels
writes  plots/<model>/confusion.csv, plots/<model>/confusion.png
"""

from glassbox.artifacts import read_csv, write_bytes, write_csv
from glassbox.metrics.classify.tables import confusion_table
from glassbox.render.classes import confusion
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Count the cases; no second inference."""
    names, folder = stage.classified.labels.names, stage.paths.plots(stage.key)
    table = confusion_table(read_csv(stage.paths.cases(stage.key)), names)
    write_csv(folder / "confusion.csv", table)
    write_bytes(folder / "confusion.png", confusion(table, names, stage.key))


if __name__ == "__main__":
    run(main)
