"""Index rows: what each kind of element becomes, and that every R4 parameter is accounted for."""

from __future__ import annotations

from typing import Any

import pytest

from capability.definitions import RESOURCE_TYPES, search_parameters
from fhir_server.search.criteria import OF_ALL
from fhir_server.search.extract import compiled, paths, rows, targets
from fhir_server.search.supported import UNSUPPORTED, searchable, supported

BASE = "https://this.test/fhir"


@pytest.mark.parametrize("name", RESOURCE_TYPES)
def test_every_parameter_can_be_searched_or_says_why_not(name: str) -> None:
    known = compiled(name)
    for parameter in search_parameters(name):
        able = any(parameter.code in each for each in (known.paths, known.composites, OF_ALL))
        assert able == searchable(name, parameter), (name, parameter.code)


def test_every_reason_is_of_a_parameter() -> None:
    codes = {p.code for name in RESOURCE_TYPES for p in search_parameters(name)}
    typed = {f"{name}.{p.code}" for name in RESOURCE_TYPES for p in search_parameters(name)}
    assert set(UNSUPPORTED) <= codes | typed


def test_a_patient() -> None:
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": "1",
        "identifier": [{"system": "urn:mrn", "value": "7"}, {"value": "8"}],
        "name": [{"family": "Ordóñez", "given": ["Zoë", None], "prefix": ["Dr."]}],
        "gender": "female",
        "birthDate": "1970-01-02",
        "active": True,
        "telecom": [{"system": "phone", "value": "555"}, {"system": "email", "value": "z@x"}],
        "address": [{"line": ["1  Main St"], "city": "Łódź"}],
        "deceasedBoolean": False,
        "meta": {"profile": ["http://p|1"], "tag": [{"code": "t"}]},
    }
    found = rows(patient)
    assert ("Patient.identifier", "7", "urn:mrn") in found.tok
    assert ("Patient.identifier", "8", "") in found.tok
    assert ("Patient.gender", "female", "") in found.tok
    assert ("Patient.active", "true", "") in found.tok
    assert ("Patient.deceased", "false", "") in found.tok
    assert ("Patient.telecom.where(system='phone')", "555", "") in found.tok
    assert ("Patient.telecom.where(system='phone')", "z@x", "") not in found.tok
    assert ("Patient.name", "ordonez", "Ordóñez") in found.str
    assert ("Patient.name.given", "zoe", "Zoë") in found.str
    assert ("Patient.address", "1 main st", "1  Main St") in found.str
    assert found.dat == [("Patient.birthDate", 86_400_000, 172_800_000)]
    assert found.uri == [("Patient.meta.profile", "http://p|1")]


def test_what_is_said_twice_has_the_rows_of_once() -> None:
    name = {"family": "Roe"}
    found = rows({"resourceType": "Patient", "name": [name, name]})
    assert set(found.str) == {
        ("Patient.name", "roe", "Roe"),
        ("Patient.name.family", "roe", "Roe"),
    }


@pytest.mark.parametrize(
    ("reference", "ref", "uri"),
    [
        ({"reference": "Patient/1"}, ("Patient", "1"), None),
        ({"reference": "Patient/1/_history/3"}, ("Patient", "1"), None),
        ({"reference": f"{BASE}/Patient/1"}, ("Patient", "1"), None),
        (
            {"reference": "https://this.test/fhirs/Patient/1"},
            None,
            "https://this.test/fhirs/Patient/1",
        ),
        ({"reference": "https://other.test/Patient/1"}, None, "https://other.test/Patient/1"),
        ({"reference": "urn:uuid:5"}, None, "urn:uuid:5"),
        ({"reference": "#p"}, None, "#p"),
        ({"display": "somebody"}, None, ""),
    ],
)
def test_a_reference_is_local_or_a_uri(
    reference: dict[str, str], ref: tuple[str, str] | None, uri: str | None
) -> None:
    found = rows({"resourceType": "Condition", "subject": reference}, BASE)
    assert [row[:3] for row in found.ref] == ([("Condition.subject", *ref)] if ref else [])
    assert found.uri == ([] if uri is None else [("Condition.subject", uri)])


def test_a_reference_by_identifier_is_a_token() -> None:
    reference = {"identifier": {"system": "urn:mrn", "value": "7"}}
    found = rows({"resourceType": "Condition", "subject": reference})
    assert found.tok == [("Condition.subject", "7", "urn:mrn")]


def test_parameters_of_one_element_share_its_rows() -> None:
    (subject,), (patient,) = paths("Condition", "subject"), paths("Condition", "patient")
    assert subject.path == patient.path == "Condition.subject"
    assert (subject.target, patient.target) == ("", "Patient")
    assert targets("Condition", "patient") == ("Patient",)


def test_a_choice_is_told_apart_by_type() -> None:
    found = rows(
        {"resourceType": "Observation", "valueQuantity": {"value": 1.5, "unit": "x", "code": "y"}}
    )
    at = "Observation.value.as(Quantity)"
    assert found.qty == [(at, 1.5, "", "y"), (at, 1.5, "", "x")]


def test_a_quantity_of_ucum_is_kept_in_base_units_too() -> None:
    value = {"value": 1.5, "system": "http://unitsofmeasure.org", "code": "mg/dL"}
    found = rows({"resourceType": "Observation", "valueQuantity": value})
    assert ("Observation.value.as(Quantity):ucum", 15.0, "", "g.m-3") in found.qty


def test_parts_of_an_element_are_kept_together() -> None:
    def component(code: str, value: float) -> dict[str, Any]:
        return {"code": {"coding": [{"code": code}]}, "valueQuantity": {"value": value}}

    found = rows(
        {"resourceType": "Observation", "component": [component("a", 1), component("b", 2)]}
    )
    at = "Observation.component(code&value.as(Quantity))"
    assert {r[:2] for r in found.qty if "$" in r[0]} == {
        (f"{at}$a", 1.0), (f"{at}$|a", 1.0), (f"{at}$b", 2.0), (f"{at}$|b", 2.0),
    }  # fmt: skip


def test_a_text_without_codes_is_present() -> None:
    found = rows({"resourceType": "Condition", "code": {"text": "headache"}})
    assert found.tok == [("Condition.code", "", "")]
    assert found.str == [("Condition.code:text", "headache", "headache")]


def test_a_path_without_its_type_is_read() -> None:
    found = rows({"resourceType": "InsurancePlan", "name": "Gold", "alias": ["Au"]})
    assert found.str == [
        ("InsurancePlan.name", "gold", "Gold"),
        ("InsurancePlan.alias", "au", "Au"),
    ]


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(KeyError):
        rows({"resourceType": "Elephant"})


def test_what_is_told_is_what_is_there() -> None:
    told = supported()
    assert told["types"]["string"]["modifiers"] == ["missing", "exact", "contains"]
    assert "Observation:patient" in told["include"]["Observation"]
    assert "Observation:patient" in told["revinclude"]["Patient"]
    assert "Observation:patient" not in told["revinclude"]["Device"]
