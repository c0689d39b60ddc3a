"""What the sentence behind its own says of a drug: "Metformin 1 g. Stopped in May.", "It was held".

Without a subject it speaks of the drug that ended the sentence before it, in the same line.
"""

from __future__ import annotations

import re

from nlp.places import Place, between, sentence_at
from nlp.status.after import WHAT
from nlp.status.clause import masked
from nlp.status.cues import STEMS, after
from nlp.tables import compiled
from nlp.types import Document, MedicationStatus

S = MedicationStatus
_ENDS = (S.STOPPED, S.HELD, S.NOT_TAKING, S.COMPLETED)
_OPENS = re.compile(
    r"\s*(?:(?:but|and|however|now|then|so|unfortunately|this|that|it|they|these|both|which)"
    r"\b[\s,]*(?:(?:has|had|have)\s)?)*"
)
# With one of these begins what speaks of a drug without its name.
_FIRST = compiled(
    r"(?:but|and|however|now|then|so|unfortunately|this|that|it|they|these|both|which|<who>|not|no"
    r"|never|stop|ceas|discont|d/c|dc|off|held|hold|paus|withh|suspend|omit|complet|finish|given|done"
    r"|did|was|were|has|had|have|refus|declin|ran|too|told|asked|tried|taken|un|contra|without)"
)
_SUBJECT = re.compile(r"\b(?:this|that|it|they|these|both)\b")
_BY_WHOM = compiled(
    r"\s*(?:(?:but|and|then)\s)?(?:<who>)\s(?:(?:has|had|have|\w+ly|then|since)\s)*"
)
_OF_IT = re.compile(r"\w+\s(?:it|this|that|these|them)$")
_SHORT = re.compile(r"[^.;:?!,]{0,40}[.;\s]*")  # what may stand behind a drug that ends a sentence
_FRAGMENT = 120  # code points of the next sentence in which its first words stand


def status(document: Document, end: int, drugs: list[Place]) -> MedicationStatus | None:
    """How the next sentence ends the use of the drug that ends at the offset; else None."""
    text = document.low
    _, last = sentence_at(document, end - 1)
    start = last + len(text[last : last + 2]) - len(text[last : last + 2].lstrip())
    if start >= len(text) or text.find("\n", end, start) >= 0 or between(drugs, end, start):
        return None
    if not _FIRST.match(text, start):
        return None
    stop = min(sentence_at(document, start)[1], start + _FRAGMENT)
    words = masked(document, start, stop)
    if not any(map(words.__contains__, STEMS)):
        return None
    opening = _OPENS.match(words)
    at = opening.end() if opening else 0
    of_it = _SUBJECT.search(words, 0, at) or _SHORT.fullmatch(masked(document, end, last))
    found = _cue(words, at) if of_it else None
    if (
        found
        and not WHAT.match(words, found[1].end())
        and not words.startswith(":", found[1].end())
    ):
        return found[0]
    by_whom = _BY_WHOM.match(words)
    found = _cue(words, by_whom.end()) if by_whom else None
    return found[0] if found and _OF_IT.search(found[1][0]) else None


def _cue(words: str, at: int) -> tuple[MedicationStatus, re.Match[str]] | None:
    """The first cue of an end that stands at the offset."""
    found = ((said, cue.match(words, at)) for said, cue in after() if said in _ENDS)
    return next(((said, match) for said, match in found if match), None)
