"""The tables of names, places and ordinary words, read once, and the letters names are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nlp.tables import rows

LATIN = [chr(c) for c in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)) if chr(c).isalpha()]


def _ranges(letters: list[str]) -> str:
    """A regular expression's character class, without its brackets."""
    out: list[list[int]] = []
    for code in map(ord, letters):
        if out and out[-1][1] == code - 1:
            out[-1][1] = code
        else:
            out.append([code, code])
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in out)


UPPER = _ranges([c for c in LATIN if c.isupper()])
LOWER = _ranges([c for c in LATIN if not c.isupper()])


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything is case-folded; `pool_*` are names safe to use as surrogates, in fixed order."""

    given: frozenset[str]
    female: frozenset[str]
    surnames: frozenset[str]
    words: frozenset[str]
    drugs: frozenset[str]
    eponyms: frozenset[str]
    cities: frozenset[str]
    facility: frozenset[str]
    states: frozenset[str]
    wide: frozenset[str]
    pool_female: tuple[str, ...]
    pool_male: tuple[str, ...]
    pool_surnames: tuple[str, ...]
    pool_cities: tuple[str, ...]

    def ordinary(self, word: str) -> bool:
        """A word of clinical prose or of a drug's name."""
        return word in self.words or word in self.drugs

    def known(self, word: str) -> bool:
        """A name that people bear, perhaps a word as well."""
        return word in self.given or word in self.surnames


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped tables; 10 ms the first time."""
    given = _table("given_names.tsv")
    words = _table("words.tsv")
    places = _table("places.tsv", "|")
    surnames = _lines("surnames.tsv")
    plain = set(words["word"]) | set(words["drug"]) | set(words["eponym"])
    towns = tuple(dict.fromkeys(places["city"]))
    everywhere = plain | set(towns) | set(places["state"]) | set(places["wide"])
    both = set(given["f"]) & set(given["m"])

    def pool(names: list[str], taken: set[str]) -> tuple[str, ...]:
        fit = [n for n in dict.fromkeys(names) if n.isascii() and n.isalpha() and len(n) > 3]
        return tuple(n for n in fit if n not in taken and n not in everywhere)

    firsts = {n for row in given.values() for n in row}
    return Lexicon(
        given=frozenset(firsts),
        female=frozenset(given["f"]),
        surnames=frozenset(surnames),
        words=frozenset(words["word"]),
        drugs=frozenset(words["drug"]),
        eponyms=frozenset(words["eponym"]),
        cities=frozenset(towns),
        facility=frozenset(w for row in places["facility"] for w in row.split()),
        states=frozenset(places["state"]),
        wide=frozenset(places["wide"]),
        pool_female=pool(given["f"], both | set(surnames)),
        pool_male=pool(given["m"], both | set(surnames)),
        pool_surnames=pool(surnames, firsts),
        pool_cities=tuple(t.title() for t in towns if t not in plain and " " not in t),
    )


def _lines(name: str) -> list[str]:
    return [word for row in rows(name) for cell in row for word in cell.split()]


def _table(name: str, separator: str | None = None) -> dict[str, list[str]]:
    """Rows of `kind<tab>items`; a kind may have many rows."""
    out: dict[str, list[str]] = {}
    for kind, items in rows(name):
        out.setdefault(kind, []).extend(items.split(separator))
    return out
