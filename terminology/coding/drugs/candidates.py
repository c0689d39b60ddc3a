"""The products that may be meant by names: those that have the strengths, if any are told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from terminology.coding.drugs.products import NONE
from terminology.coding.drugs.text import Order
from terminology.index import Index, Row

MANY = 200  # products that are weighed
OPEN = 24  # the same of one name where no strength is told
FEW = 2  # products of a name that are weighed whatever their strengths
_NOTHING = np.zeros(0, np.uint32)


class Candidates:
    """Finds products by the names and strengths of a text. Immutable: threads may share it."""

    def __init__(self, index: Index, row: Row) -> None:
        self._row = row
        self._made_of = np.diff(np.asarray(index.arrays["drug.parts.offsets"], np.int64))
        self._products = index.rows_of("drug.products")
        self._told = index.arrays["drug.told"]
        self._by_strength = index.rows_of("drug.having")
        self._form_bits = np.asarray(index.arrays["drug.forms"], np.uint64)

    def of(self, asked: Order, names: Sequence[int]) -> dict[int, int]:
        """The products that may be meant, each with the first of the names that it has."""
        strengths = asked.strengths
        keys = {key for each in strengths.keys for key in each} or {*strengths.numbers}
        met: list[NDArray[np.uint32]] = []
        having = [self._having(key) for key in (*keys, NONE)]
        fitting = np.sort(np.concatenate(having)) if keys else None
        found: dict[int, int] = {}
        for name in reversed(names):
            own = self._products.view(name - self._row.first)
            if fitting is not None and len(fitting):
                at = np.minimum(fitting.searchsorted(own), len(fitting) - 1)
                has = fitting[at] == own
                # a brand of few products may be named with a strength told in another way
                own = own[has] if has.any() or len(own) > FEW else own
            elif not keys and len(own) > OPEN:
                own = self._likelier(own, asked.forms)
            met.append(own)
            if len(own) <= MANY:
                found.update(dict.fromkeys(own.tolist(), name))
        if len(found) > MANY or any(len(own) > MANY for own in met):
            # those that have most of the names and least beside them
            products, count = np.unique(np.concatenate(met), return_counts=True)
            likely = products[np.lexsort((self._made_of[products - self._row.first], -count))]
            likely = likely[:MANY].tolist()
            found = {product: found.get(product, names[0]) for product in likely}
        return found

    def _likelier(self, products: NDArray[np.uint32], forms: int) -> NDArray[np.uint32]:
        """Of many products those that a text without a strength may mean, OPEN at most."""
        bits, open_to = self._form_bits[products - self._row.first], self._having(NONE)
        fits = (bits & np.uint64(forms)) == np.uint64(forms)
        fits |= np.isin(products, open_to)
        return np.concatenate([products[fits], products[~fits]])[:OPEN]

    def _having(self, key: int) -> NDArray[np.uint32]:
        """The products with a strength, ascending."""
        at = int(self._told.searchsorted(np.uint32(key)))
        if at == len(self._told) or int(self._told[at]) != key:
            return _NOTHING
        return self._by_strength.view(at)
