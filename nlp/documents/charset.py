"""From bytes to text: a byte order mark, the declared charset, or what the bytes can be."""

from __future__ import annotations

import codecs

from nlp.documents.errors import UndecodableText

# The longer mark first: a UTF-32-LE mark opens with a UTF-16-LE one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED = 4096  # bytes by which UTF-16 without a mark is told


def decode(data: bytes, charset: str = "") -> str:
    """The text of an attachment: a byte order mark decides, then the declared charset.

    Without either it is UTF-16 where every other byte of the start is nil, else UTF-8, or
    Windows-1252 where the bytes are no UTF-8. A mark is no part of the text. Raises
    UndecodableText for an unknown charset and for bytes that don't fit.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _strict(data, marked)
    if charset.strip():
        return _strict(data, charset.strip().strip("\"'"))
    if wide := _wide(data[:_LOOKED]):
        return _strict(data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "cp1252")


def _wide(start: bytes) -> str:
    """The UTF-16 that the bytes show, "" where they show none."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    most = len(start) // 2
    if most < 2 or len(start) % 2:
        return ""
    if odd > 0.6 * most and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * most and not odd else ""


def _strict(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is no {charset} text: declare the charset it is written in"
        raise UndecodableText(message, charset, error.start) from error
    except (LookupError, ValueError) as error:
        message = f"no charset is called {charset!r}: declare one such as utf-8"
        raise UndecodableText(message, charset) from error
