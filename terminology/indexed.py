"""One system of the index, told concept by concept as it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from terminology.coded import Coded
from terminology.entry import Drug
from terminology.index import Index, Row
from terminology.types import ICD10CM, Content, Designation, Property, SystemInfo

_DESIGNATIONS = msgspec.json.Decoder(tuple[Designation, ...])
_MADE = msgspec.json.Decoder(tuple[str, Drug | None])
Details = tuple[tuple[Designation, ...], tuple[Property, ...]]


class Indexed(Coded):
    """A code system of the index, told by the numbers of its concepts."""

    __slots__ = ("_index", "details", "display_of", "row")

    def __init__(self, index: Index, row: Row) -> None:
        super().__init__(row.url, row.version, index.block(row))
        self._index, self.row = index, row
        self.display_of = index.displays.__getitem__
        self.details = lru_cache(maxsize=1 << 13)(self._details)

    @property
    def name(self) -> str:
        """What it is called besides its url."""
        return self.row.alias

    @property
    def info(self) -> SystemInfo:
        """The system in a list of systems."""
        row = self.row
        content: Content = "fragment" if row.content == "fragment" else "complete"
        count = row.last - row.first
        return SystemInfo(row.url, row.alias, row.title, row.version, content, count, row.source)

    def codes(self) -> list[str]:
        """Every code, ascending."""
        return self._index.codes.all(self.row.first, self.row.last)

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
