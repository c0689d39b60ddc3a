"""A class of drugs names none, nor does what is denied; what is ordered does."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.drugs.nodrug import denied, without_classes
from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(
    "text",
    [
        "no aspirin",
        "denies ibuprofen use",
        "pt not on warfarin",
        "she isn't taking metformin",
        "never took lisinopril",
        "aspirin denied",
        "refuses aspirin",
        "pt declined atorvastatin 40 mg",
        "atenolol not given",
        "atenolol 50 mg was not administered",
        "heparin refused by patient",
        "did not receive aspirin",
        "lisinopril never started",
        "Continue beta blocker",
        "start a calcium channel blocker",
        "potassium-sparing diuretic",
        "vitamin K antagonist",
        "dopamine agonist",
        "on a statin",
        "water pill",
        "crystalloid 1 litre",
    ],
)
def test_no_drug(terminology: Terminology, text: str) -> None:
    assert not terminology.match(text, "rxnorm", 5)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("No Doz", "no doz"),
        ("no refills lisinopril 10 mg", "lisinopril 10 MG Oral Tablet"),
        ("not on warfarin but takes apixaban", "warfarin"),
        ("beta blocker: metoprolol tartrate 25 mg", "metoprolol tartrate 25 MG Oral Tablet"),
        ("hold aspirin", "aspirin"),
        ("held aspirin", "aspirin"),
        ("aspirin not given with food", "aspirin"),
    ],
)
def test_a_drug_all_the_same(terminology: Terminology, text: str, name: str) -> None:
    found = terminology.match(text, "rxnorm", 1)
    assert found
    assert found[0].display.lower() == name.lower()


def test_only_the_class_is_left_out() -> None:
    assert without_classes("on ace inhibitor lisinopril").split() == ["on", "lisinopril"]
    assert without_classes("nystatin swish") == "nystatin swish"


def test_a_contrast_is_no_denial() -> None:
    assert denied("no aspirin")
    assert not denied("no aspirin but plavix")
    assert not denied("aspirin")
