"""Text to code by names that were left out: inclusion terms, lay phrases, the alphabetic index.

One name in nine is taken from the index of text and asked for; the code, its billable default, or
the category that it is the default of counts. The reference is rapidfuzz over the names that stay.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from race import claim
from rapidfuzz import fuzz, process

from terminology.building import build as load
from terminology.building import names
from terminology.entry import Entry, Name
from terminology.index import phrase_of
from terminology.service import Terminology
from terminology.types import ICD10CM, TermKind

KEPT = (TermKind.TITLE, TermKind.ABBREVIATION)
SHARE = 9
COUNT = 100  # of each kind
LONGEST = 70  # characters: longer phrases nobody writes


class Held:
    """Takes names out while an index is built, and remembers them by kind: phrase, codes."""

    def __init__(self) -> None:
        self.taken: dict[TermKind, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._expand, self._further = names.expand, names.further_names

    def _keeps(self, code: str, name: Name) -> bool:
        digest = hashlib.sha256(phrase_of(name.text).encode()).digest()
        if name.kind in KEPT or digest[0] % SHARE:
            return True
        self.taken[name.kind][name.text].add(code)
        return False

    def expand(self, url: str, entries: Sequence[Entry]) -> Iterator[tuple[int, Name]]:
        """What expand gives, without what is held."""
        if url == ICD10CM:
            entries = [
                replace(each, names=tuple(n for n in each.names if self._keeps(each.code, n)))
                for each in entries
            ]
        return self._expand(url, entries)

    def further(self, url: str) -> Iterator[tuple[str, Name]]:
        """What further_names gives, without what is held."""
        for code, name in self._further(url):
            if url != ICD10CM or self._keeps(code, name):
                yield code, name


def accepted(terminology: Terminology, codes: set[str]) -> set[str]:
    """The codes, their billable defaults, and the categories that one is the default of."""
    found = set(codes)
    for code in codes:
        found |= {terminology.default(code)} - {""}
        above = code[:-1].rstrip(".")
        while len(above) >= 3:
            if terminology.exists(ICD10CM, above) and terminology.default(above) == code:
                found.add(above)
            above = above[:-1].rstrip(".")
    return found


def main() -> None:
    """Prints one line a claim."""
    held = Held()
    names.expand, names.further_names = held.expand, held.further
    draw = random.Random(11)  # noqa: S311 - a sample
    with tempfile.TemporaryDirectory() as place:
        load.build(Path(place))
        terminology = Terminology.open(Path(place))
        index = terminology.index
        row = next(row for row in index.rows if row.url == ICD10CM)
        concepts: dict[str, int] = {}
        for term, concept in enumerate(index.term_concepts):
            if row.first <= concept < row.last and len(index.codes[concept]) < 8:
                concepts.setdefault(phrase_of(index.terms[term]), concept)
        known = list(concepts)
        for kind, taken in held.taken.items():
            phrases = sorted(each for each in taken if len(each) <= LONGEST)
            wrong = {"first": 0.0, "among five": 0.0, "rapidfuzz": 0.0}
            asked = draw.sample(phrases, min(COUNT, len(phrases)))
            for phrase in asked:
                good = accepted(terminology, taken[phrase])
                codes = [match.code for match in terminology.match(phrase, ICD10CM, 5)]
                wrong["first"] += not good & {*codes[:1]}
                wrong["among five"] += not good & {*codes}
                best = process.extractOne(phrase_of(phrase), known, scorer=fuzz.WRatio)[0]
                wrong["rapidfuzz"] += index.codes[concepts[best]] not in good
            theirs = wrong["rapidfuzz"]
            which = f"of {len(asked)} held {kind.value} names"
            claim(f"{which}, another code first", wrong["first"], theirs, "names")
            claim(f"{which}, none of five codes right", wrong["among five"], theirs, "names")


if __name__ == "__main__":
    main()
