"""Of several orders in one text the first is meant; a combination is one where its parts are joined."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


LISINOPRIL = "lisinopril 10 MG Oral Tablet"
METFORMIN = "metformin hydrochloride 500 MG Oral Tablet"
LANTUS = "insulin glargine 100 UNT/ML Injectable Solution [Lantus]"
LOTREL = "amlodipine 5 MG / benazepril hydrochloride 10 MG Oral Capsule"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lisinopril 10 mg amlodipine 5 mg", LISINOPRIL),
        ("lisinopril 10 mg and amlodipine 5 mg daily", LISINOPRIL),
        ("Lisinopril 10 mg, Lipitor 40 mg, aspirin 81 mg", LISINOPRIL),
        ("metformin 500 mg bid, glipizide 5 mg daily", METFORMIN),
        ("metformin 500 mg twice daily with glipizide 5 mg", METFORMIN),
        ("lisinopril 10 mg plus metformin 500 mg", LISINOPRIL),
        ("Lantus 100 units/ml Humalog 100 units/ml", LANTUS),
        ("aspirin 81 mg daily then aspirin 325 mg", "aspirin 81 MG Oral Tablet"),
    ],
)
def test_the_first_order_is_meant(terminology: Terminology, text: str, name: str) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].display == name


@pytest.mark.parametrize(
    "text",
    [
        "amlodipine 5 mg benazepril 10 mg",
        "amlodipine 5 mg / benazepril 10 mg",
        "benazepril 10 mg with amlodipine 5 mg daily",
        "amlodipine and benazepril 5-10 mg",
        "Lotrel (amlodipine 5 mg and benazepril 10 mg) 1 cap daily",
    ],
)
def test_a_combination_is_one_order(terminology: Terminology, text: str) -> None:
    assert (
        terminology.match(text, "rxnorm", 1)[0].display.partition(" [")[0].lower() == LOTREL.lower()
    )


@pytest.mark.parametrize(
    "text",
    [
        "calcium carbonate 1500 mg (calcium 600 mg) daily",
        "aspirin 81 mg daily (ASA 81 mg)",
        "amoxicillin 875 mg clavulanate 125 mg",
        "furosemide 40 mg 1 tab daily, take 20 mg on weekends",
    ],
)
def test_what_is_said_again_is_no_further_order(terminology: Terminology, text: str) -> None:
    first = terminology.match(text, "rxnorm", 1)[0].display
    assert first.lower().startswith(text.split()[0].lower())
