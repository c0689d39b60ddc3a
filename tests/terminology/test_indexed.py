"""A concept that is read when it is asked: it says and equals what one read at once does."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from terminology.entry import Entry
from terminology.errors import UnknownCode, UnknownSystem
from terminology.loading.draft import Draft
from terminology.loading.source import Head
from terminology.service import Terminology
from terminology.stored import Stored
from terminology.types import ICD10CM, RXNORM, Property


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


def test_concepts_that_say_the_same_are_equal(terminology: Terminology) -> None:
    found = terminology.lookup("icd10cm", "E11.9")
    again = terminology.lookup(ICD10CM, "E11.9")
    assert found == again
    assert hash(found) == hash(again)
    assert repr(found) == repr(again)
    assert found != terminology.lookup("icd10cm", "E11.8")
    assert found != "E11.9"
    assert (found.system, found.code) == (ICD10CM, "E11.9")
    assert "display='Type 2 diabetes mellitus without complications'" in repr(found)
    with pytest.raises(AttributeError):
        found.code = "I10"  # type: ignore[misc]


def test_a_release_of_its_own_says_the_same(terminology: Terminology, tmp_path: Path) -> None:
    draft = Draft(tmp_path / "release")
    draft.entry(Entry("A", "Animal"))
    draft.entry(Entry("B", "Bird", "A", properties=(Property("legs", 2, "integer"),)))
    draft.finish(Head("urn:animals", "Animals", "1", "a test"))
    own = Stored(draft.folder)
    found = own.lookup("B")
    assert (found.system, found.display, found.designations) == ("urn:animals", "Bird", ())
    assert [(each.code, each.value) for each in found.properties] == [
        ("parent", "A"),
        ("inactive", False),
        ("legs", 2),
    ]
    assert found == Stored(draft.folder).lookup("B") != own.lookup("A")
    with pytest.raises(UnknownCode):
        own.lookup("C")


@pytest.mark.parametrize("system", [ICD10CM, RXNORM])
def test_ancestry_is_what_the_parents_tell(terminology: Terminology, system: str) -> None:
    draw = random.Random(1)  # noqa: S311 - a sample
    codes = list(terminology.codes(system))
    below: dict[str, str] = {}
    for code in codes:
        for each in terminology.lookup(system, code).properties:
            if each.code == "parent":
                below[code] = str(each.value)
    for code in draw.sample(codes, 500):
        above = [code]
        while above[-1] in below:
            above.append(below[above[-1]])
        for other in (*above, *draw.sample(codes, 3), below.get(draw.choice(codes), code)):
            assert terminology.subsumes(system, other, code) == (other in above)


def test_what_is_unknown_is_refused_at_once(terminology: Terminology) -> None:
    with pytest.raises(UnknownCode):
        terminology.lookup("icd10cm", "E11.99")
    with pytest.raises(UnknownSystem):
        terminology.lookup("icd10cm", "E11.9", "1999")
    with pytest.raises(UnknownCode, match="nothing"):
        terminology.subsumes("icd10cm", "E11", "nothing")
    with pytest.raises(UnknownCode, match="nowhere"):
        terminology.subsumes(ICD10CM, "nowhere", "E11")
    assert terminology.exists("icd10cm", "E11")
    assert not terminology.exists("icd10", "E11")
