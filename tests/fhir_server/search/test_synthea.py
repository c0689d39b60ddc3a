"""On whole patient records: searches find what reading every resource finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fhir_server.search.loaded import Loaded, Resource

Test = Callable[[Resource], bool]


def coded(concept: dict[str, Any] | None, code: str) -> bool:
    return any(c.get("code") == code for c in (concept or {}).get("coding", ()))


def start(resource: Resource) -> str:
    period = resource.get("effectivePeriod") or resource.get("period") or {}
    return str(resource.get("effectiveDateTime") or period.get("start", ""))


def about(id: str) -> Test:
    return lambda r: (
        (r.get("subject") or r.get("patient") or {}).get("reference") == f"Patient/{id}"
    )


ONE = "54c48934-bec2-4773-89f5-f09f6fc6e6f9"
QUERIES: list[tuple[str, list[tuple[str, str]], Test]] = [
    ("Condition", [("patient", ONE)], about(ONE)),
    ("Condition", [("subject", f"Patient/{ONE}"), ("clinical-status", "resolved")],
     lambda r: about(ONE)(r) and coded(r["clinicalStatus"], "resolved")),
    ("Condition", [("clinical-status:not", "resolved")], lambda r: not coded(r["clinicalStatus"], "resolved")),
    ("Condition", [("code", "http://snomed.info/sct|444814009")], lambda r: coded(r["code"], "444814009")),
    ("Condition", [("code", "444814009,195662009")],
     lambda r: coded(r["code"], "444814009") or coded(r["code"], "195662009")),
    ("Observation", [("category", "vital-signs")], lambda r: any(coded(c, "vital-signs") for c in r["category"])),
    ("Observation", [("code", "http://loinc.org|8302-2"), ("value-quantity", "gt150|http://unitsofmeasure.org|cm")],
     lambda r: coded(r["code"], "8302-2") and r["valueQuantity"]["value"] > 150),
    ("Observation", [("code-value-quantity", "8302-2$lt170")],
     lambda r: coded(r["code"], "8302-2") and r["valueQuantity"]["value"] < 170),
    ("Observation", [("date", "ge2017"), ("date", "lt2019")], lambda r: "2017" <= start(r) < "2019"),
    ("Observation", [("date", "2018")], lambda r: start(r)[:4] == "2018"),
    ("Observation", [("patient", ONE), ("date", "gt2018-01"), ("category", "laboratory")],
     lambda r: about(ONE)(r) and start(r)[:7] > "2018-01" and any(coded(c, "laboratory") for c in r["category"])),
    ("Observation", [("component-code", "8480-6")], lambda r: any(coded(c["code"], "8480-6") for c in r.get("component", ()))),
    ("Observation", [("value-concept:missing", "false")], lambda r: "valueCodeableConcept" in r),
    ("Encounter", [("class", "AMB"), ("status", "finished")], lambda r: r["class"]["code"] == "AMB" and r["status"] == "finished"),
    ("Patient", [("gender", "female")], lambda r: r["gender"] == "female"),
    ("Patient", [("name", "al")],
     lambda r: any(p.lower().startswith("al") for n in r["name"] for p in (n["family"], *n["given"], *n.get("prefix", ())))),
    ("Patient", [("family:contains", "ord")], lambda r: any("ord" in n["family"].lower() for n in r["name"])),
    ("Patient", [("birthdate", "ge1960-06"), ("birthdate", "le1990-12-31")], lambda r: "1960-06" <= r["birthDate"] <= "1990-12-31"),
    ("Patient", [("deceased", "false")], lambda r: "deceasedDateTime" not in r),
    ("Patient", [("address-city", "boston")], lambda r: any(a["city"].lower().startswith("boston") for a in r["address"])),
    ("Immunization", [("patient.gender", "male"), ("status", "completed")], lambda r: r["status"] == "completed"),
    ("MedicationRequest", [("intent", "order"), ("authoredon", "ge2010")], lambda r: r["intent"] == "order" and r["authoredOn"] >= "2010"),
    ("Claim", [("patient", ONE), ("use", "claim")], about(ONE)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "pairs", "test"), QUERIES, ids=[f"{t}?{p[0][0]}" for t, p, _ in QUERIES]
)
def test_a_search_finds_what_reading_finds(
    resources: list[Resource],
    records: Loaded,
    type: str,
    pairs: list[tuple[str, str]],
    test: Test,
) -> None:
    if ("patient.gender", "male") in pairs:
        men = {f"Patient/{r['id']}" for r in resources if r.get("gender") == "male"}
        expected = {
            r["id"]
            for r in resources
            if r["resourceType"] == type and r["patient"]["reference"] in men and test(r)
        }
    else:
        expected = {r["id"] for r in resources if r["resourceType"] == type and test(r)}
    page = records.page(type, *pairs, ("_count", "1000"))
    assert {stored.id for stored in page.entries} == expected
    assert page.total == len(expected)
    assert expected


def test_every_identifier_finds_its_patient(resources: list[Resource], records: Loaded) -> None:
    for patient in (r for r in resources if r["resourceType"] == "Patient"):
        for identifier in patient["identifier"]:
            token = f"{identifier['system']}|{identifier['value']}"
            assert records.find("Patient", ("identifier", token)) == [patient["id"]]


def test_reverse_chains_find_who_is_referred_to(resources: list[Resource], records: Loaded) -> None:
    having = {
        r["subject"]["reference"].removeprefix("Patient/")
        for r in resources
        if r["resourceType"] == "Condition" and coded(r["code"], "444814009")
    }
    assert set(records.find("Patient", ("_has:Condition:patient:code", "444814009"))) == having
