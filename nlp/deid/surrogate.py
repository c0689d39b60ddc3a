"""Surrogates: something of the same form, the same for the same identifier under one key."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from nlp.deid.lexicon import lexicon
from nlp.deid.shift import shift
from nlp.deid.types import Category
from nlp.deid.words import PARTICLES

_PART = re.compile(r"[^\W\d_][\w'’]*")
_PARTICLE = re.compile(rf"\b{PARTICLES}[ ](?=[^\W\d_])|\b(?:la|las|los|der|den)[ ]")
_SUFFIX = frozenset(("jr", "sr", "ii", "iii", "iv"))
_HEAD = re.compile(
    r"(?i)\b(?:(?:medical|health|cancer|heart|surgical|surgery|rehabilitation|nursing|care)\s+)?"
    r"(?:hospital|clinic|cent(?:er|re)|infirmary|hospice|pharmacy|health system|healthcare|home|"
    r"institute|university|college|school|academy|laborator(?:y|ies)|associates|group|county)\b"
)
_STREET = re.compile(r"(?i)^\d|box")
_STATE_ZIP = re.compile(
    r"(?s)(?P<state>,?\s+[A-Za-z.]{2,}(?:\s[A-Z][a-z]+)?)?,?\s+\d{5}(?:-\d{4})?$"
)
FACILITIES = ("Alder Bend", "Briar Lane", "Copperleaf", "Dunmore", "Eastbrook", "Fern Hill",
              "Gatewell", "Hazelmere", "Ironwood", "Juniper Flat", "Kestrel", "Larkspur",
              "Millrace", "Netherby", "Otter Creek", "Pebble Ford", "Quarry Road", "Rushmoor",
              "Saltmarsh", "Thornbury", "Underhill", "Vale End", "Wrenfield", "Yarrow")  # fmt: skip
LONGEST = 365  # days that dates move by, at most, either way and never 0


class Surrogates:
    """Surrogates under one key; dates move by one offset for each key and patient."""

    def __init__(self, key: str, patient: str = "", day_first: bool = False) -> None:
        self._key = key.encode()
        self._day_first = day_first
        drawn = self._draw("shift", patient) % (2 * LONGEST)
        self.days = drawn - LONGEST + (drawn >= LONGEST)

    def of(self, category: Category, quote: str) -> str:
        """What takes the quote's place."""
        match category:
            case Category.NAME:
                return self._name(quote)
            case Category.DATE:
                return shift(quote, self.days, self._day_first)
            case Category.LOCATION:
                return self._place(quote)
            case Category.AGE:
                return "90+"
            case Category.EMAIL:
                return f"{self._letters(quote.partition('@')[0].casefold())}@example.com"
            case Category.URL:
                return f"https://example.org/{self._draw('url', quote):016x}"
            case Category.IP:
                last = self._draw("ip", quote)
                return (
                    f"192.0.2.{last % 254 + 1}" if "." in quote else f"2001:db8::{last % 65536:x}"
                )
            case Category.PHONE | Category.FAX:
                return self._phone(quote)
            case Category.SSN:
                return "000" + self._letters(quote)[3:] if len(quote) > 8 else self._letters(quote)
        return self._letters(quote)

    def _draw(self, kind: str, value: str) -> int:
        """64 bits that only the key's holder can foretell."""
        message = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self._key, message, sha256)[:8], "big")

    def _pick(self, kind: str, value: str, pool: tuple[str, ...]) -> str:
        """One of the pool, never the value itself."""
        at = self._draw(kind, value) % len(pool)
        return pool[at] if pool[at].casefold() != value else pool[(at + 1) % len(pool)]

    def _name(self, quote: str) -> str:
        """Each part by itself, so that "Jane Doe", "Doe" and "DOE" stay one person."""
        return _PART.sub(lambda m: self._part(m.group()), _PARTICLE.sub("", quote))

    def _part(self, part: str) -> str:
        lex = lexicon()
        fold = part.casefold().replace("’", "'")
        if fold in _SUFFIX:
            return part
        if len(part) == 1:
            return _like(chr(ord("a") + self._draw("initial", fold) % 26), part)
        if fold in lex.surnames or fold not in lex.given:
            return _like(self._pick("surname", fold, lex.pool_surnames), part)
        pool = lex.pool_female if fold in lex.female else lex.pool_male
        return _like(self._pick("given", fold, pool), part)

    def _place(self, quote: str) -> str:
        low = " ".join(quote.casefold().split())
        towns = lexicon().pool_cities
        if _STREET.search(quote) and not _HEAD.search(quote):
            number = re.match(r"[\d-]*", quote)
            street = self._pick("street", low, FACILITIES)
            return _like(
                f"{self._letters(number.group() if number else '') or 1} {street} Street", quote
            )
        if (tail := _STATE_ZIP.search(quote)) is not None:
            town = self._pick("town", low[: tail.start()], towns)
            state = tail["state"] or ""
            rest = quote[tail.start() + len(state) :]
            return town + state + self._letters(rest)
        if (head := _HEAD.search(quote)) is not None:
            return _like(f"{self._pick('facility', low, FACILITIES)} {head.group()}", quote)
        if quote.isdigit():
            return self._letters(quote)
        return _like(self._pick("town", low, towns), quote)

    def _phone(self, quote: str) -> str:
        """The exchange is 555, which no subscriber has."""
        new = self._letters(quote)
        places = [m.start() for m in re.finditer(r"\d", new)]
        if len(places) in (10, 11):
            for place in places[-7:-4]:
                new = f"{new[:place]}5{new[place + 1 :]}"
        return new

    def _letters(self, quote: str) -> str:
        """Every digit and letter another of its kind; what stands between them stays."""
        stream = hmac.digest(self._key, f"shape\0{quote}".encode("utf-8", "surrogatepass"), sha256)
        while len(stream) < len(quote):
            stream += hmac.digest(self._key, stream, sha256)
        return "".join(map(_turned, quote, stream))


def _turned(old: str, drawn: int) -> str:
    """A digit or letter other than the old one."""
    if old.isdecimal():
        return str((int(old) + 1 + drawn % 9) % 10)
    if old.isalpha():
        new = chr(ord("a") + (ord(old.casefold()[0]) - ord("a") + 1 + drawn % 25) % 26)
        return new.upper() if old.isupper() else new
    return old


def _like(new: str, old: str) -> str:
    """In the case of the old word."""
    if old.islower():
        return new.lower()
    if old.isupper() and len(old) > 1:
        return new.upper()
    if not new.islower():
        return new
    return f"Mc{new[2:].title()}" if new.startswith("mc") else new.title()
