"""From a phrase to RxNorm: names by dictionary or spelling, then strength, form and brand.

The clinical drug that agrees with all that the text says is preferred; where none does, the
ingredient or brand itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from kernels.fuzzy import FuzzyIndex
from kernels.gazetteer import Gazetteer
from kernels.text import tokenize, words
from terminology.index import Array, Index, Row, pack_rows, phrase_of
from terminology.source import Entry
from terminology.strength import (
    FORMS,
    ORAL,
    ROUTES,
    SPECIAL,
    Strengths,
    numbers_in,
    read_forms,
    read_strengths,
)
from terminology.types import Method, TermKind

NAMES = (TermKind.INGREDIENT, TermKind.BRAND, TermKind.ABBREVIATION, TermKind.LAY)
PRODUCTS = ("SCD", "SBD", "GPCK", "BPCK")
SPELLING = 0.72  # the least likeness that counts as a typing error
_LETTERS = re.compile(r"[a-z]{3}|^[a-z]$")
_NOISE = """
extract pollen allergenic allergen human with take daily once twice every each morning evening night
bedtime needed home meds medication dose days weeks months
"""
NOISE = frozenset(_NOISE.split())  # words of orders that are no names
NEARLY = 0.85  # the same for a word beside names that are written as in the dictionary
PARTLY = 0.85  # the worth of such names then
WHOLE = 0.8  # the least likeness of two whole names of drugs
SURE = 0.9  # a score from which on whole names are not compared
_WORTH = {Method.EXACT: 1.0, Method.SYNONYM: 0.98, Method.ABBREVIATION: 0.97}
_DIGITS = re.compile(r"\d+")
_TTYS = ("", "IN", "PIN", "MIN", "BN", *PRODUCTS)


class Found(NamedTuple):
    """A concept that a text may mean, and the term that told (-1: its own name)."""

    concept: int
    score: float
    method: Method
    term: int


Named = tuple[int, float, int, Method]


class Asked(NamedTuple):
    """What a text says of a drug; names are (concept, likeness, term, method)."""

    names: tuple[Named, ...]
    strengths: Strengths
    forms: int
    words: frozenset[str]


def arrays_of(entries: Sequence[Entry], first: int) -> dict[str, Array]:
    """The structure of the drugs as arrays; concepts are numbered from `first` on."""
    numbers = {entry.code: first + place for place, entry in enumerate(entries)}
    brands = {entry.display.lower(): entry.code for entry in entries if entry.tty == "BN"}
    parts: list[list[int]] = []
    products: list[list[int]] = [[] for _ in entries]
    brand_of: list[int] = []
    strengths: list[list[int]] = []
    bare: list[list[int]] = []
    forms: list[int] = []
    for place, entry in enumerate(entries):
        drug = entry.drug
        own = [numbers[code] for code in drug.ingredients if code in numbers] if drug else []
        parts.append(own if entry.tty != "IN" else [first + place])
        brand = drug.brand if drug else ""
        if not brand and entry.display.endswith("]"):
            brand = brands.get(entry.display.rpartition("[")[2][:-1].lower(), "")
        brand_of.append(numbers.get(brand, -1))
        product = entry.tty in PRODUCTS
        read = read_strengths((drug.strength if drug else "") or entry.display)
        strengths.append([keys[0] for keys in read.keys] if product else [])
        bare.append(sorted(numbers_in(entry.display)) if product else [])
        forms.append(
            read_forms(drug.form if drug and drug.form else entry.display) if product else 0
        )
        if product:
            for name in {*own, brand_of[-1]} - {-1}:
                products[name - first].append(first + place)
    return {
        **pack_rows("drug.parts", parts),
        **pack_rows("drug.products", products),
        **pack_rows("drug.strengths", strengths),
        **pack_rows("drug.numbers", bare),
        "drug.brand": np.array(brand_of, np.int32),
        "drug.forms": np.array(forms, np.uint64),
        "drug.tty": np.array(
            [_TTYS.index(e.tty) if e.tty in _TTYS else 0 for e in entries], np.uint8
        ),
    }


class Drugs:
    """Finds RxNorm concepts for phrases. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._parts = index.rows_of("drug.parts")
        self._products = index.rows_of("drug.products")
        self._strengths = index.rows_of("drug.strengths")
        self._numbers = index.rows_of("drug.numbers")
        self._brand = memoryview(index.arrays["drug.brand"])  # type: ignore[arg-type]
        self._forms = memoryview(index.arrays["drug.forms"])  # type: ignore[arg-type]
        self._tty = memoryview(index.arrays["drug.tty"])  # type: ignore[arg-type]
        self._gazetteer = Gazetteer.from_arrays(index.group("names"))
        self._fuzzy = FuzzyIndex.from_arrays(index.group("names-fuzzy"))
        self._phrases = memoryview(index.arrays["names.phrase"])  # type: ignore[arg-type]

        self._wholes = FuzzyIndex.from_arrays(index.group("drugs-fuzzy"))
        self._whole_phrases = memoryview(index.arrays["drugs.phrase"])  # type: ignore[arg-type]

    def match(self, text: str, count: int) -> list[Found]:
        """At most `count` concepts, best first."""
        best: dict[int, Found] = {}
        normal = phrase_of(text)
        if (phrase := self._index.phrase(normal)) >= 0:
            for concept, kind, term in self._terms(phrase):
                method = _method(kind)
                _enter(best, Found(concept, _WORTH[method], method, term))
        asked = self._asked(text)
        for found in self._by_parts(asked):
            _enter(best, found)
        if max((each.score for each in best.values()), default=0.0) < SURE:
            for found in self._whole(normal):
                _enter(best, found)
        ranked = sorted(best.values(), key=lambda each: self._order(each, asked))
        return ranked[:count]

    def _whole(self, normal: str) -> Iterable[Found]:
        """Drugs whose whole name is much like the text and has the very same numbers."""
        numbers = sorted(_DIGITS.findall(normal))
        for place, likeness in self._wholes.topk(normal, 8, WHOLE) if normal else ():
            phrase = self._whole_phrases[place]
            if sorted(_DIGITS.findall(self._index.phrases[phrase])) == numbers:
                for concept, _, term in self._terms(phrase):
                    yield Found(concept, 0.95 * likeness, Method.FUZZY, term)

    def _terms(self, phrase: int) -> list[tuple[int, TermKind, int]]:
        return [
            each
            for each in self._index.terms_of(phrase)
            if self._row.first <= each[0] < self._row.last
        ]

    def _asked(self, text: str) -> Asked:
        tokens = tokenize(text)
        written = tokens.words()
        names: list[Named] = []
        left = list(written)
        for start, end, place in self._gazetteer.match(tokens).tolist():
            left[start:end] = [""] * (end - start)
            names += self._named(place, 1.0)
        if not names:
            names = self._spelled(written, SPELLING)
        elif near := self._spelled(left, NEARLY) + self._likely(written):
            # a word that is almost a name: what is written as in the dictionary is not all
            names = [(concept, PARTLY, term, how) for concept, _, term, how in names] + near
        return Asked(tuple(names), read_strengths(text), read_forms(text), frozenset(written))

    def _named(self, place: int, likeness: float) -> list[Named]:
        return [
            (concept, likeness, term, _method(kind) if likeness == 1.0 else Method.FUZZY)
            for concept, kind, term in self._terms(self._phrases[place])
            if kind in NAMES
        ]

    def _likely(self, written: Sequence[str]) -> list[Named]:
        """The names of several words that are most like the whole text."""
        text = " ".join(written)
        if _DIGITS.search(text) or len(written) < 2:
            return []
        near = self._fuzzy.topk(text, 2, NEARLY)
        return [each for place, likeness in near for each in self._named(place, likeness)]

    def _spelled(self, written: Sequence[str], least: float) -> list[Named]:
        """The names most like some words of a text; an empty word parts those before and after."""
        found = [word for word in written if _LETTERS.search(word) and word not in FORMS][:6]
        long = [word for word in found if len(word) > 3 and word not in NOISE]
        tries = {*long, *(joint.join(pair) for pair in pairwise(found) for joint in ("", " "))}
        near = [
            (likeness, -place)
            for each in sorted(tries)
            for place, likeness in self._fuzzy.topk(each, 3, least)
        ]
        near += [(likeness, -place) for place, likeness in self._whole_name(found)]
        top = max(near, default=(0.0, 0))[0]
        return [
            each
            for likeness, place in sorted(near, reverse=True)
            if likeness > top - 0.04
            for each in self._named(-place, likeness)
        ]

    def _whole_name(self, found: Sequence[str]) -> list[tuple[int, float]]:
        return self._fuzzy.topk(" ".join(found), 3, NEARLY) if len(found) > 2 else []

    def _by_parts(self, asked: Asked) -> Iterable[Found]:
        wanted: dict[int, float] = {}
        brands: dict[int, float] = {}
        for concept, likeness, _, _ in asked.names:
            tty = _TTYS[self._tty[concept - self._row.first]]
            if tty == "BN":
                brands[concept] = max(brands.get(concept, 0.0), likeness)
            for part in self._parts[concept - self._row.first]:
                wanted[part] = max(wanted.get(part, 0.0), likeness)
        alone = 0.96 if len({concept for concept, *_ in asked.names}) == 1 else 0.9
        if asked.strengths.keys or asked.forms:
            alone = 0.78
        elif asked.strengths.numbers:
            alone = 0.9
        for concept, likeness, term, method in asked.names:
            yield Found(concept, likeness * alone, method, term)
        term_of = {concept: (term, method) for concept, _, term, method in asked.names}
        seen: set[int] = set()
        for name in (*brands, *wanted):
            for product in self._products[name - self._row.first]:
                if product not in seen:
                    seen.add(product)
                    likeness = brands.get(name) or wanted[name]
                    term, method = term_of.get(name, (-1, asked.names[0][3]))
                    score = likeness * self._agreement(product, asked, wanted, brands)
                    yield Found(product, score, method, -1)

    def _agreement(
        self, product: int, asked: Asked, wanted: dict[int, float], brands: dict[int, float]
    ) -> float:
        """0..1: how far a clinical drug is what the text says."""
        place = product - self._row.first
        parts = self._parts[place]
        cost = 0.0
        if wanted:
            has = sum(part in wanted for part in parts)
            cost += 0.2 * (len(parts) - has) / max(len(parts), 1)
            cost += 0.2 * (len(wanted) - has) / len(wanted)
        cost += self._strength_cost(place, asked.strengths)
        forms = self._forms[place]
        cost += 0.05 * (asked.forms & ~forms).bit_count()
        extra = forms & ~asked.forms
        cost += 0.008 * extra.bit_count() + 0.03 * (extra & SPECIAL).bit_count()
        if not asked.forms & ROUTES and not forms & ORAL:
            cost += 0.02
        brand = self._brand[place]
        if brand >= 0:
            cost += 0.0 if brand in brands else 0.08
        elif brands:
            cost += 0.04
        return max(0.0, 0.99 - cost)

    def _strength_cost(self, place: int, asked: Strengths) -> float:
        has = self._strengths[place]
        if not asked.keys:
            met_numbers = len(asked.numbers.intersection(self._numbers[place]))
            return max(0.02, 0.1 - 0.04 * met_numbers) if met_numbers else 0.16
        left = list(has)
        missing = 0
        for keys in asked.keys:
            met = next((key for key in left if key in keys), None)
            if met is None:
                missing += 1
            else:
                left.remove(met)
        return 0.3 * missing / len(asked.keys) + 0.05 * len(left)

    def _order(self, found: Found, asked: Asked) -> tuple[float, float, str]:
        name = words(self._index.displays[found.concept])
        shared = len(asked.words.intersection(name)) / max(len(name), 1)
        code = self._index.codes[found.concept]
        return (-round(found.score, 2), -shared, code.rjust(9))


def _method(kind: TermKind) -> Method:
    if kind is TermKind.ABBREVIATION:
        return Method.ABBREVIATION
    return Method.SYNONYM if kind is TermKind.LAY else Method.EXACT


def _enter(best: dict[int, Found], found: Found) -> None:
    known = best.get(found.concept)
    if known is None or known.score < found.score:
        best[found.concept] = found
