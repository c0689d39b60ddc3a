"""Which mentions tell one fact, and the finding that they become."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from nlp.linking import is_plain
from nlp.merge.conditions import absorbed, one_condition
from nlp.merge.drugs import one_drug
from nlp.merge.meaning import meant
from nlp.merge.mention import Mention
from nlp.types import Assertion, Finding, MedicationStatus

A = Assertion
S = MedicationStatus
_SPELT = 4  # words from which on a drug's name is that of a product


def merge(mentions: Sequence[Mention]) -> tuple[Finding, ...]:
    """Findings in order of their first place.

    A relative's condition and an allergy are facts of their own. Of a condition's codes the most
    specific wins; "present" anywhere wins over "possible" and "hypothetical", and "negated" stays
    only where no mention claims the condition, or earlier ones only suspect it.
    A drug's status is that of the mention with the highest section priority that has a cue, the
    later one of two.
    """
    conditions = [m for m in mentions if m.finding.kind == "condition"]
    drugs = [m for m in mentions if m.finding.kind == "medication"]
    out = absorbed(
        [
            one_condition(part)
            for group in _grouped(conditions, _category)
            for fact in _facts(group)
            for part in _then_and_now(fact)
        ]
    )
    out += [one_drug(group) for group in _grouped(drugs, _substance)]
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
    # Products spelt out in full are drugs of their own: two strengths, two releases.
    spelt = finding.codings[-1].code if len(finding.span.quote.split()) > _SPELT else ""
    return what, spelt, finding.status in (S.ALLERGY, S.INTOLERANCE), finding.assertion is A.FAMILY


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


def _then_and_now(fact: list[Mention]) -> list[list[Mention]]:
    """What was and what is asked now are two facts: "? stroke. PMH: stroke"."""
    said = {mention.finding.assertion for mention in fact}
    if A.PRESENT in said or not {A.HISTORICAL, A.POSSIBLE} <= said:
        return [fact]
    return _grouped(fact, lambda f: f.assertion is A.HISTORICAL)


def _same(a: Finding, b: Finding) -> bool:
    """A code and a broader one, or one that says no more than what both have in common."""
    if not (a.codings and b.codings):
        return False
    one, other = a.codings[0], b.codings[0]
    short, long = sorted((one.code, other.code), key=len)
    if long.startswith(short):
        return True
    return any(is_plain(x) and meant(x) <= meant(y) for x, y in ((one, other), (other, one)))
