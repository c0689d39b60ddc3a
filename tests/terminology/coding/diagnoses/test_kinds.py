"""Codes that stand for kinds of conditions: each is one, and that of a history may be billed."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.diagnoses.kinds import FAMILY, PERSONAL, PREGNANCY, PREVIOUS, Kinds, of_kind
from terminology.service import Terminology
from terminology.types import ICD10CM


@pytest.mark.parametrize("kinds", [PREGNANCY, PREVIOUS, PERSONAL, FAMILY])
def test_each_row_is_a_range_and_a_code(data: Path, kinds: Kinds) -> None:
    terminology = Terminology.open(data)
    assert all(first <= last for first, last, _ in kinds)
    assert all(terminology.display(ICD10CM, stands) for *_, stands in kinds)
    if kinds not in (PREGNANCY, PREVIOUS):
        assert all(terminology.is_billable(stands) for *_, stands in kinds)


@pytest.mark.parametrize(
    ("kinds", "code", "stands"),
    [
        (PERSONAL, "C02.9", "Z85.810"),
        (PERSONAL, "C7A.020", "Z85.030"),
        (PERSONAL, "C43.9", "Z85.820"),
        (PERSONAL, "C4A.9", "Z85.821"),
        (PERSONAL, "C71.9", "Z85.841"),
        (PERSONAL, "C81.90", "Z85.71"),
        (PERSONAL, "C88.40", "Z85.72"),
        (PERSONAL, "C90.00", "Z85.79"),
        (PERSONAL, "C95.90", "Z85.6"),
        (PERSONAL, "D03.9", "Z86.006"),
        (PERSONAL, "G45.9", "Z86.73"),
        (PERSONAL, "I63.40", "Z86.73"),
        (PERSONAL, "I69.354", "Z86.73"),
        (PERSONAL, "I61.9", "Z86.79"),
        (PERSONAL, "S06.0X0A", "Z87.820"),
        (FAMILY, "G45.9", "Z82.3"),
        (FAMILY, "I63.9", "Z82.3"),
        (FAMILY, "C85.90", "Z80.7"),
        (FAMILY, "C7A.1", "Z80.8"),
        (FAMILY, "E78.01", "Z83.42"),
        (PREVIOUS, "O82", "O34.219"),
    ],
)
def test_what_stands_for_a_code(kinds: Kinds, code: str, stands: str) -> None:
    assert of_kind(kinds, code) == stands


@pytest.mark.parametrize("kinds", [PERSONAL, FAMILY])
def test_no_cancer_is_left_out(data: Path, kinds: Kinds) -> None:
    terminology = Terminology.open(data)
    codes = (f"C{first}{second}" for first in "0123456789" for second in "0123456789AB")
    known = [code for code in codes if terminology.exists(ICD10CM, code)]
    assert all(of_kind(kinds, code).startswith(("Z80", "Z85")) for code in known)


def test_the_first_row_counts() -> None:
    assert of_kind(FAMILY, "H40.9") == "Z83.511"
    assert of_kind(FAMILY, "H10.9") == "Z83.518"
    assert of_kind(PREGNANCY, "Z72.0") == "O99.33"
    assert of_kind(PREGNANCY, "Z71.1") == ""
