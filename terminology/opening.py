"""What is in use of a data folder: the index, which this code must have made, and the releases."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from terminology.errors import IndexMissing
from terminology.index import REBUILD, Index
from terminology.loading.register import LOADED, Row, current, home_of, read
from terminology.makers import code_version
from terminology.stored import Stored

log = logging.getLogger(__name__)


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
    """Every loaded release that can be read, the latest load first; of others a warning tells.

    Raises IndexMissing where the list of releases is broken.
    """
    found = []
    for row, release in each_release(folder):
        if isinstance(release, Stored):
            found.append(release)
        else:
            log.warning("left out: %s of version %s: %s", row.url, row.version, release)
    return tuple(found)


def each_release(folder: Path) -> Iterator[tuple[Row, Stored | IndexMissing]]:
    """Every loaded release, the latest load first, or why it can't be read.

    Raises IndexMissing where the list of releases is broken.
    """
    home = home_of(folder)
    found = [(row, _release(home, row)) for row in read(home)]
    if any(isinstance(release, IndexMissing) for _, release in found):
        # a load may have replaced one between the two steps; its own list tells the truth
        found = [(row, _release(home, row)) for row in read(home)]
    yield from found


def _release(home: Path, row: Row) -> Stored | IndexMissing:
    try:
        return Stored(home / row.folder)
    except IndexMissing as error:
        return error


def changed(folder: Path) -> int:
    """A number that is another one once a release has been loaded or dropped; 0 for none."""
    try:
        return (home_of(folder) / LOADED).stat().st_mtime_ns
    except OSError:
        return 0
