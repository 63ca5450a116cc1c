"""Stage llm-train: teach the small language model of `glassbox ask`, from scratch, on questions about invented records.

reads   glassbox/llm/wordings/*.txt; params seed, format, ask
writes  models/ask.gguf, models/ask-history.csv
"""

from glassbox.artifacts import write_csv, write_gguf
from glassbox.llm import teach, wordings
from glassbox.nets import decoder
from glassbox.params import parse
from glassbox.stage import Stage, run
from glassbox.training import determinism, fit_decoder, resume, sequences


def main(stage: Stage) -> None:
    """Draw the questions, fit the decoder to them, store it as llama.cpp reads it."""
    determinism.pin(stage.seed)
    settings, paths = stage.params.ask, stage.paths
    files = sorted(paths.wordings().glob("*.txt"))
    known = [wording for path in files for wording in wordings.read(path.read_text(encoding="utf-8"), str(path))]
    pieces = teach.vocabulary(known)
    sizes = settings.architecture | {"vocabulary": len(pieces)}
    architecture = parse(decoder.Architecture, sizes, f"{paths.params()}: ask.architecture")
    model = decoder.build(architecture)
    stage.say(f"{paths.reader()}: {model.count_params():,} parameters, {len(pieces)} tokens, {len(known)} wordings")

    held_out = sequences.stack(teach.examples(known, pieces, settings.places, settings.held_out, stage.seed + 1))
    drawn = teach.examples(known, pieces, settings.places, settings.questions, stage.seed)
    batches = sequences.batched(teach.repeated(drawn, stage.seed), settings.teach.batch)
    state = paths.resume(
        "ask", resume.digest({"seed": stage.seed, "ask": settings}, files, [decoder, fit_decoder, teach])
    )
    history = fit_decoder.fit(model, settings.teach, batches, held_out, state, stage.say)
    shape, rare = decoder.shape(architecture), teach.rare(known)
    write_gguf(paths.reader(), decoder.weights(model, architecture), shape, pieces[3:], rare)
    write_csv(paths.reader_history(), history)
    state.unlink()


if __name__ == "__main__":
    run(main)
