"""Terminology: the one door to code systems, from code to concept and from text to code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from terminology.coding.diagnoses.match import Diagnoses
from terminology.coding.drugs.match import Drugs
from terminology.coding.drugs.othernames import OtherNames
from terminology.dictionary import Dictionary
from terminology.errors import UnknownCode, UnknownSystem
from terminology.index import Index, Row
from terminology.indexed import Indexed, made_of
from terminology.opening import open_index, open_releases
from terminology.stored import Stored
from terminology.types import (
    ICD10CM,
    RXNORM,
    Concept,
    Hit,
    Match,
    Method,
    SystemInfo,
)


class Terminology:
    """Every loaded code system. Any number of threads may use it.

    Immutable, but for `renew`, which takes each list into use as a whole.
    ICD-10-CM and RxNorm are served from the index of text, all others, and further versions of
    these two, each from a store of its own. A system's release that was loaded last is its default.
    """

    def __init__(self, index: Index, stored: Iterable[Stored] = ()) -> None:
        self._index = index
        self._rows = {row.url: row for row in index.rows}
        # by url and alias, each from when it is first asked for
        self._indexed: dict[str, tuple[Indexed, Mapping[str, int]]] = {}
        self._dictionary = Dictionary(index)
        self._first, self._last = index.first, index.last
        self.renew(stored)

    @cached_property
    def diagnoses(self) -> Diagnoses:
        """What finds ICD-10-CM codes for phrases."""
        return Diagnoses(self._index, self._rows[ICD10CM])

    @cached_property
    def othernames(self) -> OtherNames:
        """What finds drugs that the dictionary lacks."""
        return OtherNames(self._index)

    @cached_property
    def _drugs(self) -> Drugs:
        return Drugs(self._index, self._rows[RXNORM])

    def renew(self, stored: Iterable[Stored]) -> None:
        """Takes these loaded releases into use instead; the index of text stays as it is."""
        rows = self._index.rows
        indexed = {(row.url, row.version) for row in rows}
        kept = tuple(s for s in stored if (s.url, s.version) not in indexed)
        stores = {store.url: store for store in reversed(kept)}
        for row in rows:
            stores.pop(row.url, None)
        names = {name: s.url for s in kept for name in (s.name, s.url)}
        names |= {name: row.url for row in rows for name in (row.alias, row.url)}
        self.stored, self._stores, self._names = kept, stores, names

    @classmethod
    def open(cls, folder: Path) -> Terminology:
        """The terminology of a data folder; raises IndexMissing, which says what to do."""
        return cls(open_index(folder), open_releases(folder))

    @property
    def index(self) -> Index:
        """What the systems are read from."""
        return self._index

    def systems(self) -> tuple[SystemInfo, ...]:
        """The loaded systems, every version; `content` tells a fragment from a whole release."""
        indexed = tuple(
            SystemInfo(
                row.url,
                row.alias,
                row.title,
                row.version,
                "fragment" if row.content == "fragment" else "complete",
                row.last - row.first,
                row.source,
            )
            for row in self._index.rows
        )
        return (*indexed, *(store.info for store in self.stored))

    def resolve(self, alias_or_url: str) -> str:
        """The url of a system named by its url or alias; raises UnknownSystem."""
        try:
            return self._names[alias_or_url]
        except KeyError:
            raise UnknownSystem(alias_or_url) from None

    def codes(self, system: str) -> Iterable[str]:
        """Every code of a system, in its order; raises UnknownSystem."""
        url = self.resolve(system)
        store = self._stores.get(url)
        return self._index.numbers(self._rows[url]).keys() if store is None else store.codes()

    def exists(self, system: str, code: str) -> bool:
        """Whether the system (url or alias) is loaded and has the code."""
        try:
            return code in self._indexed[system][1]
        except KeyError:
            pass
        url = self._names.get(system, "")
        if (row := self._rows.get(url)) is not None:
            return code in self._system(system, row)[1]
        store = self._stores.get(url)
        return store is not None and store.number(code) >= 0

    def display(self, system: str, code: str) -> str:
        """The code's own name; raises UnknownSystem or UnknownCode."""
        return self.lookup(system, code).display

    def is_billable(self, code: str) -> bool:
        """Whether an ICD-10-CM code may stand on a claim; raises UnknownCode."""
        return bool(self._index.billable[self._number(ICD10CM, code)])

    def default(self, code: str) -> str:
        """The billable ICD-10-CM code that one means when nothing further is said, or nothing.

        Raises UnknownCode.
        """
        found = self._index.defaults[self._number(ICD10CM, code)]
        return self._index.codes[found] if found >= 0 else ""

    def lookup(self, system: str, code: str, version: str = "") -> Concept:
        """Everything known of one code of a system (url or alias).

        Raises UnknownSystem, also where the version is not loaded, and UnknownCode.
        """
        try:
            indexed, numbers = self._indexed[system]
            if not version or version == indexed.version:
                return Concept(indexed, numbers[code], code)
        except KeyError:
            pass
        url = self.resolve(system)
        row = self._rows.get(url)
        if row is None or version not in ("", row.version):
            return self._store(url, version).lookup(code)
        indexed, _ = self._system(system, row)
        return Concept(indexed, self._number(url, code), code)

    def _system(self, name: str, row: Row) -> tuple[Indexed, Mapping[str, int]]:
        """A system of the index, that is found at once by this name from now on."""
        found = self._indexed.get(row.url)
        if found is None:
            indexed = Indexed(self._index, row)
            found = self._indexed[row.url] = indexed, indexed.numbers
        self._indexed[name] = found
        return found

    def ingredients(self, rxcui: str) -> tuple[Concept, ...]:
        """The ingredients of a drug, in the order of its name; an ingredient has itself."""
        number = self._number(RXNORM, rxcui)
        tty, drug = made_of(self._index, number)
        parts = drug.ingredients if drug is not None and tty != "IN" else (rxcui,)
        return tuple(self.lookup(RXNORM, part) for part in parts if self.exists(RXNORM, part))

    def subsumes(self, system: str, a: str, b: str) -> bool:
        """Whether `a` is `b` or stands above it; raises UnknownSystem or UnknownCode."""
        try:
            _, numbers = self._indexed[system]
            above, below = numbers[a], numbers[b]
        except KeyError:
            above = below = -1
        if above < 0:
            url = self.resolve(system)
            row = self._rows.get(url)
            if row is None:
                return self._store(url, "").subsumes(a, b)
            self._system(system, row)
            above, below = self._number(url, a), self._number(url, b)
        first = self._first
        return first[above] <= first[below] < self._last[above]

    def hits(self, text: str) -> list[Hit]:
        """Dictionary phrases in a text, in order of their start, with code-point offsets.

        Longest first and without overlap within one system; those of two systems may overlap. A
        phrase for a code that is not billable gives the code that it stands for, where it has one.
        A term without a code names a drug that only products have: ask match() with a strength.
        """
        return self._dictionary.hits(text)

    def match(self, text: str, system: str, count: int = 10) -> tuple[Match, ...]:
        """The codes that a text may mean, best first, at most `count`; raises UnknownSystem."""
        url = self.resolve(system)
        if (store := self._stores.get(url)) is not None:
            return store.match(text, count)
        row = self._rows[url]
        if row.url == ICD10CM:
            return tuple(self._match(row, *each) for each in self.diagnoses.match(text, count))
        return tuple(self._match(row, *each) for each in self._drugs.match(text, count))

    def _match(self, row: Row, concept: int, score: float, method: Method, term: int) -> Match:
        index = self._index
        display = index.displays[concept]
        text = index.terms[term] if term >= 0 else display
        return Match(row.url, index.codes[concept], display, round(score, 4), method, text)

    def _store(self, url: str, version: str) -> Stored:
        for store in self.stored:
            if store.url == url and version in ("", store.version):
                return store
        raise UnknownSystem(f"{url}|{version}")

    def _number(self, system: str, code: str) -> int:
        url = self.resolve(system)
        number = self._index.numbers(self._rows[url]).get(code)
        if number is None:
            raise UnknownCode(url, code)
        return number
