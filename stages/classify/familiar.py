"""Stage familiar@<model>: what a classifier's training pictures look like, and how often others of its task pass.

reads   data/<task>/{train,val,test}.npz; params format, tasks.<task>.calibrate
writes  models/<model>-familiar.json, metrics/<model>-familiar.json
"""

from glassbox.artifacts import SPLITS, read_labelled, write_json
from glassbox.data import familiar
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """Describe every picture; learn from training, set the limit on validation, count false alarms on both others."""
    paths, wanted = stage.paths, stage.classified.calibrate.familiar
    splits = {name: read_labelled(paths.split(stage.task_name, name)) for name in SPLITS}
    found = {name: familiar.described(split.images, split.chroma) for name, split in splits.items()}
    learned = familiar.learn(found["train"], found["val"], wanted)
    strange = {name: familiar.strange(found[name], learned) for name in ("val", "test")}
    write_json(paths.familiar(stage.key), learned)
    write_json(paths.strangeness(stage.key), {"limit": learned["threshold"], "false_alarms": strange})
    stage.say(f"{stage.key}: strange beyond {learned['threshold']}; of the task's own {strange}")


if __name__ == "__main__":
    run(main)
