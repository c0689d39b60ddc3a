"""Folds a text to ASCII, one code point for one, so that every offset stays where it was.

Unicode's own decompositions do most of it (UAX #15, NFKD); the table holds what they leave out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BY_HAND = {
    # letters that don't decompose; a ligature becomes the letter that American spelling keeps
    **dict(zip("ØøŁłĐđÐðÞþßıĦħŦŧÆæŒœ", "OoLlDdDdTtsiHhTtEeEe", strict=True)),
    **dict(zip("µμ×", "uux", strict=True)),
    **dict.fromkeys("‘’‚‛′ʹʼ´‹›", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("\x85\u2028\u2029", "\n"),
    **dict(zip("…⁄∕÷±≥≤−", ".///+><-", strict=True)),
}
_BY_CATEGORY = {"Zs": " ", "Pd": "-", "Ps": "(", "Pe": ")", "Pi": '"', "Pf": '"', "Cf": " "}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_FEW = 24


@lru_cache(maxsize=65_536)
def fold_character(character: str) -> str:
    """The ASCII form of one code point; a letter or mark that has none is lower-cased."""
    if character.isascii():
        return character
    if character in _BY_HAND:
        return _BY_HAND[character]
    decomposed = unicodedata.normalize("NFKD", character)
    base = decomposed[0]
    if base.isascii() and base.isalnum() and all(map(unicodedata.combining, decomposed[1:])):
        return base
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] not in "LMN":
        return _BY_CATEGORY.get(category, "*")
    lower = character.lower()
    return character if lower == character or len(lower) > 1 else fold_character(lower)


def fold(text: str) -> str:
    """The text with accents, typographic marks, bullets and odd spaces folded to ASCII, case kept.

    Always as long as the text, code point for code point; `fold(fold(t)) == fold(t)`. Letters of
    other scripts stay, in lower case. Lone surrogates fold too, so the result encodes to UTF-8.
    """
    if text.isascii():
        return text
    found = set(_BEYOND_ASCII.findall(text))
    if len(found) > _FEW:
        return text.translate({ord(each): fold_character(each) for each in found})
    # a handful of marks in a long note: memchr beats a table look-up for every character
    for each in found:
        text = text.replace(each, fold_character(each))
    return text
