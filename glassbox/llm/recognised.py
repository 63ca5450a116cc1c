"""How much of a class a classifier finds, by the metric of that class: `how much of the debris does it pick up`."""

import re
from collections.abc import Callable

from glassbox.llm.catalogue import CLASS
from glassbox.llm.idioms import SHARE
from glassbox.llm.linker import Linked
from glassbox.llm.marked import FIND

RECOGNISE = rf"(?:recogni[sz]e|{FIND})"
ASKED = (
    re.compile(
        rf"\b(?:how much|what {SHARE}) of (?:the )?(?P<name>[a-z][\w -]*?) (?:does|did|would) (?P<model>\S+) "
        rf"{RECOGNISE}(?: as (?P=name))?(?=\W*$)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bof (?:the|all|all the) (?P<name>[\w -]+?) (?:bits|tiles|pieces|patches|slides|films),? what {SHARE} "
        rf"(?:does|did) (?P<model>\S+) {RECOGNISE}(?=\W*$)",
        re.IGNORECASE,
    ),
)
KINDS = {CLASS, "virus", "bacteria"}  # of what a picture shows


def recognised(question: str, link: Callable[[str], Linked]) -> str:
    """The question for the recall of a class, where what is found is the name of one.

    Of anything else, such as `the large lesions`, it stays as it is: a share of lesions is no share of their pixels.
    """
    for pattern in ASKED:
        if not (found := pattern.search(question)):
            continue
        named = link(found["name"])
        kinds = {parts[0] for tag in named.tags("Q") for parts in named.meanings[tag].conditions}
        words = [token for token in named.tokens if token not in ("the", *named.meanings)]
        if kinds and kinds <= KINDS and not words:
            said = f"what is the recall of {found['model']} for {found['name']}"
            return f"{question[: found.start()]}{said}{question[found.end() :]}"
    return question
