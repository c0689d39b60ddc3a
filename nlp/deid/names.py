"""Names of persons: found by what stands beside them and by tables, then wherever they recur."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.deid import lower_case, rules, runs
from nlp.deid.lexicon import Lexicon, lexicon
from nlp.deid.recurrence import again
from nlp.deid.runs import Word
from nlp.deid.types import Category, Phi
from nlp.deid.words import (
    CREDENTIAL,
    FIELDS,
    NO_NAME,
    NOBLE,
    ONLY_PERSONS,
    PARTICLES,
    PERSONAL,
    RELATIVES,
    ROLES,
    STAFF,
    TITLES,
)

_LEFT = re.compile(r"([^\W\d_][\w'’/-]*)\.?(['’]s)?([ \t]*[,:(#-]?[ \t]*)$")
_CLOSING = re.compile(
    r"(?i)(?:sincerely(?: yours)?|regards|respectfully(?: submitted)?|thank you|cordially|"
    r"truly)[^\n\w]*\n\s*$"
)
_NEVER = TITLES | NO_NAME
_DOTTED = TITLES | {"pt", "no", "attn"}  # abbreviations that a full stop does not end a sentence
_NOBLE_LEFT = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(NOBLE))})[ ](?:(?:la|las|los|der|den|dem)[ ])?$"
)
_PARTICLE_LEFT = re.compile(rf"(?<=[ ]){PARTICLES}[ ](?:(?:la|las|los|der|den|dem)[ ])?$")
_DONE = re.compile(
    r"(?i)\b(?:(?:spoke|spoken|speaking|discuss\w*|talk\w*|met|confer\w*) with|(?:dictated|signed|"
    r"transcribed|typed|authored|scribed|verified|approved|entered|authenticated|written|taken|"
    r"logged|recorded|completed|reviewed) by) $"
)
_SUFFIX = re.compile(r",?[ ](?:Jr|Sr|III|II|IV)\b\.?")
LEFT = 40  # characters before a name that say what it is


def find(text: str, lower: bool, upper: bool) -> Iterator[Phi]:
    """Names, each with all its parts; `upper` is for text all in capitals, where tables decide."""
    lex = lexicon()
    words = runs.words(text, lex)
    found: list[tuple[int, int, bool]] = []
    at = 0
    while at < len(words):
        count, sure = _name(text, words, at, lex, upper)
        if count:
            last = words[at + count - 1]
            end = last.end + (last.initial and text[last.end : last.end + 1] == "." and not sure)
            if suffix := _SUFFIX.match(text, last.end):
                end = suffix.end()
            found.append((_with_particle(text, words[at].start), end, sure))
        at += count or 1
    found += lower_case.titled(text, lex)
    if lower:
        found += lower_case.find(text, lex)
    yield from (Phi(a, b, Category.NAME) for a, b, _ in found)
    yield from again(text, found, lex, lower, upper)


def _name(text: str, words: list[Word], at: int, lex: Lexicon, upper: bool) -> tuple[int, bool]:
    """How many words from `at` are a name (0: none), and whether its context says so."""
    first = words[at]
    if first.fold in _NEVER and first.fold not in lex.given and not _initial(text, first):
        return 0, False
    left = text[max(0, first.start - LEFT) : first.start]
    why = _why(left)
    if why == "title" and not first.known and first.plain:
        if not rules.titled(first, left, upper):
            return 0, False
        further = runs.run(text, words, at + 1, False, False)
        beside = bool(further) and further[0].start == first.end + 1
        return 1 + (len(further) if beside else 0), True
    strong = why in ("field", "only", "relative", "staff") and not upper
    run = runs.run(text, words, at, why in ("field", "title"), strong)
    if not run or runs.is_credential(run[0]):
        return 0, False
    if why in ("field", "title", "closing"):
        return (len(run), True) if why != "field" or rules.entered(run, left) else (0, False)
    if CREDENTIAL.match(text, run[-1].end) and rules.credentialed(run, lex, left):
        return len(run), True
    if rules.eponym(text, run, lex, bool(why)):
        return 0, False
    if rules.beside(text, run, lex, why, left, upper):
        return len(run), True
    return len(run) if rules.listed(run, lex, upper, left) else 0, False


def _with_particle(text: str, start: int) -> int:
    """Where a name begins, with a "van" in small letters before it."""
    before = _NOBLE_LEFT.search(text, max(0, start - LEFT), start)
    return before.start() if before else start


def _initial(text: str, word: Word) -> bool:
    """ "A." before a name, which is no article."""
    return word.initial and text.startswith(". ", word.end)


def _why(left: str) -> str:
    """What the words before say: title, field, closing, relative, staff, role, only, …"""
    left = _PARTICLE_LEFT.sub("", left)
    if left.endswith("\n") or not left.strip():
        return "closing" if _CLOSING.search(left) else ""
    match = _LEFT.search(left)
    if match is None:
        return ""
    word, separator = match[1].casefold(), match[3].strip()
    if "." in left[match.end(1) : match.start(3)] and word not in _DOTTED:
        return ""
    if separator in (":", "#"):
        return "field" if word in FIELDS else ""
    if word in RELATIVES and separator in ("", ",", "(") and not match[2]:
        return "relative"
    return "" if separator else _plain_why(word, left)


def _plain_why(word: str, left: str) -> str:
    """The same for a word that only spaces part from the name."""
    if word in TITLES:
        return "title"
    if word in ONLY_PERSONS or (word in ("with", "by") and _DONE.search(left)):
        return "only"
    if word in STAFF:
        return "staff"
    if word in ROLES:
        return "role"
    return "personal" if word in PERSONAL else ""
