"""Whether letters stand for a term: DM2, a-fib, CoA, and no word, value or name in brackets."""

from __future__ import annotations

import re

from nlp.mentions.readings import EVERYDAY, READING
from terminology.types import Hit

CONTEXT = 40  # code points of context that tell readings apart
# "ED was 20": letters with a value are a measure's.
_MEASURE = re.compile(
    r"\s(?:was|is|of|=)\s\d+(?:\.\d+)?%?(?=[\s,.;)])(?!\s(?:years?|yrs?|months?|weeks?|days?)\b)"
)
_ZIP = re.compile(r",?\s\d{5}(?:-\d{4})?\b")  # behind the letters of a state
_VOWEL = re.compile(r"[aeiouAEIOU]")
_WORD_BEFORE = re.compile(r"([A-Za-z]+) $")
_WORD_AFTER = re.compile(r" ([A-Za-z]+)")


def stands_for(text: str, hit: Hit, written: str) -> bool:
    """Whether letters stand for the term that is `written` so: DM2, a-fib, CoA."""
    quote = text[hit.start : hit.end]
    if not _cased(text, hit, written) or _is_defined(text, hit):
        return False
    if quote.isupper() and (_MEASURE.match(text, hit.end) or _ZIP.match(text, hit.end)):
        return False
    if quote == written and quote[-1:].isupper() and not quote.isupper():
        return True  # "PsA" has no other reading
    other = READING.get(quote.upper().replace(".", ""))
    return not (other and other.search(around(text, hit)))


def around(text: str, hit: Hit) -> str:
    """What stands beside a hit in its line, parted by a bar."""
    left = text[max(0, hit.start - CONTEXT) : hit.start].rpartition("\n")[2]
    return left + "|" + text[hit.end : hit.end + CONTEXT].partition("\n")[0]


def _is_defined(text: str, hit: Hit) -> bool:
    """Letters in brackets behind the words that they stand for: "Mood Assessment Scale (MAS)"."""
    quote = text[hit.start : hit.end]
    if not quote.isupper() or text[hit.start - 1 : hit.start] != "(":
        return False
    words = re.split(
        r"[\s-]+", text[max(0, hit.start - 1 - 20 * len(quote)) : hit.start - 1].strip()
    )
    return "".join(word[:1] for word in words[-len(quote) :]).upper() == quote


def _cased(text: str, hit: Hit, written: str) -> bool:
    """Capitals are needed where the letters could be a word: "did" is not DID, "htn" is HTN."""
    quote = text[hit.start : hit.end]
    letters = "".join(c for c in quote if c.isalpha())
    if written.isupper() and len(letters) < sum(c.isalpha() for c in written):
        return False  # "aid" is no AIDS
    if written[:-1].isupper() and written.endswith("s") and not quote[:-1].isupper():
        return False  # "pads" are no PADs
    if quote == written or not letters:
        return bool(letters) and not _shouted(text, hit)
    if not written.isupper() and any(c in " -" for c in written):
        return True
    if letters.isupper():
        return not _shouted(text, hit)
    wordlike = _VOWEL.search(letters) is not None and len(letters) < 4
    return len(letters) > 2 and not wordlike and letters.lower() not in EVERYDAY


def _shouted(text: str, hit: Hit) -> bool:
    """A short word among capitals: "HE IS ALLERGIC" says nothing of hepatic encephalopathy."""
    if hit.end - hit.start > 3 or not _VOWEL.search(text, hit.start, hit.end):
        return False
    beside = (
        _WORD_BEFORE.search(text, max(0, hit.start - CONTEXT), hit.start),
        _WORD_AFTER.match(text, hit.end),
    )
    words = [m[1] for m in beside if m]
    return bool(words) and all(len(w) > 1 and w.isupper() for w in words)
