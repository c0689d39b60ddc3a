"""One condition of its mentions: its code and assertion; vague ones that a fuller one says."""

from __future__ import annotations

import re

from msgspec.structs import replace

from nlp.linking import is_plain
from nlp.merge.meaning import kinds_of, meant, words_of
from nlp.merge.mention import Mention, with_evidence
from nlp.types import Assertion, Finding

A = Assertion
_CAUSE = re.compile(r"\b(?:with|without|due to|secondary to|associated|in)\b", re.I)
CONCLUDES = frozenset({"assessment", "assessment_plan", "diagnosis"})
STRENGTH = (A.PRESENT, A.HISTORICAL, A.POSSIBLE, A.NEGATED, A.HYPOTHETICAL, A.FAMILY)
# What a combination code tells of itself; other parts (CKD, heart failure) keep codes of their own.
IMPLIED = frozenset(
    ("G62", "G63", "G90", "G99", "H35", "H36", "I79", "N08", "N28", "R73", "E61", "F29", "F30")
)


def contains(outer: Finding, inner: Finding) -> bool:
    """Whether a mention is a part of the one before it whose code tells it: "… with neuropathy"."""
    if not (outer.codings and inner.codings and outer.assertion is inner.assertion):
        return False
    within = outer.span.start <= inner.span.start and inner.span.end <= outer.span.end
    a, b = outer.codings[0], inner.codings[0]
    told = a.code[:3] == b.code[:3] or b.code[:3] in IMPLIED
    return within and told and meant(a) != meant(b)


def absorbed(findings: list[Finding]) -> list[Finding]:
    """Without the vague ones whose every word a fuller one says: "arthritis" of "… of the knee"."""
    present = [f for f in findings if f.assertion is A.PRESENT and f.codings]
    said = {f.span: words_of(_CAUSE.split(f.span.quote)[0]) for f in present}
    told = {f.span: kinds_of(said[f.span] | words_of(f.codings[0].display)) for f in present}
    by_word: dict[str, list[Finding]] = {}
    for one in present:
        for word in told[one.span]:
            by_word.setdefault(word, []).append(one)
    out = {f.span: f for f in findings}
    for vague in present:
        words = words_of(vague.span.quote)
        if not words or not _vague(vague):
            continue
        near = min((by_word.get(word, []) for word in words), key=len)
        others = [f for f in near if f.span in out and f is not vague]
        exact = (f for f in others if words < told[f.span] and not _vague(f))
        fuller = (f for f in others if words < said[f.span])
        home = next(exact, None) or next(fuller, None)
        if home:
            del out[vague.span]
            into = out[home.span]
            evidence = (*into.evidence, vague.span, *vague.evidence)
            out[home.span] = replace(into, evidence=evidence)
    return list(out.values())


def _vague(finding: Finding) -> bool:
    return is_plain(finding.codings[0])


def one_condition(group: list[Mention]) -> Finding:
    """The finding of mentions of one condition: what the author concludes, most specifically."""
    findings = [m.finding for m in group]
    concluded = {f.assertion for f in findings if f.section in CONCLUDES}
    if A.NEGATED in concluded and not _denied(findings):
        concluded = set()
    said = concluded if A.NEGATED in concluded else {f.assertion for f in findings}
    if _excluded(findings, said):
        said = {A.NEGATED}
    assertion = next(a for a in STRENGTH if a in said)
    bearing = [f for f in findings if f.assertion is assertion]
    # The most specific code of the mentions that bear the assertion, else the broad one.
    best = max(
        bearing, key=lambda f: (not _vague(f), len(f.codings[0].code), f.score, -f.span.start)
    )
    return with_evidence(best, findings)


def _excluded(findings: list[Finding], said: set[Assertion]) -> bool:
    """Whether all that was suspected is negated further down: "Rule out PE. … No PE."

    What the author concludes to be possible stays so, whatever is negated outside of it.
    """
    if said & {A.PRESENT, A.HISTORICAL} or not {A.POSSIBLE, A.NEGATED} <= said:
        return False
    return all(
        any(
            no.assertion is A.NEGATED
            and no.span.start > maybe.span.start
            and (no.section in CONCLUDES or maybe.section not in CONCLUDES)
            and _covers(no, maybe)
            for no in findings
        )
        for maybe in findings
        if maybe.assertion is A.POSSIBLE
    )


def _covers(outer: Finding, inner: Finding) -> bool:
    """Whether who hasn't the one can't have the other: no pneumonia, no lobar pneumonia."""
    if not (outer.codings and inner.codings):
        return False
    a, b = outer.codings[0], inner.codings[0]
    return a.code == b.code or meant(a) <= meant(b)


def _denied(findings: list[Finding]) -> bool:
    """Whether what is negated is the condition itself: "no retinopathy" leaves the diabetes."""
    claimed = [f.codings[0] for f in findings if f.assertion is A.PRESENT and f.codings]
    negated = [f for f in findings if f.assertion is A.NEGATED and f.section in CONCLUDES]
    return not claimed or any(
        not f.codings or meant(f.codings[0]) <= meant(coding) for f in negated for coding in claimed
    )
