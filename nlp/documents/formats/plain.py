"""Plain text: the text is the decoded source as it stands."""

from __future__ import annotations

from nlp.documents.charset import decode
from nlp.documents.errors import Unreadable
from nlp.documents.reading import Reading, Source, verbatim


def read(source: Source) -> Reading:
    """Raises UndecodableText; Unreadable for bytes that are no text."""
    text = decode(source.data, source.charset)
    if "\0" in text:
        raise Unreadable("the bytes are no text: declare the type they are of", "value")
    return verbatim(text, "text")
