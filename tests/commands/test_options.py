"""glassbox.commands.options: a command's options from a table."""

from collections.abc import Mapping
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from glassbox.commands.options import EXPLANATION, Row, gathered
from glassbox.params.xai import Xai

ROWS = (Row("steps", int, "How many steps."), Row("fill", str, "What is shown.", metavar="WHAT"))


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()

    @app.command()
    @gathered("given", ROWS)
    def command(
        name: str, *, given: Mapping[str, object], loud: Annotated[bool, typer.Option("--loud")] = False
    ) -> None:
        print(name, dict(given), loud)

    return app


CALLS = [
    (["a"], "a {'steps': None, 'fill': None} False"),
    (["a", "--steps", "3"], "a {'steps': 3, 'fill': None} False"),
    (["--fill", "zero", "a", "--loud", "--steps", "0"], "a {'steps': 0, 'fill': 'zero'} True"),
]


@pytest.mark.parametrize(("arguments", "told"), CALLS)
def test_what_is_given_arrives_in_one_mapping(app: typer.Typer, arguments: list[str], told: str) -> None:
    """None where an option was not given; the command's own arguments as ever."""
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.output.strip()) == (0, told)


def test_help_lists_the_rows_where_the_mapping_stands(app: typer.Typer) -> None:
    """With their help and what stands for the value, before the options that come behind."""
    told = CliRunner().invoke(app, ["--help"]).output
    assert told.index("--steps") < told.index("--fill") < told.index("--loud")
    assert "How many steps." in told and "WHAT" in told and "given" not in told


def test_a_value_of_another_type_is_wrong_usage(app: typer.Typer) -> None:
    """The row's type is checked."""
    result = CliRunner().invoke(app, ["a", "--steps", "many"])
    assert result.exit_code == 2 and "--steps" in result.stderr


def test_each_row_changes_a_parameter_of_the_explanations() -> None:
    """Block `xai` has it, and every one that a map hangs on can be changed."""
    beside = {"methods", "beside", "region", "trust"}  # told by options of their own, or of the stages alone
    assert {row.name for row in EXPLANATION} == set(Xai.model_fields) - beside
