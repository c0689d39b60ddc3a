"""Invariants: each stands where the specification has it, and each can break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from capability.definitions import invariant_paths, invariants
from capability.facts import in_order
from capability.invariants import BY_PATH, RULES
from capability.invariants.resources import NAMED
from capability.validate import validate
from tests.capability.samples import HL7

Json = dict[str, Any]
WALK = {"ele-1", "ext-1", "ref-1", "txt-1", "txt-2", "dom-3"}  # asked by the walk itself
MOVED = {
    "ras-1",
    "org-2",
    "org-3",
    "eld-3",
    "sdf-8",
    "sdf-8a",
    "sdf-10",
    "ctm-1",
    "tst-7",
}  # of a child, asked at its parent
DOCUMENT = Path(__file__).parents[2] / "docs" / "spec-clarifications.md"
UCUM = "http://unitsofmeasure.org"
WRONG = {"coding": [{"system": HL7 + "condition-ver-status", "code": "entered-in-error"}]}
ACTIVE = {"coding": [{"system": HL7 + "condition-clinical", "code": "active"}]}
LOINC = {"coding": [{"system": "http://loinc.org", "code": "1-8"}]}


def _certain(fragment: Json, value: Json) -> bool:
    dialect = {"$schema": "http://json-schema.org/draft-04/schema#"}
    return bool(jsonschema_rs.validator_for(dialect | fragment).is_valid(value))


def test_rules_stand_where_the_specification_has_them() -> None:
    told = {(i.key, p): i.severity for p in invariant_paths() for i in invariants(p)}
    for rule in RULES:
        if rule.key in MOVED:
            assert any(key == rule.key and path.startswith(rule.path) for key, path in told)
        else:
            assert told[rule.key, rule.path] == rule.severity, rule.key


def test_what_is_not_asked_is_documented() -> None:
    every = {i.key for path in invariant_paths() for i in invariants(path)}
    missing = every - WALK - {rule.key for rule in RULES}
    text = DOCUMENT.read_text()
    section = text[text.index("## Invariants") :]
    listed = {key for key in every if f"`{key}`" in section}
    assert listed == missing


CASES: dict[str, tuple[str, Json, Json]] = {
    "att-1": ("Attachment", {"contentType": "a/b", "data": "AAAA"}, {"data": "AAAA"}),
    "cpt-2": ("ContactPoint", {"system": "phone", "value": "1"}, {"value": "1"}),
    "per-1": ("Period", {"start": "2020", "end": "2020-01"}, {"start": "2021", "end": "2020"}),
    "qty-3": ("Quantity", {"system": UCUM, "code": "d"}, {"code": "d"}),
    "age-1": ("Age", {"value": 3, "code": "a", "system": UCUM}, {"value": -1, "code": "a"}),
    "drt-1": ("Duration", {"value": 3, "code": "a", "system": UCUM}, {"code": "a", "system": UCUM}),
    "rng-2": ("Range", {"low": {"value": 1}, "high": {"value": 1}}, {"low": {"value": 2}, "high": {"value": 1}}),
    "rat-1": ("Ratio", {"numerator": {}, "denominator": {}}, {"numerator": {}}),
    "tim-2": ("Timing.repeat", {"period": 1, "periodUnit": "d"}, {"period": 1}),
    "tim-5": ("Timing.repeat", {"period": 0}, {"period": -1}),
    "tim-9": ("Timing.repeat", {"offset": 5, "when": ["ACM"]}, {"offset": 5, "when": ["CM"]}),
    "con-2": ("Condition.evidence", {"detail": []}, {}),
    "con-3": ("Condition", {"clinicalStatus": ACTIVE}, {"category": [{"coding": [{"system": HL7 + "condition-category", "code": "problem-list-item"}]}]}),
    "con-4": ("Condition", {"abatementAge": {}, "clinicalStatus": {"coding": [{"system": HL7 + "condition-clinical", "code": "resolved"}]}}, {"abatementAge": {}, "clinicalStatus": ACTIVE}),
    "con-5": ("Condition", {"verificationStatus": WRONG}, {"verificationStatus": WRONG, "clinicalStatus": ACTIVE}),
    "obs-3": ("Observation.referenceRange", {"text": "low"}, {"appliesTo": []}),
    "obs-6": ("Observation", {"dataAbsentReason": {}}, {"dataAbsentReason": {}, "_valueString": {}}),
    "obs-7": ("Observation", {"code": LOINC, "component": [{"code": {"coding": [{"code": "2-6"}]}}], "valueString": "a"}, {"code": LOINC, "component": [{"code": LOINC}], "valueString": "a"}),
    "pat-1": ("Patient.contact", {"telecom": []}, {"gender": "male"}),
    "org-2": ("Organization", {"address": [{"use": "work"}]}, {"address": [{"use": "work"}, {"use": "home"}]}),
    "app-2": ("Appointment", {"start": "x", "end": "y"}, {"start": "x"}),
    "app-3": ("Appointment", {"status": "proposed"}, {"status": "booked", "start": "x"}),
    "bdl-1": ("Bundle", {"type": "searchset", "total": 0}, {"type": "batch", "total": 0}),
    "bdl-2": ("Bundle", {"type": "searchset", "entry": [{"search": {}}]}, {"type": "history", "entry": [{"search": {}}]}),
    "bdl-3": ("Bundle", {"type": "batch", "entry": [{"request": {}}]}, {"type": "batch", "entry": [{"request": {}}, {}]}),
    "bdl-4": ("Bundle", {"type": "batch-response", "entry": [{"response": {}}]}, {"type": "searchset", "entry": [{"response": {}}]}),
    "bdl-5": ("Bundle.entry", {"resource": {}}, {"fullUrl": "u"}),
    "bdl-7": ("Bundle", {"type": "collection", "entry": [{"fullUrl": "u"}, {"fullUrl": "v"}]}, {"type": "collection", "entry": [{"fullUrl": "u"}, {"fullUrl": "u"}]}),
    "bdl-8": ("Bundle.entry", {"fullUrl": "http://x/Patient/1"}, {"fullUrl": "http://x/Patient/1/_history/2"}),
    "bdl-9": ("Bundle", {"type": "document", "identifier": {"system": "s", "value": "v"}}, {"type": "document", "identifier": {"value": "v"}}),
    "bdl-10": ("Bundle", {"type": "document", "timestamp": "t"}, {"type": "document"}),
    "bdl-11": ("Bundle", {"type": "document", "entry": [{"resource": {"resourceType": "Composition"}}]}, {"type": "document", "entry": [{"resource": {"resourceType": "Patient"}}]}),
    "bdl-12": ("Bundle", {"type": "message", "entry": [{"resource": {"resourceType": "MessageHeader"}}]}, {"type": "message"}),
    "que-2": ("Questionnaire", {"item": [{"linkId": "1", "item": [{"linkId": "2"}]}]}, {"item": [{"linkId": "1", "item": [{"linkId": "1"}]}]}),
    "csd-1": ("CodeSystem", {"concept": [{"code": "a"}, {"code": "b"}]}, {"concept": [{"code": "a", "concept": [{"code": "a"}]}]}),
    "vsd-1": ("ValueSet.compose.include", {"system": "s"}, {"version": "1"}),
    "cpb-9": ("CapabilityStatement.rest", {"resource": [{"type": "Patient"}]}, {"resource": [{"type": "Patient"}, {"type": "Patient"}]}),
    "opd-1": ("OperationDefinition.parameter", {"part": []}, {"name": "a"}),
    "sdf-23": ("StructureDefinition", {"snapshot": {"element": [{"path": "A"}, {"path": "A.b", "sliceName": "x"}]}}, {"snapshot": {"element": [{"path": "A", "sliceName": "x"}]}}),
    "eld-2": ("ElementDefinition", {"min": 1, "max": "*"}, {"min": 2, "max": "1"}),
    "eld-19": ("ElementDefinition", {"path": "Patient.value[x]"}, {"path": "Patient value"}),
}  # fmt: skip


def _defined(*paths: str, view: str = "snapshot", **first: Any) -> Json:
    elements = [{"path": path} for path in paths]
    elements[0] |= first
    return {
        "resourceType": "StructureDefinition",
        "url": HL7S,
        "kind": "resource",
        "type": "Patient",
        view: {"element": elements},
    }


HL7S = "http://hl7.org/fhir/StructureDefinition/x"
RIGHT = _defined("Patient", "Patient.name")
AWAY = {"reference": "Organization/1"}


def _team(member: str) -> Json:
    row = {"onBehalfOf": AWAY, "member": {"reference": member}}
    return {"resourceType": "CareTeam", "participant": [row]}


def _script(**operation: Any) -> Json:
    return {"resourceType": "TestScript", "test": [{"action": [{"operation": operation}]}]}


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("sdf-8", RIGHT, _defined("Patient", "Group.name")),
        ("sdf-8a", _defined("Patient.name", view="differential"), _defined("Group.name", view="differential")),
        ("sdf-9", RIGHT, _defined("Patient", label="a")),
        ("sdf-10", RIGHT, _defined("Patient", binding={"strength": "required"})),
        ("sdf-15a", RIGHT, _defined("Patient", view="differential", type=[{"code": "x"}])),
        ("sdf-19", _defined("Patient", type=[{"code": "code"}]), _defined("Patient", type=[{"code": "a-b"}])),
        ("sdf-22", RIGHT, _defined("Patient", defaultValueCode="a")),
        ("ctm-1", _team("Practitioner/1"), _team("Patient/1")),
        ("tst-7", _script(url="u"), _script(type={"code": "read"})),
    ],
)  # fmt: skip
def test_those_that_are_asked_by_fhirpath(key: str, right: Json, wrong: Json) -> None:
    (rule,) = (r for r in BY_PATH[right["resourceType"]] if r.key == key)
    assert rule.holds(right)
    assert not rule.holds(wrong)


@pytest.mark.parametrize("key", CASES)
def test_holds_and_breaks(key: str) -> None:
    path, right, wrong = CASES[key]
    (rule,) = (r for r in BY_PATH[path] if r.key == key)
    assert rule.holds(right)
    assert not rule.holds(wrong)
    assert not any(_certain(fragment, wrong) for fragment in rule.sure)


def test_parameters_hold_one_thing() -> None:
    (rule,) = BY_PATH["Parameters.parameter"]
    assert rule.holds({"name": "a", "valueString": "b"})
    assert rule.holds({"name": "a", "part": [{}]})
    for wrong in ({}, {"valueCode": "a", "resource": {}}, {"part": [{}], "resource": {}}):
        assert not rule.holds({"name": "a", **wrong})


def test_names_of_definitions() -> None:
    for path in NAMED:
        (rule,) = (r for r in BY_PATH[path] if r.key == NAMED[path])
        assert rule.holds({"name": "A_1"})
        assert not rule.holds({"name": "a b"})


def test_what_is_contained() -> None:
    def issues(**contained: Any) -> list[str]:
        inner = {"resourceType": "Patient", "id": "p", **contained}
        subject = {"reference": "#p"}
        found = validate(
            {
                "resourceType": "Basic",
                "code": {"text": "a"},
                "contained": [inner],
                "subject": subject,
            }
        )
        return [i.text.partition(":")[0] for i in found]

    assert issues() == []
    assert issues(meta={"versionId": "1"}) == ["dom-4"]
    assert issues(meta={"security": [{"code": "R"}]}) == ["dom-5"]


@pytest.mark.parametrize(
    ("first", "second", "may"),
    [
        ("2020", "2019", False),
        ("2020-05", "2020", True),
        ("2020-05-02", "2020-05-01", False),
        ("2020-05-02", "2020-05-01T23:00:00-05:00", True),
        ("2020-05-03", "2020-05-01T23:00:00Z", False),
        ("2020-05-01T10:00:00+02:00", "2020-05-01T08:30:00Z", True),
        ("2020-05-01T10:00:00Z", "2020-05-01T10:00:00.5Z", True),
        ("2020-05-01T10:00:01Z", "2020-05-01T10:00:00.123456789Z", False),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", True),
        (None, "2020", True),
    ],
)
def test_order_of_dates(first: object, second: object, may: bool) -> None:
    assert in_order(first, second) is may
