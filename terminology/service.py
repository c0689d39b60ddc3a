"""Terminology: the one door to code systems, from code to concept and from text to code."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from terminology.codesystem import canonical
from terminology.coding.diagnoses.match import Diagnoses
from terminology.coding.drugs.match import Drugs
from terminology.coding.drugs.othernames import OtherNames
from terminology.dictionary import Dictionary
from terminology.errors import UnknownSystem
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
        self._indexed = tuple(Indexed(index, row) for row in index.rows)
        self._dictionary = Dictionary(index)
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
        indexed = {(each.url, each.version) for each in self._indexed}
        self.stored = tuple(each for each in stored if (each.url, each.version) not in indexed)
        every: tuple[Indexed | Stored, ...] = (*self._indexed, *self.stored)
        default = {each.url: each for each in reversed(every)}
        named = {name: default[each.url] for each in every for name in (each.name, each.url)}
        self._every, self._systems = every, named

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
        return tuple(each.info for each in self._every)

    def resolve(self, alias_or_url: str) -> str:
        """The url of a system named by its url or alias; raises UnknownSystem."""
        return self._system(alias_or_url).url

    def codes(self, system: str) -> Iterable[str]:
        """Every code of a system, in its order; raises UnknownSystem."""
        return self._system(system).codes()

    def exists(self, system: str, code: str) -> bool:
        """Whether the system (url or alias) is loaded and has the code."""
        found = self._systems.get(system)
        return found is not None and found.number(code) >= 0

    def display(self, system: str, code: str) -> str:
        """The code's own name; raises UnknownSystem or UnknownCode."""
        return self.lookup(system, code).display

    def is_billable(self, code: str) -> bool:
        """Whether an ICD-10-CM code may stand on a claim; raises UnknownCode."""
        return bool(self._index.billable[self._system(ICD10CM).known(code)])

    def default(self, code: str) -> str:
        """The billable ICD-10-CM code that one means when nothing further is said, or nothing.

        Raises UnknownCode.
        """
        found = self._index.defaults[self._system(ICD10CM).known(code)]
        return self._index.codes[found] if found >= 0 else ""

    def lookup(self, system: str, code: str, version: str = "") -> Concept:
        """Everything known of one code of a system (url or alias).

        Raises UnknownSystem, also where the version is not loaded, and UnknownCode.
        """
        found = self._system(system, version)
        return Concept(found, found.known(code), code)

    def ingredients(self, rxcui: str) -> tuple[Concept, ...]:
        """The ingredients of a drug, in the order of its name; an ingredient has itself."""
        number = self._system(RXNORM).known(rxcui)
        tty, drug = made_of(self._index, number)
        parts = drug.ingredients if drug is not None and tty != "IN" else (rxcui,)
        return tuple(self.lookup(RXNORM, part) for part in parts if self.exists(RXNORM, part))

    def subsumes(self, system: str, a: str, b: str) -> bool:
        """Whether `a` is `b` or stands above it; raises UnknownSystem or UnknownCode."""
        return self._system(system).subsumes(a, b)

    def hits(self, text: str) -> list[Hit]:
        """Dictionary phrases in a text, in order of their start, with code-point offsets.

        Longest first and without overlap within one system; those of two systems may overlap. A
        phrase for a code that is not billable gives the code that it stands for, where it has one.
        A term without a code names a drug that only products have: ask match() with a strength.
        """
        return self._dictionary.hits(text)

    def match(self, text: str, system: str, count: int = 10) -> tuple[Match, ...]:
        """The codes that a text may mean, best first, at most `count`; raises UnknownSystem."""
        found = self._system(system)
        if isinstance(found, Stored):
            return found.match(text, count)
        row = found.row
        if row.url == ICD10CM:
            return tuple(self._match(row, *each) for each in self.diagnoses.match(text, count))
        return tuple(self._match(row, *each) for each in self._drugs.match(text, count))

    def _match(self, row: Row, concept: int, score: float, method: Method, term: int) -> Match:
        index = self._index
        display = index.displays[concept]
        text = index.terms[term] if term >= 0 else display
        return Match(row.url, index.codes[concept], display, round(score, 4), method, text)

    def _system(self, name: str, version: str = "") -> Indexed | Stored:
        found = self._systems.get(name)
        if found is not None and version not in ("", found.version):
            wanted = found.url, version
            found = next((each for each in self._every if (each.url, each.version) == wanted), None)
        if found is None:
            raise UnknownSystem(canonical(name, version))
        return found
