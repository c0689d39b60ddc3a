"""Who speaks in a transcript, and transcripts whose turns follow one another in one line."""

from __future__ import annotations

import re

# Patterns of names before a colon, heedless of case.
ASKING = (
    r"doctor|doc|dr|clinician|physician|provider|nurse|pharmacist|therapist|counsell?or|interviewer"
)
ANSWERING = r"patient|pt|client|customer|caller|guest"
RELATED = r"mother|mom|mum|father|dad|parent|wife|husband|daughter|son|family"
_ONE_LETTER = r"(?P<d>d)|(?P<p>p)"
_RUN_ON = re.compile(
    rf"(?:^|[ \t])(?=(?-i:(?=[A-Z\[]))\[?(?:(?P<asks>{ASKING})|(?P<answers>{ANSWERING}|{RELATED})"
    rf"|{_ONE_LETTER})(?:\][ \t]?:?|[ \t]?:)[ \t])",
    re.I,
)
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
