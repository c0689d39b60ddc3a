"""What is searched by other ways than one element's value: texts, sets, pairs, places, filters."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.errors import BadRequest, NotFound, NotSupported
from fhir_server.search.builder import Unresolved
from fhir_server.search.criteria import Unknown
from fhir_server.search.planner import search
from fhir_server.search.scope import Scope, across, within
from fhir_server.store.types import Page
from tests.fhir_server.search.loaded import BASE, Loaded, Resource

UCUM = "http://unitsofmeasure.org"


def concept(code: str, display: str = "", text: str = "") -> dict[str, Any]:
    coding = {"system": "urn:c", "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]} | ({"text": text} if text else {})


def quantity(value: float, code: str) -> dict[str, Any]:
    return {"value": value, "system": UCUM, "code": code}


def component(code: str, value: dict[str, Any]) -> dict[str, Any]:
    kind = "valueQuantity" if "value" in value else "valueCodeableConcept"
    return {"code": concept(code), kind: value}


def allergy(id: str, clinical: str, sure: str, category: str) -> Resource:
    system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-"
    return {
        "resourceType": "AllergyIntolerance",
        "id": id,
        "category": [category],
        "clinicalStatus": {"coding": [{"system": f"{system}clinical", "code": clinical}]},
        "verificationStatus": {"coding": [{"system": f"{system}verification", "code": sure}]},
    }


RESOURCES: list[Resource] = [
    {"resourceType": "Patient", "id": "ann", "gender": "female", "birthDate": "1980-05-06",
     "name": [{"family": "Smith", "given": ["Ann"]}], "generalPractitioner": [{"reference": "Practitioner/dr"}],
     "identifier": [{"system": "urn:mrn", "value": "7", "type": {"coding": [{"system": "urn:t", "code": "MR"}], "text": "Record Number"}}],
     "text": {"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'><p>Enjoys <b>cycling</b> &amp; chess</p></div>"}},
    {"resourceType": "Patient", "id": "bob", "gender": "male", "birthDate": "1990-01-01", "name": [{"family": "Smithers", "given": ["Bob"]}],
     "identifier": [{"system": "urn:mrn", "value": "8", "type": {"coding": [{"system": "urn:t", "code": "DL"}]}}]},
    {"resourceType": "Practitioner", "id": "dr", "name": [{"family": "House"}]},
    {"resourceType": "Organization", "id": "org", "name": "Clinic"},
    {"resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "Practitioner/dr"}, "organization": {"reference": "Organization/org"}},
    {"resourceType": "Observation", "id": "bp1", "status": "final", "code": concept("bp", "Blood pressure", "BP"), "subject": {"reference": "Patient/ann"},
     "component": [component("sys", quantity(120, "mm[Hg]")), component("dia", quantity(80, "mm[Hg]"))]},
    {"resourceType": "Observation", "id": "bp2", "status": "final", "code": concept("bp"), "subject": {"reference": "Patient/bob"},
     "component": [component("sys", quantity(150, "mm[Hg]")), component("dia", quantity(95, "mm[Hg]")), component("arm", concept("left"))]},
    {"resourceType": "Observation", "id": "mass", "status": "amended", "code": concept("mass", "Body mass"), "subject": {"reference": "Patient/ann"}, "valueQuantity": quantity(70.5, "kg")},
    {"resourceType": "Observation", "id": "dose", "status": "final", "code": concept("sys"), "subject": {"reference": "Patient/bob"}, "valueQuantity": quantity(500, "mg")},
    {"resourceType": "Condition", "id": "cold", "code": concept("cold", "Common cold", "caught a cold in Łódź"), "subject": {"reference": "Patient/ann"}, "onsetDateTime": "2020-02-02"},
    {"resourceType": "List", "id": "mine", "status": "current", "mode": "working", "entry": [{"item": {"reference": "Observation/mass"}}, {"item": {"reference": "Patient/bob"}}]},
    {"resourceType": "List", "id": "changed", "status": "current", "mode": "changes", "entry": [
        {"item": {"reference": "Patient/bob"}}, {"item": {"reference": "Patient/ann/_history/1"}, "deleted": False},
        {"item": {"reference": "Patient/zoe"}, "deleted": True}, {"item": {"reference": "Patient/bob"}}, {"item": {"display": "none"}}]},
    {"resourceType": "Location", "id": "paris", "position": {"longitude": 2.3522, "latitude": 48.8566}},
    {"resourceType": "Location", "id": "versailles", "position": {"longitude": 2.1301, "latitude": 48.8049}},
    {"resourceType": "Location", "id": "fiji", "position": {"longitude": 179.99, "latitude": -17.0}},
    {"resourceType": "Group", "id": "g", "type": "person", "actual": False, "characteristic": [
        {"code": concept("hair"), "valueCodeableConcept": concept("red"), "exclude": False},
        {"code": concept("glasses"), "valueBoolean": True, "exclude": False}]},
    {"resourceType": "DocumentReference", "id": "d", "status": "current", "content": [{"attachment": {"url": "http://x.test"}}],
     "relatesTo": [{"code": "replaces", "target": {"reference": "DocumentReference/old"}}, {"code": "appends", "target": {"reference": "DocumentReference/base"}}]},
    {"resourceType": "MedicationStatement", "id": "now", "status": "active"},
    {"resourceType": "MedicationStatement", "id": "then", "status": "completed"},
    *(allergy(*each) for each in (("nuts", "active", "confirmed", "food"), ("penicillin", "active", "unconfirmed", "medication"),
                                  ("aspirin", "active", "refuted", "medication"), ("milk", "resolved", "confirmed", "food"))),
]  # fmt: skip


FOUND: list[tuple[str, str, str, str]] = [
    # texts of codes
    ("Observation", "code:text", "blood", "bp1"),
    ("Observation", "code:text", "bp", "bp1"),
    ("Observation", "code:text", "pressure", ""),
    ("Observation", "code:text", "BODY,Blood", "bp1 mass"),
    ("Condition", "code:text", "Caught a Cold in lodz", ""),
    ("Condition", "code:text", "common", "cold"),
    ("Patient", "identifier:text", "record", "ann"),
    # identifiers by their type
    ("Patient", "identifier:of-type", "urn:t|MR|7", "ann"),
    ("Patient", "identifier:of-type", "urn:t|MR|8", ""),
    ("Patient", "identifier:of-type", "urn:t|DL|8,urn:t|MR|7", "ann bob"),
    # units
    ("Observation", "value-quantity", f"70500|{UCUM}|g", "mass"),
    ("Observation", "value-quantity", f"0.5|{UCUM}|g", "dose"),
    ("Observation", "value-quantity", f"0.6|{UCUM}|g", ""),
    ("Observation", "value-quantity", f"ge0.5|{UCUM}|g", "mass dose"),
    ("Observation", "value-quantity", f"lt501|{UCUM}|mg", "dose"),
    ("Observation", "value-quantity", "500||mg", "dose"),
    ("Observation", "value-quantity", "0.0005", ""),
    ("Observation", "component-value-quantity", f"gt16|{UCUM}|kPa", "bp2"),
    ("Observation", "combo-value-quantity", f"ap70|{UCUM}|kg", "mass"),
    # pairs
    ("Observation", "component-code-value-quantity", "sys$gt130", "bp2"),
    ("Observation", "component-code-value-quantity", "dia$gt130", ""),
    ("Observation", "component-code-value-quantity", "urn:c|dia$lt90", "bp1"),
    ("Observation", "component-code-value-quantity", "urn:d|dia$lt90", ""),
    ("Observation", "component-code-value-quantity", "|dia$lt90", ""),
    ("Observation", "component-code-value-quantity", f"sys$gt19|{UCUM}|kPa", "bp2"),
    ("Observation", "component-code-value-quantity", "dia$lt90,sys$150", "bp1 bp2"),
    ("Observation", "component-code-value-concept", "arm$urn:c|left", "bp2"),
    ("Observation", "component-code-value-concept", "sys$left", ""),
    ("Observation", "combo-code-value-quantity", f"sys$500|{UCUM}|mg", "dose"),
    ("Observation", "combo-code-value-quantity", "sys$gt130", "bp2 dose"),
    ("Observation", "code-value-quantity", "mass$70.5,sys$500", "mass dose"),
    ("Group", "characteristic-value", "hair$red", "g"),
    ("Group", "characteristic-value", "glasses$true", "g"),
    ("Group", "characteristic-value", "glasses$red", ""),
    ("DocumentReference", "relationship", "DocumentReference/old$replaces", "d"),
    ("DocumentReference", "relationship", "DocumentReference/old$appends", ""),
    # places
    ("Location", "near", "48.8566|2.3522", "paris"),
    ("Location", "near", "48.8566|2.3522|20|km", "paris versailles"),
    ("Location", "near", "48.8566|2.3522|1e300", "paris versailles fiji"),
    ("Location", "near", "48.8566|2.3522|17|km", "paris"),
    ("Location", "near", "48.8566|2.3522|11|[mi_i]", "paris versailles"),
    ("Location", "near", "-17|-179.99|5|km", "fiji"),
    ("Location", "near:missing", "true", ""),
    # lists, words
    ("Observation", "_list", "mine", "mass"),
    ("Patient", "_list", "List/mine", "bob"),
    ("Patient", "_list", "other", ""),
    ("Patient", "_list", "changed", "ann bob"),
    ("Patient", "_list", f"{BASE}/List/mine,List/changed", "ann bob"),
    ("Observation", "subject:Patient._list", "mine", "bp2 dose"),
    ("Patient", "_text", "cycling", "ann"),
    ("Patient", "_text", "CHESS cycl", "ann"),
    ("Patient", "_text", "smith", ""),
    ("Patient", "_text", "ycling", ""),
    ("Patient", "_content", "smith", "ann bob"),
    ("Patient", "_content", "smith chess", "ann"),
    ("Condition", "_content", "ŁODZ", "cold"),
    ("Patient", "_text", "(chess OR rowing) and cycling", "ann"),
    ("Condition", "_list", "$current-problems", ""),
    ("MedicationStatement", "_list", "$current-medications", "now"),
    ("AllergyIntolerance", "_list", "$current-allergies", "nuts penicillin"),
    ("AllergyIntolerance", "_list", "$current-drug-allergies", "penicillin"),
    ("AllergyIntolerance", "_list", "$current-drug-allergies,mine", "penicillin"),
    # what no resource is without
    ("Group", "_id:missing", "true", ""),
    ("Group", "_id:missing", "false", "g"),
    ("Group", "_lastUpdated:missing", "false", "g"),
    ("Patient", "_id:not", "ann,zoe", "bob"),
    # chains with reverse chains in them
    ("Observation", "subject:Patient._has:Condition:patient:code", "cold", "bp1 mass"),
    ("Observation", "subject:Patient.identifier:of-type", "urn:t|DL|8", "bp2 dose"),
]  # fmt: skip


@pytest.mark.parametrize(("type", "name", "value", "expected"), FOUND)
def test_what_is_found(some: Loaded, type: str, name: str, value: str, expected: str) -> None:
    assert set(some.find(type, (name, value))) == set(expected.split())


FILTERS: list[tuple[str, str, str]] = [
    ("Patient", 'family eq "smith"', "ann"),
    ("Patient", "family sw smith", "ann bob"),
    ("Patient", "family ew ers", "bob"),
    ("Patient", "birthdate po 1980-05 or birthdate po 1990", "ann bob"),
    ("Patient", "family co mith", "ann bob"),
    ("Patient", "family ne smith", "bob"),
    ("Patient", "gender eq male and birthdate ge 1985", "bob"),
    ("Patient", "gender eq male or birthdate lt 1985", "ann bob"),
    ("Patient", "not (gender eq male)", "ann"),
    ("Patient", "not (gender eq male or gender eq female)", ""),
    ("Patient", "(gender eq male or given eq ann) and family sw smith", "ann bob"),
    ("Patient", "gender eq male or given eq ann and family eq nobody", "bob"),
    ("Patient", "_id eq bob", "bob"),
    ("Patient", "generalPractitioner pr true", ""),
    ("Patient", "general-practitioner pr true", "ann"),
    ("Patient", "general-practitioner pr false", "bob"),
    ("Patient", "general-practitioner re Practitioner/dr", "ann"),
    ("Patient", "identifier eq urn:mrn|7", "ann"),
    ("Observation", 'code eq "urn:c|bp" and component-value-quantity gt 140', "bp2"),
    ("Observation", f"value-quantity eq 70500|{UCUM}|g", "mass"),
    ("Observation", "subject.family eq smithers", "bp2 dose"),
    ("Observation", "patient[gender eq female].given eq ann", "bp1 mass"),
    ("Observation", "patient[gender eq male].given eq ann", ""),
    ("Observation", "status ne final", "mass"),
    ("Condition", "onset-date ge 2020-01 and code eq cold", "cold"),
    ("Condition", "onset-date po 2020", "cold"),
    ("Condition", "onset-date po 2020-02-02T09:00:00Z", "cold"),
    ("Condition", "onset-date po 2020-03", ""),
]


@pytest.mark.parametrize(("type", "filter", "expected"), FILTERS)
def test_filter(some: Loaded, type: str, filter: str, expected: str) -> None:
    if "generalPractitioner" in filter:
        with pytest.raises(Unknown):
            some.find(type, ("_filter", filter))
        return
    assert set(some.find(type, ("_filter", filter))) == set(expected.split())
    both = set(some.find(type, ("_filter", filter), ("_id", "ann,bp2")))
    assert both == set(expected.split()) & {"ann", "bp2"}


def test_sets_of_codes(some: Loaded) -> None:
    """What a modifier stands for comes from outside; without it the search says what it needs."""

    def found(name: str, *codes: tuple[str, str]) -> set[str]:
        known = {("in", "http://vs"): codes, ("below", "urn:c|bp"): codes}
        value = "urn:c|bp" if "below" in name else "http://vs"
        page = search(
            some.connection, some.numbers, "Observation", [(name, value)], BASE, codes=known
        )
        return {s.id for s in page.entries}

    assert found("code:in", ("urn:c", "bp"), ("urn:c", "mass")) == {"bp1", "bp2", "mass"}
    assert found("code:in", ("urn:d", "bp")) == set()
    assert found("code:in") == set()
    assert found("code:not-in", ("urn:c", "bp")) == {"mass", "dose"}
    assert found("code:below", ("urn:c", "mass")) == {"mass"}
    status = "http://hl7.org/fhir/observation-status"
    assert found("status:in", (status, "amended"), ("urn:c", "final")) == {"mass"}
    many = [("urn:c", f"c{n}") for n in range(5000)]
    assert found("code:in", *many, ("urn:c", "bp")) == {"bp1", "bp2"}
    with pytest.raises(Unresolved) as raised:
        some.find("Observation", ("code:above", "urn:c|bp"))
    assert (raised.value.modifier, raised.value.value) == ("above", "urn:c|bp")


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


INCLUDED: list[tuple[str, list[tuple[str, str]], str]] = [
    ("Observation", [("_id", "bp1"), ("_include", "*")], "Patient/ann"),
    ("Observation", [("_id", "bp1"), ("_include", "*:*")], "Patient/ann"),
    ("Observation", [("_id", "bp1"), ("_include", "Observation:*")], "Patient/ann"),
    ("Observation", [("_id", "bp1"), ("_include", "Observation:patient"), ("_include", "Patient:general-practitioner")], "Patient/ann"),
    ("Observation", [("_id", "bp1"), ("_include", "Observation:patient"), ("_include:iterate", "Patient:general-practitioner")], "Patient/ann Practitioner/dr"),
    ("Observation", [("_id", "bp1"), ("_include:iterate", "*")], "Patient/ann Practitioner/dr"),
    ("Patient", [("_id", "ann"), ("_revinclude", "*")], "Observation/bp1 Observation/mass Condition/cold List/changed"),
    ("Patient", [("_id", "ann"), ("_revinclude", "Observation:*")], "Observation/bp1 Observation/mass"),
    ("Practitioner", [("_id", "dr"), ("_revinclude", "PractitionerRole:practitioner"), ("_include:iterate", "PractitionerRole:organization")], "PractitionerRole/role Organization/org"),
    ("Practitioner", [("_id", "dr"), ("_revinclude", "Patient:general-practitioner"), ("_revinclude:iterate", "Condition:patient")], "Patient/ann Condition/cold"),
    ("Patient", [("_id", "bob"), ("_revinclude", "List:item")], "List/mine List/changed"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["Patient/mine", "http://other.test/fhir/List/mine", "List/"])
def test_what_is_no_list(some: Loaded, name: str) -> None:
    with pytest.raises(BadRequest, match="no List of this server"):
        some.find("Patient", ("_list", name))


@pytest.mark.parametrize(("type", "pairs", "expected"), INCLUDED)
def test_what_comes_along(
    some: Loaded, type: str, pairs: list[tuple[str, str]], expected: str
) -> None:
    page = some.page(type, *pairs)
    assert {f"{s.type}/{s.id}" for s in page.included} == set(expected.split())
    assert len(page.included) == len(expected.split())


def test_sorting_by_a_reference(some: Loaded) -> None:
    assert some.find("Observation", ("_sort", "subject,_id")) == ["bp1", "mass", "bp2", "dose"]
    assert some.find("Observation", ("_sort", "-subject,_id")) == ["bp2", "dose", "bp1", "mass"]


@pytest.mark.parametrize(
    "value",
    ["x", "1", "91|0", "0|181", "0|0|-1", "0|0|1|furlong", "nan|0", "0|0|inf", "1|2|3|km|5"],
)
def test_what_is_no_place(some: Loaded, value: str) -> None:
    with pytest.raises(BadRequest):
        some.find("Location", ("near", value))


def test_missing_asks_for_the_type_of_what_is_referred_to(some: Loaded) -> None:
    """`patient` of an Observation is its subject where that is a Patient."""
    subjects = {
        "of-group": {"reference": "Group/g"},
        "of-patient": {"reference": "Patient/ann"},
        "elsewhere": {"reference": "https://x.test/Patient/1"},
        "device": {"reference": "https://x.test/Device/Patient"},
        "nobody": None,
    }
    made: list[Resource] = [
        {"resourceType": "Observation", "id": id, "status": "registered", "code": concept("z")}
        | ({"subject": subject} if subject else {})
        for id, subject in subjects.items()
    ]
    with some.holding(*made):
        own = ("status", "registered")
        assert set(some.find("Observation", ("patient:missing", "false"), own)) == {
            "of-patient",
            "elsewhere",
        }
        assert set(some.find("Observation", ("patient:missing", "true"), own)) == {
            "of-group",
            "device",
            "nobody",
        }
        assert set(some.find("Observation", ("subject:missing", "true"), own)) == {"nobody"}
        alone = set(some.find("Observation", ("patient:missing", "true")))
        assert alone == {"of-group", "device", "nobody"}
