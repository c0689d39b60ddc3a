"""The index that is in use: which one it is, whether this code made it, and opening it."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from terminology.errors import IndexMissing
from terminology.index import REBUILD, Index

HERE = Path(__file__).parent
KERNELS = HERE.parent / "kernels"
_MAKERS = """
checkpoint columndraft draft hierarchy index lines load opening register rrf sniff source store
tables types
"""
MAKERS = tuple(_MAKERS.split())  # what an index is made by, with all of ROOMS
ROOMS = ("building", "coding", "systems")


def current(folder: Path) -> str:
    """The fingerprint of the index that is in use, empty where there is none."""
    try:
        return (folder / "terminology" / "current").read_text()
    except OSError:
        return ""


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
    return Index(folder)


@cache
def code_version() -> str:
    """A digest of the code and tables that make an index."""
    files = [HERE / f"{name}.py" for name in MAKERS]
    files += [path for room in ROOMS for path in HERE.glob(f"{room}/**/*.py")]
    files += [*HERE.glob("data/*.tsv"), *KERNELS.glob("*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
