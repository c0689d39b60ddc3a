"""Translation forward and backward, and what to do with codes that no row has."""

from __future__ import annotations

import pytest

from terminology.codesystem import Coding
from terminology.conceptmap import ConceptMap, Group, Mapping, Unmapped, translate

A, B = "urn:a", "urn:b"
ROWS = (
    Mapping("1", "x", "equivalent"),
    Mapping("2", "y", "wider"),
    Mapping("2", "z", "narrower"),
    Mapping("3", "", "unmatched"),
)


def mapped(unmapped: Unmapped | None = None, url: str = "urn:map") -> ConceptMap:
    return ConceptMap(url, "1", groups=(Group(A, B, ROWS, unmapped=unmapped),))


def test_forward_in_the_order_of_the_map() -> None:
    found = translate([mapped()], Coding(A, "2"))
    assert [(t.target.code, t.equivalence, t.origin) for t in found] == [
        ("y", "wider", "urn:map|1"),
        ("z", "narrower", "urn:map|1"),
    ]
    assert [t.relationship for t in found] == [
        "source-is-narrower-than-target",
        "source-is-broader-than-target",
    ]


def test_backward() -> None:
    (found,) = translate([mapped()], Coding(B, "x"), reverse=True)
    assert (found.source, found.target.code) == (Coding(A, "1"), "x")


def test_no_translation_is_told_as_unrelated() -> None:
    (found,) = translate([mapped()], Coding(A, "3"))
    assert not found.related
    assert translate([mapped()], Coding(A, "1"), "urn:elsewhere") == []
    assert translate([mapped()], Coding("urn:other", "1")) == []


@pytest.mark.parametrize(
    ("unmapped", "code"),
    [
        (None, None),
        (Unmapped("provided"), "9"),
        (Unmapped("fixed", "other", "Other"), "other"),
        (Unmapped("other-map", url="urn:second"), "nine"),
        (Unmapped("other-map", url="urn:map"), None),
    ],
)
def test_codes_without_a_row(unmapped: Unmapped | None, code: str | None) -> None:
    second = ConceptMap("urn:second", groups=(Group(A, B, (Mapping("9", "nine", "equal"),)),))
    first = mapped(unmapped)
    found = translate([first], Coding(A, "9"), known=[first, second])
    assert [t.target.code for t in found] == ([] if code is None else [code])
