"""The loaded releases of a data folder: load, list, drop, open.

    systems/loaded.json     which releases are in use, newest first
    systems/<name>-<time>/  one release, never changed once it is in loaded.json
    systems/lock            held while a release is loaded or dropped

A release is written into a new folder and taken into use by one rename of loaded.json. Whoever has
the old one open keeps it; a load that breaks off leaves a folder that the next load removes.
"""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from terminology.draft import Draft
from terminology.errors import IndexMissing, SourceError, UnknownSystem
from terminology.lines import Progress, silent
from terminology.source import Format, Options
from terminology.stored import Stored
from terminology.types import SystemInfo

LOADED = "loaded.json"
_NAME = re.compile(r"[^a-z0-9]+")


class Row(NamedTuple):
    """A release in loaded.json."""

    folder: str
    url: str
    name: str
    version: str


def load(
    folder: Path,
    form: Format,
    path: Path,
    options: Options | None = None,
    progress: Progress = silent,
) -> SystemInfo:
    """Loads a release into the data folder; the same system and version are replaced.

    Until the last moment, and if it fails, what was loaded before stays in use. Raises SourceError
    with file and line for a broken release.
    """
    if not path.exists():
        raise SourceError(f"{path.name}: no such file or folder")
    home = folder / "systems"
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home):
        rows = _read(home)
        _sweep(home, rows)
        # never a name that another process may still open for what had it before
        target = home / f"{_NAME.sub('-', form.name.lower())}-{time.time_ns():x}"
        draft = Draft(target, progress)
        try:
            head = form.load(path, draft, options or Options())
            draft.finish(replace(head, name=head.name or form.name))
        finally:
            draft.abandon()
            if not (target / "manifest.json").exists():
                shutil.rmtree(target, ignore_errors=True)
        info = Stored(target).info
        row = Row(target.name, info.url, info.alias, info.version)
        _write(
            home,
            [row, *(each for each in rows if (each.url, each.version) != (row.url, row.version))],
        )
        _sweep(home, _read(home))
    return info


def opened(folder: Path) -> tuple[Stored, ...]:
    """Every loaded release, the latest load first."""
    home = folder / "systems"
    try:
        return tuple(Stored(home / row.folder) for row in _read(home))
    except IndexMissing:
        # a load may have replaced one between the two steps; its own list tells the truth
        return tuple(Stored(home / row.folder) for row in _read(home))


def latest(folder: Path, url: str) -> Path | None:
    """The folder of the release of a system that was loaded last, or None."""
    home = folder / "systems"
    return next((home / row.folder for row in _read(home) if row.url == url), None)


def drop(folder: Path, system: str, version: str = "") -> tuple[Row, ...]:
    """Takes the releases of a system (url or name) out of use, all or one version; gives them.

    Raises UnknownSystem where there is none.
    """
    home = folder / "systems"
    if not _read(home):
        raise UnknownSystem(system)
    with _locked(home):
        rows = _read(home)
        dropped = tuple(
            row for row in rows if system in (row.url, row.name) and version in ("", row.version)
        )
        if not dropped:
            raise UnknownSystem(f"{system}|{version}" if version else system)
        _write(home, [row for row in rows if row not in dropped])
        _sweep(home, _read(home))
    return dropped


def _read(home: Path) -> list[Row]:
    try:
        return [Row(*row) for row in json.loads((home / LOADED).read_text())]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise IndexMissing(f"{LOADED} of the terminology can't be read: {error}") from None


def _write(home: Path, rows: list[Row]) -> None:
    new = home / f"{LOADED}.new"
    new.write_text(json.dumps(rows))
    new.replace(home / LOADED)


def _sweep(home: Path, used: list[Row]) -> None:
    kept = {row.folder for row in used}
    for each in home.iterdir():
        if each.is_dir() and each.name not in kept:
            shutil.rmtree(each, ignore_errors=True)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
