"""Read `params.yaml`, and tell its first fault in one line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from glassbox.errors import GlassboxError
from glassbox.params.block import Block
from glassbox.params.classify import Classify, Points
from glassbox.params.loss import LOSSES
from glassbox.params.project import Base, Params, Purpose, Variant, WorkedBase, WorkedVariant
from glassbox.params.task import Task

AnyBlock = TypeVar("AnyBlock", bound=Block)
UNION_TAGS: dict[str, type[Block]] = {
    **LOSSES,
    **{each.__name__: each for each in (Base, Variant, WorkedBase, WorkedVariant, Purpose, Points)},
    "segment": Task,
    "classify": Classify,
}
GATHERED = ("outlining", "classifying", "networks", "segmenters", "models")  # of `bases` and `variants`


def load(path: Path) -> Params:
    """Read and check `params.yaml`.

    Raises `GlassboxError` naming the first faulty key by its full path, what stands there and what may.
    """
    return parse(Params, read_yaml(path), str(path))


def parse(block: type[AnyBlock], raw: Mapping[str, Any], where: str) -> AnyBlock:
    """Check one mapping against its type.

    Loaders and networks bring the type of their own block (`Source`, `Architecture`), so that adding one changes
    nothing here. `where` is the file, or the file and the key, that errors name.
    """
    try:
        return block.model_validate(raw)
    except ValidationError as error:
        raise _told(block, where, error) from None


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, but a key that comes twice is an error: otherwise the second would win, unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        own = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {key for key in map(str, own) if list(map(str, own)).count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"key {min(twice)} comes twice", node.start_mark)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Mapping[str, Any]:
    """A YAML file whose top level is a mapping."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError:
        raise GlassboxError(path, "no such file", "the project's top folder as working directory") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GlassboxError(path, f"not readable as YAML ({error})", "a YAML mapping, each key once") from None
    if not isinstance(raw, dict):
        raise GlassboxError(path, f"a {type(raw).__name__} at the top", "a YAML mapping")
    return raw


def _told(block: type[Block], where: str, error: ValidationError) -> GlassboxError:
    """The first fault in one line: the key's full path, what stands there, what may."""
    faults = error.errors(include_url=False)
    # These repeat `bases` and `variants`: tell a fault where it was written.
    fault = next((fault for fault in faults if fault["loc"][:1] not in {(name,) for name in GATHERED}), faults[0])
    found, expected = repr(fault["input"]), fault["msg"].removeprefix("Input should be ")
    location, around = _walk(block, fault["loc"])
    match fault["type"]:
        case "missing":
            found, expected = "missing", "a value: no parameter has a default"
        case "extra_forbidden":
            found, expected = "unknown key", "only " + ", ".join(around.model_fields)
        case "union_tag_invalid" | "union_tag_not_found":
            chooses = fault["ctx"]["discriminator"].strip("'")
            choices = LOSSES if chooses == "name" else ("segment", "classify")
            location.append(chooses)
            found, expected = repr(fault["input"].get(chooses)), "one of " + ", ".join(choices)
        case "value_error":  # raised in this package as "found|expected"
            found, _, expected = fault["msg"].removeprefix("Value error, ").partition("|")
    key = ".".join(map(str, location))
    return GlassboxError(": ".join(filter(None, (where, key))), found, expected)


def _walk(block: Any, location: tuple[str | int, ...]) -> tuple[list[str | int], type[Block]]:  # noqa: ANN401 - types
    """The keys that `location` leads through, without pydantic's union tags, and the block around the last one."""
    keys: list[str | int] = []
    around = block
    for part in location:
        if isinstance(block, type) and issubclass(block, BaseModel):
            around, field = block, block.model_fields.get(str(part))
            block = field.annotation if field else Any
        elif get_origin(block) in (dict, list):
            block = get_args(block)[-1]
        elif part in UNION_TAGS:  # the choice that was made, which is no key
            block = UNION_TAGS[str(part)]
            continue
        keys.append(part)
    return keys, around
