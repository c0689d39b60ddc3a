"""The tagger: features, chains, both forward passes, the shipped weights, the training command."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import document
from nlp.engines import tagger
from nlp.engines.tagger import chain, forward_numpy, tensors
from nlp.engines.tagger.abbreviations import short_forms
from nlp.engines.tagger.chain import Chains
from nlp.engines.tagger.engine import Tagger
from nlp.engines.tagger.features import encode
from nlp.engines.tagger.model import GENRES, read
from nlp.engines.tagger.tags import COUNT, MAY_FOLLOW, OUTSIDE, Mention, mentions_of, tags_of
from nlp.engines.tagger.words import TOKEN, Words
from nlp.training import train, vocabulary
from nlp.training.crf import Settings
from nlp.training.generator import Generator
from nlp.training.recipe import Recipe
from nlp.types import Assertion, Candidate, Kind, ModelMissing, Naming

NOTE = """HISTORY: Ms. Reed has hypertension and reports dyspnea. She denies chest pain.
MEDICATIONS:
1. Lisinopril 10 mg daily
2. zorbutamide 5 mg bid
"""
ARTICLE = (
    "Cisplatin-induced acute renal failure (ARF) in rats. ARF followed cisplatin but not saline."
)


@pytest.fixture(scope="module")
def engine() -> Tagger:
    return tagger.load()


def quotes(found: list[Candidate], kind: Kind) -> list[str]:
    return [c.span.quote for c in found if c.kind == kind]


def test_a_note(engine: Tagger) -> None:
    found = engine.extract(document.read(NOTE))
    assert {"hypertension", "dyspnea", "chest pain"} <= set(quotes(found, "condition"))
    drugs = quotes(found, "medication")
    assert "Lisinopril" in drugs
    assert "zorbutamide" in drugs  # no dictionary has it
    assert all(NOTE[c.span.start : c.span.end] == c.span.quote for c in found)
    (denied,) = [c for c in found if c.span.quote == "chest pain"]
    assert denied.assertion is Assertion.NEGATED


def test_an_article(engine: Tagger) -> None:
    found = engine.named(document.read(ARTICLE))
    assert quotes(found, "condition") == ["acute renal failure", "ARF", "ARF"]
    assert [q.lower() for q in quotes(found, "medication")] == ["cisplatin", "cisplatin"]
    assert isinstance(engine, Naming)


@pytest.mark.parametrize("text", ["", " \n", ".", "5", "(", "é", "a\u0301\U0001f600 x"])
def test_texts_with_little_in_them(engine: Tagger, text: str) -> None:
    assert engine.extract(document.read(text)) == []
    assert engine.named(document.read(text)) == []


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_any_text_is_quoted(engine: Tagger, text: str) -> None:
    for found in engine.extract(document.read(text)):
        assert text[found.span.start : found.span.end] == found.span.quote


def test_both_forward_passes_agree(engine: Tagger) -> None:
    mlx = pytest.importorskip("nlp.engines.tagger.forward_mlx", exc_type=ImportError)
    model = read(tagger.WEIGHTS)
    reference, other = Tagger(model, forward_numpy.Forward), Tagger(model, mlx.Forward)
    for text in (NOTE, ARTICLE, ""):
        for genre in GENRES:
            expected, got = reference.scores(text, genre), other.scores(text, genre)
            assert expected.shape == got.shape
            np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)
    read_note = document.read(NOTE)
    assert [c.span for c in other.extract(read_note)] == [
        c.span for c in reference.extract(read_note)
    ]


def test_it_opens_without_mlx() -> None:
    code = (
        "import sys; from nlp.engines import tagger; from nlp import document;"
        "from nlp.engines.tagger import forward_numpy, engine, model;"
        "e = engine.Tagger(model.read(tagger.WEIGHTS), forward_numpy.Forward);"
        "e.extract(document.read('no fever')); assert 'mlx' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_weights_are_small_and_tell_their_recipe() -> None:
    assert tagger.WEIGHTS.stat().st_size <= 5_000_000
    recipe = json.loads(read(tagger.WEIGHTS).recipe)
    assert {"article", "note", "notes", "note_seed", "source"} <= recipe.keys()
    assert recipe["article"]["seeds"] == list(Recipe().article.seeds)


def test_other_files_are_no_weights(tmp_path: Path) -> None:
    for content in (b"", b"\x08" + bytes(7) + b"nonsense", bytes(8) + b"{}", b"\xff" * 64):
        path = tmp_path / "w.safetensors"
        path.write_bytes(content)
        with pytest.raises(ModelMissing, match=r"w\.safetensors"):
            read(path)


def test_tensors_come_back(tmp_path: Path) -> None:
    arrays = {"b": np.arange(6, dtype=np.float16).reshape(2, 3), "a": np.array([7], np.uint32)}
    tensors.write(tmp_path / "t", arrays, {"k": "v"})
    again, metadata = tensors.read(tmp_path / "t")
    assert metadata == {"k": "v"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(again[name], array)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_chains_agree_with_counting_every_path(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    count, gap = len(sizes), 1
    firsts = np.cumsum([0, *[n + gap for n in sizes[:-1]]])
    scores = rng.normal(size=(int(firsts[-1]) + sizes[-1], COUNT)) * 2
    moves = rng.normal(size=(COUNT, COUNT))
    chains = Chains(firsts, np.array(sizes))
    total, chance, _ = chain.marginals(chains, scores, moves)
    tags = chain.best(chains, scores, moves)
    log_total = 0.0
    for first, size in zip(firsts.tolist(), sizes[:count], strict=True):
        weighed = {
            path: sum(scores[first + i, t] for i, t in enumerate(path))
            + sum(moves[a, b] for a, b in itertools.pairwise((OUTSIDE, *path, OUTSIDE)))
            for path in itertools.product(range(COUNT), repeat=size)
            if all(MAY_FOLLOW[a, b] for a, b in itertools.pairwise((OUTSIDE, *path, OUTSIDE)))
        }
        assert tuple(tags[first : first + size].tolist()) == max(weighed, key=lambda p: weighed[p])
        whole = np.logaddexp.reduce(list(weighed.values()))
        log_total += float(whole)
        for i in range(size):
            outside = [v for p, v in weighed.items() if p[i] == OUTSIDE]
            expected = float(np.exp(np.logaddexp.reduce(outside) - whole))
            assert chance[first + i, OUTSIDE] == pytest.approx(expected)
    assert total == pytest.approx(log_total)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.booleans()), max_size=4))
def test_tags_tell_the_mentions_they_were_made_of(steps: list[tuple[int, int, bool]]) -> None:
    mentions: list[Mention] = []
    at = 0
    for gap, size, drug in steps:
        mentions.append((at + gap, at + gap + size - 1, "medication" if drug else "condition"))
        at += gap + size
    assert mentions_of(tags_of(mentions, at)) == mentions


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("congestive heart failure (CHF) was", "CHF", "congestive heart failure"),
        ("with acute renal failure (ARF), and", "ARF", "acute renal failure"),
        ("two rats (PTS) came", None, None),
        ("he said so (really) twice", None, None),
    ],
)
def test_abbreviations(text: str, short: str | None, long: str | None) -> None:
    tokens = TOKEN.findall(text)
    found = {k: " ".join(tokens[a : b + 1]) for k, (a, b) in short_forms(tokens).items()}
    assert found == ({short: long} if short else {})


def test_features_depend_on_nothing_but_the_text(engine: Tagger) -> None:
    lexicon = read(tagger.WEIGHTS).lexicon
    alone = encode(NOTE, Words(), lexicon)
    used = Words()
    encode(ARTICLE, used, lexicon)
    np.testing.assert_array_equal(encode(NOTE, used, lexicon).features, alone.features)


def test_notes_are_composed_by_the_seed(data: Path) -> None:
    names = vocabulary.read(data)
    one, other = Generator(names, 3), Generator(names, 3)
    for _ in range(20):
        note = one.note()
        assert note == other.note()
        assert all(note.text[g.start : g.end].strip() for g in note.gold)
        assert [g.start for g in note.gold] == sorted(g.start for g in note.gold)


def test_the_training_command_runs_end_to_end(data: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    at = ARTICLE.index("acute")
    gold = [
        {"start": 0, "end": 9, "label": "Chemical"},
        {"start": at, "end": at + 19, "label": "Disease"},
    ]
    articles.write_text(json.dumps({"id": "a", "text": ARTICLE, "gold": gold}) + "\n")
    few = Settings(epochs=20, seeds=(1,), rows=400, least=1)
    recipe = Recipe(article=few, note=few, notes=6, claim_rows=50)
    told: list[str] = []
    first, second = tmp_path / "1.safetensors", tmp_path / "2.safetensors"
    train.train(articles, data, first, recipe, told.append)
    train.train(articles, data, second, recipe, told.append)
    assert first.read_bytes() == second.read_bytes()
    assert len(told) == 8
    found = tagger.load(model=first).named(document.read(ARTICLE))
    assert "acute renal failure" in quotes(found, "condition")


def test_a_bad_line_of_articles_is_named(data: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    articles.write_text('{"text": "x", "gold": []}\n{"text": "x"}\n')
    with pytest.raises(ValueError, match=r"articles\.jsonl:2"):
        train.train(articles, data, tmp_path / "w", Recipe(), [].append)
