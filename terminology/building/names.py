"""All that names a concept: what the release says, what people write instead, what tables add."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from terminology.coding.diagnoses import rewrite as diagnoses
from terminology.coding.diagnoses.rewrite import british, clipped, plurals
from terminology.coding.drugs import rewrite as drugs
from terminology.coding.drugs.productnames import missing_names
from terminology.coding.drugs.products import PACKS
from terminology.entry import Entry, Name, Release
from terminology.facts import DATA, rows
from terminology.index import Row
from terminology.systems.icd10cm.alphabetic import indexed
from terminology.types import ICD10CM, RXNORM, TermKind

WAYS = {ICD10CM: diagnoses.ways, RXNORM: drugs.ways}
# the table of further names of a system, and how it calls the column of its codes
SYNONYMS = {
    ICD10CM: ("icd10cm_synonyms.tsv", "code"),
    RXNORM: ("rxnorm_synonyms.tsv", "rxcui"),
}
INDEX = "icd10cm_index.tsv"
AMBIGUOUS = "abbreviation-ambiguous"
LETTERS = re.compile(r"[A-Z]+")
_TRADE = (TermKind.BRAND, TermKind.LAY)


def named(row: Row, release: Release) -> Iterator[tuple[int, Name]]:
    """(concept, name) for all that names a concept of one system."""
    entries = sorted(release.entries, key=lambda entry: entry.code)
    numbers = {entry.code: row.first + number for number, entry in enumerate(entries)}
    for number, name in expand(row.url, entries):
        yield row.first + number, name
    # a table may know more codes than a fragment or the release of another year
    trade = {entry.display.casefold() for entry in entries if entry.tty in ("BN", *PACKS)}
    further = [
        (numbers[code], name)
        for code, name in further_names(row.url)
        # of a brand or a pack that the release has, it knows better what it is
        if code in numbers and not (name.kind in _TRADE and name.text.casefold() in trade)
    ]
    yield from further
    if row.url == ICD10CM:
        yield from _otherwise(further)


def _otherwise(names: list[tuple[int, Name]]) -> Iterator[tuple[int, Name]]:
    """Plurals of lay names and letters, British spellings, clipped cancers: no row of a table."""
    known = {name.text.casefold() for _, name in names}
    for concept, name in names:
        letters = LETTERS.fullmatch(name.text) and name.text[-1] != "S" and not name.ambiguous
        other = [f"{name.text}s"] if letters else [british(name.text)]
        if name.kind is TermKind.LAY and not letters:
            other += [form for text in (name.text, other[0]) for form in plurals(text)]
        for text in filter(None, other):
            if text.casefold() not in known:
                yield concept, replace(name, text=text)
        for text in clipped(name.text):  # nobody misspells two letters
            if text.casefold() not in known:
                yield concept, Name(text, TermKind.INDEX)


def expand(url: str, entries: Sequence[Entry]) -> Iterator[tuple[int, Name]]:
    """(place, name) for every name of entries in the order of their codes, of each none twice."""
    if url == RXNORM:
        yield from missing_names(entries)
    for place, entry in enumerate(entries):
        seen: set[str] = set()
        for name in entry.names:
            for way in WAYS[url](entry, name):
                if (key := way.text.casefold()) not in seen:
                    seen.add(key)
                    yield place, way


def further_names(url: str) -> Iterator[tuple[str, Name]]:
    """(code, name) from every table of a system; a code may be unknown to the loaded release."""
    table, column = SYNONYMS[url]
    meanings: Counter[str] = Counter()
    for term, code, kind in rows(DATA / table, ["term", column, "kind"]):
        if kind == AMBIGUOUS:
            meanings[term.casefold()] += 1
        ambiguous = meanings[term.casefold()]
        yield code, Name(term, TermKind(kind.partition("-")[0]), ambiguous)
    if url == ICD10CM:
        for kind, term, codes in rows(DATA / INDEX, ["kind", "term", "codes"]):
            yield from indexed(kind, term, codes.split())
