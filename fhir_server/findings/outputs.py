"""What $extract replies: the resources, what was left out, each finding, each text."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from capability.operation import Values
from fhir_server.attachments import Attached, Read
from fhir_server.findings.evidence import place
from fhir_server.findings.source import Resource, Source
from nlp.types import Extraction, Finding


def document_told(one: Attached) -> Values:
    """The attachment's text, where the client does not have it as it is."""
    data = base64.b64encode(one.reading.text.encode()).decode("ascii")
    text = {"contentType": "text/plain; charset=utf-8", "data": data}
    return {
        "attachment": one.number,
        "format": one.reading.format,
        "text": None if one.reading.verbatim else text,
    }


def bundle(resources: list[Resource], base: str) -> Resource:
    """The resources as a collection; `base` is the server's own URL."""
    entries = [
        {"fullUrl": f"{base}/{r['resourceType']}/{r['id']}", "resource": r} for r in resources
    ]
    return {"resourceType": "Bundle", "type": "collection"} | (
        {"entry": entries} if entries else {}
    )


def issues(read: Read, extractions: Iterable[Extraction]) -> Resource:
    """The OperationOutcome: how much was found, what was not read, what was left out and why."""
    listed: list[Resource] = list(read.issues)
    count = 0
    for one, extraction in zip(read.attached, extractions, strict=True):
        count += len(extraction.findings)
        listed += [
            {
                "severity": "warning",
                "code": "processing",
                "diagnostics": f"{d.candidate.kind} left out: {d.reason}",
                "expression": [
                    one.expression,
                    f"text[{d.candidate.span.start}..{d.candidate.span.end}]",
                ],
            }
            for d in extraction.dropped
        ]
    told = f"{count} findings, {len(listed) - len(read.issues)} left out"
    listed.insert(0, {"severity": "information", "code": "informational", "diagnostics": told})
    return {"resourceType": "OperationOutcome", "issue": listed}


def finding_told(source: Source, finding: Finding, made: Resource | None) -> Values:
    """A finding with its evidence, and the resource that was made of it."""
    best = finding.codings[0] if finding.codings else None
    return {
        "kind": finding.kind,
        "quote": finding.span.quote,
        "span": [place(s, source) for s in (finding.span, *finding.evidence)],
        "assertion": finding.assertion.value,
        "status": finding.status.value if finding.status else None,
        "section": finding.section or None,
        "source": finding.source,
        "score": round(finding.score, 4),
        "coding": [
            {"system": c.system, "code": c.code, "display": c.display} for c in finding.codings
        ],
        "method": best.method.value if best else None,
        "term": best.term if best else None,
        "related": [
            {"kind": r.kind, "quote": r.span.quote, "start": r.span.start, "end": r.span.end}
            for r in finding.related
        ],
        "reference": {"reference": f"{made['resourceType']}/{made['id']}"} if made else None,
    }
