"""What a turn of a dialogue asks of a drug, and to which questions a drug is the answer."""

from __future__ import annotations

import re

from nlp.dialogue import FILLER, REACH, SPEAKER
from nlp.turns import LABEL, LONGEST_TURN, spoken
from nlp.types import Document

# What a drug is called before its name: "the blood pressure pills, lisinopril".
CALLED = (
    r"(?:(?:\w+\s){0,3}(?:pills?|tablets?|meds?|medicines?|medications?|inhalers?|shots?|drops?"
    r"|creams?|patch(?:es)?),?\s(?:the\s)?)?"
)
# A question for whether a drug is taken: "Plavix?", "are you still taking the flomax".
_IF_TAKEN = re.compile(
    r"(?:\b(?:tak(?:e|en|ing)|on|us(?:e|ing)|giv(?:e|en)|prescribed?|doing|(?:re)?start(?:ed)?|still"
    r"|getting)\s(?:[\w'-]+,?\s){0,4}|\b(?:what|how)\sabout\s(?:[\w']+\s){0,3}"
    r"|\bhow(?:['’]s|\s['’]s|\sis)\s(?:the|your)\s"
    rf"|\band\s(?:the|your)\s{CALLED}"
    rf"|(?:^[ \t]*{LABEL}|[.!?])\s*(?:and\s)?{CALLED})$",
    re.I,
)
_ASKS_IF = re.compile(
    r"\b(?:are|do|did|have|has|does)\s(?:you|they|she|he|we)\b|\b(?:what|how)\sabout\b"
    rf"|^[ \t]*{LABEL}\s*(?:and\s)?(?:the\s|your\s)?$",
    re.I,
)
# The question behind the drug that it is for: "the Lasix, you still taking that?".
_STILL = re.compile(
    r"\s?,?\s(?:are\s)?(?:you\s)?(?:still\s)?(?:taking|on|using|doing)\s(?:that|it|those|them)\b",
    re.I,
)
_OF_EFFECT = re.compile(
    r"\b(?:problems?|troubles?|issues?|side|effects?|difficult\w*|miss\w*|forg[eo]t\w*|allerg\w*"
    r"|questions?|should|(?<!taking )(?<!take )(?<!using )(?<!on )any|since|when|why)\b",
    re.I,
)
# A question by what follows the drug: "you do n't take aspirin do you".
_TAG = re.compile(r"\s?,?\s(?:do|are|have|did|does|is|has)\s(?:you|he|she|they)\b", re.I)
# Another question in the same turn: "on the lisinopril. Any cough with that?"
_FURTHER = re.compile(r"[.?!]\s+(?:[\w',]+\s+){2}")
_ALLERGIES = re.compile(
    r"\b(?<!for )(?<!for my )(?<!for your )(?<!for the )allerg[^.?!\n]{0,40}[?.!\s]*$", re.I
)
# The words before what an answer names.
_NAMES = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:no\W+(?:oh|well|actually|wait|except|only|just)|yes|yeah|yep|just"
    r"|only|to|i'm|i am|allergic|the|and|or|penicillin|sulfa|it was|i had|i took)[\s,.]*)*",
    re.I,
)
# "What did you have the last time?" asks for what is over.
_LAST_TIME = re.compile(
    r"\bwhat\b[^?\n]{0,60}\b(?:last time|previously|in the past|before)\b[\s?.]*$", re.I
)


def asks(before: str, behind: str) -> bool:
    """Whether the words of a turn beside a drug ask if it is taken, not what it does."""
    if _STILL.match(behind):
        return True
    if _FURTHER.search(behind):
        return False
    question = "?" in behind or _ASKS_IF.search(before) or _TAG.match(behind)
    return bool(question and _IF_TAKEN.search(before) and not _OF_EFFECT.search(before))


def allergic(document: Document, start: int) -> bool:
    """Whether a drug answers the question for allergies: "Any allergies?" — "Trimethoprim"."""
    return _answers(document, start, _ALLERGIES)


def recalled(document: Document, start: int) -> bool:
    """Whether a drug answers what was taken before: "What did you have last time?" — "Keflex"."""
    return _answers(document, start, _LAST_TIME)


def _answers(document: Document, start: int, question: re.Pattern[str]) -> bool:
    """Whether the drug at the offset opens the answer to such a question."""
    if not spoken(document):
        return False
    text = document.text
    line = text.rfind("\n", max(0, start - LONGEST_TURN), start)
    if line < 0 or not _NAMES.fullmatch(text, line, start):
        return False
    return bool(question.search(text[max(0, line - REACH) : line]))
