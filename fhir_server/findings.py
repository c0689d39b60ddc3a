"""Findings to FHIR: Condition, MedicationStatement, and the Provenance that explains them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capability.conformance import Part
from fhir_server.dosage import dosage, without_none
from fhir_server.version import VERSION
from nlp.types import (
    Assertion,
    Coding,
    Extraction,
    Finding,
    MedicationStatus,
    Span,
)

CANONICAL = "https://medparser.org/fhir"
EVIDENCE = f"{CANONICAL}/StructureDefinition/evidence"
EVIDENCE_PARTS = (
    Part("start", "unsignedInt", 1, "Offset of the first character in the text, in code points."),
    Part("end", "unsignedInt", 1, "Offset after the last character."),
    Part("quote", "string", 1, "The words of the text."),
    Part("assertion", "code", 1, "Whether the text claims it: present, possible, historical …"),
    Part("status", "code", 0, "What the text says of a drug's use."),
    Part("section", "code", 0, "The section's canonical key."),
    Part("source", "string", 1, "How it was found, step by step."),
    Part("score", "decimal", 1, "How sure, 0..1."),
    Part("method", "code", 0, "How the words led to the code."),
    Part("term", "string", 0, "The term of the terminology that the words met."),
)
FINDING_ID = f"{CANONICAL}/finding"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

Resource = dict[str, Any]

# assertion → (clinicalStatus, verificationStatus); an assertion that is absent makes no Condition
CONDITION_STATUS = {
    Assertion.PRESENT: ("active", "confirmed"),
    Assertion.POSSIBLE: ("active", "provisional"),
    Assertion.HISTORICAL: ("resolved", "confirmed"),
}
# what the text says → MedicationStatement.status; an allergy is no statement of use
MEDICATION_STATUS = {
    MedicationStatus.ACTIVE: "active",
    MedicationStatus.NEW: "active",
    MedicationStatus.CHANGED: "active",
    MedicationStatus.STOPPED: "stopped",
    MedicationStatus.HELD: "on-hold",
    MedicationStatus.COMPLETED: "completed",
    MedicationStatus.PLANNED: "intended",
    MedicationStatus.NOT_TAKING: "not-taken",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from: references as FHIR strings, `version` of the DocumentReference."""

    document: str
    version: int
    subject: Resource
    encounter: Resource | None = None


def resource(finding: Finding, source: Source, now: datetime) -> Resource | None:
    """The resource of a finding; None where the text does not claim it of the patient's record."""
    if finding.kind == "condition":
        return _condition(finding, source, now)
    return _medication_statement(finding, source, now)


def finding_id(finding: Finding, source: Source) -> str:
    """The same fact of the same document has the same id, so that extracting again updates it."""
    what = (
        finding.codings[0].code if finding.codings else " ".join(finding.span.quote.lower().split())
    )
    key = f"{source.document}|{finding.kind}|{what}|{_claim(finding)}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _claim(finding: Finding) -> str:
    return "past" if finding.assertion is Assertion.HISTORICAL else "now"


def _condition(finding: Finding, source: Source, now: datetime) -> Resource | None:
    if finding.assertion not in CONDITION_STATUS:
        return None
    clinical, verification = CONDITION_STATUS[finding.assertion]
    return without_none(
        {
            "resourceType": "Condition",
            "id": finding_id(finding, source),
            "extension": _evidence(finding),
            "identifier": [{"system": FINDING_ID, "value": finding_id(finding, source)}],
            "clinicalStatus": _concept(f"{TERMINOLOGY}/condition-clinical", clinical),
            "verificationStatus": _concept(f"{TERMINOLOGY}/condition-ver-status", verification),
            "category": [_concept(f"{TERMINOLOGY}/condition-category", "encounter-diagnosis")],
            "code": _code(finding),
            "subject": source.subject,
            "encounter": source.encounter,
            "recordedDate": _instant(now),
            "evidence": [{"detail": [{"reference": source.document}]}],
        }
    )


def _medication_statement(finding: Finding, source: Source, now: datetime) -> Resource | None:
    said = finding.status or MedicationStatus.ACTIVE
    if said not in MEDICATION_STATUS or finding.assertion in (
        Assertion.FAMILY,
        Assertion.HYPOTHETICAL,
    ):
        return None
    status = MEDICATION_STATUS[said]
    if status == "active" and finding.assertion is Assertion.NEGATED:
        status = "not-taken"
    return without_none(
        {
            "resourceType": "MedicationStatement",
            "id": finding_id(finding, source),
            "extension": _evidence(finding),
            "identifier": [{"system": FINDING_ID, "value": finding_id(finding, source)}],
            "status": status,
            "medicationCodeableConcept": _code(finding),
            "subject": source.subject,
            "context": source.encounter,
            "dateAsserted": _instant(now),
            "derivedFrom": [{"reference": source.document}],
            "dosage": dosage(finding.sig) if finding.sig else None,
        }
    )


def _code(finding: Finding) -> Resource:
    codings = [{"system": c.system, "code": c.code, "display": c.display} for c in finding.codings]
    return without_none({"coding": codings or None, "text": finding.span.quote})


def _evidence(finding: Finding) -> list[Resource]:
    best: Coding | None = finding.codings[0] if finding.codings else None
    said = {
        "assertion": finding.assertion.value,
        "status": finding.status.value if finding.status else None,
        "section": finding.section or None,
        "source": finding.source,
        "score": round(finding.score, 4),
        "method": best.method.value if best else None,
        "term": best.term if best else None,
    }
    return [
        {"url": EVIDENCE, "extension": list(_parts(said | _place(span)))}
        for span in (finding.span, *finding.evidence)
    ]


def _place(span: Span) -> Resource:
    return {"start": span.start, "end": span.end, "quote": span.quote}


def _parts(said: Resource) -> Iterator[Resource]:
    for part in EVIDENCE_PARTS:
        if said[part.url] is not None:
            yield {"url": part.url, part.key: said[part.url]}


def device(extraction: Extraction) -> Resource:
    """The software that found: one Device per engine, model and version."""
    key = f"{extraction.engine}|{extraction.model}|{VERSION}"
    name = f"medparser, engine {extraction.engine}"
    return {
        "resourceType": "Device",
        "id": hashlib.sha256(key.encode()).hexdigest()[:32],
        "status": "active",
        "manufacturer": "medparser",
        "deviceName": [{"name": name, "type": "model-name"}],
        **({"modelNumber": extraction.model} if extraction.model else {}),
        "version": [{"value": VERSION}],
    }


def provenance(targets: list[str], source: Source, device_id: str, now: datetime) -> Resource:
    """Who made the targets, when, and from which version of the document."""
    return {
        "resourceType": "Provenance",
        "id": provenance_id(source.document),
        "target": [{"reference": t} for t in targets],
        "occurredDateTime": _instant(now),
        "recorded": _instant(now),
        "activity": _concept(f"{TERMINOLOGY}/v3-DataOperation", "CREATE"),
        "agent": [
            {
                "type": _concept(f"{TERMINOLOGY}/provenance-participant-type", "assembler"),
                "who": {"reference": f"Device/{device_id}"},
            }
        ],
        "entity": [
            {
                "role": "source",
                "what": {"reference": f"{source.document}/_history/{source.version}"},
            }
        ],
    }


def provenance_id(document: str) -> str:
    """One Provenance per document: extracting again replaces it."""
    return hashlib.sha256(f"provenance|{document}".encode()).hexdigest()[:32]


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
