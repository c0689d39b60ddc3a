"""Where a finding stands in the text and how it was found, as extensions; what is handed out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capability.conformance import Part
from fhir_server.findings.dosage import simple
from fhir_server.findings.source import CANONICAL, Resource, Source
from nlp.types import (
    Coding,
    Finding,
    Span,
)

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


def supply(finding: Finding) -> list[Resource]:
    """What a prescription hands out: MedicationStatement has no place of its own for it."""
    given = finding.sig.supply if finding.sig else None
    if given is None:
        return []
    said = {
        "quantity": simple(given.quantity.value, given.quantity.unit) if given.quantity else None,
        "refills": given.refills,
        "quote": " ".join(span.quote for span in given.spans),
    }
    return [{"url": SUPPLY, "extension": list(_parts(SUPPLY_PARTS, said))}]


def evidence(finding: Finding, source: Source) -> list[Resource]:
    """An extension for each mention: its words, its place, how they led to the finding."""
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
