"""Resources for the tests of capability, written by hand, one of each type that matters most."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]
HL7 = "http://terminology.hl7.org/CodeSystem/"
NAMESPACE = "http://www.w3.org/1999/xhtml"

PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "meta": {"versionId": "3", "lastUpdated": "2024-05-01T10:00:00.123Z"},
    "text": {"status": "generated", "div": f'<div xmlns="{NAMESPACE}"><p>Ann <b>Doe</b></p></div>'},
    "extension": [
        {"url": "http://example.org/nickname", "valueString": "Annie"},
        {
            "url": "http://example.org/origin",
            "extension": [{"url": "place", "valueAddress": {"city": "Ghent"}}],
        },
    ],
    "identifier": [{"use": "official", "system": "urn:oid:1.2.3", "value": "A-1"}],
    "active": True,
    "name": [{"family": "Doe", "given": ["Ann", "M."], "period": {"start": "1980-05"}}],
    "telecom": [{"system": "phone", "value": "555 0100", "rank": 1}],
    "gender": "female",
    "birthDate": "1980-05-17",
    "_birthDate": {"extension": [{"url": "http://example.org/time", "valueTime": "10:20:00"}]},
    "deceasedBoolean": False,
    "contact": [{"name": {"text": "Bo Doe"}, "gender": "male"}],
    "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "nl-BE"}]}}],
    "generalPractitioner": [{"reference": "Practitioner/d1", "display": "Dr. Who"}],
}
CONDITION: Json = {
    "resourceType": "Condition",
    "id": "c1",
    "clinicalStatus": {"coding": [{"system": HL7 + "condition-clinical", "code": "active"}]},
    "verificationStatus": {
        "coding": [{"system": HL7 + "condition-ver-status", "code": "confirmed"}]
    },
    "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]},
    "subject": {"reference": "Patient/p1"},
    "onsetDateTime": "2020-02-28",
}
OBSERVATION: Json = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}], "text": "systolic"},
    "subject": {"reference": "urn:uuid:3288b938-4670-47eb-91e5-e0ce3df71405"},
    "effectiveDateTime": "2024-05-01T10:00:00+02:00",
    "issued": "2024-05-01T10:00:00.000Z",
    "valueQuantity": {
        "value": 121.5,
        "unit": "mmHg",
        "system": "http://unitsofmeasure.org",
        "code": "mm[Hg]",
    },
    "referenceRange": [{"low": {"value": 90}, "high": {"value": 140}}],
}
MEDICATION_STATEMENT: Json = {
    "resourceType": "MedicationStatement",
    "id": "m1",
    "status": "active",
    "medicationCodeableConcept": {"text": "lisinopril 10 mg"},
    "subject": {"reference": "Patient/p1"},
    "effectivePeriod": {"start": "2023-01-01", "end": "2024-01-01T08:00:00Z"},
    "dosage": [
        {
            "sequence": 1,
            "text": "one tablet daily",
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "asNeededBoolean": False,
            "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}],
        }
    ],
}
DOCUMENT_REFERENCE: Json = {
    "resourceType": "DocumentReference",
    "id": "d1",
    "status": "current",
    "subject": {"reference": "Patient/p1"},
    "date": "2024-05-01T10:00:00Z",
    "content": [
        {"attachment": {"contentType": "text/plain", "data": "SGVsbG8=", "url": "Binary/1"}}
    ],
}
MEDICATION_REQUEST: Json = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "order",
    "contained": [{"resourceType": "Medication", "id": "med", "code": {"text": "lisinopril"}}],
    "medicationReference": {"reference": "#med"},
    "subject": {"reference": "Patient/p1"},
}
BUNDLE: Json = {
    "resourceType": "Bundle",
    "type": "transaction",
    "entry": [
        {
            "fullUrl": "urn:uuid:3288b938-4670-47eb-91e5-e0ce3df71405",
            "resource": {
                "resourceType": "Condition",
                "subject": {"reference": "Patient?identifier=A-1"},
            },
            "request": {"method": "POST", "url": "Condition"},
        }
    ],
}
SAMPLES: tuple[Json, ...] = (
    PATIENT,
    CONDITION,
    OBSERVATION,
    MEDICATION_STATEMENT,
    DOCUMENT_REFERENCE,
    MEDICATION_REQUEST,
    BUNDLE,
)


def changed(resource: Json, path: str, value: object = ...) -> Json:
    """A deep copy with the value at a dotted path put in, or taken out where none is given."""
    made = copy.deepcopy(resource)
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    at: Any = made
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return made
