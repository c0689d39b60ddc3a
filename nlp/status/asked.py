"""What is answered in a question's own line: "Are you taking warfarin? No, I take apixaban."."""

from __future__ import annotations

import re

from nlp.dialogue import ANSWER, ANSWERED, BUT, CLAUSE
from nlp.places import Place, between
from nlp.status.it import OF_IT
from nlp.status.questions import asks
from nlp.turns import spoken
from nlp.types import Document, MedicationStatus

_QUESTION = re.compile(r"[^.?!\n;:]{0,60}\?\s*")
# Where a question begins.
_OPENS = re.compile(r"[.?!;\n]\s*")
# "No, …", "No.", "No I take"; not "no problems with it", nor "no INR today".
_ALONE = re.compile(
    r"\s*(?:[,.;!\n)–—-]|$|(?:not\s)?(?:i|he|she|they|we|my|the|his|her|doctor|dr|pt|patient"
    r"|stopped|switched|changed|any\s?more)\b)",
    re.I,
)


def answered(document: Document, drug: Place, drugs: list[Place]) -> MedicationStatus | None:
    """What a no behind the question makes of the drug in it; None where there is none.

    Transcripts answer in the next line: of those only an answer in the same line is read.
    """
    text, (start, end) = document.text, drug
    question = _QUESTION.match(text, end)
    if question is None or (spoken(document) and "\n" in question[0]):
        return None
    answer = ANSWER.match(text, question.end())
    if answer is None or not answer["no"] or BUT.match(text, answer.end()):
        return None
    if not _ALONE.match(text, answer.end()):
        return None
    before = _OPENS.split(text[max(0, start - CLAUSE) : start])[-1]
    if not asks(before, question[0]):
        return None
    stop = text.find("\n", answer.end(), answer.end() + ANSWERED)
    stop = stop if stop >= 0 else min(len(text), answer.end() + ANSWERED)
    others = between(drugs, question.end(), stop)
    stop = drugs[others[0]][0] if others else stop
    said = (status for status, found in OF_IT if found(text, question.end(), stop))
    return next(said, MedicationStatus.NOT_TAKING)
