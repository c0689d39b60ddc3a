"""Sentences and list items: line breaks read as layout, stops of abbreviations ignored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.types import Sentence

# Abbreviations whose point ends no sentence.
OPEN = frozenset(
    """dr mr mrs ms prof st jr sr vs approx dept est fig no nos eds e.g i.e cf al viz inc q
    lt rt pt pts""".split()  # noqa: SIM905
)
# Abbreviations that may well end one: their point does so before a word with a capital.
CLOSING = frozenset(
    """q.d q.i.d b.i.d t.i.d q.h.s q.a.m q.p.m q.o.d p.o i.v i.m s.q s.c p.r.n h.s a.c p.c
    o.d o.s o.u mg mcg ml kg gm tab tabs cap caps min hr hrs wk wks mo mos yr yrs ext tx dx
    hx rx sx fx ed""".split()  # noqa: SIM905
)
_STOP = re.compile(
    r"(?P<word>[\w.'’/-]*)(?P<stop>[.!?]+)[\"'”’)\]]*(?P<gap>[ \t]+|(?=\n))(?P<next>.?)", re.S
)
_ITEM = re.compile(r"[ \t]*(?:[-*•·–—>+][ \t]+|\(?\d{1,2}[.)][ \t]|[a-zA-Z][.)][ \t]|\[[ xX]?\]|#)")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z])")
_WRAP = 50  # a line this long may go on in the next


def split(text: str, breaks: Iterable[int] = ()) -> tuple[Sentence, ...]:
    """Sentences and list items in order; disjoint, and every character outside them is white space.

    `breaks` are offsets where a sentence surely starts (section titles and bodies).
    """
    cuts = sorted({*_stops(text), *_lines(text), *breaks})
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
    for match in _STOP.finditer(text):
        if match["stop"] != "." or _ends(text, match):
            yield match.end("gap")


def _ends(text: str, match: re.Match[str]) -> bool:
    word, following = match["word"].lower().strip("'’"), match["next"]
    if following.islower():
        return False
    if _ENUMERATOR.fullmatch(match["word"]) and _opens_line(text, match.start()):
        return False
    if word in OPEN:
        return False
    if word in CLOSING:
        after = text[match.start("next") : match.start("next") + 2]
        return after.isalpha() or not after
    return not (
        len(word) == 1 and word.isalpha() and match["word"].isupper() and following.isupper()
    )


def _opens_line(text: str, offset: int) -> bool:
    return not text[text.rfind("\n", 0, offset) + 1 : offset].strip(" \t-*•(#")


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
    if above.endswith((",", " and", " or", " of", " with", " the", " no")) and len(above) > 12:
        return True
    return len(above) >= _WRAP and (below[0].islower() or len(above) >= _WRAP + 15)
