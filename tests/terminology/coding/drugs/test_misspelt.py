"""Misspelt names of drugs are found by letters, beginning and sound; plain words are no drugs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.drugs.misspelt import Sounds, arrays_of
from terminology.coding.plain import plain_words
from terminology.coding.spelling import sound
from terminology.service import Terminology
from terminology.types import RXNORM

WORDS = st.text("abcdefghiklmnoprstuxyz", min_size=4, max_size=12)


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@given(st.lists(WORDS, min_size=1, max_size=30, unique=True))
def test_every_name_is_found_by_its_sound(names: list[str]) -> None:
    arrays = arrays_of(names)
    sounds = Sounds(np.asarray(arrays["sounds.key"]), np.asarray(arrays["sounds.name"]))
    for place, name in enumerate(names):
        if len(sound(name)) > 2:
            assert place in sounds.alike(name)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("lisinoprl", "lisinopril"),
        ("metfromin", "metformin"),
        ("flonoze", "Flonase"),
        ("ci pro", "Cipro"),
        ("flu canasol", "fluconazole"),
        ("tylenool pm", "Tylenol PM"),
        ("amoksicilin", "amoxicillin"),
    ],
)
def test_misspelt_names_are_found(terminology: Terminology, said: str, name: str) -> None:
    assert terminology.match(said, "rxnorm", 1)[0].display.lower() == name.lower()


@pytest.mark.parametrize(
    "text",
    ["chest pain", "headache", "follow up", "blood pressure", "type 2 diabetes", "knee pain"],
)
def test_words_of_no_drug_are_none(terminology: Terminology, text: str) -> None:
    assert all(match.score < 0.6 for match in terminology.match(text, "rxnorm", 5))


@pytest.mark.parametrize("text", ["hello", "never", "children", "agree", "the detective", "stand"])
def test_plain_words_give_nothing(terminology: Terminology, text: str) -> None:
    assert terminology.match(text, "rxnorm", 5) == ()


def test_a_misspelt_name_counts_for_less_among_words_of_no_drug(terminology: Terminology) -> None:
    assert terminology.match("macular pseudohole retinal cyst", "rxnorm", 1)[0].score < 0.7
    beside, told = (
        terminology.match(f"lisinoprl {said}", "rxnorm", 1)[0].score for said in ("stump", "10 mg")
    )
    assert beside < 0.75 < told


def test_the_table_of_plain_words_has_no_drug(terminology: Terminology) -> None:
    words = plain_words()
    assert len(words) > 2000
    ingredients = [
        terminology.display(RXNORM, code)
        for code in terminology.codes(RXNORM)
        if any(
            p.code == "TTY" and p.value == "IN" for p in terminology.lookup(RXNORM, code).properties
        )
    ]
    assert not words & {name.lower() for name in ingredients}
