"""A brand that isn't known is not misspelt into a drug that the order contradicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(
    "text", ["Novomox 20 units bd", "Foscair 2 puffs bd", "Trimix 2 puffs bd", "warfrin 5 units"]
)
def test_a_guess_that_the_order_contradicts_is_none(terminology: Terminology, text: str) -> None:
    assert not terminology.match(text, "rxnorm", 1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lantis 20 units", "Lantus"),
        ("albutrol 2 puffs", "Albuterol"),
        ("timolool 1 drop both eyes", "timolol"),
        ("vitamn D 5000 units", "Cholecalciferol 5000 UNT Oral Tablet"),
    ],
)
def test_one_that_it_bears_out_is_found(terminology: Terminology, text: str, name: str) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].display == name


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Fostair 100/6 2 puffs bd", {"1347", "25255"}),
        ("Trimbow 2 puffs bd", {"1347", "4955", "25255"}),
        ("Novomix 20 units bd", {"51428", "352385"}),
        ("Actrapid 10 units", {"253182"}),
        ("Hypurin 10 units", {"5856"}),
    ],
)
def test_brands_of_no_release_are_their_ingredients(
    terminology: Terminology, text: str, codes: set[str]
) -> None:
    found = terminology.match(text, "rxnorm", len(codes))
    assert {each.code for each in found} == codes
