"""Stage augment@<task>: draw every transform of every training sample of every pass, and verify the alignment.

reads   data/<task>/train.npz; params seed, format, tasks.<task>.augment
writes  data/<task>/plan.parquet, metrics/<task>-augment.json, plots/<task>/augment.png
"""

from glassbox.artifacts import read_split, write_bytes, write_json, write_parquet
from glassbox.data import alignment, augment, plan
from glassbox.render.panel import Sample, augmentation
from glassbox.stage import Stage, run

CHECKED, SHOWN = 400, 20


def main(stage: Stage) -> None:
    """Draw the plan, replay a part of it to prove that masks sit on their pictures, and show some samples."""
    train = read_split(stage.paths.split(stage.key, "train"))
    drawn = plan.draw(train.cases, stage.task.augment, stage.seed)
    found = alignment.verify(drawn, train.images, train.masks, CHECKED)
    samples = []
    for row in augment.recipes(drawn, 0)[:SHOWN]:
        image, mask = augment.replay(row, train.images[row.index], train.masks[row.index])
        samples.append(Sample(image, mask.astype(bool), f"{train.cases[row.index]}, pass 0"))
    write_parquet(stage.paths.plan(stage.key), drawn)
    write_json(stage.paths.alignment(stage.key), {"alignment": found})
    write_bytes(stage.paths.plots(stage.key) / "augment.png", augmentation(samples, stage.key))
    stage.say(f"{len(drawn)} samples drawn; alignment {found}")


if __name__ == "__main__":
    run(main)
