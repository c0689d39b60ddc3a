"""The measure of the tests that time must not grow with the square of a length."""

from __future__ import annotations

import pytest

from tests.growth import linear


@pytest.mark.parametrize(("power", "passes"), [(1, True), (2, False)])
def test_growth_is_told_by_its_power(power: int, passes: bool) -> None:
    assert linear(lambda size: sum(range((size // 10) ** power)), 20_000) is passes
