"""What a prescription hands out: quantity and refills, as notes write them."""

from __future__ import annotations

import pytest

from nlp import document
from nlp.sig import supply
from nlp.types import Quantity


@pytest.mark.parametrize(
    ("behind", "count", "unit", "refills"),
    [
        (" 10 mg daily, #30, 3 refills.", 30, "", 3),
        (" 10/650, dispense 24 tablets, one q4h.", 24, "tablet", None),
        (" 0.5 mg b.i.d., 60 pills with no refills given.", 60, "pill", 0),
        (" 500 mg tid. Disp: #30 (thirty). Refills: none", 30, "", 0),
        (" 600 mg, quantity 90, RF x3", 90, "", 3),
        (" bid, 90-day supply with one refill", 90, "d", 1),
        (" cream, two tubes dispensed", 2, "tube", None),
        (" daily, refills: 2", None, "", 2),
        (" 10 mg daily #30 refills 2", 30, "", 2),
        (" disp #90 refill x3", 90, "", 3),
    ],
)
def test_supply(behind: str, count: int | None, unit: str, refills: int | None) -> None:
    read = document.read("Drugname" + behind)
    found = supply.find(read, 8, len(read.text))
    assert found is not None
    assert found.quantity == (Quantity(count, unit) if count is not None else None)
    assert found.refills == refills
    assert all(s.quote == read.text[s.start : s.end] for s in found.spans)


@pytest.mark.parametrize(
    "behind",
    [
        " 10 mg daily for 30 days.",
        " 10 mg, take 2 tablets twice a day",
        " daily\n2. Metformin, #60",
        " daily\n\nDispense 30 tablets of it",
        " for problem #2.",
    ],
)
def test_no_supply(behind: str) -> None:
    read = document.read("Drugname" + behind)
    assert supply.find(read, 8, len(read.text)) is None


def test_the_next_drug_ends_it() -> None:
    read = document.read("Lisinopril 10 mg, metformin 500 mg #60")
    assert supply.find(read, 10, 18) is None
