"""From a text to a Document whose structure is found once."""

from __future__ import annotations

from collections.abc import Sequence

from nlp import sections, sentences
from nlp.types import Claim, Document


def read(text: str, claims: Sequence[Claim] = ()) -> Document:
    """The document with its sections and sentences; offsets are code points of `text` as given."""
    found = sections.find(text)
    # The title of a known section is no part of its first sentence; "Cough: denies" is one.
    breaks = {s.title.start for s in found} | {s.start for s in found if s.key != "other"}
    return Document(text, found, sentences.split(text, breaks), tuple(claims))
