"""From a text to a Document whose structure is found once."""

from __future__ import annotations

from nlp import sections, sentences, turns
from nlp.types import Document, Hints

NONE = Hints()


def read(text: str, hints: Hints = NONE) -> Document:
    """The document with its sections and sentences; offsets are code points of `text` as given.

    The turns of a transcript are set in lines of their own, for one blank a break.
    """
    text = turns.apart(text)
    found = sections.find(text)
    # The title of a known section is no part of its first sentence; "Cough: denies" is one.
    breaks = {s.title.start for s in found} | {s.start for s in found if s.key != "other"}
    breaks.update(hints.breaks)
    return Document(text, found, sentences.split(text, breaks), hints.claims)
