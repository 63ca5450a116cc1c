"""glassbox.stage: a stage reads what its entry declares, and a user's mistake ends in one line and exit code 2."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from glassbox.errors import GlassboxError
from glassbox.params import Params, load
from glassbox.stage import Declared, Stage, open_stage, run

COMMITTED = Path(__file__).parents[1] / "params.yaml"
PIPELINE = """
stages:
  augment:
    foreach: ${tasks}
    do:
      params: [seed, format, 'tasks.${key}.augment']
  evaluate:
    foreach: ${models}
    do:
      params: [seed, 'tasks.${item.task}.evaluate', 'models.${key}.loss.alpha']
  uncertainty:
    foreach: ${segmenters}
    do:
      deps: ['${item.folder}/uncertainty.py']
      params: ['tasks.${item.task}.evaluate']
  familiar:
    foreach: ${classifying}
    do:
      deps: ['${item.folder}/familiar.py', '${item.fit}']
      params: ['tasks.${item.task}.calibrate', 'operating.${key}']
  finetune-variant:
    foreach: ${variants}
    do:
      params: ['variants.${key}']
  compare:
    foreach: ${comparisons}
    do:
      params: ['comparisons.${key}', 'bases.${item.base}']
  llm-index:
    params: [format]
  silent: {}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "params.yaml").write_bytes(COMMITTED.read_bytes())
    (tmp_path / "dvc.yaml").write_text(PIPELINE)
    return tmp_path


def opened(project: Path, name: str, *arguments: str) -> Stage:
    return open_stage(name, arguments, project, Console(file=io.StringIO()))


READS: list[tuple[str, Callable[[Params], object]]] = [
    ("seed", lambda p: p.seed),
    ("tasks", lambda p: p.tasks["isic"].train.batch),
    ("tasks.isic", lambda p: p.tasks["isic"]),
    ("tasks.isic.train", lambda p: p.tasks["isic"].train),
    ("tasks.isic.train.batch", lambda p: p.tasks["isic"].train.batch),
]


@pytest.mark.parametrize(("declared", "read"), READS, ids=[declared for declared, _ in READS])
def test_what_is_declared_is_given(declared: str, read: Callable[[Params], object]) -> None:
    """A declared block or number is the very object of the parameters."""
    params = load(COMMITTED)
    view: Params = Declared(params, [declared], "s")  # type: ignore[assignment]
    assert read(view) is read(params)


REFUSED: list[tuple[list[str], Callable[[Params], object], str]] = [
    ([], lambda p: p.seed, "seed"),
    (["seed"], lambda p: p.tasks, "tasks"),
    (["tasks.isic"], lambda p: p.tasks["phantom"], "tasks.phantom"),
    (["tasks.isic.train"], lambda p: p.tasks["isic"].finetune, "tasks.isic.finetune"),
    (["tasks.isic.train.batch"], lambda p: p.tasks["isic"].train.batches, "tasks.isic.train.batches"),  # type: ignore[attr-defined]
    (["tasks.isic.train.batches"], lambda p: p.tasks["isic"].train.batch, "tasks.isic.train.batch"),
    (["tasks.isic.train"], lambda p: p.tasks["isic"].model_dump(), "tasks.isic.model_dump"),
]


@pytest.mark.parametrize(("declared", "read", "path"), REFUSED, ids=[path for _, _, path in REFUSED])
def test_what_is_not_declared_is_refused(declared: list[str], read: Callable[[Params], object], path: str) -> None:
    """By its full path, whether it exists or not; a name that only begins alike is another name."""
    view: Params = Declared(load(COMMITTED), declared, "augment@isic")  # type: ignore[assignment]
    with pytest.raises(GlassboxError) as caught:
        read(view)
    expected = "expected only what its dvc.yaml entry declares under params"
    assert str(caught.value) == f"stage augment@isic: reads parameter {path}; {expected}"


def test_names_may_be_asked_for() -> None:
    """Whether a block has a key is no number."""
    view = Declared(load(COMMITTED), ["tasks.isic.train"], "s")
    assert "isic" in view.tasks
    assert "phantom" in view.tasks
    assert "fantom" not in view.tasks


def test_a_stage_of_a_task_gets_its_block(project: Path) -> None:
    """`${key}` is the task."""
    stage = opened(project, "augment", "isic")
    assert (stage.name, stage.key, stage.task_name) == ("augment", "isic", "isic")
    assert stage.task.augment == load(COMMITTED).tasks["isic"].augment
    assert stage.seed == load(COMMITTED).seed
    assert stage.paths.root == project
    with pytest.raises(GlassboxError, match=r"^stage augment@isic: reads parameter tasks\.isic\.train;"):
        _ = stage.task.train


def test_a_stage_of_a_model_gets_its_tasks_block(project: Path) -> None:
    """`${item.task}` is looked up in the model's entry; a declared path may end inside a block."""
    stage, params = opened(project, "evaluate", "isic-recall"), load(COMMITTED)
    assert (stage.task_name, stage.base_name) == ("isic", "isic-base")
    assert stage.task.evaluate == params.tasks["isic"].evaluate
    assert stage.params.models["isic-recall"].loss.alpha == params.models["isic-recall"].loss.alpha  # type: ignore[union-attr]
    with pytest.raises(GlassboxError, match=r"parameter models\.isic-recall\.loss\.beta;"):
        _ = stage.params.models["isic-recall"].loss.beta  # type: ignore[union-attr]
    with pytest.raises(GlassboxError, match=r"parameter tasks\.isic\.xai;"):
        _ = stage.task.xai


def test_a_stage_of_a_classifier_gets_its_tasks_block(project: Path) -> None:
    """By the task's kind; of a task whose pictures are told apart as of one whose pictures are outlined."""
    stage, params = opened(project, "familiar", "pathmnist-base"), load(COMMITTED)
    assert (stage.kind, stage.task_name, stage.base_name) == ("classify", "pathmnist", "pathmnist-base")
    assert stage.classified.calibrate == params.tasks["pathmnist"].calibrate
    assert stage.params.operating["pathmnist-base"] == params.operating["pathmnist-base"]
    with pytest.raises(GlassboxError, match=r"parameter tasks\.pathmnist\.labels;"):
        _ = stage.classified.labels
    with pytest.raises(GlassboxError, match=r"parameter operating\.chest-xray-base;"):
        _ = stage.params.operating["chest-xray-base"]
    assert opened(project, "augment", "chest-xray").classified.augment == params.tasks["chest-xray"].augment
    assert [opened(project, "augment", task).kind for task in ("chest-xray", "isic")] == ["classify", "segment"]
    assert [opened(project, "evaluate", name).kind for name in ("chest-xray-base", "isic-recall")] == [
        "classify",
        "segment",
    ]


def test_the_code_of_a_stage_is_that_of_its_models_kind(project: Path) -> None:
    """`${item.folder}` and its like are filled in from what works on the kind: its files are hashed, no other's."""

    def written(path: str, content: str) -> tuple[Path, Path]:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(content)
        return tuple(
            opened(project, name, key).paths.resume(key, "x" * 64)
            for name, key in (("familiar", "pathmnist-base"), ("uncertainty", "isic-base"))
        )  # type: ignore[return-value]

    classifier, outlining = written("stages/classify/familiar.py", "1")
    assert written("stages/uncertainty.py", "1")[0] == classifier
    assert written("stages/uncertainty.py", "2")[1] != outlining
    changed = written("stages/classify/familiar.py", "2")[0]
    assert changed != classifier
    assert written("glassbox/training/fit_classes.py", "2")[0] != changed


def test_names_are_free_to_every_stage(project: Path) -> None:
    """Identifiers are no numbers: any stage may list models, tasks and who is compared with whom."""
    stage = opened(project, "compare", "phantom")
    assert stage.compared["recall"] == "phantom-recall"
    assert stage.params.bases["phantom-base"].net == "attention_unet"
    index = opened(project, "llm-index")
    assert index.names == {name: entry.task for name, entry in load(COMMITTED).models.items()}
    assert index.task_names == list(load(COMMITTED).tasks)
    with pytest.raises(GlassboxError, match=r"^stage llm-index: reads parameter seed;"):
        _ = index.seed


TASKS, MODELS = (", ".join(block) for block in (load(COMMITTED).tasks, load(COMMITTED).models))
MISTAKES = [
    ("evaluate", [], "stage evaluate: 0 arguments; expected the task or model"),
    ("evaluate", ["isic-base", "isic-recall"], "stage evaluate: 2 arguments; expected the task or model"),
    ("llm-index", ["isic"], "stage llm-index: 1 arguments; expected none"),
    ("evaluate", ["isic"], f"'isic': nothing this stage is repeated for; expected one of {MODELS}"),
    ("evaluate", ["isic-recal"], f"'isic-recal': nothing this stage is repeated for; expected one of {MODELS}"),
    (
        "uncertainty",
        ["pathmnist-base"],
        "'pathmnist-base': nothing this stage is repeated for; expected one of phantom-base, isic-base, ",
    ),
    (
        "familiar",
        ["isic-base"],
        "'isic-base': nothing this stage is repeated for; expected one of chest-xray-base, pneumoniamnist-base, path",
    ),
    ("augment", ["isic-base"], f"'isic-base': nothing this stage is repeated for; expected one of {TASKS}"),
    ("finetune-variant", ["isic-base"], "'isic-base': nothing this stage is repeated for; expected one of phantom-p"),
    ("evaluat", ["isic"], "dvc.yaml: no stage 'evaluat'; expected one of augment, evaluate, uncertainty, familiar"),
]


@pytest.mark.parametrize(("name", "arguments", "told"), MISTAKES)
def test_a_wrong_start_is_told_with_what_is_valid(project: Path, name: str, arguments: list[str], told: str) -> None:
    """No argument or too many, a key that the stage is not repeated for, a stage that is none."""
    with pytest.raises(GlassboxError) as caught:
        opened(project, name, *arguments)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("module", "key", "command"),
    [
        ("stages.evaluate", "pathmnist-base", "python -m stages.classify.evaluate pathmnist-base"),
        ("stages.classify.evaluate", "isic-base", "python -m stages.evaluate isic-base"),
    ],
)
def test_the_script_of_another_kind_is_refused(module: str, key: str, command: str) -> None:
    """Started by hand with the wrong one of two scripts: the line says which is right, as dvc.yaml has it."""
    root = COMMITTED.parent
    assert open_stage("evaluate", [key], root, Console(), command.split()[2]).key == key
    with pytest.raises(GlassboxError) as caught:
        open_stage("evaluate", [key], root, Console(), module)
    assert str(caught.value) == (
        f"stage evaluate: '{module}' for '{key}'; expected the script of its kind; run: {command}"
    )


def test_a_stage_that_declares_nothing_reads_nothing(project: Path) -> None:
    """An entry without `params`."""
    with pytest.raises(GlassboxError, match="reads parameter format;"):
        _ = opened(project, "silent").params.format


@pytest.mark.parametrize("name", ["params.yaml", "dvc.yaml"])
def test_another_folder_is_told(project: Path, name: str) -> None:
    """Started beside the project's top folder, the line says which file was looked for."""
    (project / name).unlink()
    with pytest.raises(GlassboxError, match=rf"{name}: no such file"):
        opened(project, "evaluate", "isic-base")


def started(monkeypatch: pytest.MonkeyPatch, project: Path, module: str | None, *arguments: str) -> None:
    """As if `python -m <module> <arguments>` ran in the project."""
    spec = None if module is None else SimpleNamespace(name=module)
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", spec, raising=False)
    monkeypatch.setattr(sys, "argv", ["script", *arguments])
    monkeypatch.chdir(project)


SCRIPTS = [
    ("stages.finetune_variant", "finetune-variant", "isic-recall"),
    ("stages.classify.familiar", "familiar", "pathmnist-base"),
]


@pytest.mark.parametrize(("module", "name", "key"), SCRIPTS)
def test_a_script_runs_the_stage_it_is_named_after(
    project: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str, key: str
) -> None:
    """`stages.finetune_variant` is the stage `finetune-variant`, in whatever package; its one argument is the key."""
    started(monkeypatch, project, module, key)
    seen: list[Stage] = []
    run(seen.append)
    assert [(stage.name, stage.key) for stage in seen] == [(name, key)]


def fail(_: Stage) -> None:
    raise GlassboxError("[red]lesion.jpg", "no such file", "a picture " * 30, "glassbox acquire isic")


def interrupt(_: Stage) -> None:
    raise KeyboardInterrupt


ENDS = [
    ("stages.evaluate", ["isic-base"], fail, 2, "error: [red]lesion.jpg: no such file; expected a picture a picture"),
    ("stages.evaluate", ["nothing"], fail, 2, "error: 'nothing': nothing this stage is repeated for; expected one of"),
    (None, ["isic-base"], fail, 2, "error: stage: started as a file; expected a module, as in 'python -m stages.eval"),
    ("stages.evaluate", ["isic-base"], interrupt, 130, "interrupted; nothing half-written is left"),
]


@pytest.mark.parametrize(("module", "arguments", "main", "code", "told"), ENDS)
def test_a_script_ends_in_one_line_and_an_exit_code(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str | None,
    arguments: list[str],
    main: Callable[[Stage], None],
    code: int,
    told: str,
) -> None:
    """2 for a mistake, 130 for Ctrl-C; one unbroken line, no traceback, nothing in it read as markup."""
    started(monkeypatch, project, module, *arguments)
    with pytest.raises(SystemExit) as caught:
        run(main)
    captured = capsys.readouterr()
    printed = captured.out + captured.err
    assert caught.value.code == code
    assert printed.startswith(told)
    assert printed.count("\n") == 1


def test_a_fault_of_the_program_keeps_its_traceback(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no user's mistake is not disguised as one."""
    started(monkeypatch, project, "stages.evaluate", "isic-base")
    with pytest.raises(ZeroDivisionError):
        run(lambda stage: stage.say(str(1 // 0)))


def test_what_is_said_and_tracked_passes_through_unchanged(project: Path) -> None:
    """`say` prints its text as it is; `track` gives the items in order, on a terminal or not."""
    for terminal in (False, True):
        console = Console(file=io.StringIO(), force_terminal=terminal)
        stage = open_stage("evaluate", ["isic-base"], project, console)
        assert list(stage.track(iter("abc"), "letters", 3)) == ["a", "b", "c"]
        stage.say("[bold] 1/2")
        assert "[bold] 1/2" in console.file.getvalue()  # type: ignore[attr-defined]
