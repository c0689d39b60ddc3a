"""The index has the names of drugs that its own dictionary lacks, and what they tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernels.text import tokenize
from terminology.coding.drugs.brands import brands
from terminology.coding.drugs.othernames import OtherName
from terminology.service import Terminology
from terminology.types import RXNORM


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


def found(terminology: Terminology, text: str) -> list[tuple[str, OtherName]]:
    told = terminology.othernames.find(tokenize(text))
    return [(text[start:end], each) for start, end, each in told]


def test_a_new_drug_has_its_products_by_the_amount_of_one_pen(terminology: Terminology) -> None:
    ((quote, told),) = found(terminology, "Ödem. Mounjaro 5 mg weekly")
    assert (quote, told.ingredients) == ("Mounjaro", ("tirzepatide",))
    assert {amount for amount, _ in told.products} >= {2.5, 5.0, 7.5}
    assert all("[Mounjaro]" in terminology.display(RXNORM, code) for _, code in told.products)


def test_a_clipped_name_has_the_code_of_its_ingredient(terminology: Terminology) -> None:
    ((quote, told),) = found(terminology, "chlorthal 12.5")
    assert (quote, told.ingredients) == ("chlorthal", ("chlorthalidone",))
    assert terminology.display(RXNORM, told.clipped).lower() == "chlorthalidone"


def test_a_class_is_told_as_one(terminology: Terminology) -> None:
    ((quote, told),) = found(terminology, "allergic to sulfa drugs")
    assert (quote, told) == ("sulfa drugs", OtherName(("sulfonamide antibiotic",), True))


@pytest.mark.parametrize("text", ["lisinopril", "Lipitor", "insulin glargine"])
def test_what_the_dictionary_has_is_no_other_name(terminology: Terminology, text: str) -> None:
    assert found(terminology, text) == []


def test_every_brand_of_the_table_is_found_one_way_or_the_other(terminology: Terminology) -> None:
    for name in brands():
        own = any(hit.end - hit.start == len(name) for hit in terminology.hits(name))
        assert own or found(terminology, name), name
