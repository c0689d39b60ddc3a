"""Builds the index from the releases, and only when they have changed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from kernels.embed import embed
from kernels.fuzzy import FuzzyIndex
from kernels.gazetteer import Gazetteer
from kernels.scan import Scan
from terminology import hierarchy, register
from terminology.coding import spelling, weigh
from terminology.coding.defaults import defaults
from terminology.coding.diagnoses import TRUST
from terminology.coding.drugtext import NAMES
from terminology.coding.expand import british, expand, plurals
from terminology.coding.products import arrays_of
from terminology.coding.rank import Ranker, stem
from terminology.coding.tables import further_names, plain_words
from terminology.coding.weigh import DIM
from terminology.draft import MANIFEST
from terminology.errors import SourceError
from terminology.index import (
    KINDS,
    Array,
    Row,
    Rows,
    pack_rows,
    pack_strings,
    phrase_hash,
    phrase_of,
    save,
)
from terminology.opening import code_version, current
from terminology.source import Entry, Name, Release
from terminology.store import Store
from terminology.systems import SYSTEMS
from terminology.types import ICD10CM, RXNORM, Property, TermKind

Progress = Callable[[str, int, int], None]
LONGEST = 14  # words of the longest phrase that is looked for in notes
SAID = (TermKind.LAY, TermKind.ABBREVIATION)  # what people call a code
SPELLED = 64  # characters of the longest phrase that is compared letter by letter


def build(
    folder: Path,
    *,
    icd10cm: Path | None = None,
    rxnorm: Path | None = None,
    progress: Progress | None = None,
) -> bool:
    """Makes the index under `folder`/terminology current; True if it had to be built.

    `icd10cm` and `rxnorm` name release folders in their official formats; None takes the release
    that was loaded last, or what ships where none was.
    `progress` hears (stage, done, total). The new index takes the place of the old in one rename;
    a second process that builds at the same time waits and then finds it done. Raises SourceError.
    """
    home = folder / "terminology"
    sources = _sources(folder, {"icd10cm": icd10cm, "rxnorm": rxnorm})
    wanted = _fingerprint(sources)
    if current(folder) == wanted:
        return False
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


def _sources(folder: Path, named: dict[str, Path | None]) -> list[Source]:
    """What each system is read from, in the order of SYSTEMS."""
    sources = []
    for system in SYSTEMS:
        own = named[system.alias]
        release = register.latest(folder, system.url) if own is None else None
        if release is not None:
            source = Source((release / MANIFEST,), partial(_released, release))
        else:
            source = Source(tuple(system.files(own)), partial(system.read, own))
        sources.append(source)
    return sources


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
    read = []
    for number, source in enumerate(sources):
        progress(stages[number], number, len(stages))
        read.append(source.read())
    step = len(SYSTEMS)
    progress("concepts", step, len(stages))
    rows, arrays = _concepts(read)
    progress("terms", step + 1, len(stages))
    terms = [term for row, release in zip(rows, read, strict=True) for term in _names(row, release)]
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
    meant: list[int] = []
    for system, release in zip(SYSTEMS, releases, strict=True):
        first = len(entries)
        own = sorted(release.entries, key=lambda entry: entry.code)
        numbers = {entry.code: first + number for number, entry in enumerate(own)}
        if len(numbers) != len(own):
            raise SourceError(f"{system.title} {release.version}: a code occurs twice")
        meant += [first + each if each >= 0 else -1 for each in defaults(own)]
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
    drugs: dict[str, Array] = {}
    listed: dict[str, Array] = {}
    for row in rows:
        codes = "\n".join(entry.code for entry in entries[row.first : row.last])
        listed[f"codes.{row.alias}"] = np.frombuffer(codes.encode(), np.uint8)
        used = (each for entry in entries[row.first : row.last] for each in entry.properties)
        declared = json.dumps(list(dict.fromkeys((each.code, each.kind) for each in used)))
        listed[f"declared.{row.alias}"] = np.frombuffer(declared.encode(), np.uint8)
        if row.url == RXNORM:
            drugs = arrays_of(entries[row.first : row.last], row.first)
    above = np.array(parents, np.int32)
    below = np.flatnonzero(above >= 0).astype(np.uint32)
    tree = hierarchy.build(len(entries), below, above[below].astype(np.uint32))
    return rows, {
        **drugs,
        **pack_strings("concept.code", (entry.code for entry in entries)),
        **pack_strings("concept.display", (entry.display for entry in entries)),
        **_details(entries),
        **listed,
        # no file may be empty
        "concept.children.numbers": tree["children"] if len(below) else np.zeros(1, np.uint32),
        "concept.children.offsets": tree["child_offsets"],
        "concept.first": tree["first"],
        "concept.last": tree["last"],
        "concept.parent": above,
        "concept.default": np.array(meant, np.int32),
        "concept.billable": np.array([entry.billable for entry in entries], np.uint8),
    }


def _details(entries: list[Entry]) -> dict[str, Array]:
    """What else is known of the concepts, as JSON; many have the same list of properties."""
    encode = msgspec.json.Encoder().encode
    places: dict[tuple[Property, ...], int] = {}
    told = [places.setdefault(entry.properties, len(places)) for entry in entries]
    return {
        **pack_strings("properties", (encode(each).decode() for each in places)),
        "concept.properties": np.array(told, np.uint32),
        **pack_strings("concept.designations", (encode(e.designations).decode() for e in entries)),
        **pack_strings("concept.made", (encode((e.tty, e.drug)).decode() for e in entries)),
    }


def _names(row: Row, release: Release) -> Iterator[tuple[int, Name]]:
    """(concept, name) for all that names a concept of one system."""
    entries = sorted(release.entries, key=lambda entry: entry.code)
    numbers = {entry.code: row.first + number for number, entry in enumerate(entries)}
    for number, name in expand(row.url, entries):
        yield row.first + number, name
    # a table may know more codes than a fragment or the release of another year
    further = [(numbers[code], name) for code, name in further_names(row.url) if code in numbers]
    yield from further
    if row.url == ICD10CM:
        yield from _otherwise(further)


_LETTERS = re.compile(r"[A-Z]+")


def _otherwise(names: list[tuple[int, Name]]) -> Iterator[tuple[int, Name]]:
    """The plurals of lay names and letters, and British spellings, that no row of a table is."""
    told = {name.text.casefold() for _, name in names}
    for concept, name in names:
        letters = _LETTERS.fullmatch(name.text) and name.text[-1] != "S" and not name.ambiguous
        other = [f"{name.text}s"] if letters else [british(name.text)]
        if name.kind is TermKind.LAY and not letters:
            other += [form for text in (name.text, other[0]) for form in plurals(text)]
        for text in filter(None, other):
            if text.casefold() not in told:
                yield concept, replace(name, text=text)


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
    arrays["term.ambiguous"] = np.array([name.ambiguous for _, name in terms], np.uint8)
    arrays |= pack_strings("phrase.text", phrases)
    arrays |= pack_rows("phrase.terms", (by_phrase[phrase] for phrase in phrases))
    arrays["phrase.hash"] = np.array([hashes[phrase] for phrase in phrases], np.uint64)
    return phrases


def _dictionaries(
    rows: list[Row], terms: list[tuple[int, Name]], phrases: list[str], arrays: dict[str, Array]
) -> None:
    """Adds the kernels' indexes: what is looked for in notes, and what match() goes through."""
    concepts = arrays["term.concept"].astype(np.int64)
    kinds = np.array([name.kind in NAMES for _, name in terms])
    # of codes with a 7th character only what people call them: their titles are those above
    said = np.array([name.kind in SAID for _, name in terms])
    whole = said | (np.diff(arrays["concept.code.offsets"].astype(np.int64))[concepts] < 8)
    for row in rows:
        inside = (concepts >= row.first) & (concepts < row.last)
        short = [p for p in _having(inside, arrays) if phrases[p].count(" ") < LONGEST]
        arrays |= _kernel(
            f"gazetteer-{row.alias}", Gazetteer.build([phrases[p] for p in short]).arrays()
        )
        arrays[f"gazetteer-{row.alias}.phrase"] = np.array(short, np.uint32)
        if row.url == ICD10CM:
            worded = _having(inside & whole, arrays)
            ranked = Ranker.build([phrases[p] for p in worded])
            arrays |= _kernel("words", ranked)
            weigh.build(ranked, worded, arrays)
            arrays |= pack_rows("words.terms", _meant(ranked, worded, row, arrays))
            # nobody misspells the book, and letters misspelt are other letters
            spelt = np.array(
                [n.kind is not TermKind.INDEX and not _LETTERS.fullmatch(n.text) for _, n in terms]
            )
            own = _having(inside & whole & spelt, arrays)
            own = [p for p in own if len(phrases[p]) <= SPELLED]
            arrays["spelled.phrase"] = np.array(own, np.uint32)
            near = [phrases[p] for p in own]
            arrays |= _kernel("spelled", FuzzyIndex.build(near).arrays())
            arrays |= _kernel("grams", Scan.build(embed(near, DIM)).arrays())
        else:
            named = _having(inside & kinds, arrays)
            texts = [phrases[p] for p in named]
            arrays |= _kernel("names", Gazetteer.build(texts).arrays())
            arrays |= _kernel("names-fuzzy", FuzzyIndex.build(texts).arrays())
            arrays |= spelling.arrays_of(texts)
            arrays |= pack_strings("plain", sorted(set(map(stem, plain_words()))))
            arrays["names.phrase"] = np.array(named, np.uint32)
            drugs = [p for p in _having(inside & ~kinds, arrays) if len(phrases[p]) <= SPELLED]
            arrays |= _kernel("drugs-fuzzy", FuzzyIndex.build([phrases[p] for p in drugs]).arrays())
            arrays["drugs.phrase"] = np.array(drugs, np.uint32)


def _meant(
    ranked: dict[str, Array], phrases: list[int], row: Row, arrays: dict[str, Array]
) -> Iterator[list[int]]:
    """For each set of words the terms that have it: of each concept the most trusted one."""
    alike = Rows(ranked["alike.numbers"], ranked["alike.offsets"])
    terms = Rows(arrays["phrase.terms.numbers"], arrays["phrase.terms.offsets"])
    concepts, kinds = arrays["term.concept"].tolist(), arrays["term.kind"].tolist()
    for place in range(len(alike)):
        own = [term for phrase in alike[place] for term in terms[phrases[phrase]]]
        own.sort(key=lambda term: (-TRUST[kinds[term]][1], term), reverse=True)
        best = {concepts[term]: term for term in own if row.first <= concepts[term] < row.last}
        yield sorted(best.values())


def _having(chosen: NDArray[np.bool_], arrays: dict[str, Array]) -> list[int]:
    """The phrases that some of the chosen terms read as."""
    members = arrays["phrase.terms.numbers"].astype(np.int64)
    starts = arrays["phrase.terms.offsets"].astype(np.int64)[:-1]
    return np.flatnonzero(np.add.reduceat(chosen[members].astype(np.int64), starts)).tolist()


def _kernel(name: str, arrays: dict[str, Array]) -> dict[str, Array]:
    return {f"{name}/{key}": array for key, array in arrays.items()}
