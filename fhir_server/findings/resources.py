"""A finding as the resource that states it: Condition, MedicationStatement."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from fhir_server.findings.dosage import dosage, without_none
from fhir_server.findings.evidence import evidence, supply
from fhir_server.findings.related import (
    References,
    due_to,
    of_condition,
    of_medication,
    period,
    references,
)
from fhir_server.findings.source import FINDING_ID, TERMINOLOGY, Resource, Source, concept, instant
from nlp.types import (
    Assertion,
    Finding,
    MedicationStatus,
    Span,
)

NOTHING: Mapping[Span, str] = {}
# assertion → (clinicalStatus, verificationStatus); an assertion that is absent makes no Condition
CONDITION_STATUS = {
    Assertion.PRESENT: ("active", "confirmed"),
    Assertion.POSSIBLE: ("active", "provisional"),
    Assertion.HISTORICAL: ("resolved", "confirmed"),
}
# what the text says → MedicationStatement.status; what is not tolerated is no statement of use
MEDICATION_STATUS = {
    MedicationStatus.ACTIVE: "active",
    MedicationStatus.NEW: "active",
    MedicationStatus.CHANGED: "active",
    MedicationStatus.STOPPED: "stopped",
    MedicationStatus.HELD: "on-hold",
    MedicationStatus.COMPLETED: "completed",
    MedicationStatus.PLANNED: "intended",
    MedicationStatus.NOT_TAKING: "not-taken",
    MedicationStatus.IN_HOSPITAL: "completed",
}


def resources(
    found: Sequence[Finding], source: Source, now: datetime
) -> list[tuple[Finding, Resource | None]]:
    """Each finding with its resource; what the text relates refers to one another."""
    named = [(f, name) for f in found if (name := _name(f, source))]
    known = references(named)
    return [(f, resource(f, source, now, known)) for f in found]


def resource(
    finding: Finding, source: Source, now: datetime, known: References = NOTHING
) -> Resource | None:
    """The resource of a finding; None where the text does not claim it of the patient's record.

    `known` names the resources of other findings by their mentions.
    """
    if _name(finding, source) is None:
        return None
    if finding.kind == "condition":
        return _condition(finding, source, now, known)
    return _medication_statement(finding, source, now, known)


def _name(finding: Finding, source: Source) -> str | None:
    """The name of the finding's resource; None where there is none."""
    if finding.kind == "condition":
        claimed = finding.assertion in CONDITION_STATUS
        return f"Condition/{finding_id(finding, source)}" if claimed else None
    said = finding.status or MedicationStatus.ACTIVE
    others = finding.assertion in (Assertion.FAMILY, Assertion.HYPOTHETICAL)
    if said not in MEDICATION_STATUS or others:
        return None
    return f"MedicationStatement/{finding_id(finding, source)}"


def finding_id(finding: Finding, source: Source) -> str:
    """The same fact of the same document has the same id, so that extracting again updates it."""
    what = (
        finding.codings[0].code if finding.codings else " ".join(finding.span.quote.lower().split())
    )
    key = f"{source.document}|{finding.kind}|{what}|{_claim(finding)}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _claim(finding: Finding) -> str:
    return "past" if finding.assertion is Assertion.HISTORICAL else "now"


def _condition(finding: Finding, source: Source, now: datetime, known: References) -> Resource:
    clinical, verification = CONDITION_STATUS[finding.assertion]
    return without_none(
        {
            "resourceType": "Condition",
            "id": finding_id(finding, source),
            "extension": evidence(finding, source) + due_to(finding, known),
            "identifier": [{"system": FINDING_ID, "value": finding_id(finding, source)}],
            "clinicalStatus": concept(f"{TERMINOLOGY}/condition-clinical", clinical),
            "verificationStatus": concept(f"{TERMINOLOGY}/condition-ver-status", verification),
            "category": [concept(f"{TERMINOLOGY}/condition-category", "encounter-diagnosis")],
            **of_condition(finding),
            "code": _code(finding),
            "subject": source.subject,
            "encounter": source.encounter,
            "recordedDate": instant(now),
            "evidence": [{"detail": [{"reference": source.document}]}],
        }
    )


def _medication_statement(
    finding: Finding, source: Source, now: datetime, known: References
) -> Resource:
    status = MEDICATION_STATUS[finding.status or MedicationStatus.ACTIVE]
    if status == "active" and finding.assertion is Assertion.NEGATED:
        status = "not-taken"
    return without_none(
        {
            "resourceType": "MedicationStatement",
            "id": finding_id(finding, source),
            "extension": evidence(finding, source) + supply(finding),
            "identifier": [{"system": FINDING_ID, "value": finding_id(finding, source)}],
            "status": status,
            **of_medication(finding, known, taken=status == "active"),
            "medicationCodeableConcept": _code(finding),
            "subject": source.subject,
            "context": source.encounter,
            "effectivePeriod": period(finding),
            "dateAsserted": instant(now),
            "derivedFrom": [{"reference": source.document}],
            "dosage": dosage(finding.sig) if finding.sig else None,
        }
    )


def _code(finding: Finding) -> Resource:
    codings = [{"system": c.system, "code": c.code, "display": c.display} for c in finding.codings]
    return without_none({"coding": codings or None, "text": finding.span.quote})
