"""What a candidate must satisfy to stand: place, quote, system and code, assertion."""

from __future__ import annotations

from nlp.linking import SYSTEM_OF
from nlp.types import Assertion, Candidate, Document, Fault
from terminology.service import Terminology


def fault(terminology: Terminology, document: Document, candidate: Candidate) -> Fault | None:
    """The first thing wrong with a candidate, or None; no code at all is a fault of code."""
    span = candidate.span
    if not 0 <= span.start < span.end <= len(document.text):
        return Fault(candidate, "span", f"{span.start}..{span.end} is not inside the text")
    if document.text[span.start : span.end] != span.quote:
        return Fault(candidate, "quote", f"the text at {span.start}..{span.end} is another")
    if candidate.assertion is not None and candidate.assertion not in Assertion:
        return Fault(candidate, "assertion", "not one of " + ", ".join(Assertion))
    if candidate.system and candidate.system != SYSTEM_OF[candidate.kind]:
        return Fault(candidate, "system", f"a {candidate.kind} needs {SYSTEM_OF[candidate.kind]}")
    if candidate.kind == "medication" and candidate.ingredients and not candidate.code:
        return None  # a drug by its name, which the terminology has no code for
    if not candidate.code:
        return Fault(candidate, "code", "no code was given")
    if not terminology.exists(SYSTEM_OF[candidate.kind], candidate.code):
        return Fault(candidate, "code", f"{SYSTEM_OF[candidate.kind]} has no such code")
    return None
