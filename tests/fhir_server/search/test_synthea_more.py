"""On whole patient records: texts, units, pairs, filters, compartments and everything, by reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from capability.definitions import compartment
from fhir_server.search.everything import RecordQuery, everything
from fhir_server.search.planner import search
from fhir_server.search.scope import across, within
from tests.fhir_server.search.loaded import BASE, Loaded, Resource
from tests.fhir_server.search.test_synthea import ONE, about, coded, start

UCUM = "http://unitsofmeasure.org"
Test = Callable[[Resource], bool]


def value(resource: Resource, unit: str) -> float | None:
    quantity = resource.get("valueQuantity", {})
    return quantity.get("value") if quantity.get("code") == unit else None


def parts(resource: Resource, code: str) -> Iterable[float]:
    for component in resource.get("component", ()):
        if coded(component["code"], code) and "valueQuantity" in component:
            yield component["valueQuantity"]["value"]


def texts(concept: dict[str, Any]) -> Iterable[str]:
    yield concept.get("text", "").lower()
    yield from (c.get("display", "").lower() for c in concept.get("coding", ()))


def typed(resource: Resource, code: str) -> bool:
    return any(coded(i.get("type"), code) for i in resource["identifier"])


QUERIES: list[tuple[str, str, str, Test]] = [
    ("Observation", "component-code-value-quantity", "http://loinc.org|8480-6$gt130", lambda r: any(v > 130 for v in parts(r, "8480-6"))),
    ("Observation", "component-code-value-quantity", f"8462-4$lt10|{UCUM}|kPa", lambda r: any(v * 0.133322 < 10 for v in parts(r, "8462-4"))),
    ("Observation", "combo-code-value-quantity", "8480-6$gt130,29463-7$gt90",
     lambda r: any(v > 130 for v in parts(r, "8480-6")) or (coded(r["code"], "29463-7") and r["valueQuantity"]["value"] > 90)),
    ("Observation", "value-quantity", f"gt90000|{UCUM}|g", lambda r: (value(r, "kg") or 0) > 90),
    ("Observation", "value-quantity", f"le1.7|{UCUM}|m", lambda r: 0 < (value(r, "cm") or 0) <= 170),
    ("Observation", "code:text", "body", lambda r: any(t.startswith("body") for t in texts(r["code"]))),
    ("Condition", "code:text", "acute", lambda r: any(t.startswith("acute") for t in texts(r["code"]))),
    ("Patient", "identifier:text", "medical", lambda r: any(t.startswith("medical") for i in r["identifier"] for t in texts(i.get("type", {})))),
    ("Condition", "_filter", f"patient re Patient/{ONE} and not (clinical-status eq resolved)", lambda r: about(ONE)(r) and not coded(r["clinicalStatus"], "resolved")),
    ("Observation", "_filter", "(code eq 8302-2 or code eq 29463-7) and date ge 2018", lambda r: (coded(r["code"], "8302-2") or coded(r["code"], "29463-7")) and start(r) >= "2018"),
    ("Patient", "_filter", "gender eq female and birthdate lt 1980-01-01", lambda r: r["gender"] == "female" and r["birthDate"] < "1980"),
    ("Condition", "_content", "sinusitis", lambda r: any("sinusitis" in t for t in texts(r["code"]))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "name", "asked", "test"), QUERIES, ids=[f"{q[0]}?{q[1]}" for q in QUERIES]
)
def test_a_search_finds_what_reading_finds(
    resources: list[Resource],
    records: Loaded,
    type: str,
    name: str,
    asked: str,
    test: Test,
) -> None:
    expected = {r["id"] for r in resources if r["resourceType"] == type and test(r)}
    page = records.page(type, (name, asked), ("_count", "1000"))
    assert page.total == len(expected)
    assert {s.id for s in page.entries} == expected
    assert expected


def test_every_typed_identifier_is_found(
    resources: list[Resource],
    records: Loaded,
) -> None:
    looked = 0
    for patient in (r for r in resources if r["resourceType"] == "Patient"):
        for identifier in patient["identifier"]:
            for coding in identifier.get("type", {}).get("coding", ()):
                token = f"{coding['system']}|{coding['code']}|{identifier['value']}"
                assert patient["id"] in records.find("Patient", ("identifier:of-type", token))
                looked += 1
    assert looked > 20


def named(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def references(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from references(each)


def walk(records: Loaded, kind: str, owner: str = "") -> tuple[list[str], int]:
    """The names on all pages, and the total that they tell."""
    pairs: tuple[tuple[str, str], ...] = (("_count", "400"),)
    found: list[str] = []
    while pairs:
        numbers = records.numbers
        scope = within("Patient", owner, kind, numbers) if owner else across(numbers, pairs)
        page = search(records.connection, numbers, scope, pairs, BASE)
        found += [f"{s.type}/{s.id}" for s in page.entries]
        pairs = page.next
    return found, page.total or 0


def test_the_base_holds_everything_once(
    resources: list[Resource],
    records: Loaded,
) -> None:
    found, total = walk(records, "")
    assert total == len(found) == len(set(found))
    assert set(found) == {named(r) for r in resources}


def test_a_compartment_and_everything(
    resources: list[Resource],
    records: Loaded,
) -> None:
    members = compartment("Patient")
    patient = f"Patient/{ONE}"
    inside = {  # Synthea refers to a patient from no element but those of the compartment
        named(r) for r in resources
        if r["resourceType"] in members and r["resourceType"] != "Patient" and patient in references(r)
    }  # fmt: skip
    found, total = walk(records, "*", ONE)
    assert total == len(found)
    assert set(found) == inside
    by_name = {named(r): r for r in resources}
    whole = inside | {patient}
    fresh = set(whole)
    while fresh:
        along = {t for n in fresh for t in references(by_name[n]) if t in by_name}
        fresh = {t for t in along if t.partition("/")[0] not in members} - whole
        whole |= fresh
    page = everything(records.connection, records.numbers, ONE, RecordQuery())
    assert {f"{s.type}/{s.id}" for s in page.entries} == whole
    assert page.total == len(page.entries) == len(whole)
    only = everything(records.connection, records.numbers, ONE, RecordQuery(types=("Condition",)))
    assert only.total == len([n for n in whole if n.startswith("Condition/")])
