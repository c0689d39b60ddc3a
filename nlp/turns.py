"""Who speaks in a transcript, and transcripts whose turns follow one another in one line."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.types import Document

# Patterns of names before a colon, heedless of case.
ASKING = (
    r"doctor|doc|dr|gp|clinician|physician|provider|nurse|midwife|pharmacist|therapist|counsell?or"
    r"|consultant|registrar|interviewer"
)
ANSWERING = r"patient|pt|client|customer|caller|guest"
RELATED = (
    r"mother|mom|mum|father|dad|parents?|wife|husband|daughter|son|sister|brother|partner|spouse"
    r"|grand(?:mother|father|son|daughter|ma|pa)|aunt|uncle|niece|nephew|carer|caregiver|guardian"
    r"|family"
)
# Those whom a transcript only counts: "Speaker 1:".
NUMBERED = r"(?:speaker|person|participant|voice)[ _](?:\d{1,2}|[a-d])"
# Those whom it names: "Dr Smith:", "Mrs. O'Hara:".
_SURNAME = r"\.?[ \t](?!notes?\b|comments?\b|reports?\b|name\b|signature\b)[\w'’-]{2,20}"
_TITLED = rf"(?:dr|doctor|nurse){_SURNAME}"
_ADDRESSED = rf"(?:mr|mrs|ms|miss){_SURNAME}"
# What stands before a turn: "[patient_guest]", "Doctor:", "Mr. Alvarez:".
LABEL = rf"(?:\[[\w .]{{1,24}}\][ \t]?:?|(?:\w{{1,24}}|{NUMBERED}|{_TITLED}|{_ADDRESSED})[ \t]?:)"
_ONE_LETTER = r"(?P<d>d)|(?P<p>p)"
_RUN_ON = re.compile(
    rf"(?:^|[ \t])(?=(?-i:(?=[A-Z\[]))\[?(?:(?P<asks>{ASKING}|{_TITLED})"
    rf"|(?P<answers>{ANSWERING}|{RELATED}|{_ADDRESSED})"
    rf"|{_ONE_LETTER})(?:\][ \t]?:?|[ \t]?:)[ \t])",
    re.I,
)
_SPEAKERS = re.compile(
    rf"^[ \t]*(?:\[[\w ]{{2,24}}\]"
    rf"|(?:{ASKING}|{ANSWERING}|{NUMBERED}|{_TITLED}|{_ADDRESSED}|d|p|q)[ \t]?:)",
    re.I | re.M,
)
# "Doctor: Any fever?" and a relative who answers, for lists of the family have such names too.
_FOR_ANOTHER = re.compile(
    rf"^[ \t]*(?:{ASKING}|{_TITLED})[ \t]?:[^\n]{{1,200}}\?[ \t]*\n\s*(?:{RELATED})[ \t]?:",
    re.I | re.M,
)
# What opens a turn, at a line's start.
TURN = re.compile(
    rf"^[ \t]*(?:\[[\w ]{{2,24}}\]"
    rf"|(?:{ASKING}|{ANSWERING}|{RELATED}|{NUMBERED}|{_TITLED}|{_ADDRESSED})[ \t]?:)",
    re.I | re.M,
)
_NAMED = re.compile(
    rf"^[ \t]*(?:\[(?P<tag>[\w .]{{1,24}})\]"
    rf"|(?P<name>[a-z]+|{NUMBERED}|{_TITLED}|{_ADDRESSED})[ \t]?:)",
    re.I | re.M,
)
# What a speaker is to the patient, by how their name begins.
_ROLES = tuple(
    (role, re.compile(rf"(?:{names})(?![a-z])", re.I))
    for role, names in (
        ("relative", rf"patient_guest|{RELATED}"),
        ("doctor", rf"{ASKING}|d|q"),
        ("patient", rf"{ANSWERING}|mr|mrs|ms|miss|p|a"),
    )
)
# A turn of somebody's relative, who may speak for the patient.
RELATIVE = re.compile(rf"\s*\[?(?:{RELATED})[\w ]{{0,12}}\]?\s?:?\s", re.I)
LONGEST_TURN = 4000  # code points before a mention in which its turn begins
_OPENING = 400  # code points in which a dialogue shows its turns
_TAG = 160  # code points of a line in which its speaker is named
_TURNS = 2  # turns of either side from which on it is a transcript
_MARKS = (":", "]")


def apart(text: str) -> str:
    """The text with each turn in a line of its own, of the same length: offsets stay as they are.

    "DR: Any fever? PT: No." has a line break for the blank before PT; a note is left as it is.
    """
    if sum(map(text.count, _MARKS)) < 2 * _TURNS:
        return text
    turns = list(_RUN_ON.finditer(text))
    asked = sum(turn["asks"] is not None or turn["d"] is not None for turn in turns)
    if asked < _TURNS or len(turns) - asked < _TURNS:
        return text
    letters = list(text)
    for turn in turns:
        if turn[0]:
            letters[turn.start()] = "\n"
    return "".join(letters)


def spoken(document: Document) -> bool:
    """Whether the document is a transcript: its first lines name their speakers."""
    return _spoken(document.text)


def speaks(document: Document, start: int, end: int) -> bool:
    """Whether start..end names the speaker of a turn: "DR: …" is no retinopathy."""
    opens = document.text.startswith(":", end) and document.text[start - 1 : start] in ("", "\n")
    return opens and spoken(document)


@lru_cache(maxsize=4)
def _spoken(text: str) -> bool:
    """The same of its text; asked several times of each mention."""
    named = len(_SPEAKERS.findall(text, 0, _OPENING))
    return named > 1 or (named == 1 and _FOR_ANOTHER.search(text, 0, _OPENING) is not None)


def speaker(text: str, offset: int) -> str:
    """Who speaks at the offset: doctor, patient, relative; "" where that is not told."""
    name = ""
    line = max(0, text.rfind("\n", max(0, offset - LONGEST_TURN), offset))
    for turn in _NAMED.finditer(text, line, min(offset, line + _TAG)):
        name = turn["tag"] or turn["name"]
    return next((role for role, begins in _ROLES if begins.match(name)), "")
