"""What a reader gives of a document: its text, the map to the original, what its entries state."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.documents.origins import Origin, Origins, Writer
from nlp.types import Hints


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a document, what is said of them, and how much they may come to.

    `kind` is a media type in lower case, `charset` as declared, both "" where unknown; `limit` is
    in bytes, of what is packed too.
    """

    data: bytes
    kind: str = ""
    charset: str = ""
    name: str = ""  # a file's name, for its ending
    limit: int = 16 << 20


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as text. Offsets into `text` are code points, `origin` tells where they stood."""

    text: str
    format: str
    origins: Origins
    hints: Hints = Hints()  # noqa: RUF009 - it is frozen
    warnings: tuple[str, ...] = ()

    @property
    def verbatim(self) -> bool:
        """Whether the text is the decoded source itself, offset by offset."""
        return self.origins.verbatim

    def origin(self, start: int, end: int) -> Origin:
        """Where text[start:end] stood in the original."""
        return self.origins.origin(start, end)


@dataclass(frozen=True, slots=True)
class Packed:
    """A document inside another one (gzip, a CDA without structure): to be read in its place."""

    source: Source


def verbatim(text: str, format: str) -> Reading:
    """A text that is its own original."""
    writer = Writer(len(text))
    writer.copy(text, 0, len(text))
    return Reading(text, format, Origins(writer, local=False, verbatim=True))
