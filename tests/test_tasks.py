"""glassbox.tasks: identifiers are looked up whole."""

from pathlib import Path

import pytest

from glassbox import tasks
from glassbox.errors import GlassboxError
from glassbox.params import Params, load


@pytest.fixture(scope="module")
def params() -> Params:
    return load(Path(__file__).parents[1] / "params.yaml")


def test_a_model_leads_to_its_task_and_base(params: Params) -> None:
    """Every model of the file is found under its name, with the blocks that its entry names."""
    for name, entry in params.segmenters.items():
        found = tasks.model(params, name)
        assert (found.name, found.task_name, found.base_name) == (name, entry.task, entry.base)
        assert found.task is params.tasks[entry.task] is tasks.task(params, entry.task)
        assert found.entry is params.models[name]
    for name, entry in params.classifying.items():
        told = tasks.classifier(params, name)
        assert (told.name, told.task_name, told.points) == (name, entry.task, params.operating[name])
        assert told.task is params.tasks[entry.task] is tasks.task(params, entry.task)
    for name in params.models:
        assert tasks.entry(params, name) is params.models[name]
    assert set(params.models) == {*params.segmenters, *params.classifying}


def test_a_model_of_the_other_kind_is_told_with_those_that_fit(params: Params) -> None:
    """A command that outlines is given no classifier, and one that tells pictures apart no model that outlines."""
    outlining, apart = ", ".join(sorted(params.segmenters)), ", ".join(sorted(params.classifying))
    for name in params.classifying:
        with pytest.raises(GlassboxError) as caught:
            tasks.model(params, name)
        assert str(caught.value) == f"model '{name}': it tells pictures apart; expected one that outlines: {outlining}"
    for name in params.segmenters:
        with pytest.raises(GlassboxError) as caught:
            tasks.classifier(params, name)
        assert str(caught.value) == f"model '{name}': it outlines; expected one that tells pictures apart: {apart}"


def test_a_name_says_nothing_by_its_parts(params: Params) -> None:
    """A model named like another task's belongs to the task that its entry names."""
    odd = params.variants["phantom-recall"]
    renamed = params.model_copy(
        update={"models": {**params.models, "isic-odd": odd}, "variants": {**params.variants, "isic-odd": odd}}
    )
    assert tasks.model(renamed, "isic-odd").task_name == "phantom"
    assert "isic-odd" in tasks.models_of(renamed, "phantom")
    assert "isic-odd" not in tasks.models_of(renamed, "isic")


@pytest.mark.parametrize("name", ["phantom", "isic"])
def test_models_of_a_task_are_its_bases_then_its_variants(params: Params, name: str) -> None:
    """All of the task's models and no other's, bases first, in the order of the file."""
    expected = [f"{name}-base", f"{name}-precision", f"{name}-balanced", f"{name}-recall"]
    assert tasks.models_of(params, name) == expected


def test_every_model_belongs_to_one_task(params: Params) -> None:
    """Classifiers too; the tasks' models together are all models."""
    assert tasks.models_of(params, "pathmnist") == ["pathmnist-base"]
    owned = [name for task in params.tasks for name in tasks.models_of(params, task)]
    assert sorted(owned) == sorted(params.models)


def test_an_unknown_task_has_no_models(params: Params) -> None:
    """Nothing belongs to a task that is not there."""
    assert tasks.models_of(params, "absent") == []


@pytest.mark.parametrize("name", ["", "isi", "isic-", "isic-recall ", "Isic-recall"])
def test_an_unknown_name_is_told_with_the_valid_ones(params: Params, name: str) -> None:
    """Near misses are not guessed at; the line lists what there is."""
    for look_up in (tasks.model, tasks.classifier, tasks.entry):
        with pytest.raises(GlassboxError, match=rf"^model '{name}': not in params.yaml; expected one of .*isic-recall"):
            look_up(params, name)
    valid = ", ".join(params.tasks)
    with pytest.raises(GlassboxError, match=rf"^task '{name}': not in params.yaml; expected one of {valid}$"):
        tasks.task(params, name)
