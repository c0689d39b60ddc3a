"""The engine "tagger": mentions by a trained chain of tags, assertion by a trained classifier."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nlp.engines.tagger import assertions
from nlp.engines.tagger.features import Encoded
from nlp.engines.tagger.forward_numpy import Scores
from nlp.engines.tagger.model import Genre, Model
from nlp.engines.tagger.passes import Forward, Found, claimer, reader, scorer
from nlp.engines.tagger.tags import Mention
from nlp.places import key_at
from nlp.types import Assertion, Candidate, Document


class Tagger:
    """Holds weights and the columns of words seen; thread-safe."""

    name = "tagger"

    def __init__(self, model: Model, forward: Forward | None) -> None:
        """`forward` is a pass for a device of its own; without one the compiled passes serve."""
        self.model = model.name
        self._model = model
        self._read = reader(model.lexicon)
        self._claims = claimer(model.assertion)
        # A genre that is never read costs no memory.
        self._opened = lru_cache(maxsize=None)(lambda genre: scorer(model.chains[genre], forward))

    def extract(self, document: Document) -> list[Candidate]:
        """Conditions and drugs of a clinical note in order of their place, each with assertion."""
        encoded, found = self._mentions(document.text, "note")
        said = self._assertions(document, encoded, [mention for mention, _ in found])
        return [
            _candidate(document, encoded, mention, score, assertion)
            for (mention, score), assertion in zip(found, said, strict=True)
        ]

    def named(self, document: Document) -> list[Candidate]:
        """Every disease and chemical that a scientific text names, whatever it claims of it."""
        encoded, found = self._mentions(document.text, "article")
        return [_candidate(document, encoded, m, score, None) for m, score in found]

    def scores(self, text: str, genre: Genre) -> Scores:
        """The scores of tags of a text's tokens, [tokens, tags]."""
        return self._opened(genre).score(self._read(text))

    def _mentions(self, text: str, genre: Genre) -> tuple[Encoded, Found]:
        encoded, opened = self._read(text), self._opened(genre)
        return encoded, opened.mentions(opened.score(encoded), encoded)

    def _assertions(
        self, document: Document, encoded: Encoded, found: list[Mention]
    ) -> list[Assertion | None]:
        if not found:
            return []
        return assertions.outcomes(self._claims(encoded, placed(document, encoded, found)))


def _candidate(
    document: Document,
    encoded: Encoded,
    mention: Mention,
    score: float,
    assertion: Assertion | None,
) -> Candidate:
    first, last, kind = mention
    span = document.span(int(encoded.places[first, 0]), int(encoded.places[last, 1]))
    return Candidate(kind, span, round(score, 4), Tagger.name, assertion=assertion)


def placed(document: Document, encoded: Encoded, found: list[Mention]) -> NDArray[np.int32]:
    """Where each mention stands, [mentions, 5], as assertions.around() reads it."""
    starts = encoded.places[:, 0].tolist()
    rows = []
    for first, last, _ in found:
        at = max(0, bisect_left(document.begins, starts[first] + 1) - 1)
        sentence = document.sentences[at]
        low = bisect_left(starts, sentence.start)
        high = max(last + 1, bisect_left(starts, sentence.end))
        section = assertions.section_hash(key_at(document, starts[first]))
        rows.append((first, last, min(low, first), high, section))
    return np.array(rows, np.uint32).view(np.int32)
