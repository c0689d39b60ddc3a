"""Writes a release into a new folder while it is read: terms and properties go to disk at once.

Memory: what interning the codes takes, about 250 bytes a concept, and 20 bytes a term or property.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from terminology import hierarchy, wordindex
from terminology.errors import SourceError
from terminology.hierarchy import Array, grouped
from terminology.lines import Progress, silent
from terminology.source import Drug, Entry, Head

MANIFEST = "manifest.json"
FORMAT = 1  # of the files; another number can't be read
BUFFER = 1 << 14  # strings that are held before they are written
INACTIVE, ABSTRACT, BILLABLE = 1, 2, 4
NAMELESS, _UNDEFINED = -1, -2  # in place of the number of the term that is the display
DISPLAY = "display"
NAME = "\0name"  # use of a phrase that text is matched by, though it is no designation
DRUG = "\0drug"  # property that keeps what a clinical drug is made of


@dataclass(slots=True)
class _Column:
    """Strings of concepts, appended to a file: whose, of which key, and where each one ends."""

    file: BinaryIO
    owners: array[int]
    keys: array[int]
    sizes: array[int]
    waiting: list[bytes]

    @classmethod
    def open(cls, path: Path) -> _Column:
        return cls(path.open("wb"), array("I"), array("H"), array("I"), [])

    def add(self, owner: int, key: int, value: bytes) -> None:
        self.owners.append(owner)
        self.keys.append(key)
        self.sizes.append(len(value))
        self.waiting.append(value)
        if len(self.waiting) == BUFFER:
            self.flush()

    def flush(self) -> None:
        self.file.write(b"".join(self.waiting))
        self.waiting.clear()

    def finish(self, count: int) -> dict[str, Array]:
        """Closes the file; gives keys, offsets into the file, and the rows of each concept."""
        self.flush()
        self.file.close()
        owners = np.array(self.owners, np.uint32)
        offsets = np.zeros(len(owners) + 1, np.int64)
        np.cumsum(np.array(self.sizes, np.int64), out=offsets[1:])
        rows, starts = grouped(count, owners, np.arange(len(owners), dtype=np.uint32))
        keys = np.array(self.keys, np.uint16)
        return {"owners": owners, "keys": keys, "offsets": offsets, "rows": rows, "starts": starts}


class Draft:
    """A release that is being written. Concepts are numbered as they are first named."""

    def __init__(self, folder: Path, progress: Progress = silent) -> None:
        """`folder` must be new; `progress` hears (stage, done, total)."""
        folder.mkdir(parents=True)
        self.folder, self.progress = folder, progress
        self._numbers: dict[str, int] = {}
        self._flags = bytearray()
        self._terms = _Column.open(folder / "term.bin")
        self._properties = _Column.open(folder / "property.bin")
        self._term_keys: dict[tuple[str, str, str], int] = {}
        self._property_keys: dict[tuple[str, str], int] = {}
        self._displays = array("i")
        self._child, self._parent = array("I"), array("I")
        self._awaited: dict[int, str] = {}
        self._kinds: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, code: str) -> int:
        """The number of a concept that is defined, or -1."""
        number = self._numbers.get(code, -1)
        return number if number >= 0 and self._displays[number] != _UNDEFINED else -1

    def concept(
        self, code: str, display: str = "", language: str = "en", flags: int = 0, kind: str = ""
    ) -> int:
        """Defines a concept and gives its number; raises SourceError where it was defined."""
        number = self._intern(code)
        if self._displays[number] != _UNDEFINED:
            raise SourceError(f"code {code!r} occurs twice")
        self._flags[number] |= flags
        self._awaited.pop(number, None)
        named = self.term(number, display, DISPLAY, language, kind) if display else NAMELESS
        self._displays[number] = named
        return number

    def call(self, concept: int, term: int) -> None:
        """Makes a term the concept's display."""
        self._displays[concept] = term

    def is_called(self, concept: int) -> bool:
        """Whether the concept has a display."""
        return self._displays[concept] >= 0

    def flag(self, concept: int, flags: int) -> None:
        """Adds INACTIVE, ABSTRACT or BILLABLE."""
        self._flags[concept] |= flags

    def term(self, concept: int, text: str, use: str, language: str = "en", kind: str = "") -> int:
        """Adds a name and gives its number; `kind` is the TermKind of a phrase that notes hold."""
        key = self._term_keys.setdefault((use, kind, language), len(self._term_keys))
        self._terms.add(concept, key, text.encode())
        return len(self._terms.owners) - 1

    def property(self, concept: int, code: str, value: str | bool | int, kind: str) -> None:
        """A property of a concept; `kind` is the FHIR type of its value."""
        if not isinstance(value, str):
            value = str(value).lower()
        key = self._property_keys.setdefault((code, kind), len(self._property_keys))
        self._properties.add(concept, key, value.encode())

    def made(self, concept: int, drug: Drug) -> None:
        """Keeps what a clinical drug is made of."""
        self.property(concept, DRUG, msgspec.json.encode(drug).decode(), "string")

    def below(self, concept: int, parent: str, where: str) -> None:
        """Puts a concept under another, which may come later; `where` is told if it never does."""
        above = self._intern(parent)
        if self._displays[above] == _UNDEFINED:
            self._awaited.setdefault(above, where)
        self._child.append(concept)
        self._parent.append(above)

    def entry(self, entry: Entry) -> None:
        """Adds a concept with all that is known of it."""
        kinds = {name.text: name.kind.value for name in entry.names}
        concept = self.concept(
            entry.code,
            entry.display,
            flags=BILLABLE * entry.billable,
            kind=kinds.pop(entry.display, ""),
        )
        for named in entry.designations:
            kind = kinds.pop(named.value, "")
            self.term(concept, named.value, named.use, named.language, kind)
        for text, kind in kinds.items():
            self.term(concept, text, NAME, kind=kind)
        for told in entry.properties:
            self.property(concept, told.code, told.value, told.kind)
            if told.code == "inactive" and told.value is True:
                self.flag(concept, INACTIVE)
        if entry.drug is not None:
            self.made(concept, entry.drug)
        if entry.parent:
            self.below(concept, entry.parent, entry.code)

    def abandon(self) -> None:
        """Closes the files, which stay where they are."""
        self._terms.file.close()
        self._properties.file.close()

    def finish(self, head: Head, *, words: bool = True) -> None:
        """Writes the hierarchy and, where wanted, the index of words; the manifest comes last.

        Raises SourceError for parents that are not defined, and for concepts above themselves.
        """
        if self._awaited:
            number, where = next(iter(self._awaited.items()))
            code = self._code(number)
            raise SourceError(f"{where}: its parent {code!r} is not in the release")
        if not self._numbers:
            raise SourceError("no code in the release")
        count = len(self._numbers)
        self.progress("hierarchy", 0, 3)
        pairs = np.array(self._child, np.uint32), np.array(self._parent, np.uint32)
        try:
            tree = hierarchy.build(count, *pairs)
        except SourceError as error:
            raise SourceError(f"code {self._code(error.args[1])!r} {error.args[0]}") from None
        self._keep("hierarchy.", tree)
        del tree, pairs
        terms = self._terms.finish(count)
        offsets = terms["offsets"]
        self._keep("term.", terms)
        del terms
        self._keep("property.", self._properties.finish(count))
        self._keep("", {"display": np.array(self._displays, np.int32)})
        self._keep("", {"flags": np.frombuffer(bytes(self._flags), np.uint8)})
        self.progress("codes", 1, 3)
        codes = list(self._numbers)
        self._numbers.clear()
        self._keep("", wordindex.codes(codes))
        self.progress("words", 2, 3)
        if words:
            self._keep("words.codes.", wordindex.build(iter([codes]), typos=False))
            texts = wordindex.texts(self.folder / "term.bin", offsets)
            self._keep("words.terms.", wordindex.build(texts))
        self._write(head, count)
        self.progress("done", 3, 3)

    def _keep(self, prefix: str, arrays: Mapping[str, Array]) -> None:
        """Writes arrays at once, so that no more than a few are in memory."""
        for name, values in arrays.items():
            self._kinds[prefix + name] = str(values.dtype)
            values.tofile(self.folder / f"{prefix}{name}.bin")

    def _write(self, head: Head, count: int) -> None:
        manifest = {
            "format": FORMAT,
            "head": asdict(head),
            "count": count,
            "terms": [list(key) for key in self._term_keys],
            "properties": [list(key) for key in self._property_keys],
            "arrays": self._kinds,
        }
        (self.folder / MANIFEST).write_text(json.dumps(manifest))

    def _intern(self, code: str) -> int:
        number = self._numbers.setdefault(code, len(self._numbers))
        if number == len(self._displays):
            self._displays.append(_UNDEFINED)
            self._flags.append(0)
        return number

    def _code(self, number: int) -> str:
        return next(code for code, each in self._numbers.items() if each == number)


def read_arrays(folder: Path, kinds: Mapping[str, str]) -> dict[str, NDArray[np.generic]]:
    """Every array of a release as a read-only memory map."""
    return {name: read_array(folder / f"{name}.bin", kind) for name, kind in kinds.items()}


def read_array(path: Path, kind: str) -> NDArray[np.generic]:
    """One array as a read-only memory map; an empty file can't be mapped."""
    if not path.stat().st_size:
        return np.zeros(0, kind)
    return np.memmap(path, kind, "r")
