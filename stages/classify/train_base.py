"""Stage train-base@<model>: train one network that tells pictures apart, from scratch.

reads   data/<task>/{train,val}.npz, data/<task>/plan.parquet; params seed, format, bases.<model>, tasks.<task>.train
writes  models/<model>.keras, models/<model>-history.csv
"""

from importlib import import_module

from glassbox.artifacts import read_labelled, read_parquet, write_csv, write_model
from glassbox.data import targets
from glassbox.params import parse
from glassbox.stage import Stage, run
from glassbox.training import determinism, fit_classes, optimizer, resume


def main(stage: Stage) -> None:
    """Build the network, fit it to the replayed plan, store its best weights and its history."""
    determinism.pin(stage.seed)
    entry, paths, schedule = stage.params.bases[stage.key], stage.paths, stage.classified.train
    net = import_module(f"glassbox.nets.{entry.net}")
    loss = import_module(f"glassbox.losses.{entry.loss.module}")
    architecture = parse(net.Architecture, entry.architecture, f"{paths.params()}: bases.{stage.key}.architecture")
    files = [paths.split(stage.task_name, "train"), paths.split(stage.task_name, "val")]
    given: list[fit_classes.Given] = []
    for split in map(read_labelled, files):
        wanted = targets.targets(split.labels, split.form, len(split.classes))
        net.check(architecture, split.images.shape, wanted.shape, f"{paths.params()}: bases.{stage.key}.architecture")
        given.append(fit_classes.Given(split.images, wanted, loss.weights(entry.loss, wanted)))
    model = net.build(architecture)
    stage.say(f"{stage.key}: {model.count_params():,} parameters")

    settings, plan = {"seed": stage.seed, "entry": entry, "schedule": schedule}, paths.plan(stage.task_name)
    known = resume.digest(settings, [plan, *files], [net, loss, fit_classes, optimizer])
    state, criterion, (train, val) = paths.resume(stage.key, known), loss.build(entry.loss), given
    history = fit_classes.fit(model, criterion, schedule, read_parquet(plan), train, val, state, stage.say)
    write_model(paths.model(stage.key), model)
    write_csv(paths.history(stage.key), history)
    state.unlink()


if __name__ == "__main__":
    run(main)
