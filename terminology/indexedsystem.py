"""A system of the index (ICD-10-CM, RxNorm) as value sets and validation see it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import overload

import numpy as np
from numpy.typing import NDArray

from kernels.codes import Codes
from terminology.codesystem import (
    CONCEPT_PROPERTIES,
    CodeSystem,
    Coding,
    ConceptDefinition,
    ConceptDesignation,
    ConceptProperty,
    PropertyDefinition,
    Standing,
    words_of,
)
from terminology.index import Index, Row
from terminology.indexed import designations_of, properties_of
from terminology.library import SystemsLayer
from terminology.types import ICD10CM


class IndexedSystem:
    """One system of the index. Codes are found directly; words are indexed at the first search."""

    version_needed = compositional = False
    case_sensitive = True
    language = "en"
    standing = Standing("active")
    supplements: tuple[str, ...] = ()

    def __init__(self, index: Index, row: Row) -> None:
        self.index, self.row, self.number = index, row, Codes(index.block(row)).number
        self.url, self.version = row.url, row.version
        self.name = self.title = row.title
        self.concept = lru_cache(maxsize=1 << 14)(self._concept)
        self.retires = any(code == "inactive" for code, _ in index.declared(row))
        self.content = "fragment" if row.content == "fragment" else "complete"

    @cached_property
    def _codes(self) -> list[str]:
        return self.index.codes.all(self.row.first, self.row.last)

    @cached_property
    def properties(self) -> Mapping[str, PropertyDefinition]:
        """The hierarchy and status, and every property that a concept has."""
        found = {
            "parent": PropertyDefinition("parent", f"{CONCEPT_PROPERTIES}parent"),
            "child": PropertyDefinition("child", f"{CONCEPT_PROPERTIES}child"),
            "inactive": PropertyDefinition("inactive", f"{CONCEPT_PROPERTIES}inactive", "boolean"),
        }
        if self.url == ICD10CM:
            found["billable"] = PropertyDefinition("billable", kind="boolean")
        for code, kind in self.index.declared(self.row):
            found.setdefault(code, PropertyDefinition(code, kind=kind))
        return found

    @cached_property
    def _words(self) -> _Words:
        displays, row = self.index.displays.all(), self.row
        named = zip(self._codes, displays[row.first : row.last], strict=True)
        return _Words(f"{code} {display}" for code, display in named)

    def find(self, code: str) -> str | None:
        return code if self.number(code) >= 0 else None

    def _concept(self, code: str) -> ConceptDefinition:
        number = self.number(code)
        designations = designations_of(self.index, number)
        properties = properties_of(self.index, number)
        told = [ConceptProperty(p.code, p.kind, p.value) for p in properties]
        if self.url == ICD10CM:
            billable = bool(self.index.billable[number])
            told.append(ConceptProperty("billable", "boolean", billable))
        return ConceptDefinition(
            code,
            self.index.displays[number],
            designations=tuple(
                ConceptDesignation(d.value, d.language, Coding(display=d.use) if d.use else None)
                for d in designations
            ),
            properties=tuple(told),
        )

    def codes(self) -> Sequence[str]:
        return self._codes

    def parents(self, code: str) -> Sequence[str]:
        parent = self.index.parents[self.number(code)]
        return [self.index.codes[parent]] if parent >= 0 else []

    def children(self, code: str) -> Sequence[str]:
        codes = self.index.codes
        return [codes[n] for n in self.index.children[self.number(code)]]

    def is_inactive(self, code: str) -> bool:
        if not self.retires:
            return False
        properties = properties_of(self.index, self.number(code))
        return any(p.code == "inactive" and p.value is True for p in properties)

    def is_abstract(self, code: str) -> bool:
        return False

    def search(self, text: str) -> Sequence[str]:
        codes = self._codes
        return _Picked(codes, self._words.find(words_of([text])))

    def matches(self, code: str, text: str) -> bool:
        found = words_of([code, self.index.displays[self.number(code)]])
        return all(any(w.startswith(each) for w in found) for each in words_of([text]))


class _Picked(Sequence[str]):
    """Codes by their places, made into strings when they are looked at."""

    def __init__(self, codes: Sequence[str], places: NDArray[np.intp]) -> None:
        self._codes, self._places = codes, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self._codes[place] for place in self._places[at].tolist()]
        return self._codes[int(self._places[at])]


class LoadedLayer(SystemsLayer):
    """Every loaded system, each version of it, as a layer of a library."""

    def __init__(self, index: Index, stored: Iterable[CodeSystem] = ()) -> None:
        super().__init__((*(IndexedSystem(index, row) for row in index.rows), *stored))


_WORD_OR_END = re.compile(r"[^\W_]+|\n")


class _Words:
    """Which texts have a word, by their numbers: words in order, so that a prefix is a range."""

    def __init__(self, texts: Iterable[str]) -> None:
        found = _WORD_OR_END.findall("\n".join(texts).casefold())
        self._words = sorted(set(found) - {"\n"})
        places = {word: n for n, word in enumerate(self._words)} | {"\n": -1}
        words = np.fromiter(map(places.__getitem__, found), np.int64, len(found))
        ends = words < 0
        owners = np.cumsum(ends)
        self._size = int(owners[-1]) + 1 if len(owners) else 0
        # sorted by word, then by text, each pair once
        pairs = np.sort(words[~ends] * self._size + owners[~ends])
        pairs = pairs[np.diff(pairs, prepend=-1) > 0]
        self._numbers: NDArray[np.int32] = (pairs % self._size).astype(np.int32)
        sizes = np.bincount(pairs // self._size, minlength=len(self._words))
        self._ends = np.concatenate(([0], np.cumsum(sizes))).tolist()

    def find(self, words: Sequence[str]) -> NDArray[np.intp]:
        """The texts in which every word, or a longer one, occurs; ascending."""
        kept = np.ones(self._size, np.bool_)
        for word in words:
            first = bisect_left(self._words, word)
            last = bisect_left(self._words, word + "\U0010ffff")
            has = np.zeros(self._size, np.bool_)
            has[self._numbers[self._ends[first] : self._ends[last]]] = True
            kept &= has
        return np.flatnonzero(kept)
