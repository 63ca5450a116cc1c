"""Stage finetune-variant@<model>: go on from the base model with another loss, and stay near it.

reads   models/<base>.keras, data/<task>/{train,val}.npz, data/<task>/plan.parquet;
        params seed, format, variants.<model>, tasks.<task>.finetune
writes  models/<model>.keras, models/<model>-history.csv
"""

from importlib import import_module
from typing import cast

from glassbox.artifacts import read_model, read_parquet, read_split, write_csv, write_model
from glassbox.params import Finetune
from glassbox.stage import Stage, run
from glassbox.training import blend, determinism, fit, optimizer, resume


def main(stage: Stage) -> None:
    """Fit the stored base model to later passes, store its best weights blended with the base's, and its history."""
    determinism.pin(stage.seed)
    entry, paths, task = stage.params.variants[stage.key], stage.paths, stage.task_name
    loss = import_module(f"glassbox.losses.{entry.loss.module}")
    model = read_model(paths.model(stage.base_name))
    start = model.get_weights()

    schedule = cast(Finetune, stage.task.finetune)  # a variant of a task without one is refused with params.yaml
    plan, base = paths.plan(task), paths.model(stage.base_name)
    train, val = paths.split(task, "train"), paths.split(task, "val")
    settings = {"seed": stage.seed, "entry": entry, "schedule": schedule}
    state = paths.resume(stage.key, resume.digest(settings, [base, plan, train, val], [loss, fit, optimizer]))
    criterion = loss.build(entry.loss)
    history = fit.fit(
        model, criterion, schedule, read_parquet(plan), read_split(train), read_split(val), state, stage.say
    )
    blend.blend(model, start, schedule.base_share)
    write_model(paths.model(stage.key), model)
    write_csv(paths.history(stage.key), history)
    state.unlink()


if __name__ == "__main__":
    run(main)
