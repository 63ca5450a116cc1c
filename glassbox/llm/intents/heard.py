"""Questions that were heard, each with its intent: text files with an intent in brackets and, below it, questions.

    [count case below N | dice]
    how many pictures of <model> have a dice under #

Names and numbers of a question are slots, as `slots` puts them, so that no name of a day is learned.
"""

from collections.abc import Iterator

from glassbox.errors import GlassboxError
from glassbox.llm.intents.intent import Intent


def read(text: str, where: str) -> Iterator[tuple[Intent, str]]:
    """Every question of a file. A line under no intent, or an intent that is none, is a `GlassboxError`."""
    intent: Intent | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            shape, _, keys = line[1:-1].partition(" | ")
            try:
                intent = Intent.read(shape, keys)
            except GlassboxError:
                intent = None
        elif line:
            if intent is None:
                raise GlassboxError(f"{where}: line {number}", repr(line[:60]), "a question below its [shape | keys]")
            yield intent, line
