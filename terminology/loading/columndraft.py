"""A column of a release that is being written: its strings go to disk at once."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from terminology.hierarchy import Array, grouped
from terminology.loading import checkpoint

BUFFER = 1 << 14  # strings that are held before they are written


@dataclass(slots=True)
class ColumnDraft:
    """Strings of concepts, appended to a file: whose, of which key, and where each one ends."""

    file: BinaryIO
    owners: array[int]
    keys: array[int]
    sizes: array[int]
    waiting: list[bytes]

    @classmethod
    def open(cls, path: Path) -> ColumnDraft:
        return cls(path.open("wb"), array("I"), array("H"), array("I"), [])

    @classmethod
    def reopen(cls, path: Path, size: int, arrays: list[bytes]) -> ColumnDraft:
        """What it was when the file had this size; what was written after that is cut off."""
        file = path.open("r+b")
        file.truncate(size)
        file.seek(size)
        owners, keys, sizes = checkpoint.restored("IHI", arrays)
        return cls(file, owners, keys, sizes, [])

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

    def settle(self) -> None:
        """Sees that the file holds all there is, also after a loss of power."""
        if not self.file.closed:
            self.flush()
            checkpoint.settle(self.file)

    def finish(self, count: int) -> dict[str, Array]:
        """Closes the file; gives keys, offsets into the file, and the rows of each concept."""
        self.flush()
        self.file.close()
        owners = np.array(self.owners, np.uint32)
        offsets = np.zeros(len(owners) + 1, np.int64)
        np.cumsum(np.array(self.sizes, np.int64), out=offsets[1:])
        rows, starts = grouped(count, owners, np.arange(len(owners), dtype=np.uint32))
        keys = np.array(self.keys, np.uint16)
        self.owners, self.keys, self.sizes = array("I"), array("H"), array("I")
        return {"owners": owners, "keys": keys, "offsets": offsets, "rows": rows, "starts": starts}
