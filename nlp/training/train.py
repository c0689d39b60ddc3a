"""From data to weights: the lexicon, a chain for articles, one for notes, the assertions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from nlp.engines.tagger.model import Chain, Model, write
from nlp.training import claims, corpus, crf, lexicon, vocabulary
from nlp.training.generator import Generator
from nlp.training.recipe import Recipe

Tell = Callable[[str], None]


def train(articles: Path, data: Path, out: Path, recipe: Recipe, tell: Tell) -> Model:
    """Trains and writes the weights: the same input gives the same file.

    `articles` are annotated abstracts (see nlp.training.corpus), `data` the folder with the
    terminology index. Raises IndexMissing, OSError, ValueError for what can't be read.
    """
    texts = corpus.read(articles)
    known = lexicon.build(data)
    tell(f"lexicon: {len(known.words)} words, {len(known.phrases)} phrases")
    abstracts = [(e.features, tags) for e, tags in corpus.encoded(texts, known)]
    table, moves = crf.train(abstracts, recipe.article)
    article = Chain(table, moves, recipe.article_bias, recipe.article_agreement)
    tell(f"articles: {len(abstracts)} texts, {len(table.places)} features")
    generator = Generator(vocabulary.read(data), recipe.note_seed)
    composed = [generator.note() for _ in range(recipe.notes)]
    notes = [(e.features, tags) for e, tags in corpus.encoded(composed, known)]
    # Abstracts teach the notes' chain what ordinary sentences look like.
    table, moves = crf.train([*notes, *abstracts], recipe.note)
    note = Chain(table, moves, recipe.note_bias, recipe.note_agreement)
    tell(f"notes: {len(notes)} texts, {len(table.places)} features")
    features, outcomes = claims.examples(composed, known)
    assertion = claims.train(features, outcomes, rows=recipe.claim_rows, seed=recipe.note_seed)
    tell(f"assertions: {len(outcomes)} mentions, {len(assertion.places)} features")
    source = {"articles": hashlib.sha256(articles.read_bytes()).hexdigest(), "texts": len(texts)}
    told = json.dumps({**recipe.plain(), "source": source}, sort_keys=True)
    model = Model(recipe.name, known, {"article": article, "note": note}, assertion, told)
    write(out, model)
    return model
