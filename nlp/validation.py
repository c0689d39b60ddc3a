"""Which candidates may stand, by place, quote, system, code and assertion; corrected if need be."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from nlp import linking, products
from nlp.linking import SYSTEM_OF
from nlp.types import (
    Assertion,
    Candidate,
    Coding,
    Correcting,
    Document,
    Dropped,
    Engine,
    Fault,
    Sig,
)
from terminology.service import Terminology
from terminology.types import Method

_FALLBACK = {Method.FUZZY: "fuzzy", Method.VECTOR: "vector"}


def valid(
    terminology: Terminology, read: Document, engine: Engine
) -> tuple[list[Candidate], list[Dropped]]:
    """Candidates that may stand, after one correction by the engine and the search for codes,
    in order of their place; and those that may not. Raises EngineError."""
    kept: list[Candidate] = []
    faults: list[Fault] = []
    for candidate in engine.extract(read):
        wrong = fault(terminology, read, candidate)
        kept += [] if wrong else [candidate]
        faults += [wrong] if wrong else []
    again = [f.candidate for f in faults]
    if faults and isinstance(engine, Correcting):
        again = [replace(c, source=f"{c.source}+corrected") for c in engine.correct(read, faults)]
    dropped: list[Dropped] = []
    for candidate in again:
        coded = _coded(terminology, read, candidate)
        wrong = fault(terminology, read, coded)
        if wrong:
            dropped.append(Dropped(candidate, f"{wrong.code}: {wrong.text}"))
        else:
            kept.append(coded)
    return sorted(kept, key=lambda c: (c.span.start, c.span.end)), dropped


def _coded(terminology: Terminology, read: Document, candidate: Candidate) -> Candidate:
    """The candidate with a searched code, where only its code is wrong and one is found."""
    wrong = fault(terminology, read, candidate)
    if wrong is None or wrong.code not in ("code", "system"):
        return candidate
    bare = replace(candidate, system="", code="")
    found: Sequence[Coding]
    if candidate.kind == "condition":
        _, one = linking.condition(terminology, read, bare)
        found = (one,) if one else ()
    else:
        found = products.medication(terminology, read, bare, Sig())[-1:]
    if not found:
        return candidate
    best = found[0]
    way = _FALLBACK.get(best.method, "")
    return replace(
        candidate,
        system=best.system,
        code=best.code,
        term=best.term,
        method=best.method,
        score=min(candidate.score, best.score),
        source=f"{candidate.source}+{way}" if way else candidate.source,
    )


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
