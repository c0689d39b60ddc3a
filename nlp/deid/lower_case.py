"""Names in text without capitals, as dialogues are transcribed."""

from __future__ import annotations

import re

from nlp.deid.lexicon import Lexicon
from nlp.deid.words import CONTRACTION, FUNCTION, NO_NAME, NOBLE, RELATIVES

Found = tuple[int, int, bool]  # start, end, and whether the context says so

_NOBLE = rf"(?P<p>(?:{'|'.join(sorted(NOBLE))})[ ](?:(?:la|las|los|der|den|dem)[ ])?)?"
_NAME = rf"{_NOBLE}(?P<n>[^\W\d_A-Z][\w'’-]*)(?:[ ](?P<m>[^\W\d_A-Z][\w'’-]*))?"
_TITLE = re.compile(rf"\b(?:dr|mr|mrs|ms|miss|doctor|nurse)\b\.?[ ]{_NAME}")
_RELATIVE = "|".join(sorted(RELATIVES, key=len, reverse=True))
_CUE = re.compile(
    r"\b(?P<cue>hi|hello|hey|thanks|bye|okay|morning|name is|name's|this is|called|named|"
    rf"patient(?: is)?|pt|see|seeing|saw|(?:my|your|his|her|their|our)[ ](?:{_RELATIVE}))"
    rf"[ ,]+{_NAME}"
)
_WEAK = frozenset(("okay", "see", "seeing", "saw", "patient", "patient is", "pt"))
_GREETING = frozenset(("hi", "hello", "hey"))
# After a relative's or a greeted person's name that is an ordinary word too.
_ANSWER = frozenset(
    "how nice good it what thanks so , . ? welcome i'm it's come".split()  # noqa: SIM905
)
_ACT = frozenset(
    """is was has had said says told tells drove brought came comes takes took lives lived died
    passed thinks thought called helps helped works and who got gets does did""".split()  # noqa: SIM905
)
_NOBODY = frozenset(
    """there doctor doc everyone everybody all again guys mom dad sir folks buddy dear you yes
    who that also still just already never always currently recently actually""".split()  # noqa: SIM905
)
_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{3,}(?![\w-])")


def titled(text: str, lex: Lexicon) -> list[Found]:
    """Names after "dr" or "nurse" in small letters, in any text."""
    out = []
    for match in _TITLE.finditer(text):
        first = match["n"]
        if first in FUNCTION or (lex.ordinary(first) and not lex.known(first)):
            continue
        out.append((_start(match), _end(match, lex), True))
    return out


def find(text: str, lex: Lexicon) -> list[Found]:
    """Names after greetings, relatives and their like, and given names that are no word."""
    out = []
    at = 0
    while (match := _CUE.search(text, at)) is not None:
        at = match.end("cue")
        if _person(match, text, lex):
            out.append((_start(match), _end(match, lex), True))
    for match in _WORD.finditer(text):
        word = match.group()
        other = lex.ordinary(word) or word in lex.eponyms or word in lex.cities
        if word in lex.given and not other and word not in lex.wide and word not in lex.states:
            out.append((*match.span(), False))
    return out


def _person(match: re.Match[str], text: str, lex: Lexicon) -> bool:
    cue, first = match["cue"], match["n"].strip("-'’")
    if first in NO_NAME or first in _NOBODY or CONTRACTION.search(first):
        return False
    if not lex.ordinary(first):
        return lex.known(first) or cue not in _WEAK
    if not lex.known(first):
        return False
    after = re.match(r"\s*([\w'’]+|[,.?])", text[match.start("n") + len(first) :][:16])
    following = after[1] if after is not None else "."
    if cue in _GREETING:
        return following in _ANSWER
    return " " in cue and cue not in _WEAK and following in _ACT


def _start(match: re.Match[str]) -> int:
    return match.start("p" if match["p"] else "n")


def _end(match: re.Match[str], lex: Lexicon) -> int:
    """The end of the name: its second word counts where it is known and nothing else."""
    second = match["m"]
    if second and second not in FUNCTION and lex.known(second) and not lex.ordinary(second):
        return match.end("m")
    return match.start("n") + len(match["n"].rstrip("-'’"))
