"""Numbers are read in one way, and no order of digits, dots, slashes and units fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from terminology.coding.drugs.units import NUMBER, value_of
from terminology.service import Terminology

_WORDS = (
    "kcl|potassium|k phos|ns|1/2 normal saline|d5w|lr|saline|dextrose|in|with|+|and|of|per|a|one"
    "|meq|mmol|mg|mcg|g|units|million units|ml|l|liter|%|mg/ml|/|@|#|tab|puffs|evohaler|seretide"
    "|symbicort|insulin|u-|humulin m|amoxicillin|bactrim ds|tylenol|salbutamol|1:|sinemet"
)
_NUMBERS = st.text("0123456789.,/-", min_size=1, max_size=8) | st.just("9" * 400)
_ORDERS = st.lists(st.sampled_from(_WORDS.split("|")) | _NUMBERS, min_size=1, max_size=9)


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@given(_ORDERS, st.sampled_from(["", " "]))
@example(["20", "mEq", "KCl", "in", "1.0.0", "L", "NS"], " ")
@example(["20.5.1", "meq", "kcl", "in", "NS", "1", "L"], " ")
@example(["NS", "1..5", "L", "with", "20", "meq", "kcl"], " ")
@settings(max_examples=150, deadline=None)
def test_no_order_fails(terminology: Terminology, order: list[str], joint: str) -> None:
    for found in terminology.match(joint.join(order), "rxnorm", 2):
        assert 0.0 <= found.score <= 1.0


@given(st.text("0123456789.,", max_size=9))
def test_what_is_a_number_has_a_value(text: str) -> None:
    for found in re.findall(NUMBER, text):
        assert value_of(found) >= 0
