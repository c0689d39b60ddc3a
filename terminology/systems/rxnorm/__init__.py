"""RxNorm: an official release, any listing of it, or the fragment that ships."""

from __future__ import annotations

from pathlib import Path

from terminology.entry import Release
from terminology.systems.rxnorm import listing, release, rrf, starter

load = release.load


def files(folder: Path | None) -> tuple[Path, ...]:
    """What read() reads; raises SourceError that names a file that is missing."""
    if folder is None:
        return (starter.TABLE,)
    table = listing.find(folder)
    return rrf.files(folder) if table is None else (table,)


def read(folder: Path | None) -> Release:
    """The whole release in memory; raises SourceError, with file and line."""
    if folder is None:
        return starter.read()
    table = listing.find(folder)
    return release.read(folder) if table is None else listing.read(table)
