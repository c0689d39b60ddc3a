"""What a text says between mentions: what a drug is for, what it did, a condition's degree"
" and place.

Read from the words between the two mentions of one sentence, with other drugs, conditions and sigs
between them taken as fillers, so that "lisinopril 10 mg daily and aspirin for …" speaks of both.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec.structs import replace

from nlp import qualifiers, sig, when
from nlp.merge import Mention
from nlp.places import Place, sentence_at
from nlp.types import Assertion, Document, MedicationStatus, Relation, Span

_NEAR = 140  # code points between two mentions that may be related
_DRUG, _CONDITION = "\x01", "\x02"  # stand for mentions between the two
_WORDS = (
    r"(?:\s(?:the|his|her|your|my|their|a|an|some|any|presumed|possible|known|chronic|acute|of"
    r"|severe|mild|history|ongoing))*"
)
_USE = (
    r"(?:\s(?:treatment|management|control|prevention|prophylaxis|relief|symptoms|secondary)"
    r"\s(?:of|for))?"
)
_MORE = rf"(?:(?:{_CONDITION}|[\w-]+)(?:\s|,\s?|\sand\s|\sor\s|/)(?:and\s|or\s)?){{0,3}}"
_DONE = (
    r"(?:is|was|were|are|been|being|has|had|will|be|started|given|prescribed|taken|used|uses|takes"
    r"|taking|continued|resumed|added|currently|as|needed|prn|p\.r\.n\.?|daily|which|that|he|she"
    r"|they|orally|only|mainly|also)"
)
# From a drug to what it is for, from a condition to what it is treated with.
_FOR = re.compile(
    rf"(?:[\s,()]|{_DRUG}|and\s|or\s|plus\s|with\s|{_DONE}\s)*"
    rf"\s?(?:for|to\streat|to\scontrol|to\shelp\swith|treating|against){_USE}{_WORDS}\s{_MORE}",
    re.I,
)
_TREATED = re.compile(
    r"[\s,(]*(?:(?:which|that|currently|now|well|poorly|adequately|stable|is|was|has|been|being|and)"
    r"[\s,]+)*(?:(?:treated|managed|controlled|maintained|stabilized|suppressed|improved)\s)?"
    r"(?:with|on|by|taking|takes|using|for\swhich\s(?:he|she|they|the\spatient)\s(?:takes?|uses?"
    r"|(?:is|was)\s(?:on|started\son|prescribed|given)))"
    rf"(?:\s(?:oral|iv|his|her|the|low[\s-]dose|home|chronic|daily|both))*\s(?:{_DRUG}(?:,\s|\sand\s|\s))*",
    re.I,
)
_PLANNED = re.compile(
    r"\s?(?:[:–—-]|[.,;])\s?(?:[\w\s'%]{0,40}?[\s.,;:-])??(?:we\swill\s|will\s|i'll\s|please\s|plan\sto\s|to\s)?"
    r"(?:continue[ds]?|start(?:ed)?|begin|resume|restart|increase|decrease|add|refill|titrate|switch\sto|on|cont\.?)"
    rf"(?:\s(?:on|with|her|his|home|the|current|your|taking))*\s(?:{_DRUG}(?:,\s|\sand\s|\s))*",
    re.I,
)
_FOR_YOUR = re.compile(r"\bfor\s(?:the|his|her|your|my)\s(?:[\w-]+\s){0,2}$", re.I)
_SPOKEN = re.compile(
    r"\s?,?\s(?:(?:let's|i|i'm|we|we'll|we're|i'd|i'll|want|wanna|like|you|to|gonna|going|gon|na|go|ahead|and|will"
    r"|just|can|keep)\s){0,8}(?:continue|start|increase|take|taking|use|put\syou\son|keep\syou\son|restart|add)"
    r"(?:\s(?:you|on|with|the|taking|your|a|some|using))*\s",
    re.I,
)
# From a drug to what it did, from what happened to the drug that did it.
_CAUSED = re.compile(
    r"[\s,]*(?:which\s|that\s|has\s|had\s|have\s|also\s)*(?:causes?|caused|causing|gives?|gave|makes?|made|induced"
    r"|resulted\sin|led\sto|leads\sto|produces?|produced|triggered|brought\son)"
    rf"(?:\s(?:him|her|them|me|you|us|the\spatient|feel|get|have|a|an|some|severe|mild|bad|terrible|significant"
    rf"|this|awful|really|very|to))*\s{_MORE}",
    re.I,
)
_ENDED = re.compile(
    r"[\s,]*(?:but\s|and\s|that\s|this\s|it\s|which\s|he\s|she\s|i\s|then\s|later\s)*(?:was\s|were\s|had\sto\sbe\s|has\sbeen\s)?"
    r"(?:stopped|discontinued|held|d/c'?d|changed|switched|withdrawn|quit|not\stolerated|intolerant)\s"
    r"(?:\w+\s){0,2}?(?:because\sof|due\sto|secondary\sto|for|after|owing\sto|from|given)"
    rf"{_WORDS}\s{_MORE}",
    re.I,
)
_BRACKET = re.compile(rf"\s?(?:\(|[-–→:=]\s?|->\s?)(?:causes\s|severe\s|mild\s)?{_MORE}", re.I)
_BLAMED = re.compile(
    r"(?:[\s,]|that\s|which\s|developed\s|occurred\s|likely\s|probably\s|is\s|was\s)*"
    r"(?:due\sto|from|secondary\sto|caused\sby|induced\sby|because\sof|related\sto|after\s(?:taking|starting)"
    r"|while\s(?:taking|on)|associated\swith|a\sside\seffect\sof|attributed\sto|after)"
    r"(?:\s(?:the|his|her|my|your|taking|starting|prior|chronic|oral|long[\s-]term))*\s",
    re.I,
)
_INDUCED = re.compile(r"[\s-]induced\s(?:[\w-]+\s){0,2}", re.I)
_TO_BLAME = frozenset(
    (
        MedicationStatus.ALLERGY,
        MedicationStatus.INTOLERANCE,
        MedicationStatus.STOPPED,
        MedicationStatus.NOT_TAKING,
        MedicationStatus.HELD,
    )
)
# What an allergy does, where its section tells it in brackets or behind a dash.
_REACTION = re.compile(
    r"\s?(?:\((?P<in>[A-Za-z][A-Za-z ,/-]{2,40})\)"
    r"|(?:[-–:=→]|\scauses|\sreaction:?|\swith)\s(?:causes\s)?(?P<out>[a-z][a-z"
    r" /-]{2,30}?)(?=\s?[.,;\n)]|$))",
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
        [(_place(m), _DRUG) for m in drugs] + [(_place(m), _CONDITION) for m in conditions]
    )
    ordered = sorted(conditions, key=_place)
    begins = [*sorted(_place(m)[0] for m in drugs), len(document.text)]
    for drug in drugs:
        for condition in _near(document, drug, ordered):
            kind = _kind(document, drug, condition, places)
            if not kind:
                continue
            told.setdefault(id(drug), []).append(Relation(kind, condition.finding.span))
            if kind == "adverse-event":
                told.setdefault(id(condition), []).append(Relation("due-to", drug.finding.span))
                ended |= {id(condition)} if drug.finding.status in _TO_BLAME else set()
        if drug.finding.sig and drug.finding.sig.as_needed_for:
            reason = Relation("indication", drug.finding.sig.as_needed_for)
            told.setdefault(id(drug), []).append(reason)
        told.setdefault(id(drug), []).extend(
            when.taken(document, _place(drug), begins[bisect_right(begins, _place(drug)[0])])
        )
        if drug.finding.section == "allergies":
            told.setdefault(id(drug), []).extend(_reactions(document, drug.finding.span))
    for condition in conditions:
        told.setdefault(id(condition), []).extend(
            [
                *_degree_and_site(document, condition.finding.span),
                *when.onset(document, _place(condition)),
            ]
        )
    return [_with(m, told.get(id(m), ()), id(m) in ended) for m in (*drugs, *conditions)]


def _with(mention: Mention, related: Sequence[Relation], ended: bool) -> Mention:
    if not related:
        return mention
    finding = replace(mention.finding, related=tuple(dict.fromkeys(related)))
    if ended and finding.assertion is Assertion.PRESENT:
        finding = replace(finding, assertion=Assertion.HISTORICAL)
    return replace(mention, finding=finding)


def _place(mention: Mention) -> Place:
    return mention.finding.span.start, mention.finding.span.end


def _near(document: Document, drug: Mention, conditions: Sequence[Mention]) -> Iterator[Mention]:
    """The conditions, sorted, of the drug's sentence or of the line's part before it."""
    start, end = _place(drug)
    line = document.text.rfind("\n", max(0, start - _NEAR), start) + 1
    low = max(min(sentence_at(document, start)[0], line), start - _NEAR)
    high = min(max(sentence_at(document, start)[1], end), end + _NEAR)
    for at in range(bisect_left(conditions, (low, 0), key=_place), len(conditions)):
        condition = conditions[at]
        if condition.finding.span.start >= high:
            return
        if condition.finding.assertion not in (Assertion.NEGATED, Assertion.FAMILY):
            yield condition


def _kind(
    document: Document, drug: Mention, condition: Mention, places: list[tuple[Place, str]]
) -> Literal["indication", "adverse-event"] | None:
    """What two mentions have to do with each other; None where the words between don't tell."""
    (a, b), (c, d) = _place(drug), _place(condition)
    if b <= c:
        return _of_the_drug(drug, _masked(document.text, b, c, places))
    if d > a:
        return None
    between = _masked(document.text, d, a, places)
    if _BLAMED.fullmatch(between):
        return "adverse-event"
    if drug.finding.status in _TO_BLAME:
        return None
    asked = _FOR_YOUR.search(document.text, max(0, c - _NEAR), c) and _SPOKEN.fullmatch(between)
    treated = _TREATED.fullmatch(between) or _PLANNED.fullmatch(between)
    return "indication" if asked or treated else None


def _of_the_drug(drug: Mention, between: str) -> Literal["indication", "adverse-event"] | None:
    """What the words from a drug to a condition behind it tell."""
    if _INDUCED.fullmatch(between) or _CAUSED.fullmatch(between) or _ENDED.fullmatch(between):
        return "adverse-event"
    if drug.finding.status in _TO_BLAME and _BRACKET.fullmatch(between):
        return "adverse-event"
    return "indication" if _FOR.fullmatch(between) else None


def _masked(text: str, start: int, end: int, places: list[tuple[Place, str]]) -> str:
    """The words between, mentions as their marks and parts of a sig left out."""
    first, last = (bisect_left(places, ((at, 0), "")) for at in (start, end))
    inside = [(place, mark) for place, mark in places[first:last] if place[1] <= end]
    inside += [((e.start, e.end), "") for e in sig.find(text, start, end)]
    out, at = [], start
    for (begins, ends), mark in sorted(inside):
        if begins >= at:
            out += [text[at:begins], mark]
            at = ends
    return re.sub(r"[ \t]+", " ", "".join(out) + text[at:end])


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
