"""Which releases of a data folder are in use, which index, and where they lie.

terminology/current     the fingerprint of the index, the name of its folder beside this
systems/loaded.json     which releases are in use, the latest load first
systems/<name>-<time>/  one release, never changed once it is in loaded.json
systems/lock            held while a release is loaded or dropped
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from terminology.errors import IndexMissing

LOADED = "loaded.json"


class Row(NamedTuple):
    """A release in loaded.json."""

    folder: str
    url: str
    name: str
    version: str


def current(folder: Path) -> str:
    """The fingerprint of the index that is in use, empty where there is none."""
    try:
        return (folder / "terminology" / "current").read_text()
    except OSError:
        return ""


def home_of(folder: Path) -> Path:
    """Where the releases of a data folder lie."""
    return folder / "systems"


def latest(folder: Path, url: str) -> Path | None:
    """The folder of the release of a system that was loaded last, or None."""
    home = home_of(folder)
    return next((home / row.folder for row in read(home) if row.url == url), None)


def read(home: Path) -> list[Row]:
    """The releases in use; raises IndexMissing where loaded.json is broken."""
    try:
        return [Row(*row) for row in json.loads((home / LOADED).read_text())]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise IndexMissing(f"{LOADED} of the terminology can't be read: {error}") from None


def write(home: Path, rows: list[Row]) -> None:
    """Takes these releases into use, in one rename."""
    new = home / f"{LOADED}.new"
    new.write_text(json.dumps(rows))
    new.replace(home / LOADED)


def sweep(home: Path, used: list[Row], draft: str = "") -> None:
    """Removes the folders of all other releases but a draft's; who has one open keeps it."""
    kept = {draft, *(row.folder for row in used)}
    for each in home.iterdir():
        if each.is_dir() and each.name not in kept:
            shutil.rmtree(each, ignore_errors=True)


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Waits for other loads and drops, and keeps them waiting."""
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
