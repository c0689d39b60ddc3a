"""Drugs that a text names as a whole: by RxNorm's own grammar, or by a name much like all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from kernels.fuzzy import FuzzyIndex
from terminology.coding.candidate import Candidate
from terminology.coding.drugs.forms import FORMS, SPECIAL
from terminology.coding.drugs.products import PRODUCTS, TTYS
from terminology.coding.drugs.strength import read_strengths
from terminology.coding.drugs.text import DrugNames, Order, method_of
from terminology.coding.drugs.units import UNITS
from terminology.coding.spelling import LONGEST
from terminology.index import Index, Row, phrase_of
from terminology.types import Method, TermKind

COMPONENT = 0.9  # the worth of a strength without a form, a form without a strength
FITS = 0.7  # more than the worth of a product that contradicts the text
GROUPS = (" product", " pill")  # how RxNorm's names of groups of products end
WHOLE = 0.8  # the least likeness of two whole names of drugs
WRITTEN = 0.998  # the worth of a name that RxNorm's grammar tells within a text
_ENDED = """
product pill injector system soap enema paste toothpaste mouthwash douche irrigation gum wafer
granules crystals ring insert oil wash stick applicator lens pellet
"""
_AMOUNTS = frozenset((*UNITS, "meq", "ml", "hr", "actuat"))
_ENDS = frozenset((*FORMS, *_ENDED.split())) | _AMOUNTS
_PACK = re.compile(r"\s*\{.*\}\s*Pack(?:\s*\[(?P<called>[^]]*)\])?", re.I)
_DIGITS = re.compile(r"\d+")


class WholeDrugs:
    """Finds RxNorm concepts by their whole names. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row, names: DrugNames) -> None:
        self._index, self._row, self._names = index, row, names
        self._parts = index.rows_of("drug.parts")
        self._forms = memoryview(index.arrays["drug.forms"])  # type: ignore[arg-type]
        self._tty = memoryview(index.arrays["drug.tty"])  # type: ignore[arg-type]
        self._wholes = FuzzyIndex.from_arrays(index.group("drugs-fuzzy"))
        self._whole_phrases = memoryview(index.arrays["drugs.phrase"])  # type: ignore[arg-type]

    def written_out(self, text: str, forms: int) -> Iterable[Candidate]:
        """What RxNorm's own grammar names: "... 160 MG [Diovan]" and a pack's contents with it.

        Also the drug whose name a text begins with, before what a sig says.
        """
        for name in _written(text):
            for concept, kind, term in self._called(name):
                product = self._is_product(concept)
                if product and forms & SPECIAL & ~self._forms[concept - self._row.first]:
                    continue  # "... 4 MG Oral Tablet, dispersible"
                if product or "]" in text or name.endswith(GROUPS) or _made_up(name):
                    yield Candidate(concept, WRITTEN, method_of(kind), term)

    def strength_alone(
        self, text: str, asked: Order, best: Iterable[Candidate]
    ) -> Iterable[Candidate]:
        """The one drug in the one strength that a text begins with, where no product fits."""
        wanted = {part for each in asked.names for part in self._made_of(each.concept)}
        fitting = (each.concept for each in best if each.score > FITS)
        made = (self._made_of(each) for each in fitting if self._is_product(each))
        if len(wanted) != 1 or len(asked.strengths.keys) != 1 or any(len(own) == 1 for own in made):
            return
        for name in _written(text):
            if name.rpartition(" ")[2] in _AMOUNTS:
                for concept, kind, term in self._called(name):
                    yield Candidate(concept, COMPONENT, method_of(kind), term)

    def alike(self, normal: str) -> Iterable[Candidate]:
        """Drugs whose whole name is much like the text and has the very same numbers."""
        numbers = sorted(_DIGITS.findall(normal))
        if not 0 < len(normal) <= LONGEST:
            return
        said = normal.split()
        for place, likeness in self._wholes.topk(normal, 8, WHOLE):
            phrase = self._whole_phrases[place]
            name = self._index.phrases[phrase]
            if name.endswith(GROUPS) and self._names.is_plain(said, name.split()):
                continue  # a sugar pill is no Sular Pill
            if sorted(_DIGITS.findall(name)) == numbers and _alike(said, name.split()):
                for concept, _, term in self._names.terms(phrase):
                    yield Candidate(concept, 0.95 * likeness, Method.FUZZY, term)

    def _called(self, name: str) -> list[tuple[int, TermKind, int]]:
        phrase = self._index.phrase(name)
        return self._names.terms(phrase) if phrase >= 0 else []

    def _made_of(self, concept: int) -> list[int]:
        return self._parts[concept - self._row.first]

    def _is_product(self, concept: int) -> bool:
        return TTYS[self._tty[concept - self._row.first]] in PRODUCTS


def _made_up(name: str) -> bool:
    """Whether a name tells how much there is in which form: "Bydureon 2 mg prefilled pen"."""
    return name.rpartition(" ")[2] not in _AMOUNTS and bool(read_strengths(name).keys)


def _written(text: str) -> list[str]:
    """The phrases that RxNorm's grammar may have written at a text's beginning."""
    if pack := _PACK.match(text):
        called = phrase_of(pack["called"] or "")
        return [phrase_of(pack[0]), f"{called} pack", f"{called} kit"]
    head, bracket, _ = text.partition("]")
    if bracket:
        return [phrase_of(head)]
    said = phrase_of(text).split()
    return [" ".join(said[: at + 1]) for at, word in enumerate(said[:-1]) if word in _ENDS]


def _alike(said: Sequence[str], name: Sequence[str]) -> bool:
    """Whether two names are alike without the words that they share: forms and numbers mostly."""
    ours = " ".join(word for word in said if word not in name)
    theirs = " ".join(word for word in name if word not in said)
    return not theirs or SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= WHOLE
