"""Names of conditions and drugs as notes write them, drawn from the terminology index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from terminology.opening import open_index
from terminology.types import ICD10CM, RXNORM, TermKind

_KINDS = tuple(TermKind)
_WORDY = re.compile(r"[A-Za-z][A-Za-z0-9' -]*")
# What classifications say and notes do not.
_FORMAL = re.compile(
    r"\b(?:unspecified|elsewhere|classified|other|specified|NEC|NOS|encounter|initial|subsequent"
    r"|sequela|due to|with|without|not|counseling|screening|status|and|or|in|by|as)\b",
    re.I,
)
_CHAPTERS = "VWXYZST"
_LONGEST = 4  # words


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Each list in rising order, without repetition."""

    spoken: tuple[str, ...]  # abbreviations and lay names of conditions
    titles: tuple[str, ...]  # of the classification, as far as a note would say them
    ingredients: tuple[str, ...]
    brands: tuple[str, ...]


def read(data: Path) -> Vocabulary:
    """The vocabulary of the terminology index in a data folder; raises IndexMissing."""
    index = open_index(data)
    spans = {row.url: range(row.first, row.last) for row in index.rows}
    found: dict[str, set[str]] = {
        "spoken": set(),
        "titles": set(),
        "ingredients": set(),
        "brands": set(),
    }
    codes = index.codes.all()
    for number, text in enumerate(index.terms.all()):
        kind, concept = _KINDS[index.term_kinds[number]], index.term_concepts[number]
        if not _WORDY.fullmatch(text) or len(text.split()) > _LONGEST:
            continue
        if concept in spans[RXNORM]:
            if kind is TermKind.BRAND:
                found["brands"].add(text)
            elif kind in (TermKind.INGREDIENT, TermKind.LAY, TermKind.ABBREVIATION):
                found["ingredients"].add(text if text.isupper() else text.lower())
        elif concept in spans[ICD10CM] and codes[concept][0] not in _CHAPTERS:
            if kind in (TermKind.LAY, TermKind.ABBREVIATION):
                if not index.term_ambiguous[number]:
                    found["spoken"].add(text)
            elif not _FORMAL.search(text):
                found["titles"].add(text.lower())
    return Vocabulary(**{name: tuple(sorted(terms)) for name, terms in found.items()})
