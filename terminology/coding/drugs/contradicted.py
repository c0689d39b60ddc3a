"""Misspelt names that an order contradicts: no units of Novamox, no puffs of Foscavir."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from terminology.coding.drugs.forms import FORMS, ROUTES
from terminology.coding.drugs.strength import Strengths
from terminology.index import Index, Row

if TYPE_CHECKING:
    from terminology.coding.drugs.text import Named

_UNITS = re.compile(r"\d ?(?:unt|units?|iu|u)\b")
_IN_UNITS = re.compile(r"\b(?:UNT|CELLS|PNU|BAU)\b")
_COUNTED = 1 << 63  # the products of a name have their strengths in units
_INHALED = FORMS["inhalation"] | FORMS["inhaler"]
_SPRAYED = FORMS["nasal"] | FORMS["spray"]
_DROPPED = FORMS["ophthalmic"] | FORMS["otic"]
_RUBBED = FORMS["cream"] | FORMS["ointment"] | FORMS["lotion"]
# where a text tells any of the first forms, a drug must have one of the second
_NEEDS = (
    (_INHALED, _INHALED | _SPRAYED),
    (FORMS["nasal"], _INHALED | _SPRAYED),
    (_DROPPED, _DROPPED),
    (_RUBBED, _RUBBED | _DROPPED | FORMS["gel"] | FORMS["topical"] | FORMS["vaginal"]),
    (FORMS["patch"], FORMS["patch"]),
)
_DROPS = re.compile(r"\b(?:drops?|gtts?)\b")
LIKE = 0.8  # the likeness from which on a name is meant whatever its strengths
_INJECTED = FORMS["injection"]
_DRIPPING = FORMS["solution"] | FORMS["suspension"] | _DROPPED | FORMS["nasal"]


class Contradicted:
    """Tells which guesses an order contradicts. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._parts = index.rows_of("drug.parts")
        self._products = index.rows_of("drug.products")
        self._forms = memoryview(index.arrays["drug.forms"])  # type: ignore[arg-type]
        self._strengths = index.rows_of("drug.strengths")
        self._numbers = index.rows_of("drug.numbers")
        self._totals = index.rows_of("drug.totals")
        self._strong = lru_cache(maxsize=1 << 12)(self._strengths_of)
        self._sold = lru_cache(maxsize=1 << 12)(self._sold_as)

    def without(
        self, guesses: list[Named], text: str, forms: int, strengths: Strengths
    ) -> list[Named]:
        """The guesses of which a product may be what a normalised text with these forms orders.

        A name that is little like the text has to be sold in a strength that it tells.
        """
        guesses = [each for each in guesses if self._as_strong(each, strengths)]
        needs = [wanted for told, wanted in _NEEDS if forms & told]
        if _UNITS.search(text):
            needs.append(_COUNTED)
        if not forms & ROUTES and _DROPS.search(text):
            needs.append(_DRIPPING)
        return [each for each in guesses if self._has(each.concept, needs)] if needs else guesses

    def _as_strong(self, guess: Named, told: Strengths) -> bool:
        """Whether a guess is much like the words, or a product has a strength of the text."""
        asked = {key for each in told.keys for key in each} or {*told.numbers}
        if guess.likeness >= LIKE or not asked:
            return True
        sold = self._strong(guess.concept)
        return not sold or not sold.isdisjoint(asked)

    def _strengths_of(self, concept: int) -> frozenset[int]:
        """The keys of all strengths and numbers that products of a name have."""
        places = [each - self._row.first for each in self._named(concept)]
        kinds = (self._strengths, self._numbers, self._totals)
        return frozenset(key for each in places for kind in kinds for key in kind[each])

    def _named(self, concept: int) -> list[int]:
        """The products of a name, or of what it is made of where none has it."""
        place = concept - self._row.first
        made = (part - self._row.first for part in self._parts[place])
        return self._products[place] or [each for part in made for each in self._products[part]]

    def _has(self, concept: int, needs: Iterable[int]) -> bool:
        sold = self._sold(concept)
        return not sold or all(sold & each for each in needs)

    def _sold_as(self, concept: int) -> int:
        """The bits of all forms of what has this name, or of what it is made of; 0 for unknown."""
        place = concept - self._row.first
        bits = self._forms[place] if place < len(self._forms) else 0
        for each in self._named(concept):
            has = self._forms[each - self._row.first]
            # an injection is called a solution as well
            bits |= has & ~(FORMS["solution"] | FORMS["suspension"]) if has & _INJECTED else has
            bits |= _COUNTED if _IN_UNITS.search(self._index.displays[each]) else 0
        return int(bits)
