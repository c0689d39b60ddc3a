"""The lexicon of the tagger, from the terminology's own terms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np

from nlp.engines.tagger.lexicon import FACETS, LONGEST, Lexicon, joined
from nlp.engines.tagger.words import TOKEN, word_hash
from terminology.opening import open_index
from terminology.types import ICD10CM, RXNORM, TermKind

# What a phrase is, by its source; the first that holds it counts.
INGREDIENT, BRAND, CHEMICAL, DISEASE, SYMPTOM, DISEASE_NAME, SHORT = range(1, 8)
_DRUG_KINDS = {
    TermKind.INGREDIENT: INGREDIENT,
    TermKind.BRAND: BRAND,
    TermKind.ABBREVIATION: SHORT,
    TermKind.LAY: SHORT,
}
_SINGLE = {INGREDIENT: 1, BRAND: 4, CHEMICAL: 8, SHORT: 0}  # bits of a word that is a whole name
_PART = {INGREDIENT: 2, BRAND: 0, CHEMICAL: 16, SHORT: 0}  # and of one that is a part of a name
_MIXED = 27  # a word whose diseases stand in no one chapter
_PURE = 0.5

Phrase = tuple[tuple[str, ...], int, str]  # words in lower case, kind, code


def build(data: Path) -> Lexicon:
    """The lexicon of the terminology index in a data folder; raises IndexMissing."""
    phrases = [*_indexed(data), *_chemicals()]
    drug: defaultdict[str, int] = defaultdict(int)
    chapters: defaultdict[str, Counter[str]] = defaultdict(Counter)
    heads: Counter[str] = Counter()
    for words, kind, code in phrases:
        if kind in _SINGLE:
            for word in words:
                drug[word] |= _PART[kind] | (_SINGLE[kind] if len(words) == 1 else 0)
        else:
            chapters_of = code[0]
            for word in set(words):
                chapters[word][chapters_of] += 1
            heads[words[-1]] += 1
    table = {}
    for word in sorted({*drug, *chapters}):
        if not word.isalpha() or len(word) < 2:
            continue
        table[word_hash(word)] = (drug[word], *_disease(chapters[word], heads[word]))
    found: dict[int, int] = {}
    for words, kind, _ in sorted(phrases, key=lambda p: (p[1], p[0])):
        if len(words) <= LONGEST and any(len(word) > 1 for word in words):
            rolled = joined(np.array([word_hash(x) for x in words], np.uint32), len(words))
            found.setdefault(int(rolled[0]), kind)
    words_sorted, phrases_sorted = sorted(table), sorted(found)
    return Lexicon(
        words=np.array(words_sorted, np.uint32),
        facets=np.array([table[x] for x in words_sorted], np.uint8).reshape(-1, FACETS),
        phrases=np.array(phrases_sorted, np.uint32),
        kinds=np.array([found[x] for x in phrases_sorted], np.uint8),
    )


def split(text: str) -> tuple[str, ...]:
    """The tokens of a term as a text would have them, in lower case."""
    return tuple(TOKEN.findall(text.lower()))


def _disease(chapters: Counter[str], heads: int) -> tuple[int, int]:
    """The chapter of a word's diseases, and how often it stands in their names and ends them."""
    total = sum(chapters.values())
    if not total:
        return 0, 0
    letter, most = max(chapters.items(), key=lambda item: (item[1], item[0]))
    chapter = ord(letter) - ord("A") + 1 if most >= _PURE * total else _MIXED
    return chapter, 1 + 4 * min(7, total.bit_length() - 1) + min(3, 4 * heads // total)


def _indexed(data: Path) -> Iterator[Phrase]:
    index = open_index(data)
    urls = {row.url: row for row in index.rows}
    texts, codes = index.terms.all(), index.codes.all()
    kinds = tuple(TermKind)
    for number, text in enumerate(texts):
        concept, kind = index.term_concepts[number], kinds[index.term_kinds[number]]
        words = split(text)
        if not words:
            continue
        if urls[RXNORM].first <= concept < urls[RXNORM].last:
            if kind in _DRUG_KINDS:
                yield words, _DRUG_KINDS[kind], codes[concept]
        elif urls[ICD10CM].first <= concept < urls[ICD10CM].last:
            code = codes[concept]
            if code[0] in "VWXYZ" or (code[0] in "ST" and kind is TermKind.TITLE and code[3:]):
                continue
            named = kind in (TermKind.ABBREVIATION, TermKind.LAY)
            yield words, SYMPTOM if code[0] == "R" else DISEASE_NAME if named else DISEASE, code


def _chemicals() -> Iterable[Phrase]:
    """Names of the classification's table of drugs and chemicals."""
    lines = (files("terminology") / "data" / "icd10cm_index.tsv").read_text("utf-8").splitlines()
    for line in lines:
        kind, _, rest = line.partition("\t")
        words = split(rest.partition("\t")[0])
        if kind == "drug" and words and len(words[0]) > 1:
            yield words, CHEMICAL, "T"
