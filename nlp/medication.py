"""Gives the sig parts of a document to the drugs they belong to.

Offsets are code points into the document's text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from nlp import sig
from nlp.places import Place, Places, between
from nlp.sig import Element, supply
from nlp.sig.regimen import regimen
from nlp.types import Document, Sentence, Sig, Supply

_GLUE = re.compile(
    r"[\s,(:–-]{0,4}(?:at\s|to\s|of\s|sig:?\.?\s|take\s|dispensed?\s#?\d+,?\s){0,2}", re.I
)
_OF = re.compile(
    r"\s(?:\w+\s){0,2}?(?:of|dose\sof)\s(?:the\s|his\s|her\s|your\s|oral\s)?|\s?", re.I
)
_SHARED = re.compile(r"\s?(?:,\s)?(?:and|or|plus|&|/|with)\s", re.I)
_JOINED = re.compile(r"(?:[\s,;.(-]|\b(?:and|or|plus|with|as\swell\sas)\b)+$", re.I)
_CONTINUES = re.compile(r"\s*(?:(?i:sig|take|use|apply|inject|one|two)\b|\d|[a-z])")
_DIRECTION = re.compile(r"(?:sig|use|take|apply|inject|one)?[\s,.:;()]*", re.I)
_BREAK = re.compile(r";|\n\s*\n")
_LONG = 4000  # code points of a sentence that is no sentence: it is cut between drugs
_FULL = 2  # spaces from which on a name is that of a clinical drug: "lisinopril 10 mg tablet"
_PARTS = 12  # parts of one sig that may chain from a drug
_REACH = 90  # code points beyond which a part no longer belongs to the drug before it


def regions(document: Document, drugs: list[Place]) -> list[tuple[Place, list[int]]]:
    """The stretches in which sigs are read: sentences with drugs, and what continues them.

    Each comes with the indices of its drugs. A following sentence without a drug that begins
    as a direction ("Sig: one p.o. …") belongs to the stretch before it.
    """
    out: list[tuple[Place, list[int]]] = []
    for start, end in _bounds(document, drugs):
        inside = list(between(drugs, start, end))
        if inside:
            stop = max(end, max(drugs[i][1] for i in inside))
            out.append(((start, stop), inside))
        elif out and _is_continued(document.text, out[-1][0][1], start, end):
            (first, _), owners = out[-1]
            out[-1] = ((first, end), owners)
    return out


def _bounds(document: Document, drugs: list[Place]) -> Iterator[Place]:
    """The sentences, with those that run on for pages cut at the start of a drug."""
    for sentence in document.sentences or (Sentence(0, len(document.text)),):
        start = sentence.start
        while sentence.end - start > _LONG:
            later = between(drugs, start + _LONG, sentence.end)
            cut = drugs[later[0]][0] if later else sentence.end
            yield start, cut
            start = cut
        if start < sentence.end:
            yield start, sentence.end


def _is_continued(text: str, stop: int, start: int, end: int) -> bool:
    gap = text[stop:start]
    if gap.strip() or gap.count("\n") > 1 or not _CONTINUES.match(text, start):
        return False
    if "\n" in text[max(0, stop - 1) : start + 1] and text[start : start + 1].isupper():
        return False
    found = sig.find(text, start, min(end, start + 60))
    return bool(found) and _DIRECTION.fullmatch(text, start, found[0].start) is not None


def sigs(document: Document, drugs: list[Place]) -> list[Sig]:
    """One Sig for each drug mention (start, end), in the given order."""
    given: list[list[Element]] = [[] for _ in drugs]
    for (start, end), inside in regions(document, drugs):
        for owner, element in attach(document.text, start, end, [drugs[i] for i in inside]):
            if owner is not None:
                given[inside[owner]].append(_without_drugs(document.text, element, drugs))
    stops = [*(start for start, _ in drugs[1:]), len(document.text)]
    return [
        _supplied(regimen(document, elements), supply.find(document, end, stop))
        for elements, (_, end), stop in zip(given, drugs, stops, strict=False)
    ]


def _supplied(sig_: Sig, handed_out: Supply | None) -> Sig:
    return replace(sig_, supply=handed_out) if handed_out else sig_


def _without_drugs(text: str, element: Element, drugs: list[Place]) -> Element:
    """The part, what it is for cut before another drug: "prn pain as well as Celebrex"."""
    inside = element.reason and between(drugs, *element.reason)
    if not element.reason or not inside:
        return element
    start = element.reason[0]
    why = _JOINED.sub("", text[start : drugs[inside[0]][0]])
    return replace(element, reason=(start, start + len(why)) if why else None)


def attach(text: str, start: int, end: int, drugs: list[Place]) -> list[tuple[int | None, Element]]:
    """The sig parts of text[start:end], each with the index of the drug that owns it, or None.

    A part may come twice: "Demerol 50 and Vistaril 25 mg IM" gives the route to both drugs.
    """
    elements = _elements(text, start, end, drugs)
    owned = [(_owner(text, i, elements, drugs), e) for i, e in enumerate(elements)]
    return owned + _shared(text, owned, drugs)


def _elements(text: str, start: int, end: int, drugs: list[Place]) -> list[Element]:
    """Parts outside drug names, with the bare numbers that follow drugs."""
    found = sig.find(text, start, end)
    # A strength or form inside a clinical drug's full name counts; a short name only looks so.
    short = Places((a, b) for a, b in drugs if text[a:b].count(" ") < _FULL)
    full = Places((a, b) for a, b in drugs if text[a:b].count(" ") >= _FULL)
    outside = [
        e
        for e in found
        if not short.touch(e.start, e.end)
        and (e.part in ("strength", "form", "route") or not full.touch(e.start, e.end))
    ]
    for _, drug_end in drugs:
        bare = sig.bare_strength(text, drug_end, end)
        rivals = [e for e in outside if bare and e.start < bare.end and bare.start < e.end]
        if bare and all(e.part == "dose" and e.quantity and not e.quantity.unit for e in rivals):
            outside = [e for e in outside if e not in rivals] + [bare]
    return sorted(outside, key=lambda e: e.start)


def _owner(text: str, index: int, elements: list[Element], drugs: list[Place]) -> int | None:
    element = elements[index]
    after = bisect_right(drugs, element.start, key=lambda place: place[0])
    before = after - 1
    nearby = elements[max(0, index - _PARTS) : index + _PARTS]
    if before >= 0 and _follows(text, drugs[before][1], element.start, nearby):
        return before
    if after < len(drugs) and _precedes(text, element.end, drugs[after][0], nearby):
        return after
    if before >= 0:
        gap = text[drugs[before][1] : element.start]
        return before if len(gap) <= _REACH and not _BREAK.search(gap) else None
    near = after < len(drugs) and drugs[after][0] - element.end <= _REACH
    return after if near and element.part != "duration" else None


def _follows(text: str, stop: int, start: int, elements: list[Element]) -> bool:
    """Only glue and other parts lie between a drug's end and a part's start."""
    at = stop
    for e in elements:
        if stop <= e.start < start and _GLUE.fullmatch(text, at, e.start):
            at = e.end
    return start <= at or _GLUE.fullmatch(text, at, start) is not None


def _precedes(text: str, end: int, drug: int, elements: list[Element]) -> bool:
    """A part right before a drug: "10 mg of melatonin", "daily aspirin"."""
    at = end
    for e in elements:
        if end <= e.start < drug and not text[at : e.start].strip():
            at = e.end
    return _OF.fullmatch(text, at, drug) is not None


def _shared(
    text: str, owned: list[tuple[int | None, Element]], drugs: list[Place]
) -> list[tuple[int | None, Element]]:
    """Route and frequency of the last of joined drugs, for those before it with strengths only."""
    parts: dict[int, list[Element]] = {i: [] for i in range(len(drugs))}
    for owner, element in owned:
        if owner is not None:
            parts[owner].append(element)
    extra: list[tuple[int | None, Element]] = []
    for left, right in reversed(list(pairwise(range(len(drugs))))):
        mine = parts[left]
        if not mine or any(e.part != "strength" for e in mine):
            continue
        if not _SHARED.fullmatch(text, max(e.end for e in mine), drugs[right][0]):
            continue
        common = [
            e for e in parts[right] if e.part in ("route", "frequency", "duration", "as_needed")
        ]
        parts[left] = mine + common
        extra += [(left, e) for e in common]
    return extra
