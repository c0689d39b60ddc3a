"""Cases of what a text says, a row each, and the findings that a case is about."""

from __future__ import annotations

from pathlib import Path

from nlp.pipeline import Pipeline
from nlp.types import Finding


def found(pipeline: Pipeline, text: str, quote: str) -> list[Finding]:
    """The findings that have a mention of those words."""
    return [
        f
        for f in pipeline.extract(text).findings
        if any(quote in s.quote.lower() for s in (f.span, *f.evidence))
    ]


def told(table: Path) -> list[tuple[str, ...]]:
    """The rows of a table of cases; lines that open with # are comments."""
    lines = table.read_text("utf-8").splitlines()
    cells = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(said, of, text.replace("\\n", "\n")) for said, of, text in cells]
