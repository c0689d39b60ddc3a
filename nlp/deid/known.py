"""What is known of a person beforehand: wherever a text says it, it is an identifier."""

from __future__ import annotations

import re
import unicodedata
from calendar import month_abbr, month_name
from collections.abc import Iterable, Iterator
from datetime import date

from nlp.deid.lexicon import lexicon
from nlp.deid.types import Category, Phi

Fact = tuple[Category, str]
LEAST = 3  # characters; of a name two, which begin with a capital
CALLING = 10  # digits of a number that is also written without its country's
_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")
_SPACE = r"[\s,;-]{1,3}"


class Known:
    """Facts of a person: names, places, numbers and dates (YYYY-MM-DD), each with its category."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        forms: dict[Category, set[str]] = {}
        for category, text in facts:
            forms.setdefault(category, set()).update(_forms(category, text.strip()))
        self._patterns = [
            (category, _pattern(each)) for category, each in sorted(forms.items()) if each
        ]

    def find(self, text: str) -> Iterator[Phi]:
        """Every place where a fact is told, in any case, as whole words.

        A part of a name that is also an ordinary word ("May") counts where it has a capital.
        """
        for category, pattern in self._patterns:
            yield from (Phi(*match.span(), category) for match in pattern.finditer(text))


def _pattern(forms: set[str]) -> re.Pattern[str]:
    longest_first = "|".join(sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<![^\W_])(?:{longest_first})(?![^\W_])", re.IGNORECASE)


def _forms(category: Category, text: str) -> Iterator[str]:
    """Regular expressions of the ways to write a fact."""
    match category:
        case Category.NAME | Category.LOCATION:
            yield from _words(text, parts=category is Category.NAME)
        case Category.DATE:
            yield from _dates(text)
        case Category.EMAIL | Category.URL:
            if len(text) >= LEAST:
                yield re.escape(text)
        case _:
            yield from _numbers(text)


def _words(text: str, *, parts: bool) -> Iterator[str]:
    """A name or place as a whole, without its accents too, and each part of a name."""
    for written in {text, _plain(text)}:
        words = re.split(r"[\s,;]+", written)
        whole = _SPACE.join(map(re.escape, filter(None, words)))
        if len(words) > 1 and len(written) >= LEAST:
            yield whole
        for word in _WORD.findall(written) if parts else words[: len(words) == 1]:
            fold = word.casefold()
            if len(word) < LEAST or lexicon().ordinary(fold):
                if len(word) >= LEAST - 1 and not word.isdigit():
                    yield f"(?-i:{'|'.join(map(re.escape, sorted(_cased(fold))))})"
                elif len(word) >= LEAST:
                    yield re.escape(word)
            else:
                yield re.escape(word)


def _cased(fold: str) -> set[str]:
    return {fold.title(), fold.upper(), fold[:1].upper() + fold[1:]}


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _numbers(text: str) -> Iterator[str]:
    """An identifier or telephone number, however it is divided."""
    signs = [c for c in text if c.isalnum()]
    if len(signs) < LEAST:
        return
    between = r"[\s()./–-]{0,2}"
    yield between.join(map(re.escape, signs))
    if len(signs) > CALLING and all(c.isdigit() for c in signs):
        yield between.join(signs[-CALLING:])


def _dates(text: str) -> Iterator[str]:
    """A day in figures or with its month's name, in every order; nothing for less than a day."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return
    year = rf"(?:{day.year}|['’]?{day.year % 100:02})"
    name, short = month_name[day.month], month_abbr[day.month]
    month = rf"(?:0?{day.month}|{name}|{short}t?\.?)"
    of = rf"0?{day.day}(?:st|nd|rd|th)?"
    apart = r"(?:[\s./,–-]|of){1,3}"
    yield f"{day:%Y%m%d}"
    for parts in ((year, month, of), (month, of, year), (of, month, year)):
        yield apart.join(parts)
