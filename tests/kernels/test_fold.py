"""Folding keeps every offset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.fold import fold, fold_character
from kernels.text import normalise

ANY = st.text(st.characters(), max_size=80)


def test_every_code_point_folds_to_one_and_stays_there() -> None:
    """All of Unicode, so that no text can ever move an offset."""
    for code in range(0x110000):
        folded = fold_character(chr(code))
        assert len(folded) == 1
        assert fold_character(folded) == folded
        assert folded.isascii() or folded.lower() == folded
        folded.encode()


@given(ANY)
def test_normalise_keeps_the_length_and_is_idempotent(text: str) -> None:
    assert len(normalise(text)) == len(text)
    assert normalise(normalise(text)) == normalise(text)


@given(ANY)
def test_fold_works_character_by_character(text: str) -> None:
    assert fold(text) == "".join(map(fold_character, text))


@given(st.text(st.characters(min_codepoint=0x80), min_size=40, max_size=80))
def test_fold_of_many_distinct_characters(text: str) -> None:
    assert fold(text) == "".join(map(fold_character, text))


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Sjögren’s – naïve", "sjogren's - naive"),
        ("5 μg × 2 ≥ ½", "5 ug x 2 > ½"),
        ("“café”\u00a0•\u2003m²", '"cafe" * m2'),
        ("ŒDEMA Æ ß", "edema e s"),
        ("Ω-3 ΣΑΣ", "ω-3 σασ"),
        ("\uf0b7 item\u2028next\ud800", "* item\nnext*"),
    ],
)
def test_clinical_typography(text: str, normal: str) -> None:
    assert normalise(text) == normal
