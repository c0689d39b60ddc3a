"""The side of a phrase: parted from it where it names just one."""

from __future__ import annotations

import pytest

from terminology.coding.diagnoses.sides import parted


@pytest.mark.parametrize(
    ("phrase", "bare", "side"),
    [
        ("hip fracture left", "hip fracture", "left"),
        ("lt hip fracture", "hip fracture", "left"),
        ("both knees pain", "knees pain", "bilateral"),
        ("hip pain r", "hip pain", "right"),
        ("hip pain", "", ""),
        ("left", "", ""),
        ("bppv r", "bppv", "right"),
        ("right and left hip pain", "", ""),
        ("l hip pain", "hip pain", "left"),
        ("hip pain b l", "hip pain", "bilateral"),
        ("cataract od", "cataract", "right"),
    ],
)
def test_a_side_is_parted(phrase: str, bare: str, side: str) -> None:
    assert parted(phrase) == (bare, side)
