"""The index on disk: named arrays in one file, opened as a memory map and read without copying."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kernels.codes import Block
from kernels.text import words
from terminology.errors import IndexMissing
from terminology.types import Property, TermKind

Array = NDArray[np.generic]
KINDS = tuple(TermKind)
MANIFEST, ARRAYS = "manifest.json", "arrays.bin"
ALIGNED = 64  # bytes: each array begins where one of the processor's cache lines does
REBUILD = "run `medparser index build`"
_PROPERTIES = msgspec.json.Decoder(tuple[Property, ...])


class Strings:
    """Immutable strings in one UTF-8 blob; `offsets` has one more entry than there are strings."""

    __slots__ = ("_blob", "_offsets")

    def __init__(self, blob: Array, offsets: Array) -> None:
        self._blob = memoryview(blob)  # type: ignore[arg-type]
        self._offsets = memoryview(offsets)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> str:
        return str(self._blob[self._offsets[number] : self._offsets[number + 1]], "utf-8")

    def raw(self, number: int) -> memoryview:
        """The UTF-8 bytes of one string."""
        return self._blob[self._offsets[number] : self._offsets[number + 1]]

    def all(self, first: int = 0, last: int | None = None) -> list[str]:
        """Every string from `first` to before `last`, in order."""
        ends = self._offsets[first : len(self) + 1 if last is None else last + 1].tolist()
        start = ends[0]
        whole = bytes(self._blob[start : ends[-1]])
        ends = [end - start for end in ends]
        if whole.isascii():  # code points are bytes then: one decoding for all
            text = whole.decode()
            return [text[a:b] for a, b in pairwise(ends)]
        return [str(whole[a:b], "utf-8") for a, b in pairwise(ends)]


class Rows:
    """Lists of numbers, one list for each row: `numbers[offsets[i]:offsets[i + 1]]`."""

    __slots__ = ("_offsets", "numbers")

    def __init__(self, numbers: Array, offsets: Array) -> None:
        self.numbers = memoryview(numbers)  # type: ignore[arg-type]
        self._offsets = memoryview(offsets)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> list[int]:
        return self.numbers[self._offsets[row] : self._offsets[row + 1]].tolist()

    def view(self, row: int) -> NDArray[np.uint32]:
        """The numbers of a row, not copied."""
        return np.asarray(self.numbers[self._offsets[row] : self._offsets[row + 1]])

    def size(self, row: int) -> int:
        """How many numbers a row has."""
        return int(self._offsets[row + 1] - self._offsets[row])


def pack_strings(name: str, strings: Iterable[str]) -> dict[str, Array]:
    """Arrays `name.blob` and `name.offsets` of some strings."""
    raw = [string.encode() for string in strings]
    blob = np.frombuffer(b"".join(raw) or b"\0", np.uint8)
    return {f"{name}.blob": blob, f"{name}.offsets": _offsets([len(each) for each in raw])}


def pack_rows(name: str, rows: Iterable[Iterable[int]]) -> dict[str, Array]:
    """Arrays `name.numbers` and `name.offsets` of lists of numbers below 2**32."""
    lists = [list(row) for row in rows]
    numbers = np.array([number for row in lists for number in row] or [0], np.uint32)
    return {f"{name}.numbers": numbers, f"{name}.offsets": _offsets([len(row) for row in lists])}


def _offsets(sizes: list[int]) -> Array:
    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


def phrase_of(text: str) -> str:
    """The normal form that phrases are compared in: folded, lower-case words, single spaces."""
    return " ".join(words(text))


def phrase_hash(phrase: str) -> int:
    """64 bits of a normalised phrase; the index sorts its phrases by it."""
    return int.from_bytes(blake2b(phrase.encode(), digest_size=8).digest(), "little")


class Row(NamedTuple):
    """One code system in the manifest: its concepts are numbered first..last-1, codes ascending."""

    url: str
    alias: str
    title: str
    version: str
    content: str
    source: str
    first: int
    last: int


class Index:
    """An opened index. Every array is read-only; threads may share it."""

    def __init__(self, rows: Iterable[Row], arrays: dict[str, Array]) -> None:
        self.rows, self.arrays = tuple(rows), arrays
        self.codes = self.strings("concept.code")
        self.displays = self.strings("concept.display")
        # JSON: of each concept its designations, and each list of properties that a concept has
        self.designations = self.strings("concept.designations")
        self.property_lists = self.strings("properties")
        self.properties = memoryview(self.arrays["concept.properties"])  # type: ignore[arg-type]
        self.property_list = lru_cache(maxsize=1 << 14)(self._property_list)
        self.made = self.strings("concept.made")
        self.parents = memoryview(self.arrays["concept.parent"])  # type: ignore[arg-type]
        self.defaults = memoryview(self.arrays["concept.default"])  # type: ignore[arg-type]
        self.billable = memoryview(self.arrays["concept.billable"])  # type: ignore[arg-type]
        self.children = self.rows_of("concept.children")
        self.terms = self.strings("term.text")
        self.term_concepts = memoryview(self.arrays["term.concept"])  # type: ignore[arg-type]
        self.term_kinds = memoryview(self.arrays["term.kind"])  # type: ignore[arg-type]
        self.term_ambiguous = memoryview(self.arrays["term.ambiguous"])  # type: ignore[arg-type]
        self.phrases = self.strings("phrase.text")
        self.phrase_terms = self.rows_of("phrase.terms")
        self._hashes = self.arrays["phrase.hash"]

    @classmethod
    def open(cls, folder: Path) -> Index:
        """The index in this folder; raises IndexMissing where it is absent or cut short."""
        try:
            manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
            rows = [Row(*row) for row in manifest["systems"]]
            with (folder / ARRAYS).open("rb") as file:
                whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            arrays: dict[str, Array] = {
                name: np.ndarray(shape, kind, whole, place)
                for name, (kind, shape, place) in manifest["arrays"].items()
            }
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexMissing(
                f"the terminology index can't be read ({error}): {REBUILD}"
            ) from None
        return cls(rows, arrays)

    def block(self, row: Row) -> Block:
        """One system's codes with their numbers and what stands above each, for kernels.codes."""
        found: Block = self.arrays[f"codes.{row.alias}"]  # type: ignore[assignment]
        return found

    def _property_list(self, place: int) -> tuple[Property, ...]:
        return _PROPERTIES.decode(self.property_lists.raw(place))

    def declared(self, row: Row) -> list[tuple[str, str]]:
        """(code, kind) of every property that a concept of the system has."""
        told: list[list[str]] = json.loads(self.arrays[f"declared.{row.alias}"].tobytes())
        return [(code, kind) for code, kind in told]

    def strings(self, name: str) -> Strings:
        """The strings that pack_strings stored under this name."""
        return Strings(self.arrays[f"{name}.blob"], self.arrays[f"{name}.offsets"])

    def rows_of(self, name: str) -> Rows:
        """The lists that pack_rows stored under this name."""
        return Rows(self.arrays[f"{name}.numbers"], self.arrays[f"{name}.offsets"])

    def group(self, name: str) -> dict[str, Array]:
        """The arrays of one kernel's index, by the names that the kernel gave them."""
        prefix = f"{name}/"
        return {
            key.removeprefix(prefix): array
            for key, array in self.arrays.items()
            if key.startswith(prefix)
        }

    def phrase(self, normal: str) -> int:
        """The number of a normalised phrase, or -1."""
        value = phrase_hash(normal)
        at = int(self._hashes.searchsorted(np.uint64(value)))
        while at < len(self._hashes) and int(self._hashes[at]) == value:
            if self.phrases[at] == normal:
                return at
            at += 1
        return -1

    def kind(self, term: int) -> TermKind:
        """What a term is to its concept."""
        return KINDS[self.term_kinds[term]]

    def terms_of(self, phrase: int) -> list[tuple[int, TermKind, int]]:
        """(concept, kind, term) of each term that reads as this phrase."""
        return [
            (self.term_concepts[term], KINDS[self.term_kinds[term]], term)
            for term in self.phrase_terms[phrase]
        ]


def save(folder: Path, arrays: Mapping[str, Array], rows: Iterable[Row]) -> None:
    """Writes an index; `folder` must be new. The manifest comes last, so half an index has none."""
    folder.mkdir(parents=True)
    told = {}
    with (folder / ARRAYS).open("wb") as file:
        for name, array in sorted(arrays.items()):
            file.write(bytes(-file.tell() % ALIGNED))
            told[name] = array.dtype.str, array.shape, file.tell()
            file.write(array.tobytes())
    text = json.dumps({"systems": [list(row) for row in rows], "arrays": told})
    (folder / MANIFEST).write_text(text)
