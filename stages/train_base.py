"""Stage train-base@<model>: train one network from scratch.

reads   data/<task>/{train,val}.npz, data/<task>/plan.parquet; params seed, format, bases.<model>, tasks.<task>.train
writes  models/<model>.keras, models/<model>-history.csv
"""

from importlib import import_module

from glassbox.artifacts import read_parquet, read_split, write_csv, write_model
from glassbox.params import parse
from glassbox.stage import Stage, run
from glassbox.training import batches, determinism, fit, optimizer, resume


def main(stage: Stage) -> None:
    """Build the network, fit it to the replayed plan, store its best weights and its history."""
    determinism.pin(stage.seed)
    entry, paths, task = stage.params.bases[stage.key], stage.paths, stage.task_name
    net = import_module(f"glassbox.nets.{entry.net}")
    loss = import_module(f"glassbox.losses.{entry.loss.module}")
    architecture = parse(net.Architecture, entry.architecture, f"{paths.params()}: bases.{stage.key}.architecture")
    schedule, plan = stage.task.train, paths.plan(task)
    train, val = paths.split(task, "train"), paths.split(task, "val")
    recipes, pictures = read_parquet(plan), read_split(train)
    sizes = [pictures.images.shape[1:3], *batches.sizes(recipes)]
    net.check(architecture, sizes, f"{paths.params()}: tasks.{task}")
    model = net.build(architecture)
    stage.say(f"{stage.key}: {model.count_params():,} parameters")

    settings = {"seed": stage.seed, "entry": entry, "schedule": schedule}
    state = paths.resume(stage.key, resume.digest(settings, [plan, train, val], [net, loss, fit, optimizer]))
    criterion = loss.build(entry.loss)
    history = fit.fit(model, criterion, schedule, recipes, pictures, read_split(val), state, stage.say)
    write_model(paths.model(stage.key), model)
    write_csv(paths.history(stage.key), history)
    state.unlink()


if __name__ == "__main__":
    run(main)
