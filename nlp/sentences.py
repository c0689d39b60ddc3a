"""Sentences and list items: line breaks read as layout, stops of abbreviations ignored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kernels.text import tokenize
from nlp import turns
from nlp.types import Sentence

# Abbreviations whose point ends no sentence.
OPEN = frozenset(
    """dr mr mrs ms prof st jr sr vs approx dept est fig no nos eds e.g i.e cf al viz inc incl q
    lt rt pt pts""".split()  # noqa: SIM905
)
# Abbreviations that may well end one: their point does so before a word with a capital.
CLOSING = frozenset(
    """q.d q.i.d b.i.d t.i.d q.h.s q.a.m q.p.m q.o.d p.o i.v i.m s.q s.c p.r.n h.s a.c p.c
    o.d o.s o.u mg mcg ml kg gm tab tabs cap caps min hr hrs wk wks mo mos yr yrs ext tx dx
    hx rx sx fx ed""".split()  # noqa: SIM905
)
_NEAR = 40  # code points before a stop in which its word is read
_ASKED = 80  # code points before a question mark in which its question begins
_STYLE = 400  # code points beside it that show how stops are set
_ITEM = re.compile(r"[ \t]*(?:[-*•·–—>+][ \t]+|\(?\d{1,2}[.)][ \t]|[a-zA-Z][.)][ \t]|\[[ xX]?\]|#)")
# "… q.d. 2. Follow up": items of a list set as running text.
_RUN_IN = re.compile(r"[.:;][ \t]+(?=\(?\d{1,2}[.)][ \t]+[A-Z])")
# Transcripts that set stops apart, and begin sentences in lower case.
_APART = re.compile(r"[.?!](?<=\s.)(?<![,:;.!()-]\s.)[ \t]+(?=[a-zA-Z\[])")
# A question mark behind a blank that asks a question: "Do you have asthma ? Yes".
_ASKS = re.compile(
    r"(?:\b(?:do|does|did|is|are|was|were|has|have|had|any|can|could|how|what|when|where|why|who"
    r"|whose|which|would|will|should|may|shall|you|your|right|okay|ok|correct|huh)\b|\]"
    rf"|\b(?:{turns.ASKING}|{turns.ANSWERING}|{turns.RELATED})[ \t]?:)",
    re.I,
)
_ANSWERS = re.compile(
    r"[ \t]*(?:yes|yeah|yep|no|nope|none|y|n|not|denies|ok|okay|i|\w+[ \t]?:)(?!\w)|[ \t]*\[", re.I
)
# Stops and commas set apart throughout, as transcripts have them.
_SPACED = re.compile(r"[a-z]\s[.,](?=\s)")
# A question mark set before what it doubts: "HTN. ? stroke".
_DOUBTS = re.compile(r"[.!;)](?:[ \t]+)(?=\?{1,3}[ \t]*[A-Za-z])")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z])")
# A line that ends so goes on in the next: "Allergic to", "STOP taking".
_UNFINISHED = (
    ",", " and", " or", " of", " with", " the", " no", " to", " for", " from", " taking",
)  # fmt: skip
_SHORT = 8  # code points of a line that may be a title or a row's first cell
_GOES_ON = ("of ", "and ", "or ", "with ", "to ", "for ", "in ", "by ", "on ")
_BOX = re.compile(r"[\[(][xX ]?[\])]")  # a row of a form is a statement of its own
_WRAP = 50  # a line this long may go on in the next


def split(text: str, breaks: Iterable[int] = ()) -> tuple[Sentence, ...]:
    """Sentences and list items in order; disjoint, and every character outside them is white space.

    `breaks` are offsets where a sentence surely starts (section titles and bodies).
    """
    runs = {m.end() for m in _RUN_IN.finditer(text)}
    doubts = {m.end() for m in _DOUBTS.finditer(text)}
    opened = {m.start() for m in turns.TURN.finditer(text)} | {
        m.end() for m in _APART.finditer(text) if not _doubts(text, m.start(), m.end())
    }
    cuts = sorted({*_stops(text), *_lines(text), *breaks, *runs, *doubts, *opened})
    found: list[Sentence] = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece = text[start:end]
        body = piece.strip()
        if body:
            first = start + len(piece) - len(piece.lstrip())
            found.append(Sentence(first, first + len(body)))
    return tuple(found)


def _stops(text: str) -> Iterator[int]:
    """Offsets just after a stop that ends a sentence."""
    for start in tokenize(text).sentences.tolist():
        if _ends(text, start):
            yield start


def _ends(text: str, start: int) -> bool:
    """Whether the stop before the offset, with white space behind it, ends a sentence."""
    before = text[max(0, start - _NEAR) : start].rstrip()
    if before.endswith("...."):
        return False  # a leader: "Cardizem 240 mg ........ held"
    unstopped = before.rstrip(".!?")
    if before.endswith("?") and unstopped.rstrip().endswith(
        (",", ":", ";", ".", "!", ")", "(", "-")
    ):
        return False  # it doubts what follows: "gastroenteritis, ? food poisoning"
    if before.endswith("?") and _doubts(text, text.rfind("?", max(0, start - _NEAR), start), start):
        return False
    if len(before) - len(unstopped) != 1 or before[-1] != ".":
        return True
    written = _last_word(unstopped)
    word = written.lower().strip("'’-")
    if not word:
        return True
    begins = max(0, start - _NEAR) + len(unstopped) - len(written)
    if _ENUMERATOR.fullmatch(written) and _opens(text, begins):
        return False
    if word == "no":
        return not text[start : start + 2].lstrip("#").isdigit()  # an answer, or a number's
    if word in OPEN:
        return False
    if word in CLOSING:
        return text[start : start + 2].isalpha()
    initial = len(word) == 1 and written.isupper() and text[start].isupper()
    return not initial or text[max(0, begins - 1)] == "&"  # "s/p I&D. DM2."


def _doubts(text: str, mark: int, following: int) -> bool:
    """Whether the question mark there, with what follows at `following`, doubts that: "Dx ? PE"."""
    if text[mark : mark + 1] != "?":
        return False
    near = max(0, mark - _ASKED)
    line = text[max(text.rfind("\n", near, mark) + 1, near) : mark]
    if not line.strip(" \t-*•–#>+?"):
        return True  # "? PE", "# ? asthma"
    return (
        line[-1] in " \t"
        and not _ASKS.search(line)
        and not _ANSWERS.match(text, following)
        and not _SPACED.search(text, max(0, mark - _STYLE), mark + _STYLE)
    )


def _last_word(text: str) -> str:
    """The letters, digits and marks inside of words that a text ends with."""
    at = len(text)
    while at and (text[at - 1].isalnum() or text[at - 1] in "_.'’/-"):
        at -= 1
    return text[at:]


def _opens(text: str, offset: int) -> bool:
    """Whether an enumerator at the offset opens an item: after a line's start or a stop."""
    near = max(0, offset - 40)
    before = text[max(near, text.rfind("\n", near, offset) + 1) : offset].rstrip(" \t-*•(#")
    return not before or before[-1] in ".:;"


def _lines(text: str) -> Iterator[int]:
    """Offsets of lines that open something new, rather than carry a wrapped sentence on."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        line, following = text[start:end], _line(text, end + 1)
        if not _carries_on(line, following):
            yield end + 1
        start = end + 1


def _line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


def _carries_on(line: str, following: str) -> bool:
    """Whether a sentence goes on over the line break."""
    above, below = line.rstrip(), following.lstrip()
    if not above.strip() or not below or _ITEM.match(following):
        return False
    if above.endswith((".", ":", ";", "!", "?")):
        return False
    if above.endswith(_UNFINISHED) and len(above) > _SHORT:
        return True
    if _BOX.search(following):
        return False
    if below.startswith(_GOES_ON):
        return True
    return len(above) >= _WRAP + 15 or (len(above) >= _WRAP / 2 and below[0].islower())
