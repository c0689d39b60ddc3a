"""Codes by their properties."""

from __future__ import annotations

import pytest

from terminology import budget
from terminology.codesystem import ConceptDefinition, ConceptProperty
from terminology.findmatches import find_matches
from terminology.issue import Refused
from terminology.table import Node, Table


def lamp(code: str, **properties: str) -> Node:
    told = tuple(ConceptProperty(name, "string", value) for name, value in properties.items())
    return Node(ConceptDefinition(code, f"Lamp {code}", properties=told))


LAMPS = Table(
    "urn:lamps",
    roots=(lamp("a", of="brass", by="Ada"), lamp("b", of="brass"), lamp("c", of="tin")),
)


@pytest.mark.parametrize(
    ("asked", "exact", "found"),
    [
        ([("of", "brass")], True, "a b"),
        ([("of", "brass"), ("by", "Ada")], True, "a b"),
        ([("of", "brass"), ("by", "Ada")], False, "a b"),
        ([("code", "c")], True, "c"),
        ([("display", "lamp B")], True, "b"),
        ([("display", "lamp B"), ("code", "a")], True, "b a"),
        ([("display", "lam b")], True, ""),
        ([("display", "lam b")], False, "b"),
        ([("of", "bras")], False, ""),
        ([("of", "gold")], False, ""),
    ],
)
def test_codes_with_properties(asked: list[tuple[str, str]], exact: bool, found: str) -> None:
    assert [m.code for m in find_matches(LAMPS, asked, exact=exact)] == found.split()


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = Table("urn:many", "1", roots=tuple(lamp(str(n), of="tin") for n in range(1_000)))
    asked = [("of", "tin")] * 10
    assert len(find_matches(many, asked, exact=True)) == 1_000
    monkeypatch.setattr(budget, "SECONDS", 0.0)
    with pytest.raises(Refused, match=r"'urn:many\|1' takes too long"):
        find_matches(many, asked, exact=True)
