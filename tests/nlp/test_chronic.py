"""Lasting conditions are told from those that pass."""

from __future__ import annotations

import pytest

from nlp.chronic import chronic
from terminology.chronic import CHRONIC


@pytest.mark.parametrize(
    "code", ["I10", "E11.22", "J45.909", "F32.A", "N18.30", "G40.909", "M06.9"]
)
def test_lasting(code: str) -> None:
    assert chronic(code)


@pytest.mark.parametrize(
    "code", ["J18.9", "N20.0", "C50.919", "S72.009A", "R07.9", "I21.9", "N39.0"]
)
def test_passing(code: str) -> None:
    assert not chronic(code)


def test_ranges_are_in_order_and_apart() -> None:
    flat = [bound for pair in CHRONIC for bound in pair]
    assert flat == sorted(flat)
