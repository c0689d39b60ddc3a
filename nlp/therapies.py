"""Whether a long-term therapy, a condition of its own by its code (Z79), is over."""

from __future__ import annotations

import re

from nlp.types import Document, Span

_NEAR = 40  # code points around the therapy's name that are read
_OFF = re.compile(
    r"\b(?:off|stopped|discontinued|ceased|finished|completed|quit|weaned\s(?:off|from)|d/c'?d)"
    r"\s(?:of\s)?(?:(?:all|any|his|her|the|their|chronic|oral|long[\s-]term|systemic|full)\s){0,3}$",
    re.I,
)
_ENDED = re.compile(
    r"\s(?:(?:has|have|had|was|were|is|been|since|now|therapy|treatment)\s){0,3}"
    r"(?:stopped|discontinued|ceased|withdrawn|d/c'?d)\b",
    re.I,
)


def over(document: Document, span: Span) -> bool:
    """Whether the words beside the therapy say that it ended: "off anticoagulation"."""
    text = document.text
    return bool(
        _OFF.search(text, max(0, span.start - _NEAR), span.start)
        or _ENDED.match(text, span.end, span.end + _NEAR)
    )
