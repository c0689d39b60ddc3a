"""Findings for people and for pipes: a table, or one JSON object each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from fhir_server.terminal import grid
from nlp.documents import Reading
from nlp.types import Finding, Span


def findings_tables(findings: Iterable[Finding], reading: Reading) -> Iterator[Table]:
    """Of conditions, then of medications: a row each, its code's name below what the note says."""
    of: dict[str, list[Finding]] = {"condition": [], "medication": []}
    for finding in findings:
        of[finding.kind].append(finding)
    for kind, found in of.items():
        table = grid("code", kind, "claim", "span, found by")
        for f in found:
            table.add_row(*_row(f, reading), style="" if f.assertion == "present" else "dim")
        if found:
            yield table


def _row(f: Finding, reading: Reading) -> tuple[str | Text, ...]:
    claim = f.status.value if f.status and f.assertion == "present" else f.assertion.value
    best = f.codings[0] if f.codings else None
    name = best.display if best else "no code in the loaded terminology"
    said = Text(" ".join(f.span.quote.split())).append("\n" + name, "dim")
    by = f"{f.source}, {best.method.value} {best.score:.2f}" if best else f.source
    return best.code if best else "–", said, claim, f"{_place(f.span, reading)}\n{by}"


def _place(span: Span, reading: Reading) -> str:
    """Offsets in the original, with the page where it has some."""
    origin = reading.origin(span.start, span.end)
    page = f"p. {origin.page}: " if origin.page else ""
    return f"{page}{origin.start}–{origin.end}"


def finding_json(finding: Finding, reading: Reading) -> dict[str, Any]:
    """A finding as plain JSON; `origin` is where the original has it, unless it is the text."""
    return {
        "kind": finding.kind,
        "start": finding.span.start,
        "end": finding.span.end,
        "quote": finding.span.quote,
        "origin": (
            None
            if reading.verbatim
            else asdict(reading.origin(finding.span.start, finding.span.end))
        ),
        "assertion": finding.assertion.value,
        "status": finding.status.value if finding.status else None,
        "section": finding.section or None,
        "codings": [
            {
                "system": c.system,
                "code": c.code,
                "display": c.display,
                "score": round(c.score, 4),
                "method": c.method.value,
            }
            for c in finding.codings
        ],
        "ingredients": list(finding.ingredients),
        "evidence": [{"start": s.start, "end": s.end} for s in finding.evidence],
        "related": [
            {"kind": r.kind, "quote": r.span.quote, "start": r.span.start, "end": r.span.end}
            for r in finding.related
        ],
        "score": round(finding.score, 4),
        "source": finding.source,
    }
