"""What codes and phrases mean, as words: whether one says no more than another."""

from __future__ import annotations

import re

from nlp.types import Coding

_NOTHING = re.compile(
    r"unspecified|without complications?|uncomplicated|single episode|not intractable"
    r"|without status migrainosus|not elsewhere classified"
    r"|organism|\b(?:site|side|part|type|other)\b",
    re.I,
)
_KIND = re.compile(r"^(?:osteo|poly|mono|broncho|cardio|gastro|rhino|pan|peri)(?=\w{5})")
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset(("of", "the", "and", "with", "in", "to", "or", "due", "by"))


def meant(coding: Coding) -> set[str]:
    """What a code's display says, without what it says of not being specified."""
    return words_of(_NOTHING.sub(" ", coding.display))


def kinds_of(words: set[str]) -> set[str]:
    """The words and what they are a kind of: osteoarthritis is an arthritis."""
    return words | {_KIND.sub("", word) for word in words}


def words_of(text: str) -> set[str]:
    """The words that tell, in the singular."""
    return {
        word.rstrip("s") for word in _WORD.findall(text.lower()) if len(word) > 1 or word.isdigit()
    } - _EMPTY
