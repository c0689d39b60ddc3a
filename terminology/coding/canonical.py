"""Phrases as canonical words: numbers, spellings, shorthand and synonyms resolved.

What the table data/lexicon.tsv says of words is applied here, to names and to queries alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from kernels.text import words
from terminology.coding.lexicon import (
    COUNTED,
    LETTERS,
    NUMERALS,
    PART_OF,
    PHRASES,
    PREFIXES,
    SAME,
    SHORT,
    STOP,
    TUMORS,
)

_HEADS = frozenset(phrase[0] for phrase in PHRASES)
_LONGEST = max(map(len, PHRASES))
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_WHOLE = {short: " ".join(meanings[0]) for short, meanings in SHORT.items() if len(meanings) == 1}
_LETTERS = re.compile(rf"\b(?:{'|'.join(LETTERS)})\b")


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A word without the marks of number and spelling: "oedemas" and "edema" give the same."""
    word = _bare(NUMERALS.get(word, word))
    return SAME_STEM.get(word, word)


def _bare(word: str) -> str:
    return (
        _american(_singular(word)) if word.isascii() and word.isalpha() and len(word) > 3 else word
    )


def _american(word: str) -> str:
    word = word.replace("ae", "e").replace("oe", "e").replace("sulph", "sulf")
    if word.endswith("our"):
        word = word[:-3] + "or"
    elif word.endswith("tre"):
        word = word[:-2] + "er"
    return word.replace("isation", "ization").replace("ising", "izing").replace("ised", "ized")


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("oses"):
        return word[:-2] + "is"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


SAME_STEM: dict[str, str] = {}
SAME_STEM.update({_bare(word): _american(first) for word, first in SAME.items()})
WITHIN = {stem(part): tuple(map(stem, wholes)) for part, wholes in PART_OF.items()}


@lru_cache(maxsize=1 << 8)  # one search asks for the words of its phrase several times
def rewrite(text: str) -> tuple[str, ...]:
    """The words of a text without stop words, the lexicon's phrases replaced, longest first."""
    found = _joined(words(text))
    given: list[str] = []
    at = 0
    while at < len(found):
        length = 1
        meant: tuple[str, ...] = (found[at],)
        if found[at] in _HEADS:
            for size in range(min(_LONGEST, len(found) - at), 0, -1):
                if (phrase := PHRASES.get(tuple(found[at : at + size]))) is not None:
                    length, meant = size, phrase
                    break
        given += meant
        at += length
    given = _numbered(given)
    if "malignant" in given and (what := TUMORS.intersection(given)):
        given = ["cancer" if word == "malignant" else word for word in given if word not in what]
    return tuple(word for word in given if word not in STOP)


def _numbered(found: Sequence[str]) -> list[str]:
    """Words with their numbers: the 2 of "type 2 diabetes with stage 3" is of no stage."""
    given: list[str] = []
    for word in found:
        number = NUMERALS.get(word, word)
        if given and given[-1] in COUNTED and number.isdigit():
            given[-1] += number
        else:
            given.append(word)
    return given


def lettered(normal: str) -> str:
    """A normalised phrase with "d o", as "d/o" reads, and its like written out."""
    return _LETTERS.sub(lambda found: LETTERS[found[0]], normal)


def spelled_out(normal: str) -> str:
    """A normalised phrase with all that is short for just one thing written out."""
    said = lettered(normal).split()
    return " ".join(_WHOLE.get(word, word) for word in said) if len(said) > 1 else normal


def _joined(found: Sequence[str]) -> list[str]:
    """Words with prefixes put to what they belong to (non-toxic, pre-eclampsia), ordinals bare."""
    given: list[str] = []
    prefix = ""
    for word in found:
        if ordinal := _ORDINAL.fullmatch(word):
            word = ordinal[1]
        if word in PREFIXES:
            prefix += word
        else:
            given.append(prefix + word)
            prefix = ""
    return [*given, prefix] if prefix else given


def lexemes(text: str) -> tuple[str, ...]:
    """The canonical words of a phrase, each once, in the order of the phrase."""
    return tuple(dict.fromkeys(map(stem, rewrite(text))))


def within(said: Iterable[str]) -> frozenset[str]:
    """Canonical words, and those for what they are parts of: of the thumb also the finger."""
    return frozenset(each for word in said for each in (word, *WITHIN.get(word, ())))
