"""What every block of `params.yaml` is made of: kinds of numbers, names of modules, and a mapping without defaults."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=1)]
Index = Annotated[int, Field(ge=0)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Settings = dict[str, Any]  # a block that belongs to a loader or a network, which holds its type: see `parse`
HOUSE = Path(__file__).parents[1]


def _module_of(room: str, offers: str) -> AfterValidator:
    """A check that a name is that of a module of `room` with a function `offers`; modules are read, not imported."""

    def check(name: str) -> str:
        files = sorted((HOUSE / room).glob("*.py" if room != "data" else "*/loader.py"))
        texts = {file.stem if room != "data" else file.parent.name: file.read_text(encoding="utf-8") for file in files}
        valid = [stem for stem, text in texts.items() if f"\ndef {offers}(" in text]
        if name not in valid:
            raise ValueError(f"'{name}'|one of {', '.join(valid)}, the modules of glassbox/{room} with {offers}()")
        return name

    return AfterValidator(check)


def _odd(pixels: int) -> int:
    if pixels % 2 == 0:
        raise ValueError(f"{pixels}|an odd number of pixels")
    return pixels


Odd = Annotated[int, Field(ge=3), AfterValidator(_odd)]
Loader = Annotated[str, _module_of("data", "cases")]
Net = Annotated[str, _module_of("nets", "build")]
LossModule = Annotated[str, _module_of("losses", "build")]


class Block(BaseModel):
    """One mapping of `params.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
