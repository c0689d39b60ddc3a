"""A text as a matrix of hashed features, one row a token; all by whole columns, none by token."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger import words as w
from nlp.engines.tagger.abbreviations import short_forms
from nlp.engines.tagger.lexicon import Lexicon
from nlp.engines.tagger.words import TOKEN, Hashes, Words, word_hash

BITS = 22  # a feature's place in the table of weights

_K1, _K2 = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_TITLE = 25  # tokens that may be an article's title
_NONE = 255  # no phrase has this number
_NEAR = (w.LOWER, w.SHAPE, w.PREFIX[1], w.SUFFIX[0], w.SUFFIX[1], w.SUFFIX[2])
_FAR = (w.LOWER, w.SHAPE, w.SUFFIX[1])


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A tokenised text: places of tokens, the columns of each, and its features."""

    places: NDArray[np.int32]  # [n, 2], half-open, code points
    columns: Hashes  # [n, w.COLUMNS]
    features: NDArray[np.int32]  # [n, features], places in the table; 0 where there is none


def encode(text: str, words: Words, lexicon: Lexicon) -> Encoded:
    """The features of every token of a text."""
    found = [m.span() for m in TOKEN.finditer(text)]
    if not found:
        some = encode(".", words, lexicon)  # it has the width of all
        return Encoded(some.places[:0], some.columns[:0], some.features[:0])
    places = np.array(found, np.int32)
    spelled = [text[start:end] for start, end in found]
    kinds = {word: number for number, word in enumerate(dict.fromkeys(spelled))}
    of = np.array([kinds[word] for word in spelled], np.int64)
    table = words.rows(list(kinds))
    columns = table[of]
    alone = lexicon.of_words(table[:, w.LOWER])[of]
    phrase = lexicon.cover(columns[:, w.LOWER])
    given = _Templates(columns, np.column_stack((alone, phrase)).astype(np.uint32))
    given.words()
    given.pairs()
    _layout(given, places)
    _elsewhere(given)
    _abbreviated(given, spelled)
    return Encoded(places, columns, given.matrix())


class _Templates:
    """Collects columns of features, each salted by its number.

    `lexical` [n, facets + 1] tells of the word alone, its last column of the phrase it stands in.
    """

    def __init__(self, columns: Hashes, lexical: Hashes) -> None:
        self.columns = columns
        self.lexical = lexical
        self._parts: list[tuple[Hashes, ...]] = []
        self._always: list[bool] = []
        self._moved: dict[tuple[str, int, int], Hashes] = {}

    def add(self, *parts: Hashes, always: bool = False) -> None:
        """One feature of the parts together; none where the first is 0, unless `always`."""
        self._parts.append(parts)
        self._always.append(always)

    def at(self, column: int, offset: int) -> Hashes:
        """A column of words, moved: row i holds that of token i + offset; 1 outside the text."""
        return self._near("word", self.columns, column, offset)

    def lex(self, column: int, offset: int) -> Hashes:
        """The same of what the lexicon tells."""
        return self._near("lexicon", self.lexical, column, offset)

    def _near(self, name: str, table: Hashes, column: int, offset: int) -> Hashes:
        found = self._moved.get((name, column, offset))
        if found is None:
            found = self._moved[name, column, offset] = moved(table[:, column], offset)
        return found

    def words(self) -> None:
        """Each word by itself, and those near it."""
        for column in range(w.COLUMNS):
            self.add(self.columns[:, column])
        for column in range(self.lexical.shape[1]):
            self.add(self.lexical[:, column], always=True)
        self.add(*(self.lexical[:, c] for c in range(self.lexical.shape[1])), always=True)
        for offset in (-1, 1):
            for column in _NEAR:
                self.add(self.at(column, offset))
            for column in range(self.lexical.shape[1]):
                self.add(self.lex(column, offset), always=True)
        for offset in (-2, 2):
            for column in _FAR:
                self.add(self.at(column, offset))
            self.add(self.lex(0, offset), self.lex(1, offset), always=True)
            self.add(self.lex(3, offset), always=True)
        for offset in (-4, -3, 3, 4):
            self.add(self.at(w.LOWER, offset))

    def pairs(self) -> None:
        """Words side by side."""
        low, shape, end = w.LOWER, w.SHAPE, w.SUFFIX[2]
        for a, b in ((-1, 0), (0, 1), (-1, 1), (-2, -1), (1, 2)):
            self.add(self.at(low, a), self.at(low, b))
            self.add(
                self.lex(1, a),
                self.lex(2, a),
                self.lex(0, b),
                self.lex(1, b),
                self.lex(2, b),
                always=True,
            )
        for a, b in ((-1, 0), (0, 1)):
            self.add(self.at(end, a), self.at(end, b))
            self.add(self.at(shape, a), self.at(shape, b))
            self.add(self.lex(3, a), self.lex(3, b), always=True)
            self.add(self.at(low, a), self.lex(0, b), self.lex(1, b))
            self.add(self.at(low, b), self.lex(0, a), self.lex(1, a))
        self.add(self.at(shape, -1), self.at(shape, 0), self.at(shape, 1))
        self.add(self.at(low, -1), self.at(low, 0), self.at(low, 1))
        self.add(self.at(low, 0), self.lex(3, 0))
        self.add(self.at(w.SUFFIX[1], 0), self.at(shape, 0), self.lex(0, 0))
        self.add(self.lex(3, -1), self.lex(3, 0), self.lex(3, 1), always=True)

    def matrix(self) -> NDArray[np.int32]:
        """All features so far, [n, features]."""
        out = np.empty((len(self._parts), len(self.columns)), np.int32)
        for size in {len(parts) for parts in self._parts}:
            alike = [at for at, parts in enumerate(self._parts) if len(parts) == size]
            out[alike] = self._places(alike, size)
        return out.T

    def _places(self, alike: list[int], size: int) -> Hashes:
        """The places of those features, which have `size` parts each, [features, n]."""
        salts = [0x51ED270B * (at + 1) & 0xFFFFFFFF for at in alike]
        mixed = np.repeat(np.array(salts, np.uint32)[:, None], len(self.columns), axis=1)
        for number in range(size):
            mixed ^= np.stack([self._parts[at][number] for at in alike])
            mixed *= _K1
            mixed ^= mixed >> np.uint32(13)
        mixed *= _K2
        mixed >>= np.uint32(32 - BITS)
        np.maximum(mixed, np.uint32(1), out=mixed)
        for row, at in enumerate(alike):
            if not self._always[at]:
                mixed[row, self._parts[at][0] == 0] = 0
        return mixed


def moved(column: Hashes, offset: int) -> Hashes:
    """Row i holds row i + offset; 1 outside."""
    out = np.ones_like(column)
    if offset == 0:
        return column
    if abs(offset) >= len(column):
        return out
    if offset > 0:
        out[:-offset] = column[offset:]
    else:
        out[-offset:] = column[:offset]
    return out


def _layout(given: _Templates, places: NDArray[np.int32]) -> None:
    """White space and brackets: the run of characters around a token, and its place in it."""
    low, shape = given.columns[:, w.LOWER], given.columns[:, w.SHAPE]
    gap = np.ones(len(low), np.uint32)
    gap[1:] += (places[1:, 0] > places[:-1, 1]).astype(np.uint32)
    run = np.cumsum(gap > 1)
    whole = np.zeros(int(run[-1]) + 1, np.uint32)
    np.add.at(whole, run, low)
    around = whole[run]
    inside = (np.arange(len(low)) - np.searchsorted(run, run)).clip(0, 6).astype(np.uint32)
    following = moved(gap, 1)
    given.add(gap, following)
    given.add(around)
    given.add(around, inside)
    given.add(gap, following, moved(low, -1))
    given.add(gap, following, moved(low, 1))
    given.add(gap, given.at(w.SHAPE, -1), shape, following)
    opened = np.cumsum(low == word_hash("(")) - np.cumsum(low == word_hash(")"))
    given.add(opened.clip(0, 2).astype(np.uint32), shape, always=True)


def _elsewhere(given: _Templates) -> None:
    """What stands beside the same word where it comes before and again in the text."""
    low, phrase = given.columns[:, w.LOWER], given.lexical[:, -1]
    order = np.argsort(low, kind="stable")
    same = low[order[1:]] == low[order[:-1]]
    before, after = np.full(len(low), -1), np.full(len(low), -1)
    before[order[1:]] = np.where(same, order[:-1], -1)
    after[order[:-1]] = np.where(same, order[1:], -1)
    for other in (before, after):
        for offset in (-1, 1):
            for column in (w.LOWER, w.SUFFIX[1]):
                near = given.at(column, offset)[other]
                given.add(np.where(other >= 0, near, np.uint32(0)))
        given.add(np.where(other >= 0, phrase[other], np.uint32(_NONE)), always=True)
    starts = np.flatnonzero(np.concatenate(([True], ~same)))
    runs = np.diff(starts, append=len(low))
    first, count = np.empty(len(low), np.int64), np.empty(len(low), np.uint32)
    first[order] = np.repeat(order[starts], runs)
    count[order] = np.repeat(runs, runs).clip(0, 6)
    early = (first < _TITLE).astype(np.uint32)
    given.add(early, count, given.lexical[:, 0], always=True)


def _abbreviated(given: _Templates, spelled: list[str]) -> None:
    """The last word of the long form, at every short form: "congestive heart failure (CHF)"."""
    ends = {short: last for short, (_, last) in short_forms(spelled).items()}
    last = np.array([ends.get(word, -1) for word in spelled])
    known = last >= 0
    for column in (w.LOWER, w.SUFFIX[1], w.SUFFIX[2]):
        given.add(np.where(known, given.columns[last, column], np.uint32(0)))
    for facet in range(given.lexical.shape[1]):
        given.add(np.where(known, given.lexical[last, facet] + np.uint32(1), np.uint32(0)))
