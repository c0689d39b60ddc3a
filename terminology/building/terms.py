"""The terms of an index: all that names a concept, and the phrases that they read as."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from terminology.coding.expand import british, expand, plurals
from terminology.coding.tables import further_names
from terminology.index import (
    KINDS,
    Array,
    Row,
    pack_rows,
    pack_strings,
    phrase_hash,
    phrase_of,
)
from terminology.source import Name, Release
from terminology.types import ICD10CM, TermKind


def named(row: Row, release: Release) -> Iterator[tuple[int, Name]]:
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


LETTERS = re.compile(r"[A-Z]+")


def _otherwise(names: list[tuple[int, Name]]) -> Iterator[tuple[int, Name]]:
    """The plurals of lay names and letters, and British spellings, that no row of a table is."""
    told = {name.text.casefold() for _, name in names}
    for concept, name in names:
        letters = LETTERS.fullmatch(name.text) and name.text[-1] != "S" and not name.ambiguous
        other = [f"{name.text}s"] if letters else [british(name.text)]
        if name.kind is TermKind.LAY and not letters:
            other += [form for text in (name.text, other[0]) for form in plurals(text)]
        for text in filter(None, other):
            if text.casefold() not in told:
                yield concept, replace(name, text=text)


def terms_of(terms: list[tuple[int, Name]], arrays: dict[str, Array]) -> list[str]:
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
