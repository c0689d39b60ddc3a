"""Names in text without capitals, as dialogues are transcribed."""

from __future__ import annotations

import re

from nlp.deid.lexicon import Lexicon
from nlp.deid.words import CONTRACTION, FUNCTION, RELATIVES

_LOWER_TITLE = re.compile(
    r"\b(?:dr|mr|mrs|ms|miss|doctor|"
    r"nurse)\b\.?[ ](?P<n>[^\W\d_A-Z][\w'’-]*(?:[ ][^\W\d_A-Z][\w'’-]*)?)"
)
_RELATIVE = "|".join(sorted(RELATIVES, key=len, reverse=True))
_LOWER = re.compile(
    r"\b(?:hi|hello|hey|thanks|goodbye|bye|okay|alright|morning|name is|name's|this is|called|"
    r"named|"
    r"patient(?: is)?|pt|see|seeing|saw|with|and|"
    rf"(?:my|your|his|her|their|"
    rf"our)[ ](?:[a-z]+[ ])?(?:{_RELATIVE}))[ ,]+(?P<n>[^\W\d_][\w'’-]*)(?:[ ]"
    rf"(?P<m>[^\W\d_][\w'’-]*))?"
)


def titled(text: str, lex: Lexicon) -> list[tuple[int, int, bool]]:
    """ "dr smith" in any text."""
    out = []
    for match in _LOWER_TITLE.finditer(text):
        first, _, second = match["n"].partition(" ")
        start = match.start("n")
        if first.casefold() in FUNCTION or not (lex.known(first) or not lex.ordinary(first)):
            continue
        end = start + len(first)
        if second and second not in FUNCTION and not lex.ordinary(second):
            end += 1 + len(second)
        out.append((start, end, True))
    return out


def find(text: str, lex: Lexicon) -> list[tuple[int, int, bool]]:
    """Names in text without capitals: after greetings and relatives, and names that are no word."""
    out = []
    for match in _LOWER.finditer(text):
        first, second = match["n"].strip("-'’"), match["m"] or ""
        sure = not match.group().startswith(("with", "and", "see", "saw", "okay", "patient", "pt"))
        if first in FUNCTION or CONTRACTION.search(first) or lex.ordinary(first):
            continue
        if not (lex.known(first) or sure):
            continue
        end = match.start("n") + len(first)
        if second and lex.known(second) and not lex.ordinary(second):
            end = match.end("m")
        out.append((match.start("n"), end, True))
    for match in re.finditer(r"(?<![\w'’-])[^\W\d_]{3,}(?![\w-])", text):
        word = match.group()
        taken = lex.ordinary(word) or word in lex.eponyms or word in lex.cities
        if word in lex.given and not taken and word not in lex.wide and word not in lex.states:
            out.append((*match.span(), False))
    return out
