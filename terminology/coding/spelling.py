"""How like two words are: by their letters, how they begin, and how they sound.

Letters are compared by optimal string alignment, so that two that changed places are one error
(L. Boytsov, Indexing methods for approximate dictionary searching, 2011), beginnings by Jaro and
Winkler, sounds by the consonants that are heard.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from terminology.coding.canonical import lexemes

LETTERS, BEGINNING, SOUND = 0.5, 0.27, 0.23  # learnt from made-up misspellings; their sum is 1
LONGEST = 64  # letters of what is compared letter by letter
# initials that a disease goes by: what is clipped has no such word behind it ("lft shoulder pain")
_EXACT = re.compile(
    r"\S*\d\S*|\b[b-df-hj-np-tv-z]{3,4}(?= (?:syndrome|disease|disorder|deficiency)s?\b)"
)
_SPELT = (
    ("ph", "f"),
    ("sch", "sk"),
    ("ck", "k"),
    ("ch", "k"),
    ("qu", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("th", "t"),
    ("rh", "r"),
    ("gh", "g"),
    ("wr", "r"),
    ("kn", "n"),
)
_SOFT_C, _SOFT_G = re.compile(r"c(?=[eiy])"), re.compile(r"g(?=[eiy])")
_NO_LETTER, _SILENT = re.compile(r"[^a-z]"), re.compile(r"(?<=.)[aeiouyhw]")
_VOWEL, _AGAIN = re.compile(r"^[aeiouy]"), re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 15)
def sound(word: str) -> str:
    """The consonants that are heard of a lower-case word, and whether it begins with a vowel.

    "flonoze" and "flonase" both give "flns".
    """
    heard = _NO_LETTER.sub("", word)
    if heard.startswith("ps"):
        heard = heard[1:]
    for letters, said in _SPELT:
        heard = heard.replace(letters, said)
    heard = _SOFT_C.sub("s", heard).replace("c", "k").replace("z", "s")
    heard = _VOWEL.sub("a", _SOFT_G.sub("j", heard))
    return _AGAIN.sub(r"\1", _SILENT.sub("", heard))


def likeness(said: str, name: str) -> float:
    """0..1: how likely the one is the other misspelt, 1 for the same."""
    return (
        LETTERS * OSA.normalized_similarity(said, name)
        + BEGINNING * JaroWinkler.similarity(said, name)
        + SOUND * Indel.normalized_similarity(sound(said), sound(name))
    )


def meant_exactly(normal: str) -> frozenset[str]:
    """The words of a normalised phrase that are meant as written: L2 of a fracture, initials."""
    return frozenset(_EXACT.findall(normal))


def may_be_slip(name: str, parts: frozenset[str], exact: frozenset[str]) -> bool:
    """Whether a typing error may make a name of a phrase with these parts and exact words.

    A chin infection is no HIV infection, a fracture of L2 is none of L1, XYZ no XXY.
    """
    alike = not parts or not parts.isdisjoint(lexemes(name))
    return alike and exact.issubset(name.split())
