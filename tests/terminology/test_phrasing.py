"""What is said around a condition, of other people, of the past and of what is not there."""

from __future__ import annotations

import pytest

from terminology.coding.lexicon import EVERYDAY, PARTS
from terminology.coding.phrasing import absent, denied, empty, heads, lacks, plainly


@pytest.mark.parametrize(
    ("phrase", "condition"),
    [
        ("my son has had a bad cough for 3 days", "cough"),
        ("i think i have a uti", "uti"),
        ("pt c o chest pain", "chest pain"),
        ("3 day history of cough", "cough"),
        ("vomiting since yesterday", "vomiting"),
        ("fever x3 days", "fever"),
        ("denies chest pain but has cough", "cough"),
        ("dad had a stroke", "family history of stroke"),
        ("breast cancer runs in the family", "family history of breast cancer"),
        ("hx of dvt", "history of dvt"),
        ("had a stroke last year", "history of stroke"),
        ("newborn jaundice", "newborn jaundice"),
        ("s p appendectomy", "s p appendectomy"),
        ("is", "is"),
    ],
)
def test_the_condition_is_what_stays(phrase: str, condition: str) -> None:
    assert plainly(phrase) == condition


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("hi", True),
        ("Hello", True),
        ("left knee", True),
        ("the old table", True),
        ("knee pain", False),
        ("AS spine", False),
        ("baby blues", False),
    ],
)
def test_words_that_name_no_disorder(text: str, nothing: bool) -> None:
    assert empty(text, text.lower()) is nothing


def test_everyday_words_are_no_parts_of_the_body() -> None:
    assert EVERYDAY
    assert not EVERYDAY & PARTS


@pytest.mark.parametrize(
    ("phrase", "is_denied", "is_absent"),
    [
        ("denies chest pain", True, False),
        ("negative for flu", True, False),
        ("ruled out mi", True, False),
        ("denies chest pain but has cough", False, False),
        ("no history of dvt", True, True),
        ("no chest pain", False, True),
        ("without fever", False, True),
        ("chest pain", False, False),
        ("nodule", False, False),
    ],
)
def test_what_is_not_there(phrase: str, is_denied: bool, is_absent: bool) -> None:
    assert (denied(phrase), absent(phrase)) == (is_denied, is_absent)


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        ("loss of appetite", True),
        ("missed period", True),
        ("chest pain, unspecified", False),
        ("pain, not elsewhere classified", False),
    ],
)
def test_names_of_what_is_missing(name: str, lacking: bool) -> None:
    assert lacks(name) is lacking


def test_circumstances_are_cut_off_one_by_one() -> None:
    assert list(heads("hip pain after fall on ice")) == ["hip pain after fall", "hip pain"]
    assert list(heads("hip pain")) == []
