"""The contract of a classification loader, and what it is made of."""

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from glassbox.data.labelled import Deposit, Entry, Labelled, LabelledLoader, tone
from glassbox.data.loader import Loader


def test_the_contract_has_the_names_of_the_other_one() -> None:
    """So that the commands know loaders of both kinds by one list."""
    names = [{name for name in vars(each) if not name.startswith("_")} for each in (Loader, LabelledLoader)]
    assert names[0] == names[1]


@pytest.mark.parametrize("name", ["medmnist", "chest_xray"])
def test_a_loader_keeps_the_contract(name: str) -> None:
    """It offers every name."""
    loader = import_module(f"glassbox.data.{name}.loader")
    assert [
        offered for offered in vars(LabelledLoader) if not offered.startswith("_") and not hasattr(loader, offered)
    ] == []


@pytest.mark.parametrize(
    ("deposit", "name"),
    [
        (Deposit("https://zenodo.org/records/1/files/a.npz?download=1"), "a.npz"),
        (Deposit("https://zenodo.org/records/1/files/a.npz"), "a.npz"),
        (Deposit("https://zenodo.org/api/records/1/content?x=/y", file="b.npz"), "b.npz"),
    ],
)
def test_a_deposit_is_stored_under_its_files_name(deposit: Deposit, name: str) -> None:
    """What is asked of the server is no part of it."""
    assert deposit.name == name


def test_an_entry_is_read_when_asked() -> None:
    """Its name, label and file are known before."""
    asked = []

    def read() -> Labelled:
        asked.append("a")
        return Labelled("a", np.zeros((2, 2, 3), np.uint8), (1,), {})

    entry = Entry("a", (1,), "", Path("a.npz"), read)
    assert (entry.files, asked) == ([Path("a.npz")], [])
    assert (entry.read().label, asked) == ((1,), ["a"])


@given(arrays(np.uint8, (3, 5, 3)))
def test_tone_is_that_of_the_luma(image: np.ndarray) -> None:
    """Mean and deviation of 0.299 R + 0.587 G + 0.114 B, to OpenCV's rounding of each pixel."""
    luma = image @ np.array([0.299, 0.587, 0.114]) / 255
    found = tone(image)
    assert found["brightness"] == pytest.approx(luma.mean(), abs=0.6 / 255)
    assert found["contrast"] == pytest.approx(luma.std(), abs=0.6 / 255)


@given(arrays(np.uint8, (4, 4)))
def test_the_tone_of_a_grey_picture_is_exact(grey: np.ndarray) -> None:
    """Three equal channels weigh one."""
    found = tone(np.repeat(grey[:, :, None], 3, axis=2))
    assert found == pytest.approx({"brightness": grey.mean() / 255, "contrast": grey.std() / 255})
