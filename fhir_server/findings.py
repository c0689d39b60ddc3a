"""Findings to FHIR: Condition, MedicationStatement, and the Provenance that explains them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from capability.conformance import Part
from fhir_server.dosage import dosage, simple, without_none
from fhir_server.related import References, due_to, of_condition, of_medication, period, references
from fhir_server.version import VERSION
from nlp.documents import Reading
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
    Part("attachment", "unsignedInt", 0, "Which of the document's contents, from 0."),
    Part("sourceStart", "unsignedInt", 0, "Offset in the original: its decoded source, the page's "
         "or the paragraph's text; absent where that is the text."),
    Part("sourceEnd", "unsignedInt", 0, "Offset in the original after the last character."),
    Part("page", "positiveInt", 0, "The page of a PDF, from 1."),
    Part("path", "string", 0, "XPath of the element: HTML, C-CDA, a paragraph of a DOCX."),
)  # fmt: skip
SUPPLY = f"{CANONICAL}/StructureDefinition/supply"
SUPPLY_PARTS = (
    Part("quantity", "Quantity", 0, "How much is handed out."),
    Part("refills", "unsignedInt", 0, "How often again."),
    Part("quote", "string", 1, "The words of the text."),
)
FINDING_ID = f"{CANONICAL}/finding"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

Resource = dict[str, Any]
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


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from: references as FHIR strings, `version` of the DocumentReference."""

    document: str
    version: int
    subject: Resource
    encounter: Resource | None = None
    attachment: int = 0  # which of the contents
    reading: Reading | None = None  # the map from its text to the original


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
            "extension": _evidence(finding, source) + due_to(finding, known),
            "identifier": [{"system": FINDING_ID, "value": finding_id(finding, source)}],
            "clinicalStatus": _concept(f"{TERMINOLOGY}/condition-clinical", clinical),
            "verificationStatus": _concept(f"{TERMINOLOGY}/condition-ver-status", verification),
            "category": [_concept(f"{TERMINOLOGY}/condition-category", "encounter-diagnosis")],
            **of_condition(finding),
            "code": _code(finding),
            "subject": source.subject,
            "encounter": source.encounter,
            "recordedDate": _instant(now),
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
            "extension": _evidence(finding, source) + _supply(finding),
            "identifier": [{"system": FINDING_ID, "value": finding_id(finding, source)}],
            "status": status,
            **of_medication(finding, known, taken=status == "active"),
            "medicationCodeableConcept": _code(finding),
            "subject": source.subject,
            "context": source.encounter,
            "effectivePeriod": period(finding),
            "dateAsserted": _instant(now),
            "derivedFrom": [{"reference": source.document}],
            "dosage": dosage(finding.sig) if finding.sig else None,
        }
    )


def _supply(finding: Finding) -> list[Resource]:
    """What a prescription hands out: MedicationStatement has no place of its own for it."""
    supply = finding.sig.supply if finding.sig else None
    if supply is None:
        return []
    said = {
        "quantity": simple(supply.quantity.value, supply.quantity.unit)
        if supply.quantity
        else None,
        "refills": supply.refills,
        "quote": " ".join(span.quote for span in supply.spans),
    }
    return [{"url": SUPPLY, "extension": list(_parts(SUPPLY_PARTS, said))}]


def _code(finding: Finding) -> Resource:
    codings = [{"system": c.system, "code": c.code, "display": c.display} for c in finding.codings]
    return without_none({"coding": codings or None, "text": finding.span.quote})


def _evidence(finding: Finding, source: Source) -> list[Resource]:
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
        {
            "url": EVIDENCE,
            "extension": list(
                _parts(EVIDENCE_PARTS, said | {"quote": span.quote} | place(span, source))
            ),
        }
        for span in (finding.span, *finding.evidence)
    ]


def place(span: Span, source: Source) -> Resource:
    """Where a span stands in the text and in the original; None where a part has no meaning."""
    said: Resource = {
        "start": span.start,
        "end": span.end,
        "attachment": source.attachment,
        "sourceStart": None,
        "sourceEnd": None,
        "page": None,
        "path": None,
    }
    if source.reading is None or source.reading.verbatim:
        return said
    origin = source.reading.origin(span.start, span.end)
    return said | {
        "sourceStart": origin.start,
        "sourceEnd": origin.end,
        "page": origin.page or None,
        "path": origin.path or None,
    }


def _parts(parts: Sequence[Part], said: Resource) -> Iterator[Resource]:
    for part in parts:
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
