"""Stage augment@<task>: draw every transform of every training sample of every pass; verify how masks are aligned.

reads   data/<task>/train.npz; params seed, format, tasks.<task>.augment
writes  data/<task>/plan.parquet, metrics/<task>-augment.json, plots/<task>/augment.png
"""

from glassbox.artifacts import read_labelled, read_split, write_bytes, write_json, write_parquet
from glassbox.data import alignment, augment, plan, sample
from glassbox.render.panel import Sample
from glassbox.render.samples import sheet
from glassbox.stage import Stage, run

CHECKED, SHOWN = 400, 20


def main(stage: Stage) -> None:
    """Draw the plan, replay a part of it, and show some samples."""
    drawn, samples, told = (outlined if stage.kind == "segment" else classified)(stage)
    write_parquet(stage.paths.plan(stage.key), drawn)
    write_json(stage.paths.alignment(stage.key), {"samples": len(drawn)} if told is None else {"alignment": told})
    write_bytes(stage.paths.plots(stage.key) / "augment.png", sheet(samples, stage.key))
    stage.say(f"{len(drawn)} samples drawn, alignment {told}")


def outlined(stage: Stage) -> tuple[plan.Plan, list[Sample], dict[str, float | int]]:
    """Plan and samples of pictures with masks; the replay proves that masks sit on their pictures."""
    train = read_split(stage.paths.split(stage.key, "train"))
    drawn = plan.draw(train.cases, stage.task.augment, stage.seed)
    rows = augment.recipes(drawn, 0)[:SHOWN]
    made = ((row.index, *augment.replay(row, train.images[row.index], train.masks[row.index])) for row in rows)
    samples = [Sample(image, mask.astype(bool), f"{train.cases[at]}, pass 0") for at, image, mask in made]
    return drawn, samples, alignment.verify(drawn, train.images, train.masks, CHECKED)


def classified(stage: Stage) -> tuple[plan.Plan, list[Sample], None]:
    """Plan and samples of pictures with labels."""
    train = read_labelled(stage.paths.split(stage.key, "train"))
    drawn = plan.draw(train.cases, stage.classified.augment, stage.seed)
    made = sample.first(drawn, train.images, SHOWN)
    return drawn, [Sample(image, None, f"{train.cases[at]}, pass 0") for at, image in made], None


if __name__ == "__main__":
    run(main)
