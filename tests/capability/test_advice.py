"""What $validate tells beside the rules: nothing that a write would be refused for."""

from __future__ import annotations

from typing import Any

import pytest

from capability.validate import validate
from tests.capability.samples import CONDITION, OBSERVATION, PATIENT, SAMPLES, changed

Json = dict[str, Any]
ONE, TWO = (f"urn:uuid:3288b938-4670-47eb-91e5-e0ce3df7140{n}" for n in (5, 6))


def _told(resource: Json, severity: str = "warning") -> dict[str, str]:
    """The issues by place, without the advice to have a narrative."""
    issues = validate(resource, warnings=True)
    return {
        i.expression: i.text for i in issues if i.severity == severity and "dom-6" not in i.text
    }


@pytest.mark.parametrize(
    ("resource", "path", "value", "place"),
    [
        (PATIENT, "identifier.0.system", "hospital", "identifier[0].system"),
        (PATIENT, "identifier.0.system", "oid:1.2.3", "identifier[0].system"),
        (PATIENT, "identifier.0.system", "urn:oid:hospital", "identifier[0].system"),
        (PATIENT, "identifier.0.system", "urn:uuid:1", "identifier[0].system"),
        (PATIENT, "extension.0.url", "nickname", "extension[0].url"),
        (PATIENT, "meta.profile", ["us-core"], "meta.profile[0]"),
        (CONDITION, "code.coding.0.system", "ICD10", "code.coding[0].system"),
        (OBSERVATION, "valueQuantity.system", "UCUM", "value.system"),
    ],
)
def test_uris_that_lead_nowhere(resource: Json, path: str, value: object, place: str) -> None:
    made = changed(resource, path, value)
    assert set(_told(made)) == {f"{resource['resourceType']}.{place}"}
    assert validate(made) == []
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": made}]}
    assert set(_told(bundle)) == {f"Bundle.entry[0].resource.{place}"}


def test_what_is_right_is_not_told() -> None:
    """Names within an extension are relative, UUIDs may be in capitals."""
    for sample in SAMPLES:
        assert _told(sample) == {}
    assert (
        _told(changed(PATIENT, "identifier.0.system", ONE.upper().replace("URN:UUID", "urn:uuid")))
        == {}
    )


def test_references_to_entries_of_another_type() -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": ONE, "resource": changed(OBSERVATION, "subject")},
            {"fullUrl": TWO, "resource": changed(CONDITION, "subject.reference", ONE)},
        ],
    }
    place = "Bundle.entry[1].resource.subject.reference"
    assert _told(bundle, "error") == {
        place: "expected a reference to Group or Patient, found an entry that is a Observation"
    }
    assert _told(changed(bundle, "entry.0.resource", PATIENT), "error") == {}
