"""What orders write in short is spelled out, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coding.drugs.shorthand import spelled_out

MEANT = {
    "K+ chloride 10 meq": "potassium  chloride 10 meq",
    "MS 15 mg q4h": "morphine sulfate 15 mg q4h",
    "INH 300mg": "isoniazid 300mg",
    "GG 100 mg/DM 10 mg": "guaifenesin 100 mg/dextromethorphan 10 mg",
    "bactrim ds 1 bid": "bactrim 800-160 mg 1 bid",
    "Tylenol #3 prn": "tylenol with codeine 300-30 mg prn",
    "Tylenol w/codeine #4": "tylenol with codeine 300-60 mg",
    "Novolin 70/30 20 units bid": "novolin 70 unt/ml / 30 unt/ml 20 units bid",
    "D5W 250 ml": "dextrose 5 % injection 250 ml",
    "d5 1/2 NS at 75": "dextrose 5 % / sodium chloride 0.45 % injection at 75",
    "D10NS": "dextrose 10 % / sodium chloride 0.9 % injection",
    "ns 1000 ml": " sodium chloride 0.9 % injection 1000 ml",
    "LR 1000 ml bolus": " lactated ringer's solution 1000 ml bolus",
    "D5NS with 20 KCl": "dextrose 5 % / sodium chloride 0.154 meq/ml"
    " / potassium chloride 0.02 meq/ml injection",
    "GTN 500 mcg S/L": "gtn 500 mcg sl",
    "1 L NS bolus": "1 l sodium chloride 0.9 % injection bolus",
    "0.45% NaCl": "0.45% sodium chloride",
    "norepinephrine 4 mg/250 mL D5W": "norepinephrine 4 mg/250 ml",
    "vancomycin 1 g in 250 ml NS q12h": "vancomycin 1 g in 250 ml q12h",
    "bicillin 2.4 million units im": "bicillin 2400000 units im",
    "vit d 50k weekly": "vit d 50000 weekly",
    "1/2 NS": "sodium chloride 0.45 % injection",
    "water pill daily": " daily",
    "blood thinner warfarin": " warfarin",
    "ecasa 81": "aspirin ec 81",
    "Basaglar U-100 20 units": "basaglar 100 unt/ml 20 units",
    "Novolog U100 100 units/mL": "novolog  100 units/ml",
    "Humulin M3 20 units": "humulin 70 unt/ml / 30 unt/ml 20 units",
    "Humalog Mix 25 KwikPen": "humalog mix 75 unt/ml / 25 unt/ml kwikpen",
    "Insuman Comb 50": "insuman comb 50 unt/ml / 50 unt/ml",
    "U-500 insulin": "500 unt/ml insulin regular",
    "70/30 insulin 20 units": "70 unt/ml / 30 unt/ml insulin isophane human / insulin regular human"
    " 20 units",
    "novolog 70/30 insulin": "novolog 70 unt/ml / 30 unt/ml insulin",
    "Ventolin HFA 108 (90 Base) MCG/ACT": "ventolin hfa 108 mcg/act (90 mcg/act)",
    "ferrous sulfate 325 (65 Fe) MG": "ferrous sulfate 325 mg (65 mg)",
    "zosyn 3.375 g in sodium chloride 0.9 % 100 mL IVPB": "zosyn 3.375 g in",
    "Symbicort 200/6 2 puffs": "symbicort 160/4.5 2 puffs",
    "Seretide Evohaler 125 / 25": "seretide evohaler 115/21",
    "Relvar Ellipta 92/22": "relvar ellipta 100/25",
    "humalog mix 75/25 100 units/ml pen": "humalog mix 75 unt/ml / 25 unt/ml  pen",
}


@pytest.mark.parametrize(("said", "meant"), MEANT.items())
def test_shorthand_in_full(said: str, meant: str) -> None:
    assert spelled_out(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "ms with weakness",
        "albuterol inh 90 mcg",
        "follow up of ms 15 years",
        "bactrim ds 800 mg-160 mg",
        "insulin after bp 120/80",
        "vitamin d5000",
        "ocean ns 2 sprays",
        "novolog 20/30 100 units/ml",
        "symbicort 160/4.5 bid",
        "seretide accuhaler 500/50",
        "humulin n 30 units",
        "humalog 25 units",
    ],
)
def test_what_else_is_said_stays(text: str) -> None:
    assert spelled_out(text) == text


@given(st.text("abcdefghijklmnop /-", max_size=40))
def test_without_numbers_and_signs_nothing_is_short(text: str) -> None:
    said = {*text.replace("/", " ").replace("-", " ").split()}
    if "ds" not in said:
        assert spelled_out(text) == text
