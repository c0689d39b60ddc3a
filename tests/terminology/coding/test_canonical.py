"""Phrases of one meaning have the same canonical words."""

from __future__ import annotations

import pytest

from terminology.coding.canonical import lexemes


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("renal cancer", "Malignant neoplasm of kidney"),
        ("oedemas", "edema"),
        ("non-toxic goitre", "Nontoxic goiter"),
        ("type ii", "type 2"),
        ("malignant tonsillar tumour", "Malignant neoplasm of tonsil"),
        ("2nd degree", "second degree"),
    ],
)
def test_the_same_meaning_has_the_same_words(left: str, right: str) -> None:
    assert set(lexemes(left)) == set(lexemes(right))
