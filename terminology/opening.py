"""What is in use of a data folder: the index, which this code must have made, and the releases."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from terminology.errors import IndexMissing
from terminology.index import REBUILD, Index
from terminology.loading.register import LOADED, current, home_of, read
from terminology.makers import code_version
from terminology.stored import Stored


def open_index(folder: Path) -> Index:
    """The index in use; raises IndexMissing where there is none or other code built it."""
    fingerprint = current(folder)
    if not fingerprint:
        raise IndexMissing(f"no terminology index in the data folder: {REBUILD}")
    if not fingerprint.startswith(code_version()):
        raise IndexMissing(f"the terminology index is of another version of medparser: {REBUILD}")
    return _opened(folder / "terminology" / fingerprint)


@lru_cache(maxsize=4)  # an index never changes, and each holds a file open
def _opened(folder: Path) -> Index:
    return Index.open(folder)


def open_releases(folder: Path) -> tuple[Stored, ...]:
    """Every loaded release, the latest load first."""
    home = home_of(folder)
    try:
        return tuple(Stored(home / row.folder) for row in read(home))
    except IndexMissing:
        # a load may have replaced one between the two steps; its own list tells the truth
        return tuple(Stored(home / row.folder) for row in read(home))


def changed(folder: Path) -> int:
    """A number that is another one once a release has been loaded or dropped; 0 for none."""
    try:
        return (home_of(folder) / LOADED).stat().st_mtime_ns
    except OSError:
        return 0
