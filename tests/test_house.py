"""The house holds: arrows between modules point one way, and each stage depends on the code it reaches.

Imports are read from the source, not run. Where a module is chosen by a name in params.yaml, as in
`import_module(f"glassbox.losses.{entry.loss.module}")`, the stage's `deps` must name it by the same template.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from glassbox.params import read_yaml

TOP = Path(__file__).parents[1]
PIPELINE = TOP / "dvc.yaml"
MODULES = sorted(
    path.relative_to(TOP).as_posix() for room in ("glassbox", "stages") for path in (TOP / room).rglob("*.py")
)
CONTRACTS = ("params", "artifacts", "stage", "tasks", "errors")
ROOMS = ("data", "nets", "losses", "training", "metrics", "xai", "render", "llm")
LAYERS = [("errors",), ("params",), ("tasks",), ("artifacts",), ROOMS, ("stage",), ("stages", "commands"), ("cli",)]
ORDER = {name: level for level, names in enumerate(LAYERS) for name in names}
SIDEWAYS = {("training", "data/augment.py"), ("training", "data/sample.py")}  # training replays what data drew
NO_TENSORFLOW = ("data", "metrics", "render", "llm")
NETWORK_LIBRARIES = ("tensorflow", "keras")
WORDS = {
    "glassbox/llm/asides.txt",
    "glassbox/llm/intents/heard",
    "glassbox/llm/wordings",
    "glassbox/llm/names",
}  # no code: what one training learns from
LONGEST_SCRIPT = 45
LONGEST_FILE = 350
PYTHON = [*MODULES, *(p.relative_to(TOP).as_posix() for r in ("benchmarks", "tests") for p in (TOP / r).rglob("*.py"))]


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((TOP / module).read_text(encoding="utf-8"))


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below `node` that runs: not what stands under `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")):
            yield child
            yield from running(child)


@cache
def imported(module: str) -> frozenset[str]:
    """The dotted names a module imports; of `from a import b` both `a` and `a.b`, which may be a module."""
    names: set[str] = set()
    for node in running(tree(module)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, f"{module}:{node.lineno}: relative import"
            names.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return frozenset(names)


@cache
def arrows(module: str) -> frozenset[str]:
    """The project's own modules that a module imports, as files; rooms aside, their `__init__` is empty."""
    paths = {name.replace(".", "/") for name in imported(module)}
    files = {f"{path}.py" for path in paths} | {f"{path}/__init__.py" for path in paths if Path(path).name in CONTRACTS}
    return frozenset(files & set(MODULES))


@cache
def chosen(module: str) -> frozenset[str]:
    """What a module imports by a name known only when it runs, each as a file pattern: `glassbox/losses/*.py`."""
    patterns = set()
    for node in running(tree(module)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            [name] = node.args
            parts = name.values if isinstance(name, ast.JoinedStr) else [name]
            dotted = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts)
            patterns.add(f"{dotted.replace('.', '/')}.py")
    return frozenset(patterns)


def room(module: str) -> str:
    """`data` for `glassbox/data/isic.py`, `params` for `glassbox/params/task.py`, `stages` for a script."""
    parts = Path(module).with_suffix("").parts
    return "stages" if parts[0] == "stages" else parts[1]


@pytest.mark.parametrize("module", MODULES)
def test_arrows_point_one_way(module: str) -> None:
    """Down the layers only, and among one room's own modules; rooms and scripts do not import each other."""
    if module == "glassbox/__init__.py":
        assert not arrows(module)
        return
    here = room(module)
    for target in arrows(module):
        down, within = ORDER[room(target)] < ORDER[here], room(target) == here != "stages"
        assert down or within or (here, target.removeprefix("glassbox/")) in SIDEWAYS, f"{module} imports {target}"


def test_every_allowance_is_used() -> None:
    """A sideways arrow that is gone leaves the list of allowances too."""
    assert {(room(m), t.removeprefix("glassbox/")) for m in MODULES for t in arrows(m)} >= SIDEWAYS


@pytest.mark.parametrize("module", [module for module in MODULES if room(module) in NO_TENSORFLOW])
def test_rooms_that_only_count_and_draw_name_no_network_library(module: str) -> None:
    """data, metrics, render and llm import neither TensorFlow nor Keras, anywhere in the file."""
    assert not {name.split(".")[0] for name in imported(module)} & set(NETWORK_LIBRARIES)


def test_rooms_that_only_count_and_draw_load_no_network_library() -> None:
    """Nor does anything that these rooms or the contracts import load them."""
    quiet = [m for m in MODULES if room(m) in (*NO_TENSORFLOW, *CONTRACTS)]
    names = [m.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for m in quiet]
    code = f"import sys, {', '.join(names)}\nprint([name for name in {NETWORK_LIBRARIES} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


# They pin threads, and keep the imports of a script quiet: no library room.
STARTERS = ("glassbox/__init__.py", "stages/__init__.py")


INITS = [m for m in MODULES if m.endswith("__init__.py") and m not in STARTERS]


@pytest.mark.parametrize("module", [m for m in INITS if room(m) not in CONTRACTS])
def test_a_room_imports_nothing_by_itself(module: str) -> None:
    """An empty `__init__`: no code runs that a stage's deps do not name."""
    assert (TOP / module).read_bytes() == b""


@pytest.mark.parametrize("module", [m for m in INITS if room(m) in CONTRACTS])
def test_a_contract_in_parts_gathers_its_names(module: str) -> None:
    """What a contract of several files offers is imported from its package, and listed there."""
    docstring, *imports, offered = tree(module).body
    names = [alias.name for node in imports if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert isinstance(docstring, ast.Expr)
    assert isinstance(offered, ast.Assign)
    assert sorted(names) == sorted(ast.literal_eval(offered.value))
    assert {room(target) for target in arrows(module)} == {room(module)}


@pytest.mark.parametrize("file", PYTHON)
def test_a_file_is_read_at_one_sitting(file: str) -> None:
    """At most 350 lines."""
    assert len((TOP / file).read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("module", [module for module in MODULES if room(module) in CONTRACTS])
def test_a_contract_chooses_no_module(module: str) -> None:
    """Contracts are no deps, so what they imported by name would escape every stage's deps."""
    assert not chosen(module)
    assert {room(target) for target in arrows(module)} <= set(CONTRACTS)


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) == "stages" and not m.endswith("__init__.py")])
def test_a_stage_script_is_short_and_says_what_it_touches(module: str) -> None:
    """At most 45 lines, and a docstring with what is read and written."""
    assert len((TOP / module).read_text(encoding="utf-8").splitlines()) <= LONGEST_SCRIPT
    told = ast.get_docstring(tree(module)) or ""
    assert told.startswith("Stage ")
    assert re.search(r"^reads ", told, re.MULTILINE)
    assert re.search(r"^writes ", told, re.MULTILINE)


def stages() -> Iterator[tuple[str, Mapping[str, Any], dict[str, str]]]:
    """Each stage as DVC expands it: its full name, its body, and its deps as written and as filled in."""
    params = read_yaml(TOP / "params.yaml")
    for name, entry in read_yaml(PIPELINE)["stages"].items() if PIPELINE.exists() else []:
        for key, item in params[entry["foreach"][2:-1]].items() if "foreach" in entry else [("", {})]:
            body = entry.get("do", entry)
            body = {**body, "cmd": filled(body["cmd"], "", item)}
            yield f"{name}@{key}".rstrip("@"), body, {raw: filled(raw, key, item) for raw in body["deps"]}


def filled(template: str, key: str, item: object) -> str:
    def value(match: re.Match[str]) -> str:
        found: Any = {"key": key, "item": item}
        for part in match[1].split("."):
            found = found[part]
        return str(found)

    return re.sub(r"\$\{([^}]+)\}", value, template)


def covers(dep: str, module: str) -> bool:
    return module == dep or module.startswith(f"{dep}/")


def reached(script: str, deps: Mapping[str, str]) -> set[str]:
    """The files that a script reaches, contracts aside; of those chosen by name, the ones its deps fill in."""
    found, waiting = set(), [script]
    by_template = [dep for raw, dep in deps.items() if raw != dep]
    while waiting:
        module = waiting.pop()
        if module in found or room(module) in CONTRACTS:
            continue
        found.add(module)
        waiting += arrows(module)
        for pattern in chosen(module):
            fitting = [other for other in MODULES if fnmatchcase(other, pattern)]
            assert fitting, f"{module} imports {pattern}, which fits no module"
            waiting += [other for other in fitting if any(covers(dep, other) for dep in by_template)] or fitting
    return found


STAGES = list(stages())
EXPANDED = [pytest.param(body, deps, id=name) for name, body, deps in STAGES]
NAMED = [pytest.param(name.split("@")[0], body, deps, id=name) for name, body, deps in STAGES]
NO_PIPELINE = [pytest.param({}, {}, id="none", marks=pytest.mark.skip("dvc.yaml is absent"))]
NONE_NAMED = [pytest.param("", {}, {}, id="none", marks=pytest.mark.skip("dvc.yaml is absent"))]


@pytest.mark.parametrize(("name", "body", "deps"), NAMED or NONE_NAMED)
def test_a_stage_depends_on_the_code_it_reaches(name: str, body: Mapping[str, Any], deps: dict[str, str]) -> None:
    """Every module that a stage's script reaches is one of its deps, and no dep is a module it never reaches.

    A dep written without `${...}` stands in every expansion, whatever its kind: it's enough that one reaches it.
    """
    script = f"{body['cmd'].split()[2].replace('.', '/')}.py"
    code = reached(script, deps)
    somewhere = {
        module
        for full, other, others in STAGES
        if full.split("@")[0] == name
        for module in reached(f"{other['cmd'].split()[2].replace('.', '/')}.py", others)
    }
    listed = {raw: dep for raw, dep in deps.items() if dep.startswith(("glassbox/", "stages/"))}
    idle = {dep for raw, dep in listed.items() if not any(covers(dep, m) for m in (code if raw != dep else somewhere))}
    assert {module for module in code if not any(covers(dep, module) for dep in listed.values())} == set(), (
        "not in deps"
    )
    assert idle <= WORDS, "never reached"


@pytest.mark.parametrize(("body", "deps"), EXPANDED or NO_PIPELINE)
def test_a_training_depends_on_files(body: Mapping[str, Any], deps: dict[str, str]) -> None:
    """A stage that writes a model names each file of code, so that a new neighbour does not retrain it."""
    if any(str(out).startswith(("models/", "{'models/")) for out in body.get("outs", [])):
        folders = [dep for dep in deps.values() if dep.startswith("glassbox/") and not dep.endswith(".py")]
        assert set(folders) <= WORDS


@pytest.mark.parametrize(("body", "deps"), EXPANDED or NO_PIPELINE)
def test_a_stage_declares_what_its_command_is_given(body: Mapping[str, Any], deps: dict[str, str]) -> None:
    """`format` is declared by every stage, and the script is the module that the command starts."""
    assert "format" in body["params"]
    assert body["cmd"].startswith("python -m stages.")
    assert f"{body['cmd'].split()[2].replace('.', '/')}.py" in deps.values()
