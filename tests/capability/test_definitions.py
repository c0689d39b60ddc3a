"""The tables of R4: complete, and as the specification has them."""

from __future__ import annotations

import re

import pytest

from capability.definitions import (
    PRIMITIVES,
    RESOURCE_TYPES,
    codes,
    compartment,
    elements,
    search_parameters,
)
from capability.shape import Shape, shape


def _reached() -> dict[str, Shape]:
    """Every shape that a resource can lead to."""
    found: dict[str, Shape] = {}
    waiting = [*RESOURCE_TYPES, "Element"]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = shape(path)
            waiting += [f.type for f in found[path].fields.values() if f.kind == "object"]
    return found


def test_counts() -> None:
    assert len(RESOURCE_TYPES) == 146
    assert list(RESOURCE_TYPES) == sorted(RESOURCE_TYPES)
    assert len(PRIMITIVES) == 20
    assert not {"Project", "User", "Login", "DomainResource"} & set(RESOURCE_TYPES)


def test_every_shape_resolves() -> None:
    reached = _reached()
    assert len(reached) > 650
    types = {f.type for s in reached.values() for f in s.fields.values() if f.kind == "primitive"}
    assert types == PRIMITIVES.keys()


def test_names_are_plain() -> None:
    plain = re.compile(r"_?[a-z][A-Za-z0-9]*")
    assert all(plain.fullmatch(key) for s in _reached().values() for key in s.fields)


def test_elements() -> None:
    birth = next(e for e in elements("Patient") if e.name == "birthDate")
    assert (birth.min, birth.max, birth.types, birth.many) == (0, "1", ("date",), False)
    subject = next(e for e in elements("Condition") if e.name == "subject")
    assert (subject.min, subject.targets) == (1, ("Group", "Patient"))
    assert next(e for e in elements("Observation.component") if e.name == "referenceRange").content


def test_choices_and_siblings() -> None:
    observation = shape("Observation")
    assert observation.fields["valueQuantity"].name == "value"
    assert observation.fields["_valueString"].kind == "sibling"
    assert dict(observation.choices)["value"] >= {"valueQuantity", "valueString", "_valueString"}
    assert {"_id", "_extension"}.isdisjoint(observation.fields)


def test_required_codes() -> None:
    gender = next(e for e in elements("Patient") if e.name == "gender")
    (listed,) = (codes(gender.codes) or {}).values()
    assert listed == {"male", "female", "other", "unknown"}
    assert codes("http://hl7.org/fhir/ValueSet/ucum-units") is None


@pytest.mark.parametrize(
    ("resource", "code", "kind", "expression"),
    [
        ("Patient", "email", "token", "Patient.telecom.where(system='email')"),
        ("Condition", "patient", "reference", "Condition.subject.where(resolve() is Patient)"),
        ("Observation", "date", "date", "Observation.effective"),
        ("MedicationStatement", "_lastUpdated", "date", "Resource.meta.lastUpdated"),
        ("DocumentReference", "_text", "string", ""),
    ],
)
def test_search_parameters(resource: str, code: str, kind: str, expression: str) -> None:
    (found,) = (p for p in search_parameters(resource) if p.code == code)
    assert (found.type, found.expression) == (kind, expression)
    assert found.url.startswith("http://hl7.org/fhir/SearchParameter/")


def test_search_parameters_are_of_one_type_each() -> None:
    for name in RESOURCE_TYPES:
        found = search_parameters(name)
        assert len({p.code for p in found}) == len(found)
        for parameter in found:
            roots = {b.lstrip("(").partition(".")[0] for b in parameter.expression.split(" | ")}
            assert not (roots & set(RESOURCE_TYPES)) - {name}, (name, parameter)


def test_composites_name_their_parts() -> None:
    (found,) = (p for p in search_parameters("Observation") if p.code == "code-value-quantity")
    assert found.components[0][1] == "code"
    known = {p.url for p in search_parameters("Observation")}
    assert {url for url, _ in found.components} <= known


def test_patient_compartment() -> None:
    members = compartment("Patient")
    assert members["Condition"] == ("patient", "asserter")
    for name, params in members.items():
        assert set(params) <= {p.code for p in search_parameters(name)} | {"link"}, name


def test_unknown_names() -> None:
    with pytest.raises(KeyError):
        elements("Patent")
    with pytest.raises(KeyError):
        search_parameters("Patent")
