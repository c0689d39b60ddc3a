"""A release on disk as its draft left it: memory maps, opened in milliseconds and shared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, cast

import msgspec

from terminology.coded import Coded
from terminology.entry import Drug, Entry, Name, Release
from terminology.errors import IndexMissing
from terminology.hierarchy import Array, Hierarchy
from terminology.index import Rows, Strings
from terminology.loading.layout import (
    BILLABLE,
    DISPLAY,
    DRUG,
    FORMAT,
    MANIFEST,
    NAME,
    PROPERTIES,
    TERMS,
    check_sizes,
    read_array,
    read_arrays,
)
from terminology.loading.source import Head
from terminology.types import Designation, Property, SystemInfo, TermKind

PropertyKind = Literal["code", "string", "boolean", "integer"]
HIDDEN = (DISPLAY, NAME)  # uses of terms that are no designations
_KINDS = frozenset({"code", "string", "boolean", "integer"})


class _Manifest(msgspec.Struct):
    """What a release says of its files; those that were loaded before sizes were told have none."""

    format: Any
    head: Head
    count: int
    terms: list[list[Any]]
    properties: list[list[Any]]
    arrays: dict[str, str]
    sizes: dict[str, int] = {}


class Store(Coded):
    """The concepts of one release by their numbers. Immutable: threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Opens the release in this folder; raises IndexMissing where it is cut short."""
        try:
            read: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
            if read["format"] != FORMAT:
                raise ValueError(f"format {read['format']} is not {FORMAT}")
            manifest = msgspec.convert(read, _Manifest)
            self.head, self.count = manifest.head, manifest.count
            self._term_keys = [tuple(key) for key in manifest.terms]
            self._property_keys = [tuple(key) for key in manifest.properties]
            check_sizes(folder, manifest.sizes)
            arrays = read_arrays(folder, manifest.arrays)
            super().__init__(self.head.url, self.head.version, arrays["codes"])  # type: ignore[arg-type]
            self._term_text = memoryview(read_array(folder / TERMS, "uint8"))  # type: ignore[arg-type]
            self._value_text = memoryview(read_array(folder / PROPERTIES, "uint8"))  # type: ignore[arg-type]
            self.hierarchy = Hierarchy(group(arrays, "hierarchy"))
            self._codes = Strings(arrays["code.blob"], arrays["code.offsets"])
            self._flags = memoryview(arrays["flags"])  # type: ignore[arg-type]
            self._displays = memoryview(arrays["display"])  # type: ignore[arg-type]
            self._terms, self._values = Column(arrays, "term"), Column(arrays, "property")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexMissing(
                f"the release in {folder.name} can't be read ({error}): load it again"
            ) from None
        self.folder = folder
        self._word_arrays = group(arrays, "words")

    @property
    def info(self) -> SystemInfo:
        """The system in a list of systems."""
        head = self.head
        return SystemInfo(
            head.url, head.name, head.title, head.version, head.content, self.count, head.source
        )

    def release(self) -> Release:
        """The release as its reader would give it, in memory."""
        head = self.head
        entries = tuple(self._entry(number) for number in range(self.count))
        return Release(head.version, head.content, head.source, entries)

    def _entry(self, number: int) -> Entry:
        properties = [plain(*each) for each in self._properties(number)]
        made = [value for key, _, value in self._values_of(number) if key == DRUG]
        named = list(self._named(number))
        above = self._above(number)
        return Entry(
            self._code(number),
            self._term(self._displays[number]),
            self._code(above[0]) if above else "",
            bool(self._flags[number] & BILLABLE),
            tuple(Designation(t, use, lang) for t, use, _, lang in named if use not in HIDDEN),
            tuple(properties),
            tuple(Name(text, TermKind(kind)) for text, _, kind, _ in named if kind),
            next((str(each.value) for each in properties if each.code == "TTY"), ""),
            msgspec.json.decode(made[0], type=Drug) if made else None,
        )

    def _code(self, number: int) -> str:
        return self._codes[number]

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
        """(code, kind, value as text) of each property that the system itself has."""
        return (each for each in self._values_of(number) if each[0] != DRUG)

    def _values_of(self, number: int) -> Iterator[tuple[str, str, str]]:
        """The properties, and what the draft kept beside them."""
        for place in self._values.rows[number]:
            code, kind = self._property_keys[self._values.keys[place]]
            yield code, kind, str(self._value_text[self._values.span(place)], "utf-8")


class Column:
    """What a ColumnDraft wrote, but for the strings themselves."""

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


def group(arrays: Mapping[str, Array], name: str) -> dict[str, Array]:
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): each for key, each in arrays.items() if key.startswith(prefix)
    }


def plain(code: str, kind: str, value: str) -> Property:
    """A property from its text; kinds that are none of Property's are told as strings."""
    given: str | bool | int = value
    if kind == "boolean":
        given = value == "true"
    elif kind == "integer":
        given = int(value)
    elif kind == "Coding":
        kind, given = "code", msgspec.json.decode(value, type=list[str])[1]
    return Property(code, given, cast(PropertyKind, kind if kind in _KINDS else "string"))
