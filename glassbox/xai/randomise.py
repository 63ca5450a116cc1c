"""Does a map depend on what the network learned? Its weights are shuffled, layer by layer from the output down.

Adebayo 2018 (arXiv:1810.03292), cascading randomisation: a map that stays as it was explains the picture, not the
network.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from glassbox.errors import GlassboxError
from glassbox.xai.gradient import check_model
from glassbox.xai.members import block

Maps = NDArray[np.floating]
Explain = Callable[[keras.Model], Mapping[str, Maps]]


def cascade(
    model: keras.Model, explain: Explain, references: Mapping[str, Maps], seed: int
) -> dict[str, dict[str, list[float | None]]]:
    """How alike each method's maps stay, by block of layers, each with all blocks above it shuffled too.

    explain     by name: the maps (N, H, W) of a network with `model`'s architecture
    references  those of `model`
    returns     by name and block, the output's first, the `alike` of each image's map; the last block's are those of a
                network with every kernel shuffled
    """
    found: dict[str, dict[str, list[float | None]]] = {name: {} for name in references}
    for part, shuffled in shuffled_from_the_top(model, seed):
        for name, maps in explain(shuffled).items():
            found[name][part] = [alike(*pair) for pair in zip(references[name], maps, strict=True)]
    return found


def shuffled_from_the_top(model: keras.Model, seed: int) -> Iterator[tuple[str, keras.Model]]:
    """One network, each time with one more block of layers shuffled; the given network is left alone.

    A block is the layers whose names begin alike (`members.block`). Shuffled are kernels, by a permutation of their
    values: their distribution stays, and so does what batch normalisation knows of its scale. A network without kernels
    is refused.
    """
    check_model(model)
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    names = [layer.name for layer in copy.layers]
    blocks: dict[str, list[keras.layers.Layer]] = {}
    for layer in reversed(copy.layers):
        if any(weight.ndim > 1 for weight in layer.get_weights()):
            blocks.setdefault(block(layer.name, names), []).append(layer)
    if not blocks:
        raise GlassboxError(f"network {model.name}", "no kernel", "weights that can be shuffled")
    rng = np.random.default_rng(seed)
    for name, layers in blocks.items():
        for layer in layers:
            weights = layer.get_weights()
            layer.set_weights([rng.permuted(w.ravel()).reshape(w.shape) if w.ndim > 1 else w for w in weights])
        yield name, copy


def shuffled(model: keras.Model, seed: int) -> keras.Model:
    """A network of the same architecture with every kernel shuffled."""
    *_, (_, network) = shuffled_from_the_top(model, seed)
    return network


def alike(one: Maps, other: Maps) -> float | None:
    """Spearman's rank correlation of two maps' sizes, `|map|`; `None` where one of them is the same everywhere."""
    flat = np.abs(one).ravel(), np.abs(other).ravel()
    if any(np.ptp(values) == 0 for values in flat):
        return None
    return float(spearmanr(*flat).statistic)


def known_mean(values: Iterable[float | None]) -> float | None:
    """The mean of those that are defined, if any is."""
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if defined else None
