"""The nearest vectors, exactly, one query or many, in every form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kernels.embed import embed
from kernels.scan import Scan

pytestmark = pytest.mark.usefixtures("backend")


def matrix(rows: int, dim: int, seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((rows, dim)).astype(np.float32)


def exact(vectors: NDArray[np.float32], query: NDArray[np.float32], k: int) -> list[int]:
    scores = (vectors.astype(np.float64) * query.astype(np.float64)).sum(axis=1)
    return np.lexsort((np.arange(len(scores)), -scores))[:k].tolist()


@given(st.integers(1, 300), st.integers(1, 130), st.integers(1, 40), st.integers(0, 10**6))
def test_equals_the_definition(rows: int, dim: int, k: int, seed: int) -> None:
    vectors, query = matrix(rows, dim, seed), matrix(1, dim, seed + 1)[0]
    scores, ids = Scan.build(vectors).topk(query, k)
    assert ids.tolist() == exact(vectors, query, k)
    np.testing.assert_allclose(scores, vectors[ids] @ query, rtol=1e-4, atol=1e-4)


@given(st.integers(1, 300), st.integers(1, 130), st.integers(0, 10**6), st.floats(-2, 2))
def test_what_is_below_the_least_is_left_out(rows: int, dim: int, seed: int, least: float) -> None:
    vectors, query = matrix(rows, dim, seed), matrix(1, dim, seed + 1)[0]
    index = Scan.build(vectors)
    scores, ids = index.topk(query, 10)
    sums = (vectors[ids].astype(np.float64) * query).sum(axis=1)
    few_scores, few_ids = index.topk(query, 10, least)
    assert few_ids.tolist() == ids[sums >= least].tolist()
    assert few_scores.tolist() == scores[sums >= least].tolist()


@pytest.mark.parametrize(
    ("rows", "dim", "count"), [(3000, 256, 64), (1001, 128, 80), (500, 100, 130), (7, 3, 65)]
)
def test_many_queries_give_what_each_gives(rows: int, dim: int, count: int) -> None:
    vectors, queries = matrix(rows, dim, 7), matrix(count, dim, 8)
    queries[5] = 0
    index = Scan.build(vectors)
    scores, ids = index.topk_many(queries, 10)
    assert scores.shape == ids.shape == (count, min(10, rows))
    for query, its_scores, its_ids in zip(queries, scores, ids, strict=True):
        one_scores, one_ids = index.topk(query, 10)
        assert its_ids.tolist() == one_ids.tolist() == exact(vectors, query, 10)
        assert its_scores.tolist() == one_scores.tolist()
    assert index.topk_many(queries[:0], 10)[1].shape == (0, min(10, rows))


def test_recall_is_one_where_quick_products_mislead() -> None:
    """Near-copies differ by less than an int8 step: only the rescore can order them."""
    vectors = np.repeat(matrix(20, 256, 1), 100, axis=0) + 1e-4 * matrix(2000, 256, 2)
    vectors[7, 3] = 40  # one outlier makes every step coarse
    index = Scan.build(vectors)
    queries = np.vstack([*matrix(20, 256, 3), vectors[500]])
    many = index.topk_many(queries, 10)[1]
    for query, ids in zip(queries, many, strict=True):
        assert index.topk(query, 10)[1].tolist() == ids.tolist() == exact(vectors, query, 10)


def test_low_nibbles_that_all_speak_for_or_against() -> None:
    """The worst that Cauchy and Schwarz allow for: what is left of each row lies along the query."""
    draw = np.random.default_rng(12)
    query = draw.choice(np.float32([-1, 1]), 256)
    vectors = 16 * draw.integers(-1, 2, (800, 256)).astype(np.float32)
    vectors += np.where(np.arange(800) % 2, 7, -8)[:, None] * query
    vectors[:, 0] = -136  # so that one of a code is worth one
    index = Scan.build(vectors)
    for k in (1, 10, 500, 900):
        assert index.topk(query, k)[1].tolist() == exact(vectors, query, k)
    queries = np.tile(query, (20, 1))
    assert index.topk_many(queries, 10)[1].tolist() == [exact(vectors, query, 10)] * 20


@given(st.integers(1, 60), st.integers(1, 40), st.integers(1, 70), st.integers(0, 10**6))
def test_ties_zeros_and_rows_of_any_size(rows: int, dim: int, k: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    vectors = draw.integers(-2, 3, (rows, dim)).astype(np.float32)
    vectors *= draw.choice(np.float32([0, 1, 1, 3, 1e-20, 1e15]), (rows, 1))
    query = draw.integers(-2, 3, dim).astype(np.float32)
    assert Scan.build(vectors).topk(query, k)[1].tolist() == exact(vectors, query, k)
    assert Scan.build(vectors).topk(query * 1e15, k)[1].tolist() == exact(vectors, query * 1e15, k)


def test_rows_that_come_ever_nearer_are_weeded() -> None:
    """Each row is better than all before it, so that the kernel's room fills up again and again."""
    vectors, queries = matrix(9000, 64, 9), matrix(20, 64, 10)
    for query in queries[:3]:
        rising = vectors[np.argsort(vectors.astype(np.float64) @ query)]
        index = Scan.build(rising)
        assert index.topk(query, 10)[1].tolist() == exact(rising, query, 10)
        many = index.topk_many(np.vstack([query, queries]), 10)[1]
        assert many[0].tolist() == exact(rising, query, 10)


def test_more_equal_rows_than_there_is_room_for() -> None:
    vectors = np.tile(matrix(1, 64, 11), (5000, 1))
    vectors[3000] *= 1.5
    index, queries = Scan.build(vectors), np.tile(vectors[:1], (20, 1))
    assert index.topk(vectors[0], 3)[1].tolist() == [3000, 0, 1]
    assert index.topk_many(queries, 3)[1].tolist() == [[3000, 0, 1]] * 20


def test_equal_vectors_come_by_ascending_id() -> None:
    vectors = np.tile(matrix(3, 64, 4), (200, 1))
    query = vectors[1]
    assert Scan.build(vectors).topk(query, 5)[1].tolist() == [1, 4, 7, 10, 13]


def test_finds_strings_by_their_embedding() -> None:
    names = ["metformin", "lisinopril", "atorvastatin", "amlodipine"] + [
        f"drug {n}" for n in range(500)
    ]
    scan = Scan.build(embed(names))
    scores, ids = scan.topk(embed(["atorvastatn"])[0], 3)
    assert names[ids[0]] == "atorvastatin"
    assert scores[0] > 0.7 > scores[1]


def test_works_on_read_only_memory_maps(tmp_path: Path) -> None:
    vectors = matrix(300, 100, 5)
    for name, array in Scan.build(vectors).arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = {path.stem: np.load(path, mmap_mode="r") for path in tmp_path.glob("*.npy")}
    assert Scan.from_arrays(mapped).topk(vectors[9], 1)[1].tolist() == [9]


def test_zeros_and_nothing() -> None:
    zeros = np.zeros((5, 16), np.float32)
    assert Scan.build(zeros).topk(zeros[0], 2)[1].tolist() == [0, 1]
    empty = Scan.build(np.zeros((0, 16), np.float32))
    assert len(empty) == 0
    scores, ids = empty.topk(zeros[0], 2)
    assert scores.shape == ids.shape == (0,)
    assert empty.topk_many(np.zeros((30, 16), np.float32), 2)[1].shape == (30, 0)


def test_refuses_what_it_cannot_compare() -> None:
    index = Scan.build(matrix(5, 16, 6))
    with pytest.raises(ValueError, match="16 elements"):
        index.topk(np.zeros(15, np.float32), 1)
    with pytest.raises(ValueError, match="16 elements"):
        index.topk_many(np.zeros((70, 15), np.float32), 1)
    with pytest.raises(ValueError, match="one row for each"):
        index.topk_many(np.zeros(16, np.float32), 1)
    with pytest.raises(ValueError, match="at least 1"):
        index.topk(np.zeros(16, np.float32), 0)
    with pytest.raises(ValueError, match="at least 1"):
        index.topk_many(np.zeros((3, 16), np.float32), 0)
    with pytest.raises(ValueError, match="finite"):
        Scan.build(np.array([[np.nan]], np.float32))
    with pytest.raises(ValueError, match="at least one element"):
        Scan.build(np.zeros((5, 0), np.float32))


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_a_query_that_is_not_finite_is_refused(strange: float) -> None:
    index = Scan.build(matrix(5, 16, 6))
    queries = matrix(70, 16, 7)
    queries[3, 2] = strange
    with pytest.raises(ValueError, match="must be finite"):
        index.topk(queries[3], 1)
    with pytest.raises(ValueError, match="must be finite"):
        index.topk_many(queries, 1)
