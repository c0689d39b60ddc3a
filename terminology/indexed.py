"""A concept of the index that is read when something of it is asked: until then it is a number."""

from __future__ import annotations

from collections.abc import Callable

from terminology.index import Row
from terminology.types import Concept, Designation, Property

Tell = Callable[[Row, int], Concept]


class Indexed(Concept):
    """As a Concept, and equal to one that says the same. Threads may share it."""

    __slots__ = ("_at", "_whole")
    _at: tuple[Tell, Row, int]
    _whole: Concept

    def __init__(self, at: tuple[Tell, Row, int]) -> None:
        """The concept with this number, that the first of the three tells of."""
        _PLACE(self, at)

    def _read(self) -> Concept:
        try:
            return self._whole
        except AttributeError:
            tell, row, number = self._at
            whole = tell(row, number)
            _KEEP(self, whole)
            return whole

    @property
    def system(self) -> str:
        return self._at[1].url

    @property
    def code(self) -> str:
        return self._read().code

    @property
    def display(self) -> str:
        return self._read().display

    @property
    def designations(self) -> tuple[Designation, ...]:
        return self._read().designations

    @property
    def properties(self) -> tuple[Property, ...]:
        return self._read().properties

    def __eq__(self, other: object) -> bool:
        return self._read() == (other._read() if isinstance(other, Indexed) else other)

    def __hash__(self) -> int:
        return hash(self._read())

    def __repr__(self) -> str:
        return repr(self._read())


# frozen: only these two write
_PLACE = Indexed.__dict__["_at"].__set__
_KEEP = Indexed.__dict__["_whole"].__set__
