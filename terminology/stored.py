"""A loaded release: a code system over memory maps, opened in milliseconds, shared by processes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, cast

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
from terminology.draft import (
    ABSTRACT,
    BILLABLE,
    DISPLAY,
    DRUG,
    FORMAT,
    INACTIVE,
    MANIFEST,
    NAME,
    read_array,
    read_arrays,
)
from terminology.errors import IndexMissing, UnknownCode
from terminology.hierarchy import Array, Hierarchy
from terminology.index import Rows, phrase_of
from terminology.source import Drug, Entry, Head, Name, Release
from terminology.types import (
    Concept,
    Designation,
    Match,
    Method,
    Property,
    SystemInfo,
    TermKind,
)
from terminology.wordindex import Codes, WordIndex

PropertyKind = Literal["code", "string", "boolean", "integer"]
_KINDS = frozenset({"code", "string", "boolean", "integer"})
_CANDIDATES = 4  # terms that are ranked for each code asked for


class Stored:
    """One code system of one version. Immutable: any number of threads may use it."""

    def __init__(self, folder: Path) -> None:
        """Opens the release in this folder; raises IndexMissing where it is cut short."""
        try:
            manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
            if manifest["format"] != FORMAT:
                raise ValueError(f"format {manifest['format']} is not {FORMAT}")
            self.head = msgspec.convert(manifest["head"], Head)
            self.count = int(manifest["count"])
            self._term_keys = [tuple(key) for key in manifest["terms"]]
            self._property_keys = [tuple(key) for key in manifest["properties"]]
            arrays = read_arrays(folder, manifest["arrays"])
            self._term_text = memoryview(read_array(folder / "term.bin", "uint8"))  # type: ignore[arg-type]
            self._value_text = memoryview(read_array(folder / "property.bin", "uint8"))  # type: ignore[arg-type]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexMissing(
                f"the release in {folder.name} can't be read ({error}): load it again"
            ) from None
        self.folder = folder
        self.hierarchy = Hierarchy(_group(arrays, "hierarchy"))
        self._codes = Codes(arrays)
        self.number = self._codes.number
        self._flags = memoryview(arrays["flags"])  # type: ignore[arg-type]
        self._displays = memoryview(arrays["display"])  # type: ignore[arg-type]
        self._terms, self._values = _Column(arrays, "term"), _Column(arrays, "property")
        self._word_arrays = _group(arrays, "words")
        self.lookup = lru_cache(maxsize=1 << 14)(self._lookup)

    # -- as Terminology gives it

    @property
    def info(self) -> SystemInfo:
        """The system in a list of systems."""
        head = self.head
        return SystemInfo(
            head.url, head.name, head.title, head.version, head.content, self.count, head.source
        )

    def _lookup(self, code: str) -> Concept:
        """Everything known of a code; raises UnknownCode."""
        number = self._known(code)
        properties = [Property("parent", self._code(n), "code") for n in self._above(number)]
        properties += [Property("child", self._code(n), "code") for n in self._below(number)]
        if self._flags[number] & BILLABLE:
            properties.append(Property("billable", True, "boolean"))
        told = [_property(*each) for each in self._properties(number)]
        if not any(each.code == "inactive" for each in told):
            inactive = bool(self._flags[number] & INACTIVE)
            properties.append(Property("inactive", inactive, "boolean"))
        designations = tuple(
            Designation(text, use, language)
            for text, use, _, language in self._named(number)
            if use not in (DISPLAY, NAME)
        )
        return Concept(self.url, code, self.display(code), designations, (*properties, *told))

    def display(self, code: str) -> str:
        """The code's own name; raises UnknownCode."""
        return self._term(self._displays[self._known(code)])

    def subsumes(self, a: str, b: str) -> bool:
        """Whether `a` is `b` or stands above it; raises UnknownCode."""
        above, below = self.number(a), self.number(b)
        if above < 0 or below < 0:
            raise UnknownCode(self.url, a if above < 0 else b)
        return self.hierarchy.subsumes(above, below)

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

    # -- as value sets and validation see it: terminology.codesystem.CodeSystem

    @property
    def url(self) -> str:
        return self.head.url

    @property
    def version(self) -> str:
        return self.head.version

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
        number = self._known(code)
        definition, properties = "", []
        for key, kind, value in self._properties(number):
            if key == "definition":
                definition = value
            elif key != DRUG:
                properties.append(ConceptProperty(key, kind, _value(kind, value)))
        if self._flags[number] & BILLABLE:
            properties.append(ConceptProperty("billable", "boolean", True))
        designations = tuple(
            ConceptDesignation(text, language, Coding(code=use) if use else None)
            for text, use, _, language in self._named(number)
            if use not in (DISPLAY, NAME)
        )
        return ConceptDefinition(
            code, self.display(code), definition, designations, tuple(properties)
        )

    def codes(self) -> Sequence[str]:
        return self._all

    def parents(self, code: str) -> Sequence[str]:
        return [self._code(number) for number in self._above(self._known(code))]

    def children(self, code: str) -> Sequence[str]:
        return [self._code(number) for number in self._below(self._known(code))]

    def is_inactive(self, code: str) -> bool:
        return bool(self._flags[self._known(code)] & INACTIVE)

    def is_abstract(self, code: str) -> bool:
        return bool(self._flags[self._known(code)] & ABSTRACT)

    def search(self, text: str) -> Sequence[str]:
        found: np.ndarray[Any, Any] | None = None
        for word in words(text):
            own = np.union1d(
                self._terms.owners[self._words.starting(word)], self._code_words.starting(word)
            )
            found = own if found is None else np.intersect1d(found, own, assume_unique=True)
        return self._all if found is None else [self._code(int(number)) for number in found]

    def matches(self, code: str, text: str) -> bool:
        named = [term for term, *_ in self._named(self._known(code))]
        known = words(" ".join([code, *named]))
        return all(any(each.startswith(word) for each in known) for word in words(text))

    # -- as the index of text reads it

    def release(self) -> Release:
        """The release as its reader would give it, in memory."""
        head = self.head
        entries = tuple(self._entry(number) for number in range(self.count))
        return Release(head.version, head.content, head.source, entries)

    def _entry(self, number: int) -> Entry:
        code, drug = self._code(number), None
        properties = []
        for key, kind, value in self._properties(number):
            if key == DRUG:
                drug = msgspec.json.decode(value, type=Drug)
            else:
                properties.append(_property(key, kind, value))
        named = list(self._named(number))
        above = self._above(number)
        return Entry(
            code,
            self._term(self._displays[number]),
            self._code(above[0]) if above else "",
            bool(self._flags[number] & BILLABLE),
            tuple(Designation(t, use, lang) for t, use, _, lang in named if use not in _HIDDEN),
            tuple(properties),
            tuple(Name(text, TermKind(kind)) for text, _, kind, _ in named if kind),
            next((str(each.value) for each in properties if each.code == "TTY"), ""),
            drug,
        )

    @cached_property
    def _all(self) -> list[str]:
        return self._codes.strings.all()

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {code.casefold(): code for code in reversed(self._all)}

    @cached_property
    def _words(self) -> WordIndex:
        return WordIndex(_group(self._word_arrays, "terms"))

    @cached_property
    def _code_words(self) -> WordIndex:
        return WordIndex(_group(self._word_arrays, "codes"))

    def _known(self, code: str) -> int:
        number = self.number(code)
        if number < 0:
            raise UnknownCode(self.url, code)
        return number

    def _code(self, number: int) -> str:
        return self._codes.strings[number]

    def _above(self, number: int) -> list[int]:
        return self.hierarchy.parents(number)

    def _below(self, number: int) -> list[int]:
        return self.hierarchy.children(number)

    def _term(self, term: int) -> str:
        """The text of a term; a concept without a display has NAMELESS for it."""
        if term < 0:
            return ""
        return str(self._term_text[self._terms.span(term)], "utf-8")

    def _named(self, number: int) -> Iterator[tuple[str, str, str, str]]:
        """(text, use, kind, language) of each name."""
        for term in self._terms.rows[number]:
            use, kind, language = self._term_keys[self._terms.keys[term]]
            yield self._term(term), use, kind, language

    def _properties(self, number: int) -> Iterator[tuple[str, str, str]]:
        """(code, kind, value as text) of each property."""
        for place in self._values.rows[number]:
            code, kind = self._property_keys[self._values.keys[place]]
            yield code, kind, str(self._value_text[self._values.span(place)], "utf-8")


_HIDDEN = (DISPLAY, NAME)


class _Column:
    """What draft._Column wrote, but for the strings themselves."""

    __slots__ = ("_offsets", "keys", "owners", "rows")

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self.owners = arrays[f"{name}.owners"]
        self.keys = memoryview(arrays[f"{name}.keys"])  # type: ignore[arg-type]
        self.rows = Rows(arrays[f"{name}.rows"], arrays[f"{name}.starts"])
        self._offsets = memoryview(arrays[f"{name}.offsets"])  # type: ignore[arg-type]

    def span(self, place: int) -> slice:
        return slice(self._offsets[place], self._offsets[place + 1])

    def owner(self, place: int) -> int:
        return int(self.owners[place])


def _group(arrays: Mapping[str, Array], name: str) -> dict[str, Array]:
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): each for key, each in arrays.items() if key.startswith(prefix)
    }


def _value(kind: str, value: str) -> str | bool | int | float | Coding:
    match kind:
        case "boolean":
            return value == "true"
        case "integer":
            return int(value)
        case "decimal":
            return float(value)
        case "Coding":
            return Coding(*msgspec.json.decode(value, type=list[str]))
        case _:
            return value


def _property(code: str, kind: str, value: str) -> Property:
    given = _value(kind, value)
    if isinstance(given, Coding):
        return Property(code, given.code, "code")
    plain = given if isinstance(given, str | bool | int) else value
    return Property(code, plain, cast(PropertyKind, kind if kind in _KINDS else "string"))
