"""Short forms that a text explains: "heart failure (HF)" (after Schwartz & Hearst 2003)."""

from __future__ import annotations


def short_forms(tokens: list[str]) -> dict[str, tuple[int, int]]:
    """Short form → (first, last) token of its long form, both inclusive; the first one counts."""
    found: dict[str, tuple[int, int]] = {}
    for at in range(2, len(tokens) - 1):
        if tokens[at - 1] != "(" or tokens[at + 1] not in (")", ";", ","):
            continue
        short = tokens[at]
        if not 2 <= len(short) <= 8 or not short.isalpha() or short in found:
            continue
        if sum(c.isupper() for c in short) * 2 < len(short):
            continue
        first = _long_form(tokens, at - 2, short)
        if first >= 0:
            found[short] = (first, at - 2)
    return found


def _long_form(tokens: list[str], last: int, short: str) -> int:
    """The token where a long form that ends at `last` starts; -1 where none does."""
    letters = [c for c in short.lower() if c.isalnum()]
    if letters[-1] == "s" and short[-1] == "s":
        letters.pop()
    at, wanted = last, len(letters) - 1
    low = max(0, last - 2 * len(letters) - 4)
    while at >= low:
        word = tokens[at].lower()
        if word in ("(", ")", ".", ";"):
            return -1
        spot = len(word)
        while wanted > 0:
            spot = word.rfind(letters[wanted], 0, spot)
            if spot < 0:
                break
            wanted -= 1
        if wanted == 0 and word[:1] == letters[0] and (spot != 0 or len(letters) == 1):
            return at
        at -= 1
    return -1
