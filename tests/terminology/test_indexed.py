"""A concept that is read when it is asked: it says and equals what one read at once does."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.errors import UnknownCode, UnknownSystem
from terminology.service import Terminology
from terminology.types import ICD10CM, Concept


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


def test_it_is_the_concept(terminology: Terminology) -> None:
    found = terminology.lookup("icd10cm", "E11.9")
    whole = Concept(
        ICD10CM,
        "E11.9",
        terminology.display(ICD10CM, "E11.9"),
        found.designations,
        found.properties,
    )
    assert isinstance(found, Concept)
    assert found == whole
    assert whole == found
    assert hash(found) == hash(whole)
    assert repr(found) == repr(whole)
    assert found != terminology.lookup("icd10cm", "E11.8")
    with pytest.raises(AttributeError):
        found.code = "I10"  # type: ignore[misc]


def test_what_is_unknown_is_refused_at_once(terminology: Terminology) -> None:
    with pytest.raises(UnknownCode):
        terminology.lookup("icd10cm", "E11.99")
    with pytest.raises(UnknownSystem):
        terminology.lookup("icd10cm", "E11.9", "1999")
    with pytest.raises(UnknownCode):
        terminology.subsumes("icd10cm", "E11", "nothing")
