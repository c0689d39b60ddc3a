"""What is in a fluid, and what is inhaled: neither is a tablet, a spray or another fluid."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


NORMAL = "Potassium Chloride 0.02 MEQ/ML / Sodium Chloride 0.154 MEQ/ML Injectable Solution"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("KCl 20 mEq in 1 L NS", NORMAL),
        ("20 mEq KCl in 1000 mL NS", NORMAL),
        ("NS + 20 KCl", NORMAL),
        ("KCl 10 mEq in 500 mL NS", NORMAL),
        ("NS 500 ml with KCl 10 meq at 75 ml/hr", NORMAL),
        ("potassium chloride 20 mEq in sodium chloride 0.9% 1000 mL", NORMAL),
        ("NS with KCl 20 mEq/L", NORMAL),
        ("KCl 20 mEq in NS 500 ml", NORMAL.replace("0.02", "0.04")),
        ("KCl 10 mEq in 100 ml NS", "Potassium Chloride 0.1 MEQ/ML Injectable Solution"),
        ("sodium bicarbonate 100 mEq in 1 L D5W", "Sodium Bicarbonate"),
        ("20 meq potassium in NS 1 L", NORMAL),
        ("20 meq KCl in 1,000 mL NS", NORMAL),
        ("Normal saline with 40 KCl", NORMAL.replace("0.02", "0.04")),
        ("amiodarone 300 mg in 5% dextrose", "Amiodarone"),
        ("metronidazole 500 mg in 100 ml NS", "100 ML metronidazole 5 MG/ML Injection"),
        ("nitroglycerin 50 mg in D5W 250 ml", "Nitroglycerin 0.2 MG/ML Injectable Solution"),
        ("vancomycin 1 g in NS 250 ml IVPB", "vancomycin 1000 MG Injection"),
        ("Combivent neb", "Combivent"),
        ("albuterol 2.5 mg in 3 ml NS neb", "Albuterol 0.83 MG/ML Inhalant Solution"),
    ],
)
def test_the_fluid_and_the_way(terminology: Terminology, text: str, name: str) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].display == name


@pytest.mark.parametrize(
    "text",
    ["0.45 saline + 20 meq kcl", "half normal saline 20 kcl", "1/2 normal saline with 20 meq kcl"],
)
def test_a_share_is_told_in_any_way(terminology: Terminology, text: str) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].display == NORMAL.replace("0.154", "0.0769")


@pytest.mark.parametrize(
    "text", ["20 meq potassium acetate in NS 1 L", "10 mmol potassium phosphate in NS 1 L"]
)
def test_other_salts_are_no_potassium_chloride(terminology: Terminology, text: str) -> None:
    best = terminology.match(text, "rxnorm", 1)[0].display
    assert text.split()[3] in best.lower()


def test_a_volume_that_is_no_number_is_not_taken_for_a_litre(terminology: Terminology) -> None:
    assert terminology.match("20 mEq KCl in 1.0.0 L NS", "rxnorm", 1)[0].display != NORMAL


def test_no_fluid_lacks_what_the_order_tells(terminology: Terminology) -> None:
    found = terminology.match("D5 1/2 NS + 20 KCl", "rxnorm", 3)
    assert {each.display for each in found} == {"Glucose", "Potassium Chloride", "Sodium Chloride"}


@pytest.mark.parametrize(
    "text", ["salbutamol inhaler 100mcg 2 puffs prn", "salbutamol 100 micrograms 2 puffs"]
)
def test_what_leaves_the_valve_is_what_is_inhaled(terminology: Terminology, text: str) -> None:
    best = terminology.match(text, "rxnorm", 1)[0].display
    assert best == "60 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler"


def test_one_ingredient_is_no_combination(terminology: Terminology) -> None:
    assert terminology.match("salbutamol 100mcg", "rxnorm", 1)[0].display == "Albuterol"
