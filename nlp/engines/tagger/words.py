"""What one word tells by its own form: hashed columns, worked out once for each spelling."""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]

# Every boundary of an annotation falls between two of these.
TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")

LOWER, CASED, SHAPE = 0, 1, 2
PREFIX = (3, 4, 5)  # of 2, 3, 4 characters
SUFFIX = (6, 7, 8, 9, 10)  # of 2 to 6
LENGTH = 11
WINDOWS = tuple(range(12, 24))  # character 4-grams of "<word>"
COLUMNS = 24

_SHORTENED = re.compile(r"(.)\1+")
_MOST = 60_000  # spellings kept: some 20 MB


class Words:
    """The columns of words, kept from text to text. Threads may share it: rows never change."""

    __slots__ = ("_rows",)

    def __init__(self) -> None:
        self._rows: dict[str, Hashes] = {}

    def rows(self, words: list[str]) -> Hashes:
        """The columns of each word, [n, COLUMNS]; 0 where a word is too short for one."""
        known = self._rows
        if len(known) > _MOST:
            self._rows = known = {}
        out = []
        for word in words:
            row = known.get(word)
            if row is None:
                row = known[word] = columns(word)
            out.append(row)
        return np.stack(out) if out else np.zeros((0, COLUMNS), np.uint32)


def columns(word: str) -> Hashes:
    """The hashed columns of one word, [COLUMNS]; any number is written with zeros."""
    if word.isdigit():
        word = "0" * min(len(word), 5)
    low = word.lower()
    shape = _shape(word)
    row = np.zeros(COLUMNS, np.uint32)
    row[LOWER] = _hash("w", low)
    row[CASED] = _hash("c", word)
    row[SHAPE] = _hash("s", shape)
    for column, size in zip(PREFIX, (2, 3, 4), strict=True):
        if len(low) > size:
            row[column] = _hash("p", low[:size])
    for column, size in zip(SUFFIX, (2, 3, 4, 5, 6), strict=True):
        if len(low) > size:
            row[column] = _hash("e", low[-size:])
    row[LENGTH] = _hash("l", str(min(len(word), 12)))
    edged = f"<{low}>"
    for column, at in zip(WINDOWS, range(len(edged) - 3), strict=False):
        row[column] = _hash("g", edged[at : at + 4])
    return row


def word_hash(low: str) -> int:
    """The hash of a word in lower case, as the column LOWER has it."""
    return _hash("w", "0" * min(len(low), 5) if low.isdigit() else low)


def _shape(word: str) -> str:
    letters = "".join(
        "X" if c.isupper() else "x" if c.islower() else "0" if c.isdigit() else c for c in word
    )
    return _SHORTENED.sub(r"\1\1", letters)


def _hash(kind: str, value: str) -> int:
    return crc32(f"{kind}{value}".encode()) | 1  # 0 means that there is none
