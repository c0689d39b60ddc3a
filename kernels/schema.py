"""Schemas as nodes by which a compiled kernel walks Python's own dicts and lists.

A node is an operation and what it needs, each a word of 8 bytes. Only the compiled form is here:
who asks has a slower way to know, by jsonschema_rs, which is the reference.
"""

from __future__ import annotations

import ctypes
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels import fastcall
from kernels.native import library

Test = Callable[[Any], bool]
WORD = (1 << 64) - 1
CHUNK = 1 << 14  # words that are taken at once
K1, K2 = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93  # of schema_names.mojo
LONGEST_NAME = 255  # bytes
STEP = 64  # names of a kind, and bytes of the root's start tag, that there is room for in markup
LONGEST = 15  # bytes of a name in markup


class Operation(IntEnum):
    """What a node asks of a value, and the words that follow."""

    NEVER = 0  # so is what is reserved and not yet filled
    ANYTHING = 1
    KIND = 2  # Kind
    OBJECT = 3  # names -> (node, bits); the bits that have to be there; least, most; node or 0
    ARRAY = 4  # node of each item; least, most
    EACH = 5  # as ARRAY, if it is a list
    TEXT = 6  # Text; words or names; a flag or a length
    MATCH = 7  # as TEXT, if it is a str
    AMONG = 8  # names
    WHOLE = 9  # least, most, as signed numbers
    NUMBER = 10
    RANGE = 11  # if it is a number: least, most, as doubles; whether least itself isn't enough
    ALL = 12  # count; nodes
    ANY = 13
    ONE = 14
    NOT = 15  # node
    COUNT = 16  # of the owner's OBJECT: how many of these bits are there, least, most
    KEYS = 17  # if it is a dict: least, most; count; keys
    SIZE = 18  # if it is a dict: least, most
    NEEDS = 19  # of the owner's OBJECT: all bits; count; for each a bit, and what it needs, a node
    WITHIN = 20  # if it is a dict that has the key: key; node
    ONCE = 21  # of the owner's OBJECT: bits that no two properties may share
    ORDERED = 22  # of a dict: the keys of two times; function that knows, where texts don't tell
    AGREES = 23  # of a dict: the keys of a type and a reference; names; function that knows
    ASK = 24  # function


class Kind(IntEnum):
    """The types of Python that a value may be of."""

    OBJECT = 0
    ARRAY = 1
    STRING = 2
    INTEGER = 3
    BOOLEAN = 5
    NULL = 6


class Text(IntEnum):
    """Kinds of text: primitive types of R4, markup, references, whatever has a literal in it."""

    STRING = 0
    URI = 1
    CODE = 2
    ID = 3
    DATE = 4
    DATE_TIME = 5
    INSTANT = 6
    TIME = 7
    OID = 8
    UUID = 9
    BASE64 = 10
    XHTML = 11  # words of `markup`
    REFERENCE = 12  # names of types; whether it may be a search
    LITERAL = 13  # bytes, their number


class Nodes:
    """Memory for nodes and what they name; it lives as long as any test that was made from it."""

    def __init__(self) -> None:
        self._kept: list[object] = []
        self._names: dict[str, tuple[int, int]] = {}  # tag and address of the bytes
        self._begin = self._left = 0  # of a chunk: the address of what is free, in words how much

    def node(self, operation: Operation, *words: int) -> int:
        """The address of a new node."""
        return self.filled(self.reserved(1 + len(words)), operation, *words)

    def reserved(self, count: int) -> int:
        """The address of that many words, to be filled later."""
        if count > self._left:
            self._left = max(CHUNK, count)
            chunk = np.zeros(self._left, np.uint64)
            self._kept.append(chunk)
            self._begin = chunk.ctypes.data
        address = self._begin
        self._begin += 8 * count
        self._left -= count
        return address

    def filled(self, address: int, *words: int) -> int:
        """The address, where the words now stand."""
        ctypes.memmove(
            address, array("Q", [word & WORD for word in words]).tobytes(), 8 * len(words)
        )
        return address

    def owned(self, thing: object) -> int:
        """The address of an object of Python, which is kept."""
        self._kept.append(thing)
        return id(thing)

    def key(self, name: str) -> int:
        """The address of a property's name."""
        return self.owned(sys.intern(name))

    def array(self, words: NDArray[np.uint64]) -> int:
        """The address of words that stand as they are."""
        return self.filled(self.reserved(len(words)), *words.tolist())

    def literal(self, raw: bytes) -> int:
        """The address of bytes."""
        address = self.reserved(-(-len(raw) // 8))
        ctypes.memmove(address, raw, len(raw))
        return address

    def names(self, rows: Mapping[str, tuple[int, int]]) -> int:
        """A table of names of 1 to 255 bytes, each with two words (schema_names.mojo)."""
        bits = (2 * len(rows)).bit_length()
        size = 1 << bits
        address = self.reserved(5 * (size + 2))  # a first one and a last one that are none
        none = 0, 0, 0, 0, address + 40 * (size + 1)
        entries = [none] * size
        for name, given in rows.items():
            tag, place = self._tagged(name)
            at = tag >> 64 - bits
            while entries[at][0]:
                at = (at + 1) % size
            entries[at] = tag, place, *given, none[4]
        words = (word for entry in (none, *entries, none) for word in entry)
        return self.filled(address, 64 - bits, *[*words][1:])

    def _tagged(self, name: str) -> tuple[int, int]:
        if name not in self._names:
            raw = name.encode()
            self._names[name] = tag(raw), self.literal(raw)
        return self._names[name]

    def test(self, root: int) -> Test | None:
        """A test of values by a node; None where no compiled kernel serves."""
        loaded = library("schema")
        if loaded is None or not fastcall.laid_out():
            return None
        words = [*map(id, (dict, list, str, int, float, bool, type(None), True)), header(), root]
        known = np.array(words, np.uint64).view(_Known)
        known.nodes = self
        made: Test = fastcall.make(loaded, "accepts", known)
        return made


class _Known(np.ndarray[Any, np.dtype[np.uint64]]):
    """What the kernel knows of Python, and the root; keeps the nodes as long as there is a test."""

    nodes: Nodes


def available() -> bool:
    """Whether a compiled kernel serves."""
    return library("schema") is not None and fastcall.laid_out()


@cache
def header() -> int:
    """How many bytes an ASCII str has before its text; 0 where this Python does it otherwise."""
    size = sys.getsizeof("") - 1
    for text in ("abc", "", "x" * 100, "é", "\u2028", "\U0001f600"):
        words = (ctypes.c_int64 * 5).from_address(id(text))
        ascii = words[4] & 0x60 == 0x60
        if ascii != text.isascii() or words[2] != len(text):
            return 0
        if ascii and ctypes.string_at(id(text) + size) != text.encode():
            return 0
    return size


def tag(raw: bytes) -> int:
    """The hash of a name by its ends, with its length in the lowest byte."""
    if not 0 < len(raw) <= LONGEST_NAME:
        raise ValueError(f"expected a name of 1 to {LONGEST_NAME} bytes")
    size = 8 if len(raw) >= 8 else 4 if len(raw) >= 4 else 0
    head = raw[:size] if size else bytes((raw[0], raw[len(raw) // 2]))
    tail = raw[-size:] if size else raw[-1:]
    mixed = int.from_bytes(head, "little") * K1 & WORD ^ int.from_bytes(tail, "little") * K2 & WORD
    return (mixed ^ mixed >> 29) * K1 & WORD & ~255 | len(raw)


def markup(
    root: str, elements: Sequence[str], style: str, links: Sequence[str], attributes: Sequence[str]
) -> NDArray[np.uint64]:
    """What a test of markup (Text.XHTML) has to know.

    A yes says: it begins with `root` (a start tag without its ">"), is well-formed, has some
    content and no names but these (of lower-case letters, digits and ":"); no `style` holds more
    than names and numbers, and of `links` (five) those with a scheme are of http, https, mailto or
    tel. Raises ValueError for more names, or longer ones, than the kernel takes.
    """
    words = np.zeros(9 + 4 * STEP, np.uint64)
    words[:8] = np.frombuffer(root.encode().ljust(STEP, b"\0"), np.uint64)
    words[8] = len(root)
    if len(root) >= STEP or len(links) != 5:
        raise ValueError("expected a start tag of up to 63 bytes and five links")
    words[9 : 9 + 2 * STEP] = _names(elements)
    words[9 + 2 * STEP :] = _names([style, *links, *attributes])
    return words


def _names(names: Sequence[str]) -> NDArray[np.uint64]:
    """[2 * STEP]: the first eight bytes of each name, then the next eight of each."""
    if len(names) > STEP or max(map(len, names)) > LONGEST:
        raise ValueError(f"expected up to {STEP} names of up to {LONGEST} bytes")
    raw = b"".join(name.encode().ljust(16, b"\0") for name in names).ljust(16 * STEP, b"\0")
    return np.frombuffer(raw, np.uint64).reshape(STEP, 2).T.ravel()
