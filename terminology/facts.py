"""The tables of facts that ship, as rows of cells.

A table has lines that start with # and tell where it comes from, then a line of column names.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from terminology.errors import SourceError

DATA = Path(__file__).parent / "data"


def rows(path: Path, columns: list[str]) -> Iterator[list[str]]:
    """The rows of a table; raises SourceError, with file and line, where one is broken."""
    head = False
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\r\n").split("\t")
            if line.startswith("#"):
                continue
            if not head:
                head = True
                if cells != columns:
                    raise SourceError(f"{path.name}:{number}: columns must be {' '.join(columns)}")
            elif len(cells) != len(columns) or not all(cells):
                raise SourceError(f"{path.name}:{number}: not a row of {' '.join(columns)}")
            else:
                yield cells
