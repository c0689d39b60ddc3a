"""Phrases found: leftmost-longest, verified, from read-only memory maps, in both forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import native
from kernels.gazetteer import Gazetteer
from kernels.text import tokenize, words

pytestmark = pytest.mark.usefixtures("backend")

WORDS = st.sampled_from(["heart", "attack", "of", "type", "2", "é", "β", "a", "prolongedword" * 2])
PHRASES = st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=25)
TEXTS = st.lists(WORDS | st.sampled_from([". X", "—", ","]), max_size=50).map(" ".join)


def naive(phrases: list[str], text: str, *, overlapping: bool) -> list[tuple[int, int, int]]:
    """The definition, by trying every span."""
    known: dict[tuple[str, ...], int] = {}
    for number, phrase in enumerate(phrases):
        known.setdefault(tuple(words(phrase)), number)
    found, tokens, start = [], words(text), 0
    while start < len(tokens):
        spans = (tuple(tokens[start:end]) for end in range(len(tokens), start, -1))
        longest = next((span for span in spans if span in known), ())
        if longest:
            found.append((start, start + len(longest), known[longest]))
        start += 1 if overlapping or not longest else len(longest)
    return found


@given(PHRASES, TEXTS)
def test_equals_the_definition(phrases: list[str], text: str) -> None:
    gazetteer, tokens = Gazetteer.build(phrases), tokenize(text)
    match, match_all = gazetteer.match(tokens), gazetteer.match_all(tokens)
    assert [tuple(row) for row in match.tolist()] == naive(phrases, text, overlapping=False)
    assert [tuple(row) for row in match_all.tolist()] == naive(phrases, text, overlapping=True)


@given(PHRASES, TEXTS, st.lists(st.integers(0, 200)).map(sorted))
def test_no_match_crosses_a_break(phrases: list[str], text: str, breaks: list[int]) -> None:
    tokens = tokenize(text)
    cuts = np.array(breaks, np.int32)
    found = Gazetteer.build(phrases).match_all(tokens, cuts)
    for start, end, _ in found.tolist():
        assert not ((cuts > tokens.starts[start]) & (cuts <= tokens.starts[end - 1])).any()


def test_a_break_lets_the_shorter_phrase_match() -> None:
    tokens = tokenize("Denies pain. Right knee hurts")
    gazetteer = Gazetteer.build(["pain right knee", "pain", "right knee"])
    assert gazetteer.match(tokens).tolist() == [[1, 4, 0]]
    assert gazetteer.match(tokens, tokens.sentences).tolist() == [[1, 2, 1], [2, 4, 2]]


def test_works_on_read_only_memory_maps(tmp_path: Path) -> None:
    phrases = ["Heart attack", "type 2 diabetes mellitus", "Sjögren’s syndrome"]
    for name, array in Gazetteer.build(phrases).arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = {path.stem: np.load(path, mmap_mode="r") for path in tmp_path.glob("*.npy")}
    gazetteer = Gazetteer.from_arrays(mapped)
    tokens = tokenize("Sjogren's syndrome after a HEART-ATTACK")
    assert gazetteer.match(tokens).tolist() == [[0, 3, 2], [5, 7, 0]]
    assert len(gazetteer) == 3


def test_a_colliding_hash_is_not_a_match() -> None:
    """The text's words get the phrase's hashes by force: only the bytes can tell them apart."""
    gazetteer = Gazetteer.build(["chest pain", "chest", "pain"])
    true, false = tokenize("chest pain"), tokenize("chess pawn")
    false.hashes[:] = true.hashes
    assert gazetteer.match(true).tolist() == [[0, 2, 0]]
    assert gazetteer.match(false).tolist() == []


def test_both_forms_build_the_same_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    phrases = [f"finding {number} of the {number % 7} joint" for number in range(500)]
    ours = Gazetteer.build(phrases).arrays()
    with monkeypatch.context() as patch:
        patch.setenv("MEDPARSER_KERNELS", "python")
        native.forget()
        theirs = Gazetteer.build(phrases).arrays()
    native.forget()
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], name)


def test_nothing_in_nothing() -> None:
    empty = Gazetteer.build([])
    assert empty.match(tokenize("a b")).shape == (0, 3)
    assert Gazetteer.build(["", "-"]).match_all(tokenize("")).shape == (0, 3)
