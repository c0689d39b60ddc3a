"""Milligrams and the other unit of a substance are one amount, as closely as labels round it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.drugs.equivalents import EQUIVALENT, NONE, equivalent, near
from terminology.coding.drugs.strength import read_strengths

LABELS = {
    "10 %": ("potassium chloride", "1.33 MEQ/ML"),
    "8.4 %": ("sodium bicarbonate", "1 MEQ/ML"),
    "50 %": ("magnesium sulfate", "4 MEQ/ML"),
    "0.9 %": ("sodium chloride", "0.154 MEQ/ML"),
    "2 g/50 mL": ("magnesium sulfate", "0.325 MEQ/ML"),
    "220 mcg/actuation": ("mometasone", "0.2 MG/ACTUAT"),
    "110 mcg": ("mometasone", "0.1 MG/ACTUAT"),
    "600 mg": ("potassium chloride", "8 MEQ"),
    "1000 units": ("cholecalciferol", "0.025 MG"),
    "50,000 unit": ("vitamin d", "1.25 MG"),
    "7 meq": ("potassium chloride", "520 MG"),
}


@pytest.mark.parametrize("label", LABELS)
def test_what_a_label_tells_is_what_rxnorm_calls_it(label: str) -> None:
    salt, told = LABELS[label]
    (keys,) = read_strengths(label, EQUIVALENT[salt]).keys
    (own,) = read_strengths(told).keys
    assert own[0] in keys
    assert own[0] not in read_strengths(label).keys[0]


def test_only_one_substance_has_an_equivalent() -> None:
    assert equivalent(["Potassium Chloride", "potassium chloride"]) == ("meq", 74.55)
    assert equivalent(["potassium chloride", "sodium chloride"]) == NONE
    assert equivalent(["lisinopril"]) == NONE


@given(st.floats(0.001, 5000))
def test_what_is_near_is_no_further_than_a_label_rounds(value: float) -> None:
    told = list(near(value))
    assert told == sorted(told)
    assert any(abs(each - value) <= 0.006 * value for each in told)
    assert all(abs(each - value) <= 0.02 * value for each in told)
