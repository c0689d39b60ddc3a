"""_include and _revinclude: what comes along, once and as often as it goes on."""

from __future__ import annotations

import pytest

from tests.fhir_server.search import various
from tests.fhir_server.search.loaded import Loaded

RESOURCES = various.RESOURCES
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


@pytest.mark.parametrize(("type", "pairs", "expected"), INCLUDED)
def test_what_comes_along(
    some: Loaded, type: str, pairs: list[tuple[str, str]], expected: str
) -> None:
    page = some.page(type, *pairs)
    assert {f"{s.type}/{s.id}" for s in page.included} == set(expected.split())
    assert len(page.included) == len(expected.split())
