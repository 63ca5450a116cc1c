"""The optimiser and its learning rate, from the `train` or `finetune` block of a task."""

from collections.abc import Sequence

import keras
from keras import KerasTensor, Variable, ops

from glassbox.params import Schedule

RMS = 0.2  # of an update's elements at learning rate 1: that of AdamW's, so that both take one learning rate (Liu 2025)


class Muon(keras.optimizers.Muon):  # type: ignore[misc]  # Keras brings no types
    """Keras' Muon, also for convolution kernels.

    Muon replaces the momentum of a weight matrix by the nearest semi-orthogonal matrix, so that every direction moves
    by the same length; a few steps of Newton and Schulz find it (Jordan 2024, kellerjordan.github.io/posts/muon; the
    scale that lets it share AdamW's learning rate is that of Liu 2025, arXiv:2502.16982). Keras applies it to matrices
    only. A kernel `(h, w, in, out)` is the matrix `(h * w * in, out)`. Biases, the normalisations' parameters and
    kernels with fewer than 8 rows or columns go by AdamW.
    """

    def _should_use_adamw(self, variable: Variable) -> bool:
        shape = variable.shape
        return len(shape) != 4 or min(_rows(shape), shape[-1]) < 8

    def zeropower_via_newtonschulz5(self, x: KerasTensor, steps: int) -> KerasTensor:
        """The kernel's semi-orthogonal neighbour, scaled to a root mean square of about `RMS`."""
        rows, columns = _rows(x.shape), x.shape[-1]
        update = super().zeropower_via_newtonschulz5(ops.reshape(x, (rows, columns)), steps)
        return ops.reshape(update, x.shape) * (RMS * max(rows, columns) ** 0.5)


def build(schedule: Schedule, batches: Sequence[int]) -> keras.optimizers.Optimizer:
    """The optimiser of one training under a linear warm-up and one cosine (arXiv:1608.03983).

    `batches`: how many batches each pass has. `schedule.optimizer` is `adamw` (Loshchilov 2019, arXiv:1711.05101) or
    `muon`; `schedule.average` makes it keep a running average of the weights. Biases and the normalisations' parameters
    are left out of weight decay.
    """
    warmup = sum(batches[: schedule.warmup_passes])
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else schedule.learning_rate,
        decay_steps=max(sum(batches) - warmup, 1),
        alpha=schedule.final_learning_rate / schedule.learning_rate,
        warmup_target=schedule.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
    common = {
        "learning_rate": rate,
        "weight_decay": schedule.weight_decay,
        "global_clipnorm": schedule.clip_norm,
        "use_ema": schedule.average > 0,
        "ema_momentum": schedule.average,
        "ema_overwrite_frequency": None,
    }
    if schedule.optimizer == "muon":
        optimizer = Muon(adam_weight_decay=schedule.weight_decay, rms_rate=None, **common)
    else:
        optimizer = keras.optimizers.AdamW(**common)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def _rows(shape: Sequence[int]) -> int:
    """Rows of a kernel written as a matrix with one column an output channel."""
    height, width, channels, _ = shape
    return height * width * channels
