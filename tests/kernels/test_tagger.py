"""The compiled passes of the tagger against those of NumPy, in every form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import tagger as compiled
from nlp.engines import tagger
from nlp.engines.tagger import assertions, features, forward_numpy, passes, tags, words
from nlp.engines.tagger.features import encode
from nlp.engines.tagger.model import GENRES, Chain, Model, Table, read
from nlp.engines.tagger.words import Words

TEXTS = (
    "",
    "a",
    " \n\t",
    "(",
    "A1b2 __ 1234567 mmHg (HTN), x" + "y" * 40 + " \x1c\x00 -- AAAbbb",
    "Congestive heart failure (CHF) was seen; CHF resolved. no heart failure\n- Lisinopril 10 mg",
    "x² ½ a٣٤ 12345٣ \u2003π–5\u00a0µg _٣_",
    "Déjà vu (DV) and naïve T-cells “ASA” 10 µg; ASA again, a fever",
    "type 2 diabetes mellitus, diabetes mellitus type 2, acute kidney failure " * 20,
)


@pytest.fixture(scope="module")
def model() -> Model:
    return read(tagger.WEIGHTS)


def agree(text: str, model: Model) -> None:
    """Columns and scores are equal, mentions too, their probabilities nearly."""
    expected = encode(text, Words(), model.lexicon)
    found = passes.reader(model.lexicon)(text)
    np.testing.assert_array_equal(found.places, expected.places)
    np.testing.assert_array_equal(found.padded, expected.padded)
    np.testing.assert_array_equal(found.links, expected.links)
    for genre in GENRES:
        chain = model.chains[genre]
        reference = passes.scorer(chain, forward_numpy.Forward)
        other = passes.scorer(chain, None)
        scores = reference.score(expected)
        np.testing.assert_array_equal(other.score(found), scores)
        wanted, told = reference.mentions(scores, expected), other.mentions(scores, found)
        assert [mention for mention, _ in told] == [mention for mention, _ in wanted]
        assert [c for _, c in told] == pytest.approx([c for _, c in wanted], abs=1e-9)


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text: str, model: Model, backend: str) -> None:
    if backend == "python":
        pytest.skip("these are the forms that it is compared with")
    agree(text, model)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text(model: Model, backend: str, text: str) -> None:
    if backend == "python":
        pytest.skip("these are the forms that it is compared with")
    agree(text, model)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_chains_of_any_scores(backend: str, seed: int, count: int) -> None:
    """Scores at random, so that mentions overlap, touch and repeat as those of texts seldom do."""
    if backend == "python":
        pytest.skip("these are the forms that it is compared with")
    rng = np.random.default_rng(seed)
    scores = rng.normal(scale=3, size=(count, tags.COUNT)).astype(np.float32)
    moves = rng.normal(size=(tags.COUNT, tags.COUNT))
    low = rng.integers(1, 6, count).astype(np.uint32)
    padded = np.ones((count + 2 * features.MARGIN, features.WIDTH), np.uint32)
    padded[features.MARGIN : -features.MARGIN, words.LOWER] = low
    encoded = features.Encoded(
        np.zeros((count, 2), np.int32), padded, np.ascontiguousarray(features.linked(low))
    )
    none = Table(np.array([1], np.uint32), np.zeros((2, tags.COUNT), np.float32))
    chain = Chain(none, moves, 0.5, 0.7)
    wanted = passes.scorer(chain, forward_numpy.Forward).mentions(scores, encoded)
    told = passes.scorer(chain, None).mentions(scores, encoded)
    assert [mention for mention, _ in told] == [mention for mention, _ in wanted]
    assert [c for _, c in told] == pytest.approx([c for _, c in wanted], abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_claims_of_any_mentions(model: Model, backend: str, seed: int, count: int) -> None:
    """Words that the classifier knows and stops around them, mentions at the edges of sentences."""
    if backend == "python":
        pytest.skip("these are the forms that it is compared with")
    rng = np.random.default_rng(seed)
    known = [words.word_hash(word) for word in ("no", "denies", "mother", "of", "history", "was")]
    padded = np.ones((count + 2 * features.MARGIN, features.WIDTH), np.uint32)
    low = rng.choice(np.array([*known, *assertions.STOPS[:3]], np.uint32), count)
    padded[features.MARGIN : -features.MARGIN, words.LOWER] = low
    bounds = np.sort(rng.integers(0, count, (12, 4)), axis=1)
    sections = rng.choice([assertions.section_hash(key) for key in ("", "plan", "hpi")], 12)
    mentions = np.stack([*bounds.T[[1, 2, 0]], bounds[:, 3] + 1, sections], axis=1)
    mentions = np.ascontiguousarray(mentions, np.uint32).view(np.int32)
    table = model.assertion
    rows = table.find(assertions.around(low, mentions))
    told = compiled.Claims(table.places, table.weights, assertions.STOPS)(padded, mentions)
    np.testing.assert_array_equal(told, table.weights[rows].sum(1))
    assert (rows > 0).any()


def test_what_it_needs_is_said(backend: str) -> None:
    if backend == "python":
        assert not compiled.available()
        with pytest.raises(RuntimeError, match=r"available\(\)"):
            compiled.split(b"a")
    else:
        assert compiled.available()
        assert compiled.split(b"a1 (").tolist() == [[0, 1], [1, 2], [3, 4]]
    assert (compiled.WIDTH, compiled.MARGIN) == (features.WIDTH, features.MARGIN)
    assert (compiled.TAGS, compiled.BITS) == (tags.COUNT, features.BITS)
