"""Codes that stand for kinds of conditions: each is one, and that of a history may be billed."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.diagnoses.kinds import FAMILY, PERSONAL, PREGNANCY, Kinds, of_kind
from terminology.service import Terminology
from terminology.types import ICD10CM


@pytest.mark.parametrize("kinds", [PREGNANCY, PERSONAL, FAMILY])
def test_each_row_is_a_range_and_a_code(data: Path, kinds: Kinds) -> None:
    terminology = Terminology.open(data)
    assert all(first <= last for first, last, _ in kinds)
    assert all(terminology.display(ICD10CM, stands) for *_, stands in kinds)
    if kinds is not PREGNANCY:
        assert all(terminology.is_billable(stands) for *_, stands in kinds)


def test_the_first_row_counts() -> None:
    assert of_kind(FAMILY, "H40.9") == "Z83.511"
    assert of_kind(FAMILY, "H10.9") == "Z83.518"
    assert of_kind(PREGNANCY, "Z72.0") == "O99.33"
    assert of_kind(PREGNANCY, "Z71.1") == ""
