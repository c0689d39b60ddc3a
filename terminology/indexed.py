"""One system of the index, told concept by concept as it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from terminology.index import Index, Row
from terminology.source import Drug
from terminology.types import ICD10CM, Designation, Property

Detail = tuple[tuple[Designation, ...], tuple[Property, ...], str, Drug | None]
_DETAIL = msgspec.json.Decoder(Detail)
Told = tuple[tuple[Designation, ...], tuple[Property, ...]]


class Indexed:
    """A code system of the index by the numbers of its concepts. Threads may share it."""

    __slots__ = ("_index", "display_of", "numbers", "told", "url", "version")

    def __init__(self, index: Index, row: Row) -> None:
        self._index = index
        self.url, self.version = row.url, row.version
        self.numbers = index.numbers(row)
        self.display_of = index.displays.__getitem__
        self.told = lru_cache(maxsize=1 << 13)(self._told)

    def _told(self, number: int) -> Told:
        designations, properties, _, _ = detail(self._index, number)
        derived = (*self._hierarchy(number), *self._status(number, properties))
        return designations, (*derived, *properties)

    def _hierarchy(self, number: int) -> Iterator[Property]:
        index = self._index
        if (parent := index.parents[number]) >= 0:
            yield Property("parent", index.codes[parent], "code")
        for child in index.children[number]:
            yield Property("child", index.codes[child], "code")

    def _status(self, number: int, properties: tuple[Property, ...]) -> Iterator[Property]:
        if self.url == ICD10CM:
            yield Property("billable", bool(self._index.billable[number]), "boolean")
        if not any(each.code == "inactive" for each in properties):
            yield Property("inactive", False, "boolean")


def detail(index: Index, number: int) -> Detail:
    """Designations and properties of a concept, its RxNorm term type and what it is made of."""
    found: Detail = _DETAIL.decode(index.details.raw(number))
    return found
