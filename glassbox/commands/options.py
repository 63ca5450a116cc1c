"""A command's many options from a table, in place of as many arguments of a function."""

import functools
import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One option: `--name`, the type of its value, its help, and what stands for the value there; None if not given."""

    name: str
    kind: type
    help: str
    metavar: str | None = None


def gathered(into: str, rows: Sequence[Row]) -> Callable[[Command], Command]:
    """A decorator: the command gets an option for each row, where its argument `into` stands, and there their values.

    `into` is given a mapping of every row's name to its value.

    >>> @gathered("given", [Row("steps", int, "How many.")])
    ... def command(given, loud=False):
    ...     return given, loud
    >>> command(steps=3, loud=True)
    ({'steps': 3}, True)
    """

    def decorate(command: Command) -> Command:
        own = inspect.signature(command, eval_str=True)

        @functools.wraps(command)
        def called(**given: object) -> object:
            values = {row.name: given.pop(row.name) for row in rows}
            return command(**given, **{into: values})

        called.__signature__ = own.replace(parameters=_spread(own.parameters, into, rows))  # type: ignore[attr-defined]
        return called

    return decorate


def _spread(own: Mapping[str, inspect.Parameter], into: str, rows: Sequence[Row]) -> list[inspect.Parameter]:
    """The command's parameters, all by keyword, with the rows' in place of `into`."""
    spread = []
    for name, parameter in own.items():
        spread += [_parameter(row) for row in rows] if name == into else [parameter]
    return [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in spread]


def _parameter(row: Row) -> inspect.Parameter:
    option = typer.Option(f"--{row.name}", metavar=row.metavar, help=row.help)
    annotation = operator.getitem(Annotated, (row.kind | None, option))
    return inspect.Parameter(row.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)


# The parameters of block `xai` in params.yaml that `glassbox explain` lets one change.
EXPLANATION = (
    Row(
        "layers",
        str,
        "levels, encoder, bottleneck, gate, decoder, last, all, or layers' names; commas between. "
        "A classifier has levels, last, all and names.",
        metavar="NAMES",
    ),
    Row("steps", int, "Intervals of integrated gradients."),
    Row("baseline", str, "Its baseline: zero, mean, blurred."),
    Row("samples", int, "Of SmoothGrad and VarGrad."),
    Row("noise", float, "Their noise, a share of the image's range."),
    Row("fill", str, "What hidden pixels show: zero, mean, blurred."),
    Row("blur", float, "Sigma of blurred, a share of the longer side."),
    Row("window", float, "Side of occlusion's square, a share."),
    Row("masked", int, "Masked pictures of RISE and LIME."),
    Row("cells", int, "Cells a side of RISE's masks."),
    Row("kept", float, "Probability that a cell of RISE stays."),
    Row("kernel", float, "Width of LIME's weights."),
    Row("segments", int, "Superpixels."),
    Row("compactness", float, "Their compactness."),
    Row("opacity", float, "Of a map over its picture."),
    Row("smoothing", float, "Of drawn maps, a share of the side."),
    Row("scale", float, "Percentile at which a map's colours end."),
)
