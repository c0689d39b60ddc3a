"""Misspelt names that an order contradicts: no units of Novamox, no puffs of Foscavir."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from terminology.coding.drugs.forms import FORMS, ROUTES
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
_INJECTED = FORMS["injection"]
_DRIPPING = FORMS["solution"] | FORMS["suspension"] | _DROPPED | FORMS["nasal"]


class Contradicted:
    """Tells which guesses an order contradicts. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._parts = index.rows_of("drug.parts")
        self._products = index.rows_of("drug.products")
        self._forms = memoryview(index.arrays["drug.forms"])  # type: ignore[arg-type]
        self._sold = lru_cache(maxsize=1 << 12)(self._sold_as)

    def without(self, guesses: list[Named], text: str, forms: int) -> list[Named]:
        """The guesses of which a product may be what a normalised text with these forms orders."""
        needs = [wanted for told, wanted in _NEEDS if forms & told]
        if _UNITS.search(text):
            needs.append(_COUNTED)
        if not forms & ROUTES and _DROPS.search(text):
            needs.append(_DRIPPING)
        return [each for each in guesses if self._has(each.concept, needs)] if needs else guesses

    def _has(self, concept: int, needs: Iterable[int]) -> bool:
        sold = self._sold(concept)
        return not sold or all(sold & each for each in needs)

    def _sold_as(self, concept: int) -> int:
        """The bits of all forms of what has this name, or of what it is made of; 0 for unknown."""
        place = concept - self._row.first
        own = self._products[place]
        made = (part - self._row.first for part in self._parts[place])
        own = own or [each for part in made for each in self._products[part]]
        bits = self._forms[place] if place < len(self._forms) else 0
        for each in own:
            has = self._forms[each - self._row.first]
            # an injection is called a solution as well
            bits |= has & ~(FORMS["solution"] | FORMS["suspension"]) if has & _INJECTED else has
            bits |= _COUNTED if _IN_UNITS.search(self._index.displays[each]) else 0
        return int(bits)
