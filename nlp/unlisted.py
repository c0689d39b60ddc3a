"""Drugs that the dictionary doesn't hold as they are written: spelt in full, new, misspelt."""

from __future__ import annotations

import re

from nlp import linking, mentions, names, sig
from nlp.mentions.readings import NO_DRUG
from nlp.places import Place, Places, in_title, key_at
from nlp.sections import LISTS
from nlp.types import Candidate, Document
from terminology.coding.drugs.othernames import OtherName
from terminology.service import Terminology
from terminology.types import RXNORM, Hit, Match, Method

SOURCE = "rules"
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z-]{4,})[\s,:]{1,2}$")
_ITEM_START = re.compile(r"[\s\d.)•*#-]*(?P<word>[A-Za-z][A-Za-z-]{4,})")
# A drug as RxNorm writes it: "1 ml x 5 mg/ml injection [y]", "x 5 mg / y …".
_FORMS = r"(?:tablet|capsule|solution|suspension|injection|implant|system|pack|spray|patch|cream)s?"
_FULL_NAME = re.compile(
    r"(?:^|(?<=; )|(?<=- ))[ \t]*(?P<name>(?:\d[\d.]* (?:ml|hr|actuat) [a-z][^;\n\[]{3,180}?"
    rf"{_FORMS}|[a-z][^;\n\[]{{3,120}}? \d[\d.]* [a-z/]+ / [a-z][^;\n\[]{{3,180}}?{_FORMS}"
    rf"|[a-z][^;\n\[]{{3,120}}?\d[^;\n\[]{{3,60}}?{_FORMS}(?= \[))(?: \[[\w .-]{{2,40}}\])?)"
    r"(?=[ \t]*(?:;|$|\n))",
    re.I | re.M,
)
# One of these is in every such name, so most texts needn't be searched for them.
_MARKS = (" / ", " [", " ml ", " hr ", " actuat ")
_LONGEST_NAME = 300  # code points
_SPELT = 0.93  # least score of a name that is spelt out
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ALLERGIC = re.compile(r"allerg|intoleran|anaphyla|hypersensitiv|adverse reaction", re.I)
_ALLERGY_NEAR = 60  # code points beside a class of drugs in which an allergy to it is told
_BEHIND = 25  # code points behind a name in which its strength stands
_UNLISTED = 0.9  # score of a drug that only its name tells
FUZZY = 0.74  # least score of a misspelt drug's name: 0.9 × likeness


class Unlisted:
    """Finds such drugs for the engine "rules". Immutable, thread-safe."""

    __slots__ = ("_terminology",)

    def __init__(self, terminology: Terminology) -> None:
        self._terminology = terminology

    def products(self, document: Document, hits: list[Hit]) -> list[Candidate]:
        """Clinical drugs spelt out in full: items with a brand in brackets, a volume, two parts."""
        text, out = document.text, []
        if not any(mark in document.low for mark in _MARKS):
            return []
        drugs = Places((h.start, h.end) for h in hits if any(t.system == RXNORM for t in h.terms))
        for item in _FULL_NAME.finditer(text):
            start, end = item.span("name")
            if not drugs.touch(start, end) or end - start > _LONGEST_NAME:
                continue
            match = next(iter(linking.found(self._terminology, item["name"], RXNORM, 1)), None)
            if match and match.score >= _SPELT and _NUMBER.search(match.display):
                out.append(
                    Candidate(
                        kind="medication",
                        span=document.span(start, end),
                        score=match.score,
                        source=SOURCE,
                        system=match.system,
                        code=match.code,
                        term=match.term,
                        method=match.method,
                    )
                )
        return out

    def unlisted(self, document: Document, taken: Places) -> list[Candidate]:
        """Drugs that the dictionary lacks, by their ingredients; classes only as allergies."""
        text, out = document.text, []
        for start, end, told in names.find(self._terminology, text):
            if in_title(document, start, end) or taken.touch(start, end):
                continue
            near = text[max(0, start - _ALLERGY_NEAR) : end + _ALLERGY_NEAR]
            allergy = key_at(document, start) == "allergies" or _ALLERGIC.search(near)
            if told.by_class and not allergy:
                continue
            if told.clipped and not (allergy or mentions.used(document, start, end)):
                continue
            taken.add(start, end)
            out.append(
                Candidate(
                    kind="medication",
                    span=document.span(start, end),
                    score=_UNLISTED,
                    source=SOURCE,
                    system=RXNORM,
                    code=told.clipped or _product(text, end, told),
                    method=Method.EXACT,
                    ingredients=told.ingredients,
                )
            )
        return out

    def misspelt(self, document: Document, known: Places) -> list[Candidate]:
        """Unknown words where a drug is expected: before a strength, or first in a list item."""
        text, out = document.text, []
        for start, end in sorted(_expected(document)):
            if text[start:end].lower() in NO_DRUG or known.touch(start, end):
                continue
            match = self._likeliest(text[start:end])
            if match:
                out.append(
                    Candidate(
                        kind="medication",
                        span=document.span(start, end),
                        score=match.score,
                        source=f"{SOURCE}+fuzzy",
                        system=match.system,
                        code=match.code,
                        term=match.term,
                        method=match.method,
                    )
                )
        return out

    def _likeliest(self, word: str) -> Match | None:
        """The drug that the word misspells; the first letter is seldom wrong."""
        for match in linking.found(self._terminology, word, RXNORM, 5):
            if match.method is Method.VECTOR or match.score < FUZZY:
                continue
            if match.term[:1].lower() == word[:1].lower() and abs(len(match.term) - len(word)) <= 3:
                return match
        return None


def _expected(document: Document) -> set[Place]:
    """Words where a drug is expected: before a strength, or first in an item of a drug list."""
    text = document.text
    places = set()
    for element in sig.find(text):
        if element.part in ("strength", "dose"):
            before = _LAST_WORD.search(text, max(0, element.start - 40), element.start)
            if before:
                places.add(before.span(1))
    for sentence in document.sentences:
        if key_at(document, sentence.start) in LISTS:
            first = _ITEM_START.search(text, sentence.start, sentence.end)
            if first:
                places.add(first.span("word"))
    return places


def _product(text: str, end: int, told: OtherName) -> str:
    """The product that holds the amount behind the name's end, the oldest first; "" for none."""
    amounts = {
        float(n)
        for e in sig.find(text, end, end + _BEHIND)
        if e.part == "strength"
        for n in _NUMBER.findall(text[e.start : e.end])[:1]
    }
    codes = {code for amount, code in told.products if amount in amounts}
    return min(codes, key=int, default="")
