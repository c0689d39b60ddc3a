"""Insulins by what a millilitre has of each, however a brand or a device tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.drugs.insulins import in_parts
from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


ASPARTS = "insulin aspart protamine, human 70 UNT/ML / insulin aspart, human 30 UNT/ML"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Humulin M3", "106892"),
        ("humulin m3 20 units bd", "106892"),
        ("Humalog Mix25", "752388"),
        ("Humalog Mix50 KwikPen", "847213"),
        ("Novomix 30", "351297"),
        ("NovoMix 30 FlexPen 20 units bd", "847191"),
        ("Mixtard 30", "311048"),
        ("U-500 insulin", "249220"),
        ("Humulin 10 units", "1372744"),
    ],
)
def test_a_mix_is_told_by_its_share(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].code == code


@pytest.mark.parametrize(
    "text", ["insulin", "insulin 10 units", "insulin drip", "insulin pen", "insulin 100 units/ml"]
)
def test_insulin_with_no_more_said_is_no_product(terminology: Terminology, text: str) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].display == "Insulin"


@pytest.mark.parametrize(
    "text", ["mixtard", "humulin n 30 units", "humalog 25 units", "insulin aspart 30 units"]
)
def test_units_are_no_share(text: str) -> None:
    assert in_parts(text) == text
