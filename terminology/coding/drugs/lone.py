"""The only product that a brand or combination has in a form: what an order of it means.

Also where the strength of the text can't be compared: it tells a dose, and the product what a
millilitre, a puff or an hour has of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from terminology.coding.candidate import Candidate
from terminology.coding.drugs.formcost import CONTRADICTED, form_cost
from terminology.coding.drugs.forms import SAID
from terminology.coding.drugs.products import TTYS
from terminology.coding.drugs.text import Named, Order
from terminology.index import Index, Row
from terminology.types import Method

FALLBACK = 0.965  # the worth of what an order without a strength names
UNLIKE = 0.8  # the worth of a product whose strength can't be compared
_RATE = re.compile(r"/(?:ML|ACTUAT|HR)\b")


class LoneProducts:
    """Finds products that are the only ones of their name. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._index, self._row = index, row
        self._parts = index.rows_of("drug.parts")
        self._products = index.rows_of("drug.products")
        self._forms = memoryview(index.arrays["drug.forms"])  # type: ignore[arg-type]
        self._other = memoryview(index.arrays["drug.other"])  # type: ignore[arg-type]
        self._tty = memoryview(index.arrays["drug.tty"])  # type: ignore[arg-type]

    def ordered(self, named: Named, asked: Order) -> Iterator[Candidate]:
        """What an order for a brand, salt or combination tells that has no strength.

        The only product of the name in this form, else the one ingredient.
        """
        only = self._only(named.concept, asked.forms) if asked.forms else -1
        parts = self._parts[named.concept - self._row.first]
        if only < 0 and not asked.called and len(parts) == 1 and parts[0] < self._row.last:
            only = parts[0]
        if only >= 0:
            yield Candidate(only, FALLBACK * named.likeness, Method.EXACT, named.term)

    def unlike(self, name: int, likeness: float, asked: Order) -> Iterator[Candidate]:
        """The only product of a name, where its strength can't be compared with one of the text.

        A combination may also be told by its salts: dorzolamide 22.3 mg/ml for 20.
        """
        combined = name < self._row.last and len(self._parts[name - self._row.first]) > 1
        only = self._only(name, asked.forms) if combined or not asked.strengths.shared else -1
        if only >= 0 and _RATE.search(self._index.displays[only]):
            yield Candidate(only, UNLIKE * likeness, Method.EXACT, -1)

    def _only(self, name: int, forms: int) -> int:
        """The only product there is today of a name in these forms, or -1."""
        fitting = [each for each in self._products_named(name) if self._fits(forms, each)]
        # a pen before a vial where a pen is told
        fitting = [each for each in fitting if not forms & ~self._form(each) & SAID] or fitting
        least = min(map(self._seldom, fitting), default=0)
        meant = [each for each in fitting if self._seldom(each) == least]
        return meant[0] if len(meant) == 1 else -1

    def _products_named(self, name: int) -> list[int]:
        """The branded drugs of a brand, of any other name the clinical ones of just its parts."""
        place = name - self._row.first
        if name >= self._row.last or TTYS[self._tty[place]] == "BN":
            return self._of(self._products[place], "SBD")
        parts = sorted(self._parts[place])
        fewest = min((self._products[part - self._row.first] for part in parts), key=len)
        own = self._of(fewest, "SCD")
        return [each for each in own if sorted(self._parts[each - self._row.first]) == parts]

    def _of(self, products: list[int], tty: str) -> list[int]:
        kind = TTYS.index(tty)
        return [each for each in products if self._tty[each - self._row.first] == kind]

    def _fits(self, forms: int, product: int) -> bool:
        return form_cost(forms, self._form(product)) < CONTRADICTED

    def _form(self, product: int) -> int:
        return int(self._forms[product - self._row.first])

    def _seldom(self, product: int) -> int:
        return int(self._other[product - self._row.first])
