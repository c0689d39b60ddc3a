"""From bytes to text, and from text to a Document whose structure is found once."""

from __future__ import annotations

import codecs

from nlp import sections, sentences
from nlp.types import Document

# The longer mark first: a UTF-32-LE mark opens with a UTF-16-LE one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UndecodableText(ValueError):
    """The bytes are no text in that charset; `offset` is the first that doesn't fit, else -1."""

    def __init__(self, message: str, charset: str, offset: int = -1) -> None:
        super().__init__(message)
        self.charset = charset
        self.offset = offset


def read(text: str) -> Document:
    """The document with its sections and sentences; offsets are code points of `text` as given."""
    found = sections.find(text)
    # The title of a known section is no part of its first sentence; "Cough: denies" is one.
    breaks = {s.title.start for s in found} | {s.start for s in found if s.key != "other"}
    return Document(text, found, sentences.split(text, breaks))


def decode(data: bytes, charset: str = "") -> str:
    """The text of an attachment: a byte order mark decides, then the declared charset.

    Without either it is UTF-8, or Windows-1252 where the bytes are no UTF-8. Raises
    UndecodableText for an unknown charset and for bytes that don't fit.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _strict(data, marked)
    if charset.strip():
        return _strict(data, charset.strip().strip("\"'"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "cp1252")


def _strict(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is no {charset} text: declare the charset it is written in"
        raise UndecodableText(message, charset, error.start) from error
    except (LookupError, ValueError) as error:
        message = f"no charset is called {charset!r}: declare one such as utf-8"
        raise UndecodableText(message, charset) from error
