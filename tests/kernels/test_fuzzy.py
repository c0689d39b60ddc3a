"""The k most similar strings, equal to rapidfuzz to the bit, in both forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from kernels.fuzzy import FuzzyIndex

pytestmark = pytest.mark.usefixtures("backend")

MANY = "".join(map(chr, range(33, 126))) + "éβ漢"
STRINGS = st.text("abc ", max_size=40) | st.text(MANY, max_size=90) | st.text(max_size=8)
QUERIES = STRINGS | st.text("abc ", min_size=30, max_size=70)


@given(
    st.lists(STRINGS, max_size=150), QUERIES, st.integers(1, 12), st.sampled_from([0, 0.4, 0.75, 1])
)
def test_equals_rapidfuzz(strings: list[str], query: str, k: int, cutoff: float) -> None:
    scores = [Indel.normalized_similarity(query, string) for string in strings]
    kept = [(number, score) for number, score in enumerate(scores) if score >= cutoff]
    expected = sorted(kept, key=lambda each: (-each[1], each[0]))[:k]
    assert FuzzyIndex.build(strings).topk(query, k, cutoff) == expected


def test_scores_are_fuzz_ratio() -> None:
    index = FuzzyIndex.build(["lisinopril", "metformin"])
    (number, score), _ = index.topk("lisinoprl", 2)
    assert number == 0
    assert score == pytest.approx(fuzz.ratio("lisinoprl", "lisinopril") / 100)


def test_ties_come_by_ascending_id() -> None:
    index = FuzzyIndex.build(["xb", "ax", "bb", "xa", "ab"] * 40)
    found = index.topk("ab", 85)
    assert found == sorted(found, key=lambda each: (-each[1], each[0]))
    assert [number for number, score in found if score == 1.0] == list(range(4, 200, 5))


@pytest.mark.parametrize("length", [1, 16, 17, 32, 33, 64, 65, 300])
def test_queries_of_any_length(length: int) -> None:
    strings = ["ab" * (length // 2), "ba" * length, "b" * length, "abc" * length, ""]
    query = ("ab" * length)[:length]
    expected = [Indel.normalized_similarity(query, string) for string in strings]
    found = dict(FuzzyIndex.build(strings).topk(query, 5))
    assert [found[number] for number in range(5)] == expected


def test_works_on_read_only_memory_maps(tmp_path: Path) -> None:
    strings = ["aspirin", "βeta", "", *map(str, range(200)), "".join(map(chr, range(200, 300)))]
    built = FuzzyIndex.build(strings)
    for name, array in built.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = {path.stem: np.load(path, mmap_mode="r") for path in tmp_path.glob("*.npy")}
    index = FuzzyIndex.from_arrays(mapped)
    assert len(index) == len(strings)
    for query in ("asprin", "11", "beta", chr(200) * 3):
        assert index.topk(query, 5) == built.topk(query, 5)


def test_refuses_k_below_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        FuzzyIndex.build(["a"]).topk("a", 0)


def test_an_empty_dictionary_has_nothing() -> None:
    assert FuzzyIndex.build([]).topk("a", 3) == []
