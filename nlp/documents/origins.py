"""Where every character of a document's text stood in its original: runs, kept as arrays."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Protocol

from nlp.documents.errors import Oversized


@dataclass(frozen=True, slots=True)
class Origin:
    """A half-open range of the original, in code points.

    It counts in the decoded source; with a `page` (from 1) in that page's text, with a path of a
    word-processor paragraph in that paragraph's text. `path` is the element's, as an XPath.
    """

    start: int
    end: int
    page: int = 0
    path: str = ""


class Placed(Protocol):
    """What can tell its XPath; it is asked only for places that are."""

    def path(self) -> str:
        """The XPath, by names without their namespace."""
        ...


class Step:
    """An element with its number among those of its name in the one above."""

    __slots__ = ("_counts", "above", "name", "number")

    def __init__(self, name: str, above: Step | None) -> None:
        """Without `above` it is the document, which has no part in a path."""
        self.name, self.above, self.number = name, above, 0
        self._counts: dict[str, int] | None = None
        if above:
            above._counts = above._counts or {}
            self.number = above._counts[name] = above._counts.get(name, 0) + 1

    def path(self) -> str:
        """The XPath."""
        steps: list[str] = []
        at = self
        while at.above:
            steps.append(f"/{at.name}[{at.number}]")
            at = at.above
        return "".join(reversed(steps))


class Origins:
    """The map from a text to its original. Frozen once its Writer has made it."""

    __slots__ = ("_at", "_from", "_length", "_local", "_to", "_unit", "_units", "verbatim")

    def __init__(self, writer: Writer, *, local: bool, verbatim: bool = False) -> None:
        """`local`: offsets count within a unit (a page, a paragraph), not in the whole source."""
        self._at, self._length = writer.at, writer.length
        self._from, self._to = writer.source, writer.source_end
        self._unit, self._units = writer.unit, tuple(writer.units)
        self._local = local
        self.verbatim = verbatim  # the text is the source itself

    def origin(self, start: int, end: int) -> Origin:
        """Where text[start:end] stood; what was put in between (a line's end) has no place.

        A range over several units is told as far as its first one goes. Raises ValueError where
        the text has no original at all.
        """
        if not self._at:
            raise ValueError("the text has no original")
        first = max(0, bisect_right(self._at, start) - 1)
        if start >= self._at[first] + self._length[first] and first + 1 < len(self._at):
            first += 1
        last = max(first, bisect_left(self._at, end) - 1)
        while self._local and self._unit[last] != self._unit[first]:
            last -= 1
        page, path = self._units[self._unit[first]]
        where = path.path() if path else ""
        return Origin(self._start(first, start), self._end(last, end), page, where)

    def _start(self, run: int, offset: int) -> int:
        inside = min(max(0, offset - self._at[run]), self._length[run])
        return self._from[run] + (inside if self._linear(run) else 0)

    def _end(self, run: int, offset: int) -> int:
        inside = min(max(0, offset - self._at[run]), self._length[run])
        return self._from[run] + inside if self._linear(run) else self._to[run]

    def _linear(self, run: int) -> bool:
        return self._to[run] - self._from[run] == self._length[run]


class Writer:
    """Puts a text together, and its map. Raises Oversized over `limit` characters."""

    __slots__ = (
        "_limit",
        "_parts",
        "at",
        "length",
        "position",
        "source",
        "source_end",
        "unit",
        "units",
    )

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[str] = []
        self.position = 0  # characters written
        self.at, self.length = array("q"), array("q")
        self.source, self.source_end = array("q"), array("q")
        self.unit = array("q")
        self.units: list[tuple[int, Placed | None]] = [(0, None)]  # the last one holds

    def place(self, page: int = 0, element: Placed | None = None) -> None:
        """What is copied from here on stands there."""
        if self.units[-1][0] != page or self.units[-1][1] is not element:
            self.units.append((page, element))

    def copy(self, text: str, start: int, end: int) -> None:
        """Text that stands for start..end of the original, character by character if as long."""
        if text:
            self.at.append(self.position)
            self.length.append(len(text))
            self.source.append(start)
            self.source_end.append(end)
            self.unit.append(len(self.units) - 1)
            self.add(text)

    def add(self, text: str) -> None:
        """Text that the original does not hold: a line's end, a bullet."""
        if text:
            self._parts.append(text)
        self.position += len(text)
        if self.position > self._limit:
            raise Oversized(f"the document's text is over {self._limit} characters")

    def since(self, position: int) -> str:
        """The text from a position on."""
        taken: list[str] = []
        left = self.position - position
        for part in reversed(self._parts):
            if left <= 0:
                break
            taken.append(part[-left:])
            left -= len(part)
        return "".join(reversed(taken))

    @property
    def last(self) -> str:
        """The last character, "" where there is none."""
        return self._parts[-1][-1:] if self._parts else ""

    def taken(self, position: int) -> tuple[int, int]:
        """The original's range of what was written from a position on; raises ValueError."""
        first = bisect_left(self.at, position)
        if first == len(self.at):
            raise ValueError("nothing was copied from there on")
        return self.source[first], self.source_end[-1]

    def cut(self, position: int) -> None:
        """Takes back what was written from a position on, which begins a part."""
        while self.position > position:
            self.position -= len(self._parts.pop())
        while self.at and self.at[-1] >= position:
            for column in (self.at, self.length, self.source, self.source_end, self.unit):
                column.pop()

    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)
