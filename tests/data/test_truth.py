"""glassbox.data.truth: masks and regions of a split, at the pictures' own size and at the network's."""

import numpy as np
import pandas as pd

from glassbox.artifacts import Split
from glassbox.data.picture import encode_mask
from glassbox.data.truth import truths, truths_as_seen

OWN = np.random.default_rng(1).random((2, 12, 16)) < 0.4
FIELD = np.zeros((12, 16), bool)
FIELD[2:10, 4:12] = True
SMALL = OWN[:, ::2, ::2].astype(np.uint8)


def split(regions: tuple[bytes, ...]) -> Split:
    images = np.zeros((2, 6, 8, 3), np.uint8)
    return Split(("a", "b"), images, SMALL, tuple(map(encode_mask, OWN)), pd.DataFrame(index=["a", "b"]), regions)


def test_without_regions_every_pixel_counts() -> None:
    """Masks at their own size and at the network's."""
    assert [np.array_equal(found.mask, own) for found, own in zip(truths(split(())), OWN, strict=True)] == [True, True]
    seen = truths_as_seen(split(()))
    assert [np.array_equal(found.mask, own > 0) for found, own in zip(seen, SMALL, strict=True)] == [True, True]
    assert [found.region for found in (*truths(split(())), *seen)] == [None] * 4


def test_regions_come_at_the_size_of_their_masks() -> None:
    """Own size as stored, the network's as a mask is resized; a part of the split keeps its own."""
    whole = split((encode_mask(FIELD), encode_mask(~FIELD)))
    assert np.array_equal(truths(whole)[1].region, ~FIELD)
    seen = truths_as_seen(whole)
    assert np.array_equal(seen[0].region, FIELD[::2, ::2]) and seen[0].mask.shape == (6, 8)
    (alone,) = truths(whole.of(["b"]))
    assert np.array_equal(alone.region, ~FIELD) and np.array_equal(alone.mask, OWN[1])
