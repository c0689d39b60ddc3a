"""Findings to FHIR: Condition, MedicationStatement, and the Provenance that explains them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capability.conformance import Part
from fhir_server.version import VERSION
from nlp.types import (
    Assertion,
    Coding,
    Extraction,
    Finding,
    MedicationStatus,
    Quantity,
    Span,
    Timing,
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
UCUM = "http://unitsofmeasure.org"
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
    return _without_none(
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
    return _without_none(
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
            "dosage": _dosage(finding),
        }
    )


def _dosage(finding: Finding) -> list[Resource] | None:
    sig = finding.sig
    if sig is None:
        return None
    spans = (
        sig.dose,
        sig.form,
        sig.route,
        sig.frequency,
        sig.as_needed,
        sig.duration,
        sig.as_needed_for,
    )
    parts = sorted((s for s in spans if s), key=lambda s: s.start)
    reason = sig.as_needed_for.quote if sig.as_needed_for else ""
    dosage = _without_none(
        {
            "text": " ".join(dict.fromkeys(s.quote for s in parts)) or None,
            "timing": _timing(sig.timing, sig.frequency, sig.duration_quantity),
            "asNeededBoolean": True if sig.as_needed and not reason else None,
            "asNeededCodeableConcept": {"text": reason} if reason else None,
            "route": {"text": sig.route_code or sig.route.quote} if sig.route else None,
            "doseAndRate": [_dose(sig.dose_quantity)] if sig.dose_quantity else None,
        }
    )
    return [dosage] if dosage else None


def _dose(quantity: Quantity) -> Resource:
    if quantity.high is None:
        return {"doseQuantity": {"value": _number(quantity.value), "unit": quantity.unit}}
    low, high = (
        {"value": _number(v), "unit": quantity.unit} for v in (quantity.value, quantity.high)
    )
    return {"doseRange": {"low": low, "high": high}}


def _timing(timing: Timing | None, said: Span | None, duration: Quantity | None) -> Resource | None:
    bounds = None
    if duration is not None:
        bounds = {"value": _number(duration.value), "unit": duration.unit}
        if code := {"day": "d", "week": "wk", "month": "mo", "hour": "h", "year": "a"}.get(
            duration.unit
        ):
            bounds |= {"system": UCUM, "code": code}
    if timing is None and bounds is None:
        return None
    repeat: Resource = {"boundsDuration": bounds}
    if timing is not None:
        repeat |= {
            "count": timing.count,
            "frequency": timing.frequency,
            "frequencyMax": timing.frequency_max,
            "period": _number(timing.period),
            "periodMax": _number(timing.period_max),
            "periodUnit": timing.period_unit,
            "dayOfWeek": list(timing.day_of_week) or None,
            "timeOfDay": list(timing.time_of_day) or None,
            "when": list(timing.when) or None,
        }
    return _without_none(
        {"repeat": _without_none(repeat) or None, "code": {"text": said.quote} if said else None}
    )


def _code(finding: Finding) -> Resource:
    codings = [{"system": c.system, "code": c.code, "display": c.display} for c in finding.codings]
    return _without_none({"coding": codings or None, "text": finding.span.quote})


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


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _without_none(given: Resource) -> Resource:
    return {key: value for key, value in given.items() if value is not None}
