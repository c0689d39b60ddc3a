"""Builds the index from the releases, and only when they have changed."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from kernels.fuzzy import FuzzyIndex
from kernels.gazetteer import Gazetteer
from terminology.errors import IndexMissing, SourceError
from terminology.expand import expand
from terminology.index import (
    KINDS,
    REBUILD,
    Array,
    Index,
    Row,
    pack_rows,
    pack_strings,
    phrase_hash,
    phrase_of,
    save,
)
from terminology.source import Entry, Name, Release
from terminology.systems import SYSTEMS

HERE = Path(__file__).parent
KERNELS = HERE.parent / "kernels"
Progress = Callable[[str, int, int], None]
LONGEST = 14  # words of the longest phrase that is looked for in notes


def build(
    folder: Path,
    *,
    icd10cm: Path | None = None,
    rxnorm: Path | None = None,
    progress: Progress | None = None,
) -> bool:
    """Makes the index under `folder`/terminology current; True if it had to be built.

    `icd10cm` and `rxnorm` name release folders in their official formats; None takes what ships.
    `progress` hears (stage, done, total). The new index takes the place of the old in one rename;
    a second process that builds at the same time waits and then finds it done. Raises SourceError.
    """
    home = folder / "terminology"
    folders = {"icd10cm": icd10cm, "rxnorm": rxnorm}
    wanted = _fingerprint(folders)
    if current(folder) == wanted:
        return False
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / "lock"):
        if current(folder) == wanted:
            return False
        target = home / wanted
        shutil.rmtree(target, ignore_errors=True)
        _build(target, folders, progress or _silent)
        pointer = home / "current.new"
        pointer.write_text(wanted)
        pointer.replace(home / "current")
        for old in home.iterdir():
            if old.is_dir() and old != target:
                shutil.rmtree(old, ignore_errors=True)
    return True


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
    return Index(folder / "terminology" / fingerprint)


@cache
def code_version() -> str:
    """A digest of the code and tables that make an index."""
    files = [*HERE.rglob("*.py"), *HERE.glob("data/*.tsv"), *KERNELS.glob("*.py")]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _fingerprint(folders: dict[str, Path | None]) -> str:
    digest = hashlib.sha256()
    for system in SYSTEMS:
        for path in system.files(folders[system.alias]):
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


def _build(target: Path, folders: dict[str, Path | None], progress: Progress) -> None:
    stages = [f"read {system.title}" for system in SYSTEMS]
    stages += ["concepts", "terms", "dictionary", "write"]
    releases = []
    for number, system in enumerate(SYSTEMS):
        progress(stages[number], number, len(stages))
        releases.append(system.read(folders[system.alias]))
    step = len(SYSTEMS)
    progress("concepts", step, len(stages))
    rows, arrays = _concepts(releases)
    progress("terms", step + 1, len(stages))
    terms = [
        (row.first + number, name)
        for row, release in zip(rows, releases, strict=True)
        for number, name in expand(row.url, release.entries)
    ]
    phrases = _terms(terms, arrays)
    progress("dictionary", step + 2, len(stages))
    _dictionaries(rows, terms, phrases, arrays)
    progress("write", step + 3, len(stages))
    save(target, arrays, rows)
    progress("done", len(stages), len(stages))


def _concepts(releases: list[Release]) -> tuple[list[Row], dict[str, Array]]:
    entries: list[Entry] = []
    rows: list[Row] = []
    parents: list[int] = []
    for system, release in zip(SYSTEMS, releases, strict=True):
        first = len(entries)
        own = sorted(release.entries, key=lambda entry: entry.code)
        numbers = {entry.code: first + number for number, entry in enumerate(own)}
        if len(numbers) != len(own):
            raise SourceError(f"{system.title} {release.version}: a code occurs twice")
        parents += [numbers[entry.parent] if entry.parent else -1 for entry in own]
        entries += own
        rows.append(
            Row(
                system.url,
                system.alias,
                system.title,
                release.version,
                release.content,
                release.source,
                first,
                len(entries),
            )
        )
    children: list[list[int]] = [[] for _ in entries]
    for child, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(child)
    encode = msgspec.json.Encoder().encode
    details = [encode((e.designations, e.properties, e.tty, e.drug)).decode() for e in entries]
    return rows, {
        **pack_strings("concept.code", (entry.code for entry in entries)),
        **pack_strings("concept.display", (entry.display for entry in entries)),
        **pack_strings("concept.detail", details),
        **pack_rows("concept.children", children),
        "concept.parent": np.array(parents, np.int32),
        "concept.billable": np.array([entry.billable for entry in entries], np.uint8),
    }


def _terms(terms: list[tuple[int, Name]], arrays: dict[str, Array]) -> list[str]:
    """Adds the term table and the phrases that its terms read as; gives the phrases in order."""
    by_phrase: dict[str, list[int]] = defaultdict(list)
    for number, (_, name) in enumerate(terms):
        by_phrase[phrase_of(name.text)].append(number)
    by_phrase.pop("", None)
    hashes = {phrase: phrase_hash(phrase) for phrase in by_phrase}
    phrases = sorted(by_phrase, key=hashes.__getitem__)
    arrays |= pack_strings("term.text", (name.text for _, name in terms))
    arrays["term.concept"] = np.array([concept for concept, _ in terms], np.uint32)
    arrays["term.kind"] = np.array([KINDS.index(name.kind) for _, name in terms], np.uint8)
    arrays |= pack_strings("phrase.text", phrases)
    arrays |= pack_rows("phrase.terms", (by_phrase[phrase] for phrase in phrases))
    arrays["phrase.hash"] = np.array([hashes[phrase] for phrase in phrases], np.uint64)
    return phrases


def _dictionaries(
    rows: list[Row], terms: list[tuple[int, Name]], phrases: list[str], arrays: dict[str, Array]
) -> None:
    """Adds each system's gazetteer and fuzzy index, with the phrase that each string is."""
    concepts = arrays["term.concept"].astype(np.int64)
    members = arrays["phrase.terms.numbers"].astype(np.int64)
    offsets = arrays["phrase.terms.offsets"].astype(np.int64)
    for row in rows:
        inside = (concepts >= row.first) & (concepts < row.last)
        counts = np.add.reduceat(inside[members].astype(np.int64), offsets[:-1])
        own = np.flatnonzero(counts)
        short = [p for p in own.tolist() if phrases[p].count(" ") < LONGEST]
        arrays |= _kernel(
            f"gazetteer-{row.alias}", Gazetteer.build([phrases[p] for p in short]).arrays()
        )
        arrays[f"gazetteer-{row.alias}.phrase"] = np.array(short, np.uint32)
        near = [p for p in short if len(phrases[p]) <= 60]
        arrays |= _kernel(
            f"fuzzy-{row.alias}", FuzzyIndex.build([phrases[p] for p in near]).arrays()
        )
        arrays[f"fuzzy-{row.alias}.phrase"] = np.array(near, np.uint32)


def _kernel(name: str, arrays: dict[str, Array]) -> dict[str, Array]:
    return {f"{name}/{key}": array for key, array in arrays.items()}
