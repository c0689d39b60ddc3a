"""Where phrases may begin: by the first two characters of words, for several tables at once.

Rules tried at every word of a text cost more than what they find. A table names how its phrases may
begin; its rules are then tried at those words alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BYTES = [chr(code) for code in range(256)]
_CLASSES = {
    "0": [each for each in _BYTES if each.isdecimal()],
    " ": [each for each in _BYTES if each.isspace()],
}


class Openings:
    """The first characters of the phrases of up to eight tables."""

    __slots__ = ("_outside", "_table", "names")

    def __init__(self, **prefixes: str) -> None:
        """For each name, prefixes in lower case, parted by white space; two characters count.

        0 stands for any figure, _ for any white space.
        """
        self.names = tuple(prefixes)
        self._table = np.zeros((256, 256), np.uint8)
        for bit, written in enumerate(prefixes.values()):
            for prefix in written.split():
                first, *second = (_codes(each) for each in prefix[:2].replace("_", " "))
                columns = second[0] if second else list(range(256))
                self._table[np.ix_(first, columns)] |= np.uint8(1 << bit)
        self._outside = np.array([not (c.isascii() and c.isalnum()) for c in _BYTES], np.uint8)

    def find(self, low: str) -> list[list[int]]:
        """The offsets at which phrases of each table may begin, in order, by the order of names.

        `low` is a text in lower case; before a phrase stands no ASCII letter or figure.
        """
        raw = np.frombuffer(low.encode("latin-1", "replace") + b"\0", np.uint8)
        pairs = raw[:-1].astype(np.int64)
        pairs <<= 8
        pairs |= raw[1:]
        flags = self._table.take(pairs)
        flags[1:] *= self._outside.take(raw[:-2])
        at: NDArray[np.int64] = flags.astype(np.bool_).nonzero()[0]
        some = flags[at]
        return [at[(some & (1 << bit)).astype(np.bool_)].tolist() for bit in range(len(self.names))]


def _codes(written: str) -> list[int]:
    """The bytes that a character of a prefix stands for."""
    return [ord(each) for each in _CLASSES.get(written, [written])]
