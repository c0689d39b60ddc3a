"""One system of the index, told concept by concept as it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from terminology.entry import Drug
from terminology.index import Index, Row
from terminology.types import ICD10CM, Designation, Property

_DESIGNATIONS = msgspec.json.Decoder(tuple[Designation, ...])
_MADE = msgspec.json.Decoder(tuple[str, Drug | None])
Details = tuple[tuple[Designation, ...], tuple[Property, ...]]


class Indexed:
    """A code system of the index by the numbers of its concepts. Threads may share it."""

    __slots__ = ("_index", "details", "display_of", "numbers", "url", "version")

    def __init__(self, index: Index, row: Row) -> None:
        self._index = index
        self.url, self.version = row.url, row.version
        self.numbers = index.numbers(row)
        self.display_of = index.displays.__getitem__
        self.details = lru_cache(maxsize=1 << 13)(self._details)

    def _details(self, number: int) -> Details:
        properties = properties_of(self._index, number)
        derived = (*self._hierarchy(number), *self._status(number, properties))
        return designations_of(self._index, number), (*derived, *properties)

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


def designations_of(index: Index, number: int) -> tuple[Designation, ...]:
    """The further names of a concept."""
    found: tuple[Designation, ...] = _DESIGNATIONS.decode(index.designations.raw(number))
    return found


def properties_of(index: Index, number: int) -> tuple[Property, ...]:
    """The properties that the release gives a concept, without hierarchy and status."""
    return index.property_list(index.properties[number])


def made_of(index: Index, number: int) -> tuple[str, Drug | None]:
    """The RxNorm term type of a concept, and what it is made of."""
    found: tuple[str, Drug | None] = _MADE.decode(index.made.raw(number))
    return found
