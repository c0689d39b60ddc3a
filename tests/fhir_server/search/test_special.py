"""What is searched by other ways than one element's value: texts, sets, pairs, places, lists."""

from __future__ import annotations

import pytest

from fhir_server.errors import BadRequest
from fhir_server.search.builder import Unresolved
from fhir_server.search.planner import search
from tests.fhir_server.search import various
from tests.fhir_server.search.loaded import BASE, Loaded, Resource
from tests.fhir_server.search.various import UCUM, concept

RESOURCES = various.RESOURCES
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


@pytest.mark.parametrize("name", ["Patient/mine", "http://other.test/fhir/List/mine", "List/"])
def test_what_is_no_list(some: Loaded, name: str) -> None:
    with pytest.raises(BadRequest, match="no List of this server"):
        some.find("Patient", ("_list", name))


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
