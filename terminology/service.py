"""Terminology: the one door to code systems, from code to concept and from text to code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from kernels.gazetteer import Gazetteer
from kernels.text import tokenize
from terminology import releases
from terminology.coding.diagnoses import Diagnoses
from terminology.coding.drugs import Drugs
from terminology.errors import UnknownCode, UnknownSystem
from terminology.index import Index, Row
from terminology.indexed import Indexed
from terminology.load import open_index
from terminology.source import Drug
from terminology.stored import Stored
from terminology.types import (
    ICD10CM,
    RXNORM,
    Concept,
    Designation,
    Hit,
    Match,
    Method,
    Property,
    SystemInfo,
    Term,
    TermKind,
)

Detail = tuple[tuple[Designation, ...], tuple[Property, ...], str, Drug | None]
_NOT_INDEXED: tuple[Row | None, dict[str, int]] = (None, {})
_AMOUNT = re.compile(r"\d\s?$")
_TRUSTED = (
    TermKind.TITLE,
    TermKind.INGREDIENT,
    TermKind.BRAND,
    TermKind.CLINICAL_DRUG,
    TermKind.LAY,
    TermKind.ABBREVIATION,
    TermKind.INCLUSION,
    TermKind.INDEX,
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
        codes = index.codes.all()
        self._numbers = {
            row.url: dict(zip(codes[row.first : row.last], range(row.first, row.last), strict=True))
            for row in index.rows
        }
        self._indexed = {
            name: (row, self._numbers[row.url])
            for row in index.rows
            for name in (row.alias, row.url)
        }
        self._decode = msgspec.json.Decoder(Detail).decode
        self._gazetteers = [
            (Gazetteer.from_arrays(index.group(f"gazetteer-{row.alias}")), row)
            for row in index.rows
        ]
        self._tell, self._parents = self._told, index.parents
        self._looked_up = lru_cache(maxsize=1 << 14)(self._lookup)
        self._drugs = Drugs(index, self._rows[RXNORM])
        self.diagnoses = Diagnoses(index, self._rows[ICD10CM])
        self.renew(stored)

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
        self._looked_up.cache_clear()

    @classmethod
    def open(cls, folder: Path) -> Terminology:
        """The terminology of a data folder; raises IndexMissing, which says what to do."""
        return cls(open_index(folder), releases.opened(folder))

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
        return self._numbers[url].keys() if store is None else store.codes()

    def exists(self, system: str, code: str) -> bool:
        """Whether the system (url) is loaded and has the code."""
        numbers = self._numbers.get(system)
        if numbers is not None:
            return code in numbers
        store = self._stores.get(system)
        return store is not None and store.number(code) >= 0

    def display(self, system: str, code: str) -> str:
        """The code's own name; raises UnknownSystem or UnknownCode."""
        store = self._stores.get(self.resolve(system))
        if store is not None:
            return store.display(code)
        return self._index.displays[self._number(system, code)]

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
        return self._looked_up(system, code, version)

    def _lookup(self, system: str, code: str, version: str) -> Concept:
        row, numbers = self._indexed.get(system, _NOT_INDEXED)
        if row is None or (version and version != row.version):
            return self._store(self.resolve(system), version).lookup(code)
        number = numbers.get(code)
        if number is None:
            raise UnknownCode(row.url, code)
        return Indexed((self._tell, row, number))

    def _told(self, row: Row, number: int) -> Concept:
        designations, properties, _, _ = self._detail(number)
        derived = (*self._hierarchy(number), *self._status(row, number, properties))
        index = self._index
        return Concept(
            row.url,
            index.codes[number],
            index.displays[number],
            designations,
            (*derived, *properties),
        )

    def ingredients(self, rxcui: str) -> tuple[Concept, ...]:
        """The ingredients of a drug, in the order of its name; an ingredient has itself."""
        number = self._number(RXNORM, rxcui)
        _, _, tty, drug = self._detail(number)
        parts = drug.ingredients if drug is not None and tty != "IN" else (rxcui,)
        return tuple(self.lookup(RXNORM, part) for part in parts if self.exists(RXNORM, part))

    def subsumes(self, system: str, a: str, b: str) -> bool:
        """Whether `a` is `b` or stands above it; raises UnknownSystem or UnknownCode."""
        row, numbers = self._indexed.get(system, _NOT_INDEXED)
        if row is None:
            return self._store(self.resolve(system), "").subsumes(a, b)
        above, number = numbers.get(a), numbers.get(b)
        if above is None or number is None:
            raise UnknownCode(row.url, a if above is None else b)
        parents = self._parents
        while number >= 0 and number != above:
            number = parents[number]
        return number == above

    def hits(self, text: str) -> list[Hit]:
        """Dictionary phrases in a text, in order of their start, with code-point offsets.

        Longest first and without overlap within one system; those of two systems may overlap. A
        phrase for a code that is not billable gives the code that it stands for, where it has one.
        A term without a code names a drug that only products have: ask match() with a strength.
        """
        index, tokens = self._index, tokenize(text)
        found: dict[tuple[int, int], list[Term]] = {}
        for gazetteer, row in self._gazetteers:
            phrases = index.arrays[f"gazetteer-{row.alias}.phrase"]
            for start, end, phrase in gazetteer.match(tokens).tolist():
                span = int(tokens.starts[start]), int(tokens.ends[end - 1])
                terms = self._terms(row, int(phrases[phrase]), text[slice(*span)])
                if _AMOUNT.search(text[max(0, span[0] - 9) : span[0]]):
                    terms = [term for term in terms if not term.ambiguous]  # 10 MG, 5 PE
                if terms:
                    found.setdefault(span, []).extend(terms)
        return [Hit(start, end, tuple(terms)) for (start, end), terms in sorted(found.items())]

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
        number = self._numbers[url].get(code)
        if number is None:
            raise UnknownCode(url, code)
        return number

    def _detail(self, number: int) -> Detail:
        detail: Detail = self._decode(self._index.details.raw(number))
        return detail

    def _terms(self, row: Row, phrase: int, quote: str) -> list[Term]:
        """The terms that a quote may stand for, the most trusted kinds first, each code once."""
        index = self._index
        found: dict[str, Term] = {}
        for concept, kind, term in sorted(
            index.terms_of(phrase), key=lambda each: _TRUSTED.index(each[1])
        ):
            text = index.terms[term]
            ambiguous = bool(index.term_ambiguous[term])
            if row.first <= concept < row.last and (not ambiguous or text == quote):
                default = index.defaults[concept]
                code = index.codes[default if default >= 0 else concept]
                if row.url == RXNORM and not self._drugs.decides(concept, kind):
                    code = ""
                found.setdefault(code, Term(text, row.url, code, kind, ambiguous))
        return list(found.values())

    def _hierarchy(self, number: int) -> Iterator[Property]:
        index = self._index
        if (parent := index.parents[number]) >= 0:
            yield Property("parent", index.codes[parent], "code")
        for child in index.children[number]:
            yield Property("child", index.codes[child], "code")

    def _status(
        self, row: Row, number: int, properties: tuple[Property, ...]
    ) -> Iterator[Property]:
        if row.url == ICD10CM:
            yield Property("billable", bool(self._index.billable[number]), "boolean")
        if not any(each.code == "inactive" for each in properties):
            yield Property("inactive", False, "boolean")
