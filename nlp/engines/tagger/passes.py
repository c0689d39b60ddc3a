"""The passes of the tagger over a text: the compiled ones, or those of NumPy and MLX."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernels import tagger as compiled
from nlp.engines.tagger import assertions
from nlp.engines.tagger import features as f
from nlp.engines.tagger.decode import decode
from nlp.engines.tagger.features import Encoded, encode
from nlp.engines.tagger.forward_numpy import Scores
from nlp.engines.tagger.lexicon import Lexicon
from nlp.engines.tagger.model import Chain, Table
from nlp.engines.tagger.tags import KINDS, MAY_FOLLOW, Mention
from nlp.engines.tagger.words import LOWER, Words, word_hash

Found = list[tuple[Mention, float]]
Pass = Callable[[NDArray[np.int32]], Scores]
Forward = Callable[[Scores], Pass]  # the weights, then the features as rows of them

# Something in brackets that could be a short form.
_BRACKETED = re.compile(r"\(\s*[^\W\d_]{2,8}\s*[);,]")


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """Columns to scores of tags, and those to mentions, for one genre."""

    score: Callable[[Encoded], Scores]
    mentions: Callable[[Scores, Encoded], Found]


def reader(lexicon: Lexicon) -> Callable[[str], Encoded]:
    """What tells of every token of a text: compiled where that can be used, else NumPy's."""
    words = Words()
    if not compiled.available():
        return lambda text: encode(text, words, lexicon)
    brackets = (word_hash("("), word_hash(")"))
    columns = compiled.Columns(
        lexicon.words, lexicon.facets, lexicon.phrases, lexicon.kinds, brackets
    )

    def read(text: str) -> Encoded:
        raw = compiled.narrow(text)
        places = compiled.split(raw)
        known = last = None
        if not text.isascii():
            some = compiled.beyond(raw, places)
            known = some, words.rows([text[start:end] for start, end in places[some].tolist()])
        if _BRACKETED.search(text):
            last = f.last_words([text[start:end] for start, end in places.tolist()])
        return Encoded(places, *columns(raw, places, known, last))

    return read


def scorer(chain: Chain, forward: Forward | None) -> Scorer:
    """The passes with a genre's weights; compiled where no `forward` is given."""
    if forward is not None:
        return _plain(chain, forward)
    templates = [
        (f.salt(number), each.always, tuple(at * f.WIDTH + column for column, at in each.parts))
        for number, each in enumerate(f.TEMPLATES)
    ]
    sums = compiled.Sums(templates, chain.table.places, chain.table.weights)
    decoder = compiled.Decoder(chain.transitions, MAY_FOLLOW)

    def mentions(scores: Scores, encoded: Encoded) -> Found:
        found = decoder(scores, encoded.links, chain.bias, chain.agreement)
        return [((first, last, KINDS[kind]), chance) for first, last, kind, chance in found]

    return Scorer(lambda encoded: sums(encoded.padded), mentions)


def claimer(table: Table) -> Callable[[Encoded, NDArray[np.int32]], Scores]:
    """What the words around mentions say is claimed of them, [mentions, outcomes]."""
    if compiled.available():
        claims = compiled.Claims(table.places, table.weights, assertions.STOPS)
        return lambda encoded, mentions: claims(encoded.padded, mentions)
    return lambda encoded, mentions: table.weights[
        table.find(assertions.around(encoded.columns[:, LOWER], mentions))
    ].sum(1)


def _plain(chain: Chain, forward: Forward) -> Scorer:
    rows, summed = chain.table.rows(), forward(chain.table.weights)
    return Scorer(
        lambda encoded: summed(rows.take(encoded.features)),
        lambda scores, encoded: decode(
            scores.astype(np.float64),
            chain.transitions,
            encoded.columns,
            bias=chain.bias,
            agreement=chain.agreement,
        ),
    )
