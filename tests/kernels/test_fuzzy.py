"""The k most similar strings, equal to rapidfuzz to the bit, by each scorer and in both forms."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from kernels.fuzzy import SCORERS, FuzzyIndex, Scorer

pytestmark = pytest.mark.usefixtures("backend")

MANY = "".join(map(chr, range(33, 126))) + "éβ漢"
STRINGS = st.text("abc ", max_size=40) | st.text(MANY, max_size=90) | st.text(max_size=8)
QUERIES = STRINGS | st.text("abc ", min_size=30, max_size=70) | st.text(MANY, max_size=300)
EACH = pytest.mark.parametrize("scorer", SCORERS)


def expected(
    strings: list[str], query: str, k: int, cutoff: float, scorer: Scorer
) -> list[tuple[int, float]]:
    scores = [SCORERS[scorer](query, string) for string in strings]
    kept = [(number, score) for number, score in enumerate(scores) if score >= cutoff]
    return sorted(kept, key=lambda each: (-each[1], each[0]))[:k]


@given(
    st.lists(STRINGS, max_size=150),
    QUERIES,
    st.integers(1, 12),
    st.sampled_from([0, 0.4, 0.75, 1]),
    st.sampled_from(list(SCORERS)),
)
def test_equals_rapidfuzz(
    strings: list[str], query: str, k: int, cutoff: float, scorer: Scorer
) -> None:
    found = FuzzyIndex.build(strings).topk(query, k, cutoff, scorer)
    assert found == expected(strings, query, k, cutoff, scorer)


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Enough of each length that groups are full and bounds turn most of them away."""
    draw = random.Random(5)  # noqa: S311 - made-up data
    words = ["".join(draw.choices("aeinorstlcdum", k=draw.randint(2, 9))) for _ in range(400)]
    return [" ".join(draw.choices(words, k=draw.randint(1, 14))) for _ in range(6000)]


@EACH
@pytest.mark.parametrize("low", [1, 14, 20, 30, 50, 64, 80, 110])
def test_finds_the_best_among_many(names: list[str], low: int, scorer: Scorer) -> None:
    draw = random.Random(low)  # noqa: S311 - made-up data
    index = FuzzyIndex.build(names)
    near = sorted(names, key=lambda name: abs(len(name) - low))[:4]
    for name in near:
        at = draw.randrange(len(name))
        query = name[:at] + draw.choice(["", "x", "Zyq", "7"]) + name[at + 1 :]
        for k, cutoff in ((10, 0.0), (3, 0.8)):
            found = index.topk(query, k, cutoff, scorer)
            assert found == expected(names, query, k, cutoff, scorer)


@EACH
def test_many_queries_find_what_each_finds(names: list[str], scorer: Scorer) -> None:
    """Groups beyond one tile, queries of lengths that no string has, and irregular strings."""
    strings = [*(f"{name} {number}" for name in names[:4000] for number in range(3)), "", "é"]
    index = FuzzyIndex.build(strings)
    queries = [*names[:9], names[3] + "q", "", "z", "é", "q" * 260, names[1] * 3, "x" * 4100]
    found = index.topk_many(queries, 6, 0.2, scorer)
    for query, its in zip(queries, found, strict=True):
        assert its == index.topk(query, 6, 0.2, scorer)
    assert found[3] == expected(strings, queries[3], 6, 0.2, scorer)
    assert index.topk_many([], 3) == []


@EACH
@pytest.mark.parametrize("length", [3, 12, 31, 64, 90])
def test_full_blocks_of_strings_alike(length: int, scorer: Scorer) -> None:
    """Several blocks of one length: shuffled, turned and misspelt forms of a few strings."""
    draw = random.Random(length)  # noqa: S311 - made-up data
    seeds = ["".join(draw.choices("abcdefgh ij0", k=length)) for _ in range(5)]
    strings = []
    for _ in range(1300):
        letters = list(draw.choice(seeds))
        for _ in range(draw.randint(0, 6)):
            one, other = draw.randrange(length), draw.randrange(length)
            letters[one], letters[other] = letters[other], draw.choice([letters[one], "x"])
        strings.append("".join(letters))
    index = FuzzyIndex.build(strings)
    queries = [*seeds[:2], strings[7][1:], strings[8] + "q", strings[9][::-1], seeds[0] * 2]
    for k, cutoff in ((10, 0.0), (2, 0.7), (700, 0.0)):
        found = index.topk_many(queries, k, cutoff, scorer)
        for query, its in zip(queries, found, strict=True):
            assert its == expected(strings, query, k, cutoff, scorer)


@EACH
def test_finds_all_where_all_are_asked_for(names: list[str], scorer: Scorer) -> None:
    some = [*names[:300], "", "é" * 5]
    for query in (names[7], "qqq", "z"):
        found = FuzzyIndex.build(some).topk(query, 10**6, 0.0, scorer)
        assert found == expected(some, query, len(some), 0.0, scorer)


@EACH
@pytest.mark.parametrize("symbol", ["a", "ab"])
def test_few_symbols_many_times(symbol: str, scorer: Scorer) -> None:
    strings = [symbol * count for count in range(1, 60)] + ["b" * 40, "a" * 300, "ba" * 150]
    index = FuzzyIndex.build(strings)
    for query in ("a" * 20, "ab" * 30, "b" * 16 + "a" * 15, "a" * 260):
        assert index.topk(query, 7, 0.0, scorer) == expected(strings, query, 7, 0.0, scorer)


def test_scores_are_fuzz_ratio() -> None:
    index = FuzzyIndex.build(["lisinopril", "metformin"])
    (number, score), _ = index.topk("lisinoprl", 2)
    assert number == 0
    assert score == pytest.approx(fuzz.ratio("lisinoprl", "lisinopril") / 100)


@EACH
def test_ties_come_by_ascending_id(scorer: Scorer) -> None:
    strings = ["xb", "ax", "bb", "xa", "ab"] * 40
    found = FuzzyIndex.build(strings).topk("ab", 85, 0.0, scorer)
    assert found == expected(strings, "ab", 85, 0.0, scorer)
    assert [number for number, score in found if score == 1.0] == list(range(4, 200, 5))


@EACH
@pytest.mark.parametrize("length", [0, 1, 16, 17, 32, 33, 64, 65, 128, 129, 200, 256, 257, 300])
def test_queries_of_any_length(length: int, scorer: Scorer) -> None:
    strings = ["ab" * (length // 2), "ba" * length, "b" * length, "abc" * length, "", "c"]
    query = ("ab" * length)[:length]
    found = FuzzyIndex.build(strings).topk(query, 6, 0.0, scorer)
    assert found == expected(strings, query, 6, 0.0, scorer)


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
    for empty in ([], ["a"]):
        with pytest.raises(ValueError, match="at least 1"):
            FuzzyIndex.build(empty).topk("a", 0)


def test_an_empty_dictionary_has_nothing() -> None:
    assert FuzzyIndex.build([]).topk("a", 3) == []
