"""Searches of several types at once, and of a compartment."""

from __future__ import annotations

import pytest

from fhir_server.errors import BadRequest, NotFound, NotSupported
from fhir_server.search.criteria import Unknown
from fhir_server.search.planner import search
from fhir_server.search.scope import Scope, across, within
from fhir_server.store.types import Page
from tests.fhir_server.search.loaded import BASE, Loaded
from tests.fhir_server.search.various import RESOURCES


def names(page: Page) -> list[str]:
    return [f"{s.type}/{s.id}" for s in page.entries]


def wide(some: Loaded, scope: Scope, *pairs: tuple[str, str]) -> Page:
    return search(some.connection, some.numbers, scope, pairs, BASE)


def test_several_types_at_once(some: Loaded) -> None:
    asked = [("_type", "Patient,Practitioner"), ("_id", "ann,dr,bp1")]
    scope = across(some.numbers, asked)
    assert scope.types == ("Patient", "Practitioner")
    page = wide(some, scope, *asked)
    assert page.used == tuple(asked)
    assert (names(page), page.total) == (["Practitioner/dr", "Patient/ann"], 2)
    everything = across(some.numbers, [])
    whole = names(wide(some, everything, ("_count", "100")))
    assert len(whole) == len(set(whole)) == len(RESOURCES)
    for sort in ((), (("_sort", "_id"),), (("_sort", "-_lastUpdated,_id"),)):
        walked: list[str] = []
        page = wide(some, everything, ("_count", "3"), *sort)
        while True:
            walked += names(page)
            assert page.total == len(RESOURCES)
            if not page.next:
                break
            page = wide(some, everything, *page.next)
        assert sorted(walked) == sorted(whole)
        if not sort:
            assert walked == whole
    with pytest.raises(BadRequest):
        across(some.numbers, [("_type", "Patient,Elephant")])
    with pytest.raises(Unknown):
        wide(some, everything, ("gender", "male"))
    assert across(Loaded().numbers, []).types


def test_compartments(some: Loaded) -> None:
    def found(type: str, *pairs: tuple[str, str]) -> set[str]:
        return set(names(wide(some, within("Patient", "ann", type, some.numbers), *pairs)))

    assert found("Observation") == {"Observation/bp1", "Observation/mass"}
    assert found("Observation", ("code", "mass")) == {"Observation/mass"}
    assert found("*") == {"Observation/bp1", "Observation/mass", "Condition/cold"}
    assert found("*", ("_id", "cold")) == {"Condition/cold"}
    with pytest.raises(NotSupported):
        within("Patient", "ann", "Location", some.numbers)
    with pytest.raises(NotFound):
        within("Patient", "ann", "Elephant", some.numbers)
    with pytest.raises(NotFound):
        within("Location", "l", "Observation", some.numbers)
