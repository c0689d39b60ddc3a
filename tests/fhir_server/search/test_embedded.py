"""What is searched inside others (Bundles, containers), and coordinates: no plain elements."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.errors import BadRequest, NotSupported
from fhir_server.search.criteria import Unknown
from tests.fhir_server.search.loaded import Loaded, Resource

COMPOSITION: dict[str, Any] = {
    "resourceType": "Composition", "id": "c", "status": "final", "title": "Letter", "date": "2020-05-06",
    "type": {"coding": [{"system": "urn:t", "code": "letter"}]}, "subject": {"reference": "Patient/ann"},
}  # fmt: skip
HEADER = {
    "resourceType": "MessageHeader",
    "id": "m",
    "eventCoding": {"system": "urn:e", "code": "born"},
}
RESOURCES: list[Resource] = [
    {"resourceType": "Patient", "id": "ann", "name": [{"family": "Smith"}]},
    {"resourceType": "Bundle", "id": "letter", "type": "document", "entry": [{"resource": COMPOSITION}]},
    {"resourceType": "Bundle", "id": "draft", "type": "document", "entry": [{"resource": {**COMPOSITION, "id": "d", "status": "preliminary"}}]},
    {"resourceType": "Bundle", "id": "birth", "type": "message", "entry": [{"resource": HEADER}, {"resource": COMPOSITION}]},
    {"resourceType": "Bundle", "id": "empty", "type": "collection"},
    {"resourceType": "Organization", "id": "maker", "name": "Acme"},
    {"resourceType": "MedicationRequest", "id": "own", "medicationReference": {"reference": "#m"},
     "contained": [{"resourceType": "Medication", "id": "m", "manufacturer": {"reference": "Organization/maker"},
                    "ingredient": [{"itemCodeableConcept": {"coding": [{"code": "abc"}]}}]}]},
    {"resourceType": "MedicationRequest", "id": "other", "medicationReference": {"reference": "#n"}, "subject": {"reference": "Patient/ann"},
     "contained": [{"resourceType": "Medication", "id": "n", "ingredient": [{"itemCodeableConcept": {"coding": [{"code": "d"}]}}]}]},
    {"resourceType": "MolecularSequence", "id": "low", "coordinateSystem": 0, "variant": [{"start": 3, "end": 5}, {"start": 90, "end": 95}],
     "referenceSeq": {"windowStart": 1, "windowEnd": 100, "chromosome": {"coding": [{"system": "urn:chr", "code": "1"}]}, "referenceSeqId": {"coding": [{"code": "NC_1"}]}}},
    {"resourceType": "MolecularSequence", "id": "high", "coordinateSystem": 0, "variant": [{"start": 3, "end": 95}, {"start": 7}],
     "referenceSeq": {"windowStart": 2, "windowEnd": 200, "chromosome": {"coding": [{"system": "urn:chr", "code": "2"}]}, "referenceSeqId": {"coding": [{"code": "NC_2"}]}}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "name", "value", "expected"),
    [
        ("Bundle", "composition", "c", "letter"),
        ("Bundle", "composition", "Composition/c,Composition/d", "letter draft"),
        ("Bundle", "composition:Composition", "d", "draft"),
        ("Bundle", "message", "MessageHeader/m", "birth"),
        ("Bundle", "message", "c", ""),
        ("Bundle", "composition:missing", "true", "birth empty"),
        ("Bundle", "message:missing", "false", "birth"),
        ("Bundle", "composition.status", "final", "letter"),
        ("Bundle", "composition.status:not", "final", "draft"),
        ("Bundle", "composition.patient", "ann", "letter draft"),
        ("Bundle", "composition.subject:Patient.family", "smi", "letter draft"),
        ("Bundle", "composition.date", "gt2020", ""),
        ("Bundle", "composition.title:exact", "Letter", "letter draft"),
        ("Bundle", "message.event", "urn:e|born", "birth"),
        ("Bundle", "_filter", "not (composition.status eq final)", "draft birth empty"),
        ("MedicationRequest", "medication.ingredient-code", "abc", "own"),
        ("MedicationRequest", "medication:Medication.ingredient-code:not", "abc", "other"),
        ("MedicationRequest", "medication.manufacturer.name", "acme", "own"),
        ("MedicationRequest", "medication.status:missing", "true", "own other"),
        ("MedicationRequest", "medication._id", "m", ""),
        (
            "MedicationRequest",
            "_filter",
            'medication.code eq abc or subject.name eq "smith"',
            "other",
        ),
        ("Medication", "ingredient-code", "abc", ""),
        ("Patient", "_has:MedicationRequest:subject:medication.ingredient-code", "d", "ann"),
        ("MolecularSequence", "chromosome-variant-coordinate", "1$3$5", "low"),
        ("MolecularSequence", "chromosome-variant-coordinate", "urn:chr|1$lt80$gt80", ""),
        ("MolecularSequence", "chromosome-variant-coordinate", "2$lt80$gt80", "high"),
        ("MolecularSequence", "chromosome-variant-coordinate", "2$7$gt0", ""),
        ("MolecularSequence", "chromosome-variant-coordinate", "1$3$5,2$3$95", "low high"),
        ("MolecularSequence", "referenceseqid-variant-coordinate", "NC_1$90$95", "low"),
        ("MolecularSequence", "chromosome-window-coordinate", "2$ge2$le200", "high"),
        ("MolecularSequence", "referenceseqid-window-coordinate", "NC_1$1$gt100", ""),
        ("MolecularSequence", "referenceseqid-window-coordinate", "NC_1$1$100", "low"),
    ],
)
def test_found(some: Loaded, type: str, name: str, value: str, expected: str) -> None:
    assert set(some.find(type, (name, value))) == set(expected.split())


@pytest.mark.parametrize(
    ("type", "name", "value", "error"),
    [
        ("Bundle", "composition:identifier", "x", NotSupported),
        ("Bundle", "composition._id", "c", NotSupported),
        ("Bundle", "composition.colour", "red", Unknown),
        ("MolecularSequence", "chromosome-variant-coordinate", "1$3", BadRequest),
        ("MolecularSequence", "chromosome-variant-coordinate", "1$x$y", BadRequest),
        ("Patient", "_query", "mine", NotSupported),
        ("Patient", "_contained", "true", NotSupported),
    ],
)
def test_refused(some: Loaded, type: str, name: str, value: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        some.find(type, (name, value))
