"""One finding a fact: mentions of the same condition or drug in a document
become one, with evidence."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from nlp.types import Assertion, Finding, MedicationStatus

A = Assertion
S = MedicationStatus
# Where the author concludes; their word on a status is the last one.
PRIORITY: dict[str, int] = {
    "discharge_medications": 5,
    "plan": 4,
    "assessment_plan": 4,
    "assessment": 4,
    "medications": 3,
    "hospital_course": 3,
    "diagnosis": 3,
}
CONCLUDES = frozenset({"assessment", "assessment_plan", "diagnosis"})
STRENGTH = (A.PRESENT, A.HISTORICAL, A.POSSIBLE, A.NEGATED, A.HYPOTHETICAL, A.FAMILY)


@dataclass(frozen=True, slots=True)
class Mention:
    """A finding of one place, and whether a cue of the text gave its status."""

    finding: Finding
    cued: bool = False


def merge(mentions: Sequence[Mention]) -> tuple[Finding, ...]:
    """Findings in order of their first place.

    A relative's condition and an allergy are facts of their own. Of a condition's codes the most
    specific wins; "present" anywhere wins over "possible" and "hypothetical", and "negated" stays
    only where no mention claims the condition. A drug's status is that of the mention with the
    highest section priority that has a cue, the later one of two.
    """
    conditions = [m for m in mentions if m.finding.kind == "condition"]
    drugs = [m for m in mentions if m.finding.kind == "medication"]
    out = [_condition(f) for group in _grouped(conditions, _category) for f in _facts(group)]
    out += [_drug(group) for group in _grouped(drugs, _substance)]
    return tuple(sorted(out, key=lambda f: (f.span.start, f.span.end, f.kind)))


def _grouped(
    mentions: Sequence[Mention], key: Callable[[Finding], Hashable]
) -> list[list[Mention]]:
    groups: dict[Hashable, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(key(mention.finding), []).append(mention)
    return list(groups.values())


def _category(finding: Finding) -> Hashable:
    """Conditions of one category may be the same; a relative's are never the patient's."""
    code = finding.codings[0].code[:3] if finding.codings else finding.span
    return code, finding.assertion is A.FAMILY


def _substance(finding: Finding) -> Hashable:
    """The same ingredients are the same drug; an allergy to it is another fact."""
    what = finding.ingredients or (finding.codings[-1].code if finding.codings else finding.span)
    return what, finding.status is S.ALLERGY, finding.assertion is A.FAMILY


def _facts(category: list[Mention]) -> list[list[Mention]]:
    """Mentions of one category by fact: an unspecified code is the same as a fuller one."""
    facts: list[list[Mention]] = []
    for group in _grouped(category, lambda f: f.codings[0].code if f.codings else f.span):
        one = group[0].finding
        home = next((f for f in facts if any(_same(one, m.finding) for m in f)), None)
        if home is None:
            facts.append(group)
        else:
            home += group
    return facts


def _same(a: Finding, b: Finding) -> bool:
    if not (a.codings and b.codings):
        return False
    x, y = sorted((a.codings[0].code, b.codings[0].code), key=len)
    return y.startswith(x) or _vague(a) or _vague(b)


def _vague(finding: Finding) -> bool:
    return "unspecified" in finding.codings[0].display.lower() or len(finding.codings[0].code) == 3


def _condition(group: list[Mention]) -> Finding:
    findings = [m.finding for m in group]
    concluded = {f.assertion for f in findings if f.section in CONCLUDES}
    said = concluded if concluded and A.NEGATED in concluded else {f.assertion for f in findings}
    assertion = next(a for a in STRENGTH if a in said)
    bearing = [f for f in findings if f.assertion is assertion]
    # The most specific code of the mentions that bear the assertion, else the broad one.
    best = max(
        bearing, key=lambda f: (not _vague(f), len(f.codings[0].code), f.score, -f.span.start)
    )
    return _with_evidence(best, findings)


def _drug(group: list[Mention]) -> Finding:
    last = max(
        group, key=lambda m: (m.cued, PRIORITY.get(m.finding.section, 1), m.finding.span.start)
    )
    findings = [m.finding for m in group]
    full = max(findings, key=lambda f: (_parts(f), PRIORITY.get(f.section, 1), -f.span.start))
    assertion = last.finding.assertion
    merged = replace(full, status=last.finding.status, assertion=assertion)
    return _with_evidence(merged, findings)


def _parts(finding: Finding) -> int:
    sig = finding.sig
    if sig is None:
        return 0
    return sum(part is not None for part in (sig.strength, sig.dose, sig.route, sig.frequency))


def _with_evidence(finding: Finding, all_of: list[Finding]) -> Finding:
    others = tuple(f.span for f in all_of if f.span != finding.span)
    return replace(finding, score=max(f.score for f in all_of), evidence=others)
