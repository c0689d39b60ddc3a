"""Makes the index current: from which releases, and only when they have changed."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from terminology.building.concepts import concepts_of
from terminology.building.dictionaries import dictionaries_of
from terminology.building.names import named
from terminology.building.othernames import othernames_of
from terminology.building.terms import terms_of
from terminology.entry import Release
from terminology.errors import IndexMissing
from terminology.index import Index, save
from terminology.loading.layout import MANIFEST
from terminology.loading.register import current, home_of, latest, read
from terminology.loading.store import Store
from terminology.makers import code_version
from terminology.systems import SYSTEMS

log = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]


def build(
    folder: Path,
    *,
    icd10cm: Path | None = None,
    rxnorm: Path | None = None,
    progress: Progress | None = None,
) -> bool:
    """Makes the index under `folder`/terminology current; True if it had to be built.

    `icd10cm` and `rxnorm` name release folders in their official formats; None takes the release
    that was loaded last and can be read, or what ships where none was.
    `progress` hears (stage, done, total). The new index takes the place of the old in one rename;
    a second process that builds at the same time waits and then finds it done. Raises SourceError.
    """
    home = folder / "terminology"
    given = {"icd10cm": icd10cm, "rxnorm": rxnorm}
    if current(folder) == _fingerprint(_sources(folder, given, latest)):
        return False
    sources = _sources(folder, given, _readable)
    wanted = _fingerprint(sources)
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / "lock"):
        if current(folder) == wanted:
            return False
        target = home / wanted
        shutil.rmtree(target, ignore_errors=True)
        _build(target, sources, progress or _silent)
        pointer = home / "current.new"
        pointer.write_text(wanted)
        pointer.replace(home / "current")
        for old in home.iterdir():
            if old.is_dir() and old != target:
                shutil.rmtree(old, ignore_errors=True)
    return True


@dataclass(frozen=True, slots=True)
class Source:
    """Where a system is read from: the files that tell of a change, and how it is read."""

    files: tuple[Path, ...]
    read: Callable[[], Release]


def _sources(
    folder: Path, named: dict[str, Path | None], loaded: Callable[[Path, str], Path | None]
) -> list[Source]:
    """What each system is read from, in the order of SYSTEMS; `loaded` gives a loaded release."""
    sources = []
    for system in SYSTEMS:
        own = named[system.alias]
        release = loaded(folder, system.url) if own is None else None
        if release is not None:
            source = Source((release / MANIFEST,), partial(_released, release))
        else:
            source = Source(tuple(system.files(own)), partial(system.read, own))
        sources.append(source)
    return sources


def _readable(folder: Path, url: str) -> Path | None:
    """The folder of the release of a system that was loaded last and can be read, or None."""
    home = home_of(folder)
    for row in read(home):
        if row.url == url:
            try:
                return Store(home / row.folder).folder
            except IndexMissing as error:
                log.warning("not indexed: %s of version %s: %s", url, row.version, error)
    return None


def _released(release: Path) -> Release:
    return Store(release).release()


def _fingerprint(sources: list[Source]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        for path in source.files:
            stat = path.stat()
            digest.update(f"{path.absolute()} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return f"{code_version()}-{digest.hexdigest()[:12]}"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _build(target: Path, sources: list[Source], progress: Progress) -> None:
    stages = [f"read {system.title}" for system in SYSTEMS]
    stages += ["concepts", "terms", "dictionary", "write"]
    given = []
    for number, source in enumerate(sources):
        progress(stages[number], number, len(stages))
        given.append(source.read())
    step = len(SYSTEMS)
    progress("concepts", step, len(stages))
    rows, arrays = concepts_of(given)
    progress("terms", step + 1, len(stages))
    terms = [term for row, release in zip(rows, given, strict=True) for term in named(row, release)]
    phrases = terms_of(terms, arrays)
    progress("dictionary", step + 2, len(stages))
    dictionaries_of(rows, terms, phrases, arrays)
    arrays |= othernames_of(Index(rows, arrays))
    progress("write", step + 3, len(stages))
    save(target, arrays, rows)
    progress("done", len(stages), len(stages))
