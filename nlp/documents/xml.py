"""XML that may be hostile: no entities of its own, bounded depth and size, places of everything."""

from __future__ import annotations

from typing import Protocol
from xml.parsers import expat

from nlp.documents.errors import Oversized, Unreadable

MOST_DEEP = 200  # elements in each other
MOST_ELEMENTS = 500_000


class Reader(Protocol):
    """Takes what is in an XML document, in its order."""

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        """An element starts; attributes of a namespace are named "space name"."""
        ...

    def end(self, space: str, name: str) -> None:
        """The element ends."""
        ...

    def text(self, text: str, start: int, end: int) -> None:
        """Text that stood at start..end; of another length where a reference stands for it."""
        ...


def parse(source: str, reader: Reader) -> None:
    """Reads a document through; offsets are code points of `source`.

    Raises Unreadable with line and column for what is not well formed, is nested deeper than
    MOST_DEEP or declares entities, Oversized for more than MOST_ELEMENTS elements.
    """
    _Pass(source, reader).run()


class _Pass:
    __slots__ = ("_count", "_data", "_deep", "_parser", "_reader", "_seen", "_seen_at")

    def __init__(self, source: str, reader: Reader) -> None:
        self._data = source.encode("utf-8", "surrogatepass")
        self._reader = reader
        self._deep = self._count = 0
        self._seen = self._seen_at = 0  # code points, and the bytes they take
        # What the document declares of its encoding is no longer true of the text.
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity
        self._parser.SkippedEntityHandler = self._skipped
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def run(self) -> None:
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            said = expat.ErrorString(error.code)
            raise Unreadable(
                f"line {error.lineno}, column {error.offset + 1} is no well-formed XML: {said}"
            ) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._deep += 1
        self._count += 1
        if self._deep > MOST_DEEP:
            raise Unreadable(f"{self._where()}: elements are nested deeper than {MOST_DEEP}")
        if self._count > MOST_ELEMENTS:
            raise Oversized(f"the XML has more than {MOST_ELEMENTS} elements")
        space, _, local = name.rpartition(" ")
        self._reader.start(space, local, attributes)

    def _end(self, name: str) -> None:
        self._deep -= 1
        space, _, local = name.rpartition(" ")
        self._reader.end(space, local)

    def _text(self, text: str) -> None:
        raw = text.encode("utf-8", "surrogatepass")
        at = self._parser.CurrentByteIndex
        end = at + len(raw)
        if self._data[at:end] != raw:
            if self._data[at : at + 1] == b"&":
                end = self._data.index(b";", at) + 1
            else:
                end = at + (2 if self._data[at : at + 2] == b"\r\n" else 1)
        self._reader.text(text, self._points(at), self._points(end))

    def _entity(self, *declared: object) -> None:
        raise Unreadable(f"{self._where()}: a document may not declare entities", "security")

    def _skipped(self, name: str, parameter: bool) -> None:
        if not parameter:
            raise Unreadable(f"{self._where()}: an entity that the document does not declare")

    def _where(self) -> str:
        return f"line {self._parser.CurrentLineNumber}"

    def _points(self, byte: int) -> int:
        """The code points before a byte; bytes are asked for in their order."""
        passed = self._data[self._seen_at : byte]
        self._seen += len(passed.decode("utf-8", "surrogatepass"))
        self._seen_at = byte
        return self._seen
