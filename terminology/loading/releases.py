"""The loaded releases of a data folder: load one, drop one.

A release is written into a new folder and taken into use by one rename of loaded.json. Whoever has
the old one open keeps it. A load that breaks off leaves a draft, and a load of the same files goes
on from its last checkpoint; a load of others removes it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from dataclasses import asdict, replace
from pathlib import Path

import msgspec

from terminology.errors import SourceError, UnknownSystem
from terminology.loading import checkpoint
from terminology.loading.draft import Draft
from terminology.loading.lines import Progress, silent
from terminology.loading.register import Row, home_of, locked, read, sweep, write
from terminology.loading.source import Format, Head, Options
from terminology.loading.store import Store
from terminology.makers import code_version
from terminology.types import SystemInfo

_NAME = re.compile(r"[^a-z0-9]+")


def load(
    folder: Path,
    form: Format,
    path: Path,
    options: Options | None = None,
    progress: Progress = silent,
) -> SystemInfo:
    """Loads a release into the data folder; the same system and version are replaced.

    Until the last moment, and if it fails, what was loaded before stays in use. What a load of the
    same files and options did before it was broken off is not done again. Raises SourceError with
    file and line for a broken release, of which nothing is kept.
    """
    if not path.exists():
        raise SourceError(f"{path.name}: no such file or folder")
    home = home_of(folder)
    home.mkdir(parents=True, exist_ok=True)
    with locked(home):
        rows = read(home)
        key = _key(form, path, options or Options())
        # a new name is never one that another process may still open for what had it before
        new = home / f"{_NAME.sub('-', form.name.lower())}-{time.time_ns():x}"
        target = checkpoint.find(home, key) or new
        sweep(home, rows, target.name)
        draft = Draft(target, progress, key)
        try:
            head = draft.once("head", Head, lambda: form.load(path, draft, options or Options()))
            draft.finish(replace(head, name=head.name or form.name))
        except SourceError:
            draft.abandon()
            shutil.rmtree(target, ignore_errors=True)
            raise
        finally:
            draft.abandon()
        info = Store(target).info
        row = Row(target.name, info.url, info.alias, info.version)
        write(
            home,
            [row, *(each for each in rows if (each.url, each.version) != (row.url, row.version))],
        )
        draft.settled()
        sweep(home, read(home))
    return info


def drop(folder: Path, system: str, version: str = "") -> tuple[Row, ...]:
    """Takes the releases of a system (url or name) out of use, all or one version; gives them.

    Raises UnknownSystem where there is none.
    """
    home = home_of(folder)
    if not read(home):
        raise UnknownSystem(system)
    with locked(home):
        rows = read(home)
        dropped = tuple(
            row for row in rows if system in (row.url, row.name) and version in ("", row.version)
        )
        if not dropped:
            raise UnknownSystem(f"{system}|{version}" if version else system)
        write(home, [row for row in rows if row not in dropped])
        sweep(home, read(home))
    return dropped


def _key(form: Format, path: Path, options: Options) -> str:
    """What must be the same for a load to go on: the files' names, sizes and times, and the code.

    Files are told by their metadata, as reading gigabytes twice would cost more than is saved.
    """
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    seen = [(str(each.absolute()), each.stat().st_size, each.stat().st_mtime_ns) for each in files]
    told = msgspec.json.encode([form.name, code_version(), asdict(options), seen])
    return hashlib.sha256(told).hexdigest()
