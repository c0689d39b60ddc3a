"""Whether a long-term therapy (Z79) is over, and whether an operation (Z89-Z98) is yet to come."""

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
# What an operation leaves: a lost part, a transplant, an implant, a state after surgery.
_LEFT_BY = ("Z89", "Z90", "Z93", "Z94", "Z95", "Z96", "Z98")
_AHEAD = re.compile(
    r"\b(?:await(?:s|ing)?|pending|plan(?:s|n(?:ed|ing))?(?:\s(?:for|on|to\s\w+))?"
    r"|(?:scheduled|booked|listed|wait(?:ing)?[\s-]?listed|consented|referred|pre-?op|due)\sfor"
    r"|wait(?:ing)?[\s-]?list\sfor|waiting\s(?:for|on)|(?:evaluat\w+|work-?up|candidate)\sfor"
    r"|(?:needs?|requires?|wants|considering|contemplating|awaited|elective|offered|declined"
    r"|declines|refused|refuses)|to\s(?:have|undergo|get)"
    r"|will\s(?:need|require|have|undergo|get))\s"
    r"(?:(?!after|following|post|since|with|of|from|s/p|for)[\w-]+\s){0,2}$",
    re.I,
)
_TO_COME = re.compile(
    r"\s(?:(?:is|surgery|procedure|now|has|been)\s){0,2}(?:scheduled|planned|booked|pending|awaited"
    r"|evaluation|work-?up|tomorrow|next\s(?:week|month|year|spring|summer|autumn|fall|winter|[a-z]+day))\b",
    re.I,
)
# "Needs pacemaker check": what is ahead is another thing.
_OTHER = re.compile(
    r"\s(?:check|clinic|follow|f/u|review|revision|site|rehab|interrogation|battery|generator"
    r"|removal|wound|x-?ray|film|patient|scar|care|change|supplies|surveillance|list)",
    re.I,
)


def ahead(document: Document, span: Span, code: str) -> bool:
    """Whether the words beside an operation, told by its code, say that it is to come."""
    text = document.text
    if not code.startswith(_LEFT_BY) or _OTHER.match(text, span.end):
        return False
    return bool(
        _AHEAD.search(text, max(0, span.start - _NEAR), span.start)
        or _TO_COME.match(text, span.end, span.end + _NEAR)
    )


def over(document: Document, span: Span) -> bool:
    """Whether the words beside the therapy say that it ended: "off anticoagulation"."""
    text = document.text
    return bool(
        _OFF.search(text, max(0, span.start - _NEAR), span.start)
        or _ENDED.match(text, span.end, span.end + _NEAR)
    )
