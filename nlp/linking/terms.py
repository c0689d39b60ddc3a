"""What the terms of a dictionary stand for, and which of several a phrase means."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.types import Candidate, Coding, Kind
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM, Match, Method, Term, TermKind

SYSTEM_OF: dict[Kind, str] = {"condition": ICD10CM, "medication": RXNORM}
# How far each kind of term is trusted; the order decides between terms of one phrase.
TRUST: dict[TermKind, float] = {
    TermKind.TITLE: 1.0,
    TermKind.INGREDIENT: 1.0,
    TermKind.BRAND: 0.99,
    TermKind.CLINICAL_DRUG: 0.99,
    TermKind.LAY: 0.97,
    TermKind.ABBREVIATION: 0.95,
    TermKind.INCLUSION: 0.93,
    TermKind.INDEX: 0.9,
}
_METHOD = {
    TermKind.TITLE: Method.EXACT,
    TermKind.INGREDIENT: Method.EXACT,
    TermKind.ABBREVIATION: Method.ABBREVIATION,
}


def rank(terms: Sequence[Term]) -> list[Term]:
    """Terms of one phrase, the likeliest meaning first: trusted kinds, then the broader code."""
    return sorted(
        terms, key=lambda t: (-TRUST[t.kind], not _unspecified(t.code), len(t.code), t.code)
    )


def _unspecified(code: str) -> bool:
    return len(code) == 3 or code.endswith(("9", "90", "0", "00"))


def coding(terminology: Terminology, term: Term) -> Coding:
    """The coding that a dictionary term stands for."""
    method = _METHOD.get(term.kind, Method.SYNONYM)
    display = terminology.display(term.system, term.code)
    return Coding(term.system, term.code, display, TRUST[term.kind], method, term.text)


def from_match(match: Match) -> Coding:
    """The coding of a search result."""
    return Coding(match.system, match.code, match.display, match.score, match.method, match.term)


def given(terminology: Terminology, candidate: Candidate) -> Coding | None:
    """The candidate's own code, where the terminology holds it."""
    if not candidate.code or not terminology.exists(candidate.system, candidate.code):
        return None
    display = terminology.display(candidate.system, candidate.code)
    method = candidate.method or Method.EXACT
    return Coding(
        candidate.system,
        candidate.code,
        display,
        candidate.score,
        method,
        candidate.term or display,
    )
