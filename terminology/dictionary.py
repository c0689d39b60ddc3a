"""The dictionary of an index: which of its phrases a text holds, and what they stand for."""

from __future__ import annotations

import re

from kernels.gazetteer import Gazetteer
from kernels.text import tokenize
from terminology.coding.drugs.productnames import MADE
from terminology.coding.drugs.products import TTYS
from terminology.coding.drugs.text import NAMES
from terminology.index import Index, Row
from terminology.types import RXNORM, Hit, Term, TermKind

_AMOUNT = re.compile(r"\d\s?$")
_TRUSTED = {
    kind: rank
    for rank, kind in enumerate(
        (
            TermKind.TITLE,
            TermKind.INGREDIENT,
            TermKind.BRAND,
            TermKind.CLINICAL_DRUG,
            TermKind.LAY,
            TermKind.ABBREVIATION,
            TermKind.INCLUSION,
            TermKind.INDEX,
        )
    )
}


class Dictionary:
    """Finds the phrases of an index in texts. Immutable: threads may share it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._gazetteers = [
            (Gazetteer.from_arrays(index.group(f"gazetteer-{row.alias}")), row)
            for row in index.rows
        ]
        self._tty = memoryview(index.arrays["drug.tty"])  # type: ignore[arg-type]

    def hits(self, text: str) -> list[Hit]:
        """The phrases of a text in order of their start, as Terminology.hits() tells them."""
        index, tokens = self._index, tokenize(text)
        starts, ends = tokens.starts, tokens.ends
        found: dict[tuple[int, int], list[Term]] = {}
        for gazetteer, row in self._gazetteers:
            phrases = index.arrays[f"gazetteer-{row.alias}.phrase"]
            for start, end, phrase in gazetteer.match(tokens).tolist():
                span = int(starts[start]), int(ends[end - 1])
                terms = self._terms(row, int(phrases[phrase]), text[slice(*span)])
                if _AMOUNT.search(text[max(0, span[0] - 9) : span[0]]):
                    terms = [term for term in terms if not term.ambiguous]  # 10 MG, 5 PE
                if terms:
                    found.setdefault(span, []).extend(terms)
        return [Hit(start, end, tuple(terms)) for (start, end), terms in sorted(found.items())]

    def _terms(self, row: Row, phrase: int, quote: str) -> list[Term]:
        """The terms that a quote may stand for, the most trusted kinds first, each code once."""
        index = self._index
        found: dict[str, Term] = {}
        within = [each for each in index.terms_of(phrase) if row.first <= each[0] < row.last]
        if len(within) > 1:
            within.sort(key=lambda each: _TRUSTED[each[1]])
        for concept, kind, term in within:
            text = index.terms[term]
            ambiguous = bool(index.term_ambiguous[term])
            if not ambiguous or text == quote:
                default = index.defaults[concept]
                code = index.codes[default if default >= 0 else concept]
                if row.url == RXNORM and not self._decides(concept - row.first, kind):
                    code = ""
                found.setdefault(code, Term(text, row.url, code, kind, ambiguous))
        return list(found.values())

    def _decides(self, drug: int, kind: TermKind) -> bool:
        """Whether a term of this kind tells the concept: a drug's name tells no strength."""
        return kind not in NAMES or TTYS[self._tty[drug]] not in MADE
