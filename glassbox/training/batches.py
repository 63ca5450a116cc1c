"""Training batches, replayed from the augmentation plan."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from glassbox.artifacts import Split
from glassbox.data.augment import Recipe, recipes, replay

Batch = tuple[np.ndarray, np.ndarray]


def replayed(plan: pd.DataFrame, number: int, images: np.ndarray, masks: np.ndarray, size: int) -> Iterator[Batch]:
    """The batches of pass `number`, in the plan's order.

    Yields pictures `(n, H, W, 3)` and truths `(n, H, W, 1)`, float32 in [0, 1]; the truths are 0 and 1 but where two
    samples were mixed, `(1 - mix) * own + mix * next`, the last with the first. A last batch smaller than `size` is
    dropped: every sample comes again in another pass, and one small batch would weigh as much as a full one. The next
    batch is made while the network works on the last.
    """
    rows = recipes(plan, number)
    starts = range(0, max(len(rows) - size, 0) + 1, size)

    def batch(start: int) -> Batch:
        chosen = rows[start : start + size]
        whole = _stack([replay(row, images[row.index], masks[row.index]) for row in chosen])
        weights = np.array([row.mix for row in chosen], np.float32)[:, None, None, None]
        if not weights.any():
            return whole
        pictures, truths = (own + weights * (np.roll(own, -1, axis=0) - own) for own in whole)
        return pictures, truths

    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(batch, starts[0])
        for start in [*starts[1:], None]:
            ready = ahead.result()
            if start is not None:
                ahead = pool.submit(batch, start)
            yield ready


def count(plan: pd.DataFrame, number: int, size: int) -> int:
    """How many batches `replayed` yields."""
    return max(int((plan["pass"] == number).sum()) // size, 1)


def picture_size(plan: pd.DataFrame, number: int) -> tuple[int, int]:
    """Height and width in pixels of a whole picture at the scale of the samples of pass `number`, patches or not."""
    height, width, share = plan.loc[plan["pass"] == number, ["height", "width", "share"]].iloc[0]
    return round(height / share), round(width / share)


def sizes(plan: pd.DataFrame) -> list[tuple[int, int]]:
    """Each height and width in pixels that the network is given: of samples, and of whole pictures at their scale."""
    rows = plan[["height", "width", "share"]].drop_duplicates().to_numpy()
    return sorted({(round(h / part), round(w / part)) for h, w, share in rows for part in (1.0, share)})


def unchanged(split: Split, height: int, width: int) -> Batch:
    """A whole split as one batch, resized as training samples are and otherwise left alone."""
    cases = enumerate(zip(split.images, split.masks, strict=True))
    return _stack([replay(Recipe(i, height, width), image, mask) for i, (image, mask) in cases])


def _stack(samples: list[Batch]) -> Batch:
    pictures = np.stack([picture for picture, _ in samples]).astype(np.float32) / 255.0
    return pictures, np.stack([mask for _, mask in samples])[..., None].astype(np.float32)
