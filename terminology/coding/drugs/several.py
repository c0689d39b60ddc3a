"""Texts that order several drugs: each name has a strength of its own, and nothing joins them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kernels.text import normalise, tokenize
from terminology.coding.drugs.text import DrugNames
from terminology.index import Index, Row

_STRENGTH = re.compile(
    r"\d\s*-?\s*(?:mg|mcg|ug|micrograms?|milligrams?|grams?|gms?|g|meq|mmol|unt|units?|iu|%)(?![a-z])"
)
# what is before a part of the same drug, or before what dissolves one
_JOINED = re.compile(r"[/+&]|-\s*$|\b(?:with|in|of|as|per|plus|to)\s*$")
# when a drug is taken: behind this another is ordered
_SCHEDULE = re.compile(
    r";|\b(?:daily|weekly|monthly|nightly|bid|tid|qid|qd|qod|qhs|qam|qpm|bd|tds|qds|od|prn|hs|mane"
    r"|nocte|at bedtime|(?:once|twice|three times|every|each) \w+|q ?\d+ ?h(?:rs?|ours?)?)\b"
)


class Several:
    """Finds the first of several orders in a text. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row, names: DrugNames) -> None:
        self._first, self._names = row.first, names
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
        said: set[int] = set()
        last = 0
        for place, (start, end, concepts) in enumerate(spans):
            made = self._made_of(concepts)
            before = plain[last : starts[start]]
            further = starts[spans[place + 1][0]] if place + 1 < len(spans) else len(plain)
            told = _STRENGTH.search(before) and _STRENGTH.search(plain, starts[start], further)
            if said and made and told and self._apart(before, made, said):
                return text[: starts[start]]
            said |= made
            last = ends[end - 1]
        return text

    def _apart(self, before: str, made: set[int], said: set[int]) -> bool:
        """Whether a name starts another order, by the text before it and what it stands for."""
        if "(" in before:
            return False
        if _SCHEDULE.search(before):
            return True
        return not (_JOINED.search(before) or made & said or self._sold(made) & self._sold(said))

    def _made_of(self, concepts: Sequence[int]) -> set[int]:
        """The ingredients of what a name may stand for."""
        return {part for each in concepts for part in self._parts[each - self._first]}

    def _sold(self, ingredients: set[int]) -> set[int]:
        """The products that have one of these."""
        return {each for part in ingredients for each in self._products[part - self._first]}
