"""Stage llm-index: every recorded number in one searchable file.

reads   everything under metrics/; params format
writes  data/index.sqlite
"""

from glassbox.artifacts import write_bytes
from glassbox.llm import index
from glassbox.stage import Stage, run


def main(stage: Stage) -> None:
    """One row a number, with its model, split, batch, case, metric and source."""
    write_bytes(stage.paths.index(), index.build(stage.paths.recorded(), stage.names, stage.task_names, stage.purposes))
    stage.say(f"index of {stage.paths.recorded()} written to {stage.paths.index()}")


if __name__ == "__main__":
    run(main)
