"""The block `loss`, one type a kind of loss."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from glassbox.params.block import Block, LossModule, NotNegative, Positive, Share


class _Loss(Block):
    module: LossModule
    pixel: NotNegative
    smooth: Positive


class Dice(_Loss):
    """Soft Dice plus `pixel` times cross-entropy."""

    name: Literal["dice"]


class _Weighed(_Loss):
    alpha: NotNegative
    beta: NotNegative

    @model_validator(mode="after")
    def _weighs_something(self) -> Self:
        if self.alpha + self.beta == 0:
            raise ValueError("alpha + beta = 0|at least one of them above 0")
        return self


class Tversky(_Weighed):
    """Tversky: `alpha` weighs false positives, `beta` false negatives."""

    name: Literal["tversky"]


class Hybrid(_Weighed):
    """`dice` times soft Dice plus `tversky` times Tversky."""

    name: Literal["hybrid"]
    dice: NotNegative
    tversky: NotNegative


class FocalTversky(_Weighed):
    """`(1 - Tversky index) ** gamma`."""

    name: Literal["focal-tversky"]
    gamma: Positive


class CrossEntropy(Block):
    """Cross-entropy of a classifier: `binary` flag by flag, `categorical` over classes that shut each other out.

    `weights`: `balanced` gives each class the same weight in all, whatever its share of the cases (of flags, the cases
    with and those without); `smoothing` moves that share of the target to an even guess (Szegedy 2016).
    """

    module: Literal["classes"]
    name: Literal["binary-cross-entropy", "categorical-cross-entropy"]
    weights: Literal["balanced", "none"]
    smoothing: Share


Loss = Annotated[Dice | Tversky | Hybrid | FocalTversky, Field(discriminator="name")]
AnyLoss = Annotated[Dice | Tversky | Hybrid | FocalTversky | CrossEntropy, Field(discriminator="name")]
LOSSES: dict[str, type[Block]] = {
    "dice": Dice,
    "tversky": Tversky,
    "hybrid": Hybrid,
    "focal-tversky": FocalTversky,
    "binary-cross-entropy": CrossEntropy,
    "categorical-cross-entropy": CrossEntropy,
}
