"""From cases as a loader reads them to a split as a network is given it."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from glassbox.artifacts import Split
from glassbox.data import steps
from glassbox.data.case import Case
from glassbox.data.check import Census
from glassbox.data.picture import encode_mask
from glassbox.errors import GlassboxError


def assemble(cases: Iterable[Case], settings: steps.Steps, split: str, census: Census) -> Split:
    """Preprocess every case, count it in `census`, and prove that its mask is still aligned with its picture.

    Truth and region are kept at their own size, for scoring. Attributes are rounded to 6 decimals: they are reported,
    not computed with. Raises `GlassboxError` for a case whose mask and picture did not go through one geometry, and for
    a split without cases or with a region for some of them only.
    """
    names, images, masks, truths, regions, attributes = [], [], [], [], [], []
    for case in cases:
        census.add(split, case)
        image, mask = steps.apply(case.image, case.mask, settings)
        if not steps.aligned(case.image, case.mask, image, mask):
            raise GlassboxError(case.name, "mask and picture lie apart after preprocessing", "one geometry for both")
        names.append(case.name)
        images.append(image)
        masks.append(mask.astype(np.uint8))
        truths.append(encode_mask(case.mask))
        if case.region is not None:
            regions.append(encode_mask(case.region))
        attributes.append({name: round(value, 6) for name, value in case.attributes.items()})
    if not names:
        raise GlassboxError(f"split {split}", "no cases", "at least one")
    if regions and len(regions) != len(names):
        raise GlassboxError(f"split {split}", f"{len(regions)} regions for {len(names)} cases", "one each, or none")
    table = pd.DataFrame(attributes, index=names)
    return Split(tuple(names), np.stack(images), np.stack(masks), tuple(truths), table, tuple(regions))


def showcase(image: steps.Image, settings: steps.Steps) -> dict[str, steps.Image]:
    """One picture after each step by itself, whether enabled or not, and after all that are enabled, by column title.

    What a switch does can so be seen before it is thrown.
    """
    small = steps.resize(image, settings.height, settings.width)
    hair, colour, contrast = settings.hair_removal, settings.colour_constancy, settings.clahe
    return {
        "original": image,
        "resize": small,
        _title("hair removal", hair.enabled): steps.dullrazor(
            small, hair.kernel_px, hair.threshold, hair.inpaint_radius_px
        ),
        _title("colour constancy", colour.enabled): steps.shades_of_grey(small, colour.p),
        _title("CLAHE", contrast.enabled): steps.clahe(small, contrast.clip, contrast.tiles),
        "as trained on": steps.prepare(image, settings),
    }


def _title(step: str, enabled: bool) -> str:
    return f"{step} ({'on' if enabled else 'off'})"
