"""Strengths, read alike from names of products and from orders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.drugs.amounts import totals_of
from terminology.coding.drugs.forms import read_forms
from terminology.coding.drugs.strength import read_strengths, without_equivalents

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("50 mcg", "0.05 MG"),
        ("1 g", "1000 mg"),
        ("250 mg/5 ml", "50 MG/ML"),
        ("90 mcg/inh", "0.09 MG/ACTUAT"),
        ("1 %", "10 MG/ML"),
        ("1,000 units", "1000 UNT"),
    ],
)
def test_one_strength_in_two_spellings(left: str, right: str) -> None:
    (a,), (b,) = read_strengths(left).keys, read_strengths(right).keys
    assert set(a) & set(b)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("acetaminophen 325 mg/5 mg", 2),
        ("10-500 mg", 2),
        ("hydrochlorothiazide 12.5 MG / irbesartan 150 MG", 2),
        ("0.05 MG/MG cream", 1),
        ("0.5 ML syringe", 0),
        ("24 HR", 0),
    ],
)
def test_how_many_strengths(text: str, count: int) -> None:
    assert len(read_strengths(text).keys) == count


@given(TEXT)
def test_reading_a_drug_never_fails(text: str) -> None:
    assert all(read_strengths(text).keys)
    assert read_forms(text) >= 0


def test_what_a_product_has_in_all() -> None:
    (five,) = read_strengths("5 mg").keys
    for name in (
        "0.5 ML tirzepatide 10 MG/ML Injection",
        "amphetamine 2.5 MG / dextroamphetamine 2.5 MG Oral Tablet",
        "daptomycin 5 MG Injection",
        "lisinopril 2.5 MG / amlodipine 2.5 MG Oral Tablet",
        "2.5 MG, 5 MG Dose 3 ML semaglutide 0.68 MG/ML Pen Injector",
        "24 HR nicotine 0.208 MG/HR Transdermal System",
    ):
        assert {*totals_of(name)} & {*five}, name
    assert totals_of("tirzepatide 10 MG/ML Injection") == []
    assert totals_of("a 2.5 MG / b 2.5 MG/ML Oral Solution") == []


@given(st.integers(1, 900), st.sampled_from((1, 2, 3, 4, 5, 10, 240)))
def test_an_amount_in_a_volume_is_a_concentration(amount: int, volume: int) -> None:
    (asked,) = read_strengths(f"{amount} mg per {volume} ml").keys
    (has,) = read_strengths(f"{float(f'{amount / volume:.3g}'):g} MG/ML").keys
    assert has[0] in asked


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("lantus 100 units/ml, 20 units at bedtime", "100 units/ml"),
        ("metformin 500 mg take 2 tabs (1000 mg)", "500 mg"),
        ("take 500 mg of naproxen", "500 mg"),
        ("metoprolol 25 mg tablet take 0.5 tablets (12.5 mg total)", "25 mg"),
        ("fluticasone 50 mcg spray 16gm", "50 mcg"),
        ("milrinone 0.2 mg/ml at 0.25 mcg/kg/min", "0.2 mg/ml"),
        ("heparin 100 units/ml at 12 ml/hr", "100 units/ml"),
    ],
)
def test_a_dose_beside_a_strength_is_none(text: str, strength: str) -> None:
    assert read_strengths(text).keys == read_strengths(strength).keys


@given(st.integers(1, 900), st.integers(5, 900))
def test_bare_numbers_count_as_often_as_they_are_said(one: int, other: int) -> None:
    assert len(read_strengths(f"name {one}-{other}").numbers) == 2
    assert read_strengths("name 2 daily").numbers == ()


SAME_STRENGTH = {
    "calcium carbonate 1500 MG (calcium 600 MG)": "1500 MG",
    "albuterol 1.25 MG (albuterol sulfate 1.5 MG) per 3 ML": "0.417 MG/ML",
    "epinephrine 1:200,000": "0.005 MG/ML",
    "xylitol 236.79 MG": "237 MG",
    "carvedilol 3.13 mg": "3.125 MG",
}


@pytest.mark.parametrize(("text", "strength"), SAME_STRENGTH.items())
def test_one_strength_in_other_words(text: str, strength: str) -> None:
    (asked,) = read_strengths(text).keys
    assert read_strengths(strength).keys[0][0] in asked


def test_all_strengths_before_a_volume_are_of_it() -> None:
    asked = read_strengths("(dextrose 1.87 GM / phosphoric acid 21.5 MG) per 5 ML").keys
    for has, keys in zip(("374 MG/ML", "4.3 MG/ML"), asked, strict=True):
        assert read_strengths(has).keys[0][0] in keys


def test_what_parentheses_repeat_names_nothing_further() -> None:
    assert without_equivalents("Caltrate 1500 MG (calcium 600 MG) tablet").split() == [
        "caltrate",
        "1500",
        "mg",
        "tablet",
    ]
    assert "iodine" in without_equivalents("DuraPrep (iodine 0.7 % / alcohol 74 %)")
    assert "fosamprenavir" not in without_equivalents("Lexiva (as fosamprenavir) 700 MG")


@pytest.mark.parametrize(
    ("text", "paired"),
    [
        ("oxycodone 5/325", True),
        ("hydrocodone 10-325", True),
        ("codeine 30/500 mg", True),
        ("oxycodone 5-10 q4h", False),
        ("lisinopril 1/2 tab", False),
        ("lisinopril 1/2", False),
        ("ethosuximide 250 mg/5 ml", False),
    ],
)
def test_a_pair_of_strengths_is_no_range_and_no_half(text: str, paired: bool) -> None:
    assert read_strengths(text).paired is paired


@pytest.mark.parametrize(
    ("share", "spray"),
    [("0.03%", "21 mcg/spray"), ("0.06 %", "42 mcg/actuat"), ("0.1%", "137 mcg/spray")],
)
def test_a_share_is_what_a_pump_gives(share: str, spray: str) -> None:
    (told,), (given,) = read_strengths(share).keys, read_strengths(spray).keys
    assert given[0] in told
