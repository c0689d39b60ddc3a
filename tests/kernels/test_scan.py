"""The nearest vectors, exactly, in both forms."""

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


def test_recall_is_one_where_quantisation_hurts() -> None:
    """Near-copies differ by less than an int8 step: only the rescore can order them."""
    vectors = np.repeat(matrix(20, 256, 1), 100, axis=0) + 1e-4 * matrix(2000, 256, 2)
    vectors[7, 3] = 40  # one outlier makes every step coarse
    scan = Scan.build(vectors)
    for query in (*matrix(5, 256, 3), vectors[500]):
        assert scan.topk(query, 10)[1].tolist() == exact(vectors, query, 10)


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
    scores, ids = Scan.build(np.zeros((0, 16), np.float32)).topk(zeros[0], 2)
    assert scores.shape == ids.shape == (0,)


def test_refuses_what_it_cannot_compare() -> None:
    scan = Scan.build(matrix(5, 16, 6))
    with pytest.raises(ValueError, match="16 elements"):
        scan.topk(np.zeros(15, np.float32), 1)
    with pytest.raises(ValueError, match="at least 1"):
        scan.topk(np.zeros(16, np.float32), 0)
    with pytest.raises(ValueError, match="finite"):
        Scan.build(np.array([[np.nan]], np.float32))
