"""A loaded release: a code system to look codes up in, to match text by, and for value sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from kernels.text import words
from terminology.codesystem import (
    Coding,
    ConceptDefinition,
    ConceptDesignation,
    ConceptProperty,
    PropertyDefinition,
    Standing,
)
from terminology.coding.wordindex import WordIndex
from terminology.index import phrase_of
from terminology.loading.layout import ABSTRACT, BILLABLE, DRUG, INACTIVE
from terminology.loading.store import HIDDEN, Store, group, plain
from terminology.types import Concept, Designation, Match, Method, Property

_CANDIDATES = 4  # terms that are ranked for each code asked for


class Stored(Store):
    """One code system of one version: a terminology.codesystem.CodeSystem, and more.

    Immutable: any number of threads may use it.
    """

    def __init__(self, folder: Path) -> None:
        """Opens the release in this folder; raises IndexMissing where it is cut short."""
        super().__init__(folder)
        self.details = lru_cache(maxsize=1 << 13)(self._details)

    def lookup(self, code: str) -> Concept:
        """Everything known of a code; raises UnknownCode."""
        return Concept(self, self.known(code), code)

    def _details(self, number: int) -> tuple[tuple[Designation, ...], tuple[Property, ...]]:
        properties = [Property("parent", self._code(n), "code") for n in self._above(number)]
        properties += [Property("child", self._code(n), "code") for n in self._below(number)]
        if self._flags[number] & BILLABLE:
            properties.append(Property("billable", True, "boolean"))
        own = [plain(*each) for each in self._properties(number)]
        if not any(each.code == "inactive" for each in own):
            inactive = bool(self._flags[number] & INACTIVE)
            properties.append(Property("inactive", inactive, "boolean"))
        designations = tuple(
            Designation(text, use, language)
            for text, use, _, language in self._named(number)
            if use not in HIDDEN
        )
        return designations, (*properties, *own)

    def display(self, code: str) -> str:
        """The code's own name; raises UnknownCode."""
        return self.display_of(self.known(code))

    def display_of(self, number: int) -> str:
        """The concept's own name."""
        return self._term(self._displays[number])

    def match(self, text: str, count: int) -> tuple[Match, ...]:
        """The active codes that a text may mean, best first: by whole names, then by words."""
        wanted = phrase_of(text)
        found: dict[int, Match] = {}
        for term, likeness in self._words.topk(text, _CANDIDATES * count + 20):
            concept = self._terms.owner(term)
            if self._flags[concept] & INACTIVE:
                continue
            phrase = self._term(term)
            own = self._displays[concept] == term
            if phrase_of(phrase) == wanted:
                score, method = (1.0, Method.EXACT) if own else (0.99, Method.SYNONYM)
            else:
                score, method = min(likeness, 0.98), Method.FUZZY
            best = found.get(concept)
            if best is None or score > best.score:
                code, display = self._code(concept), self._term(self._displays[concept])
                found[concept] = Match(self.url, code, display, round(score, 4), method, phrase)
        ranked = sorted(found.items(), key=lambda each: (-each[1].score, each[0]))
        return tuple(match for _, match in ranked[:count])

    @property
    def name(self) -> str:
        return self.head.name

    @property
    def title(self) -> str:
        return self.head.title

    @property
    def language(self) -> str:
        return self.head.language

    @property
    def content(self) -> str:
        return self.head.content

    @property
    def case_sensitive(self) -> bool:
        return self.head.case_sensitive

    @property
    def version_needed(self) -> bool:
        return False

    @property
    def compositional(self) -> bool:
        return False

    @property
    def standing(self) -> Standing:
        return Standing()

    @cached_property
    def properties(self) -> Mapping[str, PropertyDefinition]:
        """The properties that the release declares, and those that it uses."""
        used = {
            code: PropertyDefinition(code, "", kind)
            for code, kind in self._property_keys
            if code not in (DRUG, "definition")
        }
        declared = {each[0]: PropertyDefinition(*each) for each in self.head.properties}
        return used | declared

    @property
    def supplements(self) -> tuple[str, ...]:
        return ()

    def find(self, code: str) -> str | None:
        if self.number(code) >= 0:
            return code
        return None if self.case_sensitive else self._folded.get(code.casefold())

    def concept(self, code: str) -> ConceptDefinition:
        number = self.known(code)
        definition, properties = "", []
        for key, kind, value in self._properties(number):
            if key == "definition":
                definition = value
            else:
                properties.append(ConceptProperty(key, kind, _value(kind, value)))
        if self._flags[number] & BILLABLE:
            properties.append(ConceptProperty("billable", "boolean", True))
        designations = tuple(
            ConceptDesignation(text, language, Coding(code=use) if use else None)
            for text, use, _, language in self._named(number)
            if use not in HIDDEN
        )
        return ConceptDefinition(
            code, self.display(code), definition, designations, tuple(properties)
        )

    def codes(self) -> Sequence[str]:
        return self._all

    def parents(self, code: str) -> Sequence[str]:
        return [self._code(number) for number in self._above(self.known(code))]

    def children(self, code: str) -> Sequence[str]:
        return [self._code(number) for number in self._below(self.known(code))]

    def is_inactive(self, code: str) -> bool:
        return bool(self._flags[self.known(code)] & INACTIVE)

    def is_abstract(self, code: str) -> bool:
        return bool(self._flags[self.known(code)] & ABSTRACT)

    def search(self, text: str) -> Sequence[str]:
        found: np.ndarray[Any, Any] | None = None
        for word in words(text):
            own = np.union1d(
                self._terms.owners[self._words.starting(word)], self._code_words.starting(word)
            )
            found = own if found is None else np.intersect1d(found, own, assume_unique=True)
        return self._all if found is None else [self._code(int(number)) for number in found]

    def matches(self, code: str, text: str) -> bool:
        named = [term for term, *_ in self._named(self.known(code))]
        known = words(" ".join([code, *named]))
        return all(any(each.startswith(word) for each in known) for word in words(text))

    @cached_property
    def _all(self) -> list[str]:
        return self._codes.all()

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {code.casefold(): code for code in reversed(self._all)}

    @cached_property
    def _words(self) -> WordIndex:
        return WordIndex(group(self._word_arrays, "terms"))

    @cached_property
    def _code_words(self) -> WordIndex:
        return WordIndex(group(self._word_arrays, "codes"))


def _value(kind: str, value: str) -> str | bool | int | float | Coding:
    """A property's value as value sets see it."""
    if kind == "Coding":
        return Coding(*msgspec.json.decode(value, type=list[str]))
    return float(value) if kind == "decimal" else plain("", kind, value).value
