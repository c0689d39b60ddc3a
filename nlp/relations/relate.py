"""What a text says between mentions: indications, adverse events, degrees, places, dates."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from nlp import qualifiers
from nlp.merge import Mention
from nlp.places import sentence_at
from nlp.relations import when
from nlp.relations.between import CONDITION, DRUG, NEAR, TO_BLAME, kind_of, place_of
from nlp.types import Assertion, Document, Finding, Relation, Span

# Failed and scarred organs, by category.
_LASTING = ("E03", "E09", "E13", "E89", "G62", "G24.01", "H91", "I42", "J84", "K74", "M81", "N18")
# What an allergy does, where its section tells it in brackets or behind a dash.
_REACTION = re.compile(
    r"\s?(?:\((?P<in>[A-Za-z][A-Za-z ,/-]{2,40})\)"
    r"|(?:[-–:=→]|\scauses|\sreaction:?|\swith)\s(?:causes\s)?"
    r"(?P<out>[a-z][a-z /-]{2,30}?)(?=\s?[.,;\n)]|$))",
)


def relate(
    document: Document, drugs: Sequence[Mention], conditions: Sequence[Mention]
) -> list[Mention]:
    """The mentions with what the text says between them, drugs first.

    A condition that a drug did which is no longer taken is over with it.
    """
    told: dict[int, list[Relation]] = {}
    ended: set[int] = set()
    places = sorted(
        [(place_of(m), DRUG) for m in drugs] + [(place_of(m), CONDITION) for m in conditions]
    )
    ordered = sorted(conditions, key=place_of)
    begins = [*sorted(place_of(m)[0] for m in drugs), len(document.text)]
    for drug in drugs:
        for condition in _near(document, drug, ordered):
            kind = kind_of(document, drug, condition, places)
            if not kind:
                continue
            told.setdefault(id(drug), []).append(Relation(kind, condition.finding.span))
            if kind == "adverse-event":
                told.setdefault(id(condition), []).append(Relation("due-to", drug.finding.span))
                ended |= {id(condition)} if drug.finding.status in TO_BLAME else set()
        if drug.finding.sig and drug.finding.sig.as_needed_for:
            reason = Relation("indication", drug.finding.sig.as_needed_for)
            told.setdefault(id(drug), []).append(reason)
        told.setdefault(id(drug), []).extend(
            when.taken(document, place_of(drug), begins[bisect_right(begins, place_of(drug)[0])])
        )
        if drug.finding.section == "allergies":
            told.setdefault(id(drug), []).extend(_reactions(document, drug.finding.span))
    for condition in conditions:
        told.setdefault(id(condition), []).extend(
            [
                *_degree_and_site(document, condition.finding.span),
                *when.onset(document, place_of(condition)),
            ]
        )
    return [_with(m, told.get(id(m), ()), id(m) in ended) for m in (*drugs, *conditions)]


def _with(mention: Mention, related: Sequence[Relation], ended: bool) -> Mention:
    if not related:
        return mention
    finding = replace(mention.finding, related=tuple(dict.fromkeys(related)))
    if ended and finding.assertion is Assertion.PRESENT and not _stays(finding):
        finding = replace(finding, assertion=Assertion.HISTORICAL)
    return replace(mention, finding=finding)


def _stays(finding: Finding) -> bool:
    """Whether what a drug did outlasts it, as a hypothyroidism does and no cough."""
    return any(coding.code.startswith(_LASTING) for coding in finding.codings)


def _near(document: Document, drug: Mention, conditions: Sequence[Mention]) -> Iterator[Mention]:
    """The conditions, sorted, of the drug's sentence or of the line's part before it."""
    start, end = place_of(drug)
    line = document.text.rfind("\n", max(0, start - NEAR), start) + 1
    low = max(min(sentence_at(document, start)[0], line), start - NEAR)
    high = min(max(sentence_at(document, start)[1], end), end + NEAR)
    for at in range(bisect_left(conditions, (low, 0), key=place_of), len(conditions)):
        condition = conditions[at]
        if condition.finding.span.start >= high:
            return
        if condition.finding.assertion not in (Assertion.NEGATED, Assertion.FAMILY):
            yield condition


def _reactions(document: Document, drug: Span) -> Iterator[Relation]:
    """What the allergy section says a drug did; its words are no findings of their own."""
    found = _REACTION.match(document.text, drug.end)
    if found:
        yield Relation("adverse-event", document.span(*found.span("in" if found["in"] else "out")))


def _degree_and_site(document: Document, span: Span) -> Iterator[Relation]:
    """The degree and the place that the words of the mention, or beside it, tell."""
    degree, site = qualifiers.degree_and_site(document, span.start, span.end)
    if degree:
        yield Relation("severity", document.span(*degree))
    if site:
        yield Relation("body-site", document.span(*site))
