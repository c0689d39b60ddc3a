"""How like two words are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.spelling import likeness, may_be_slip, meant_exactly, sound

WORDS = st.text("abcdefghiklmnoprstuxyz", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("flonoze", "flonase"),
        ("sefalexin", "cephalexin"),
        ("amoksisilin", "amoxicillin"),
        ("ekwetro", "equetro"),
    ],
)
def test_what_sounds_alike_has_one_sound(said: str, name: str) -> None:
    assert sound(said) == sound(name)
    assert likeness(said, name) > 0.72


@given(WORDS)
def test_a_word_is_like_itself(word: str) -> None:
    assert likeness(word, word) == pytest.approx(1.0)


@given(WORDS, WORDS)
def test_likeness_lies_between_nothing_and_all(one: str, other: str) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0 + 1e-9
    if one != other:
        assert likeness(one, other) < likeness(one, one)


@given(WORDS, st.data())
def test_letters_that_changed_places_are_one_error(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 3))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    lost_two = word[:at] + word[at + 2 :]
    assert likeness(swapped, word) >= likeness(lost_two, word)


@pytest.mark.parametrize(
    ("name", "parts", "phrase", "may_be"),
    [
        ("l1 burst fracture", (), "l2 burst fracture", False),
        ("l2 burst fracture", (), "l2 brust fracture", True),
        ("xxy syndrome", (), "xyz syndrome", False),
        ("rett disease", (), "rtt disease", False),
        ("left shoulder pain", (), "lft shoulder pain", True),
        ("hiv infection", ("chin",), "chin infection", False),
        ("skin infection", ("skin",), "skin infecton", True),
    ],
)
def test_numbers_and_parts_are_no_slips(
    name: str, parts: tuple[str, ...], phrase: str, may_be: bool
) -> None:
    assert may_be_slip(name, frozenset(parts), meant_exactly(phrase)) is may_be
