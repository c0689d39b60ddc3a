"""The kernels' indexes: what is looked for in notes, and what match() goes through."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kernels.embed import embed
from kernels.fuzzy import FuzzyIndex
from kernels.gazetteer import Gazetteer
from kernels.scan import Scan
from terminology.building.names import LETTERS
from terminology.coding.canonical import stem
from terminology.coding.diagnoses import codewords
from terminology.coding.diagnoses.naming import TRUST
from terminology.coding.diagnoses.rank import Ranker
from terminology.coding.diagnoses.weigh import DIM
from terminology.coding.drugs.misspelt import arrays_of as sounds_of
from terminology.coding.drugs.text import NAMES
from terminology.coding.plain import plain_words
from terminology.entry import Name
from terminology.index import (
    Array,
    Row,
    Rows,
    pack_rows,
    pack_strings,
)
from terminology.types import ICD10CM, TermKind

LONGEST = 14  # words of the longest phrase that is looked for in notes
SAID = (TermKind.LAY, TermKind.ABBREVIATION)  # what people call a code
SPELLED = 64  # characters of the longest phrase that is compared letter by letter


def dictionaries_of(
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
            codewords.build(ranked, worded, arrays)
            arrays |= pack_rows("words.terms", _meant(ranked, worded, row, arrays))
            # nobody misspells the book, and letters misspelt are other letters
            spelt = np.array(
                [n.kind is not TermKind.INDEX and not LETTERS.fullmatch(n.text) for _, n in terms]
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
            arrays |= sounds_of(texts)
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
