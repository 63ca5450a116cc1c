"""The one error a user of GlassBox is meant to read."""


class GlassboxError(Exception):
    """A user's mistake or a damaged input, told in one line.

    The line reads ``where: found; expected; run``: the file or key it is about, what was found there, what is
    expected instead, and (where one exists) the command that mends it. Commands print it and exit with code 2.

    >>> str(GlassboxError("lesion.jpg", "no such file", "a JPEG or PNG picture"))
    'lesion.jpg: no such file; expected a JPEG or PNG picture'
    """

    def __init__(self, where: object, found: str, expected: str, run: str = "") -> None:
        mend = f"; run: {run}" if run else ""
        super().__init__(" ".join(f"{where}: {found}; expected {expected}{mend}".split()))
