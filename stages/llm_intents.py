"""Stage llm-intents: teach the small network that tells what a question asks for, from scratch, on questions heard.

reads   glassbox/llm/intents/heard/*.txt; params seed, intents
writes  models/ask-intents.npz, models/ask-intents-history.csv
"""

from glassbox.artifacts import write_arrays, write_csv
from glassbox.llm.intents import heard, lessons
from glassbox.nets import intents
from glassbox.params import parse
from glassbox.stage import Stage, run
from glassbox.training import determinism, fit_intents


def main(stage: Stage) -> None:
    """Read the questions, fit the network to them, store it with its labels."""
    determinism.pin(stage.seed)
    settings, paths = stage.params.intents, stage.paths
    sizes = parse(intents.Sizes, settings.architecture, f"{paths.params()}: intents.architecture")
    files = sorted(paths.heard().glob("*.txt"))
    known = [question for path in files for question in heard.read(path.read_text(encoding="utf-8"), str(path))]
    taught, held_out = lessons.split(known, settings.held_out, stage.seed)
    labels = lessons.labels(taught)
    model = intents.build(sizes, {head: len(names) for head, names in labels.items()})
    stage.say(f"{paths.intents()}: {model.count_params():,} parameters, {len(taught)} questions")
    first, second = (
        fit_intents.Questions(*lessons.encoded(part, labels, sizes.buckets)) for part in (taught, held_out)
    )
    history = fit_intents.fit(model, settings, first, second, stage.seed, stage.say)
    write_arrays(paths.intents(), intents.weights(model) | lessons.named(labels))
    write_csv(paths.intents_history(), history)


if __name__ == "__main__":
    run(main)
