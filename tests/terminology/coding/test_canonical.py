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
        ("injury NOS", "unspecified injury"),
        ("sequelae of trachoma", "Trachoma, late effects"),
        ("vertigo in oth dis", "Vertiginous in diseases classified elsewhere"),
    ],
)
def test_the_same_meaning_has_the_same_words(left: str, right: str) -> None:
    assert set(lexemes(left)) == set(lexemes(right))


def test_no_is_not_what_is_said_of_nothing() -> None:
    assert lexemes("no") == ("no",)
