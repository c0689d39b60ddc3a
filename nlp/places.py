"""Where things stand in a document, by bisection: sentences, sections, places that overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from nlp.types import Document

Place = tuple[int, int]  # half-open range of code points


class Places:
    """Places that don't overlap, in order; adding one costs little."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, places: Iterable[Place] = ()) -> None:
        """`places` may overlap; each is then kept as it is only if it touches none before it."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in places:
            self.add(start, end)

    def __iter__(self) -> Iterator[Place]:
        """The places in order."""
        return zip(self._starts, self._ends, strict=True)

    def touch(self, start: int, end: int) -> bool:
        """Whether start..end overlaps one of them."""
        at = bisect_right(self._starts, start)
        if at and self._ends[at - 1] > start:
            return True
        return at < len(self._starts) and self._starts[at] < end

    def add(self, start: int, end: int) -> bool:
        """Takes a place in, unless it overlaps one; tells whether it did."""
        at = bisect_right(self._starts, start)
        if (at and self._ends[at - 1] > start) or (
            at < len(self._starts) and self._starts[at] < end
        ):
            return False
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True


def sentence_at(document: Document, offset: int) -> Place:
    """The sentence that holds the offset; from the last one's end to the text's where none does."""
    sentences = document.sentences
    at = bisect_right(document.begins, offset) - 1
    if at < 0:
        return 0, sentences[0].start if sentences else len(document.text)
    if offset < sentences[at].end:
        return sentences[at].start, sentences[at].end
    following = sentences[at + 1].start if at + 1 < len(sentences) else len(document.text)
    return sentences[at].end, following


def key_at(document: Document, offset: int) -> str:
    """The key of the section at the offset, "" before the first."""
    return document.key_at(offset)


def in_title(document: Document, start: int, end: int) -> bool:
    """Whether the place touches a section's title."""
    sections = document.sections
    at = bisect_left(document.titles, end) - 1
    return at >= 0 and start < sections[at].title.end


def between(drugs: list[Place], start: int, end: int) -> range:
    """The indices of those places, sorted by start, that begin in start..end."""
    return range(bisect_left(drugs, (start,)), bisect_left(drugs, (end,)))
