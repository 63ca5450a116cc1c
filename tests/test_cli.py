"""The command line as a whole: documented, with examples, strict about its usage."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from glassbox.cli import app

REPOSITORY = Path(__file__).parents[1]
NAMES = sorted(command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands)


def test_every_command_is_in_the_readme() -> None:
    """README.md shows `glassbox <command>` for each."""
    readme = REPOSITORY / "README.md"
    if not readme.exists():
        pytest.skip("README.md is not written yet")
    text = readme.read_text(encoding="utf-8")
    assert [name for name in NAMES if f"glassbox {name}" not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_help_has_an_example(name: str) -> None:
    """Each command's help shows how to type it."""
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert f"  glassbox {name} " in result.output


@pytest.mark.parametrize("arguments", [["nothing"], ["check"], ["check", "phantom", "--nothing"], ["predict"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    """Unknown commands and options, and missing ones, show the usage."""
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2 and "Usage: " in result.stderr
