"""Resources of many kinds, few of each, for what is searched by more than one element's value."""

from __future__ import annotations

from typing import Any

from tests.fhir_server.search.loaded import Resource

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
