"""Words that touch a condition's name and say more of it: side, site, stage, severity, cause.

Offsets are code points of the document's text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.places import Place, sentence_at
from nlp.tables import compiled, listed, worded
from nlp.types import Document

_NEAR = 60  # code points before a phrase in which its qualifiers stand
_GAP = 40  # code points between a condition and one that it comes with
_SIDE = r"(?:right|left|bilateral|both|b/l|(?-i:R|L|RT|LT|Rt|Lt))(?:[\s-]sided)?"
_LIMB = r"(?-i:[LR][LU]E|B[LU]E)"
_GRADE = (
    r"(?:(?:type|stage|class|grade|category)\s(?:[1-5][a-d]?\d?|i{1,3}|iv|v)\b"
    r"|(?:[1-5]|i{1,3}|iv|v)[ab]?(?=\)))"
)
_DEGREE = worded(r"(?:<degree>)")
_WORDS = listed("qualifier")
_SIDED = listed("sided-part")
_QUALIFIER = worded(
    r"(?:\b(?:<qualifier>|acute\son\schronic|(?:iron[\s-]deficiency|end[\s-]stage)"
    rf"|stage\s(?:[1-5][ab]?|i{{1,3}}|iv|v)|type\s(?:1|2|i{{1,2}})|low(?:er)?\sback"
    rf"|{_LIMB}|{_SIDE}(?:\s(?:great\stoe|<sided-part>))?)[\s,-]{{1,2}})"
)
_BEFORE = re.compile(rf"{_QUALIFIER}+$", re.I)
# The words that a qualifier may end with.
_ENDS = """
    deficiency stage back right left both l r rt lt sided 1 2 3 4 5 1a 2a 3a 4a 5a 1b 2b 3b 4b 5b
    i ii iii iv v lle rle lue rue ble bue
"""
_LAST = frozenset((*_WORDS, *_SIDED, *_ENDS.split()))
_WORD = re.compile(r"\w+")
_LONGEST = 40  # code points in which the last word stands
_PART = worded(r"(?:<body-part>)")
_SITE = re.compile(
    r"(?:\s?[,(–-]\s?|\s)(?:(?:of|in|involving|affecting|at|on|to)\s)?"
    r"(?:(?:the|his|her|both|a)\s)?"
    rf"(?:{_LIMB}\b"
    rf"|(?:(?:{_SIDE}|upper|lower|distal|proximal|mid|great|big|small|ring|index|middle"
    rf"|lateral|medial|lumbar|cervical|thoracic)[\s-]){{0,3}}{_PART}\b)",
    re.I,
)
_MORE = re.compile(
    rf"\s?[,(–-]?\s?(?:{_GRADE})"
    rf"|\s?[,(–-]\s?{_DEGREE}(?:,?\s{_DEGREE}){{0,2}}\b"
    rf"|\s?[,(–-]\s?{_SIDE}\b(?!\s(?:worse|greater|more|side|>))",
    re.I,
)
_WITH = compiled(
    r"[\s,]{1,2}"
    r"(?:with|due\sto|secondary\sto|2/2|c/b|(?:associated|complicated)\s(?:with|by)|from|in)\s"
    r"(?:(?:<before-complication>)\s){0,2}",
    re.I,
)
_TAIL = compiled(
    r"[\s,]{1,2}(?:with|without|w/o?)\s(?:(?:acute|any|a|an|the)\s)?(?:<complication>)\b",
    re.I,
)
_SEVERITY = re.compile(r"\b(?:mild|moderate|severe)(?:[\s-]to[\s-](?:moderate|severe))?\b", re.I)
_BODY_SITE = compiled(
    rf"\b{_SIDE}[\s-](?:(?:<part-position>)[\s-]){{0,2}}{_PART}\b"
    rf"|(?<=\bof\sthe\s){_PART}\b"
    rf"|(?<=\b(?:of|in|on)\s){_PART}\b"
    r"|\b(?:right|left|bilateral)\b",
    re.I,
)
_PLAIN_SIDE = {"r": "right", "rt": "right", "l": "left", "lt": "left", "both": "bilateral"}
# No code tells these: "acute uncomplicated appendicitis".
_FILLER = re.compile(
    r"\b(?:uncomplicated|simple|symptomatic|worsening|resolving|improving|ongoing|known)\s", re.I
)
_MARKS = re.compile(r"[\s(),–]+|(?<=\s)-(?=\s)")
_SAID_SIDE = re.compile(r"\b(?:right|left|bilateral(?:ly)?|both|b/l)\b", re.I)


def extend(document: Document, start: int, end: int) -> Place:
    """The phrase with the qualifiers that touch it: "acute …", "… of the right knee"."""
    return _extended(document.text, *sentence_at(document, start), start, end)


@lru_cache(maxsize=64)
def _extended(text: str, low: int, high: int, start: int, end: int) -> Place:
    """The same, in a sentence at low..high; asked several times of each condition."""
    return _left(text, max(low, start - _NEAR), start), _right(text, end, max(high, end))


def _left(text: str, low: int, start: int) -> int:
    """Where the qualifiers before a phrase begin, not before `low`."""
    words = _WORD.findall(text, max(low, start - _LONGEST), start)
    if not words or words[-1].lower() not in _LAST:
        return start
    before = _BEFORE.search(text, low, start)
    return before.start() if before else start


def _right(text: str, end: int, limit: int) -> int:
    """Where the qualifiers behind a phrase end; up to three follow one another."""
    first = end
    for _ in range(3):
        more = _MORE.match(text, end, limit) or _SITE.match(text, end, limit)
        if more is None or "\n\n" in more[0]:
            break
        end = more.end()
    opened = text.count("(", first, end) > text.count(")", first, end)
    return end + (opened and text[end : end + 1] == ")")


def spans(document: Document, start: int, end: int, following: Place | None) -> list[Place]:
    """Places that may name the condition more fully, the longest first, without start..end itself.

    `following` is the next condition of the document: "diabetes with …" takes it in.
    """
    text = document.text
    low, high = extend(document, start, end)
    found: list[Place] = []
    if following and end <= following[0] <= high + _GAP and following[1] > high:
        link = _WITH.fullmatch(text, high, following[0]) or _WITH.fullmatch(text, end, following[0])
        if link:
            found.append((low, extend(document, *following)[1]))
    tail = _TAIL.match(text, high, sentence_at(document, start)[1])
    if tail and not found:
        found.append((low, tail.end()))
    found += [(low, high), (start, high), (low, end)]
    return [p for p in dict.fromkeys(found) if p != (start, end)]


def phrase(text: str, place: Place) -> str:
    """The place's words as a terminology writes them: no brackets, sides in full."""
    return _in_full(text[slice(*place)])


@lru_cache(maxsize=4096)
def _in_full(said: str) -> str:
    """The same of the words themselves; notes name the same conditions again and again."""
    words = _MARKS.sub(" ", _FILLER.sub("", said)).split()
    plain = [_PLAIN_SIDE.get(w.lower(), w) for w in words if w not in ("-", "–")]
    return " ".join("bilateral" if w.lower() == "b/l" else w for w in plain)


def side(text: str, place: Place) -> str:
    """The one side that the place names: right, left, bilateral; "" for none or several."""
    return _only_side(text[slice(*place)])


@lru_cache(maxsize=4096)
def _only_side(words: str) -> str:
    said = {m[0].lower() for m in _SAID_SIDE.finditer(_in_full(words))}
    return said.pop().removesuffix("ly") if len(said) == 1 else ""


def degree_and_site(document: Document, start: int, end: int) -> tuple[Place | None, Place | None]:
    """Where a condition's severity is said, in or beside its words, and its place: with a side or
    as a place of its own. None for what isn't said."""
    around = extend(document, start, end)
    degree = _SEVERITY.search(document.text, *around)
    site = _BODY_SITE.search(document.text, *around)
    return degree.span() if degree else None, site.span() if site else None
