"""What a person says and takes back at once: `how many patients ... sorry, how many images`."""

import re

TAKEN_BACK = re.compile(
    r"(?P<before>.*\w)(?:\s?\.{2,}|\s?…|,| -+|;)\s*"
    r"(?:no(?:[,:]| (?=wait|sorry|i mean))|(?:sorry|wait|make that|scratch that|correction|pardon)[,:]?)\s*"
    r"(?:sorry,? |no,? |wait,? |i (?:mean|meant),? |make that )*(?P<again>(?P<word>[\w-]+)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
TESTS = frozenset(("above", "below", "over", "under", "at", "more", "less", "fewer", "and", "or"))  # of which bound?
NEAR = 6  # words back from the correction, in which what is said anew begins


def corrected(question: str) -> str:
    """The question with what is said anew in the place of what it corrects, where both begin with the same word.

    Without such a word it is not clear how much is taken back, and the question stays as it is.

    >>> corrected("On what share... no, on how many test images is recall above 0.9?")
    'on how many test images is recall above 0.9?'
    >>> corrected("How many test patients ... sorry, test images are there?")
    'How many test images are there?'
    """
    found = TAKEN_BACK.fullmatch(question)
    if not found:
        return question
    words = found["before"].split()
    word = found["word"].lower()
    places = [at for at, said in enumerate(words) if said.lower().strip(",.:;") == word]
    if word in TESTS or not places or len(words) - places[-1] > NEAR:
        return question
    return " ".join([*words[: places[-1]], found["again"]])
