"""A text as hashed columns, one row a token, and the templates that make features of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger import words as w
from nlp.engines.tagger.abbreviations import short_forms
from nlp.engines.tagger.lexicon import FACETS, Lexicon
from nlp.engines.tagger.words import TOKEN, Hashes, Words, word_hash

BITS = 22  # a feature's place in the table of weights
MARGIN = 4  # rows of ones before and after a text: a neighbour outside of it reads as 1

# The columns after the word's own.
LEXICAL = w.COLUMNS
PHRASE = LEXICAL + FACETS
GAP, AROUND, INSIDE, OPENED = range(PHRASE + 1, PHRASE + 5)
BEFORE, AFTER = OPENED + 1, OPENED + 6  # five columns each
EARLY, COUNT = AFTER + 5, AFTER + 6
LONG_FORM = COUNT + 1
WIDTH = LONG_FORM + 3 + FACETS + 1

_K1, _K2 = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_TITLE = 25  # tokens that may be an article's title
_NONE = 255  # no phrase has this number
_NEAR = (w.LOWER, w.SHAPE, w.PREFIX[1], w.SUFFIX[0], w.SUFFIX[1], w.SUFFIX[2])
_FAR = (w.LOWER, w.SHAPE, w.SUFFIX[1])

Part = tuple[int, int]  # a column, and which token's: so many after this one


@dataclass(frozen=True, slots=True)
class Template:
    """One feature of its parts together; none where the first is 0, unless `always`."""

    parts: tuple[Part, ...]
    always: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A tokenised text: places of tokens, and what is told of each."""

    places: NDArray[np.int32]  # [n, 2], half-open, code points
    padded: Hashes  # [MARGIN + n + MARGIN, WIDTH]
    links: NDArray[np.int32]  # [n, 4]: the word's first token and its tokens, before, after or -1

    @property
    def columns(self) -> Hashes:
        """What is told of each token, [n, WIDTH]."""
        return self.padded[MARGIN : len(self.padded) - MARGIN]

    @property
    def features(self) -> NDArray[np.int32]:
        """Each token's features, [n, features]: places in the table, 0 where there is none."""
        return hashed(self.padded)


def encode(text: str, words: Words, lexicon: Lexicon) -> Encoded:
    """What is told of every token of a text."""
    found = [m.span() for m in TOKEN.finditer(text)]
    places = np.array(found, np.int32).reshape(-1, 2)
    spelled = [text[start:end] for start, end in found]
    padded = np.ones((len(found) + 2 * MARGIN, WIDTH), np.uint32)
    columns = padded[MARGIN : len(padded) - MARGIN]
    columns[:, : w.COLUMNS] = words.rows(spelled)
    low = columns[:, w.LOWER]
    columns[:, LEXICAL:PHRASE] = lexicon.of_words(low)
    columns[:, PHRASE] = lexicon.cover(low)
    links = linked(low)
    if found:
        _layout(columns, places)
        _elsewhere(padded, links)
        _abbreviated(columns, last_words(spelled))
    return Encoded(places, padded, links)


def linked(low: Hashes) -> NDArray[np.int32]:
    """Of each token the word's first token, its tokens, the one before, the one after or -1."""
    count = len(low)
    order = np.argsort(low, kind="stable")
    same = low[order[1:]] == low[order[:-1]]
    links = np.full((count, 4), -1, np.int32)
    if not count:
        return links
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    runs = np.diff(starts, append=count)
    links[order, 0] = np.repeat(order[starts], runs)
    links[order, 1] = np.repeat(runs, runs)
    links[order[1:], 2] = np.where(same, order[:-1], -1)
    links[order[:-1], 3] = np.where(same, order[1:], -1)
    return links


def last_words(spelled: list[str]) -> NDArray[np.int32]:
    """At every short form the last token of its long form, -1 elsewhere, [n]."""
    ends = {short: last for short, (_, last) in short_forms(spelled).items()}
    return np.array([ends.get(word, -1) for word in spelled], np.int32)


def _layout(columns: Hashes, places: NDArray[np.int32]) -> None:
    """White space and brackets: the run of characters around a token, and its place in it."""
    low = columns[:, w.LOWER]
    gap = np.ones(len(low), np.uint32)
    gap[1:] += (places[1:, 0] > places[:-1, 1]).astype(np.uint32)
    run = np.cumsum(gap > 1)
    whole = np.zeros(int(run[-1]) + 1, np.uint32)
    np.add.at(whole, run, low)
    opened = np.cumsum(low == word_hash("(")) - np.cumsum(low == word_hash(")"))
    columns[:, GAP] = gap
    columns[:, AROUND] = whole[run]
    columns[:, INSIDE] = (np.arange(len(low)) - np.searchsorted(run, run)).clip(0, 6)
    columns[:, OPENED] = opened.clip(0, 2)


def _elsewhere(padded: Hashes, links: NDArray[np.int32]) -> None:
    """What stands beside the same word where it comes before and again in the text."""
    columns = padded[MARGIN : len(padded) - MARGIN]
    for first, other in ((BEFORE, links[:, 2]), (AFTER, links[:, 3])):
        known, row = other >= 0, other + MARGIN
        beside = [(offset, c) for offset in (-1, 1) for c in (w.LOWER, w.SUFFIX[1])]
        for at, (offset, column) in enumerate(beside, first):
            columns[:, at] = np.where(known, padded[row + offset, column], 0)
        columns[:, first + 4] = np.where(known, padded[row, PHRASE], _NONE)
    columns[:, EARLY] = links[:, 0] < _TITLE
    columns[:, COUNT] = links[:, 1].clip(0, 6)


def _abbreviated(columns: Hashes, last: NDArray[np.int32]) -> None:
    """The last word of the long form, at every short form: "congestive heart failure (CHF)"."""
    known = last >= 0
    for at, column in enumerate((w.LOWER, w.SUFFIX[1], w.SUFFIX[2]), LONG_FORM):
        columns[:, at] = np.where(known, columns[last, column], 0)
    for facet in range(FACETS + 1):
        told = columns[last, LEXICAL + facet] + np.uint32(1)
        columns[:, LONG_FORM + 3 + facet] = np.where(known, told, 0)


def _word(column: int, offset: int) -> Template:
    return Template(((column, offset),))


def _always(*parts: Part) -> Template:
    return Template(parts, always=True)


def _lexical(offset: int, *facets: int) -> tuple[Part, ...]:
    return tuple((LEXICAL + facet, offset) for facet in facets)


def _words() -> Iterator[Template]:
    """Each word by itself, and those near it."""
    facets = range(FACETS + 1)
    for column in range(w.COLUMNS):
        yield _word(column, 0)
    for facet in facets:
        yield _always(*_lexical(0, facet))
    yield _always(*_lexical(0, *facets))
    for offset in (-1, 1):
        for column in _NEAR:
            yield _word(column, offset)
        for facet in facets:
            yield _always(*_lexical(offset, facet))
    for offset in (-2, 2):
        for column in _FAR:
            yield _word(column, offset)
        yield _always(*_lexical(offset, 0, 1))
        yield _always(*_lexical(offset, 3))
    for offset in (-4, -3, 3, 4):
        yield _word(w.LOWER, offset)


def _pairs() -> Iterator[Template]:
    """Words side by side."""
    low, shape, end = w.LOWER, w.SHAPE, w.SUFFIX[2]
    for a, b in ((-1, 0), (0, 1), (-1, 1), (-2, -1), (1, 2)):
        yield Template(((low, a), (low, b)))
        yield _always(*_lexical(a, 1, 2), *_lexical(b, 0, 1, 2))
    for a, b in ((-1, 0), (0, 1)):
        yield Template(((end, a), (end, b)))
        yield Template(((shape, a), (shape, b)))
        yield _always(*_lexical(a, 3), *_lexical(b, 3))
        yield Template(((low, a), *_lexical(b, 0, 1)))
        yield Template(((low, b), *_lexical(a, 0, 1)))
    yield Template(((shape, -1), (shape, 0), (shape, 1)))
    yield Template(((low, -1), (low, 0), (low, 1)))
    yield Template(((low, 0), *_lexical(0, 3)))
    yield Template(((w.SUFFIX[1], 0), (shape, 0), *_lexical(0, 0)))
    yield _always(*_lexical(-1, 3), *_lexical(0, 3), *_lexical(1, 3))


def _places() -> Iterator[Template]:
    """Where in the text a word stands, here and elsewhere."""
    gap, following = (GAP, 0), (GAP, 1)
    yield Template((gap, following))
    yield _word(AROUND, 0)
    yield Template(((AROUND, 0), (INSIDE, 0)))
    yield Template((gap, following, (w.LOWER, -1)))
    yield Template((gap, following, (w.LOWER, 1)))
    yield Template((gap, (w.SHAPE, -1), (w.SHAPE, 0), following))
    yield _always((OPENED, 0), (w.SHAPE, 0))
    for other in (BEFORE, AFTER):
        for column in range(other, other + 4):
            yield _word(column, 0)
        yield _always((other + 4, 0))
    yield _always((EARLY, 0), (COUNT, 0), *_lexical(0, 0))
    for column in range(LONG_FORM, WIDTH):
        yield _word(column, 0)


TEMPLATES = (*_words(), *_pairs(), *_places())  # a feature's salt is its place here


def salt(number: int) -> int:
    """What tells the features of a template apart from those of others."""
    return 0x51ED270B * (number + 1) & 0xFFFFFFFF


def hashed(padded: Hashes) -> NDArray[np.int32]:
    """The features of every token, [n, features], of columns with their margins."""
    count = len(padded) - 2 * MARGIN
    out = np.empty((len(TEMPLATES), count), np.int32)
    near = {
        (column, offset): padded[MARGIN + offset : MARGIN + offset + count, column].copy()
        for column, offset in dict.fromkeys(part for t in TEMPLATES for part in t.parts)
    }
    for size in {len(t.parts) for t in TEMPLATES}:
        alike = [at for at, t in enumerate(TEMPLATES) if len(t.parts) == size]
        salts = np.array([salt(at) for at in alike], np.uint32)
        mixed = np.repeat(salts[:, None], count, axis=1)
        for number in range(size):
            mixed ^= np.stack([near[TEMPLATES[at].parts[number]] for at in alike])
            mixed *= _K1
            mixed ^= mixed >> np.uint32(13)
        mixed *= _K2
        mixed >>= np.uint32(32 - BITS)
        np.maximum(mixed, np.uint32(1), out=mixed)
        for row, at in enumerate(alike):
            if not TEMPLATES[at].always:
                mixed[row, near[TEMPLATES[at].parts[0]] == 0] = 0
        out[alike] = mixed
    return out.T
