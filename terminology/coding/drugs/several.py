"""Texts that order several drugs: each name has a strength of its own, and nothing joins them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kernels.text import normalise, tokenize
from terminology.coding.drugs.productnames import ELEMENTS
from terminology.coding.drugs.strength import COUNTED
from terminology.coding.drugs.text import DrugNames
from terminology.coding.drugs.units import NUMBER
from terminology.index import Index, Row

# "omeprazole 20 and amoxicillin 1 g": a number alone is a strength, but no label of several
_STRENGTH = re.compile(
    r"\d\s*-?\s*(?:mg|mcg|ug|micrograms?|milligrams?|grams?|gms?|g|meq|mmol|unt|units?|iu|%)(?![a-z])"
    rf"|(?<![\w./-]){NUMBER}(?![\w%]|[./-]\d){COUNTED}"
)
# what is before a part of the same drug, or before what dissolves one
_JOINED = re.compile(r" / |(?:[/-]|\b(?:in|of|as|per|to))\s*$")
# when a drug is taken: behind this another is ordered
_SCHEDULE = re.compile(
    r";|\b(?:daily|weekly|monthly|nightly|bid|tid|qid|qd|qod|qhs|qam|qpm|bd|tds|qds|od|prn|hs|mane"
    r"|nocte|at bedtime|(?:once|twice|three times|every|each) \w+|q ?\d+ ?h(?:rs?|ours?)?)\b"
)


class Several:
    """Finds the first of several orders in a text. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row, names: DrugNames) -> None:
        self._first, self._last, self._names = row.first, row.last, names
        self._displays = index.displays
        self._base_of = memoryview(index.arrays["drug.base"])  # type: ignore[arg-type]
        self._parts = index.rows_of("drug.parts")
        self._products = index.rows_of("drug.products")

    def first(self, text: str) -> str:
        """The text before a name by which it orders another drug; all of it, where none does.

        "lisinopril 10 mg amlodipine 5 mg" are two orders, as nobody sells both in one tablet;
        "amlodipine 5 mg benazepril 10 mg" are not, with a schedule between them they are.
        """
        plain = normalise(text)
        if sum(1 for _ in _STRENGTH.finditer(plain)) < 2:
            return text
        tokens = tokenize(text)
        starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
        spans = self._names.spans(tokens)
        made = [self._made_of(concepts) for _, _, concepts in spans]
        for place in range(1, len(spans)):
            at = starts[spans[place][0]]
            before = plain[ends[spans[place - 1][1] - 1] : at]
            further = starts[spans[place + 1][0]] if place + 1 < len(spans) else len(plain)
            told = _STRENGTH.search(before) and _STRENGTH.search(plain, at, further)
            if not told or not made[place] or "(" in before:
                continue
            if _SCHEDULE.search(before):
                return text[:at]
            if not _JOINED.search(before) and not self._combined(made, place):
                return text[:at]
        return text

    def _made_of(self, concepts: Sequence[int]) -> set[int]:
        """The ingredients of what a name may stand for."""
        return {part for each in concepts for part in self._parts[each - self._first]}

    def _combined(self, made: Sequence[set[int]], place: int) -> bool:
        """Whether a product has of a name and of one before it, and nothing that no name tells.

        Of an element many salts are sold: "calcium 600 mg with vitamin D 400 units".
        """
        own, said, known = made[place], set().union(*made[:place]), set().union(*made)
        if any(map(self._is_element, own | said)):
            return True
        return bool(own & said) or any(
            all(
                part in known or self._base(part) in known
                for part in self._parts[each - self._first]
            )
            for each in self._sold(own) & self._sold(said)
        )

    def _base(self, part: int) -> int:
        """The ingredient that another is a salt of, or -1."""
        return self._base_of[part - self._first] if part < self._last else -1

    def _is_element(self, part: int) -> bool:
        return part < self._last and self._displays[part].lower() in ELEMENTS

    def _sold(self, ingredients: set[int]) -> set[int]:
        """The products that have one of these."""
        return {each for part in ingredients for each in self._products[part - self._first]}
