"""Cosines in both forms, and what the compiled form must refuse to read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import fastcall, native
from kernels.cosine import cosine, cosines, rerank

pytestmark = pytest.mark.usefixtures("backend")

SIZES = st.integers(0, 70) | st.sampled_from([127, 128, 129, 256])


def plain(a: Any, b: Any) -> float:
    """The definition, in double precision."""
    norms = math.hypot(*map(float, a)) * math.hypot(*map(float, b))
    return sum(float(x) * float(y) for x, y in zip(a, b, strict=True)) / norms if norms else 0.0


@st.composite
def queries(draw: st.DrawFn) -> tuple[Any, Any]:
    """A query and rows of its length, some of them alike, few of either empty or of no length."""
    dim, count = draw(SIZES), draw(st.integers(0, 20) | st.sampled_from([64, 65, 150]))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    known = numbers.integers(-9, 10, (3, dim)).astype(np.float32) * 0.5
    known[0] *= draw(st.integers(0, 1))
    rows = known[numbers.integers(0, 3, count)] + numbers.integers(0, 2, (count, 1))
    return known[2], rows.astype(np.float32)


@given(queries())
def test_equals_the_definition(given_: tuple[Any, Any]) -> None:
    query, rows = given_
    expected = [plain(query, row) for row in rows]
    found = cosines(query, rows)
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(expected, abs=1e-5)
    assert [cosine(query, row) for row in rows] == pytest.approx(expected, abs=1e-5)


@given(queries(), st.integers(1, 25), st.data())
def test_rerank_gives_the_best_candidates(
    given_: tuple[Any, Any], k: int, data: st.DataObject
) -> None:
    query, rows = given_
    names = st.integers(0, max(0, len(rows) - 1))
    ids = np.array(data.draw(st.lists(names, max_size=30 if len(rows) else 0)), np.int64)
    scores, best = rerank(query, rows, ids, k)
    assert len(scores) == len(best) == min(k, len(ids))
    assert list(scores) == sorted(scores, reverse=True)
    assert scores.tolist() == pytest.approx([plain(query, rows[id_]) for id_ in best], abs=1e-5)
    left = list(ids)
    for id_ in best:
        left.remove(id_)
    assert all(plain(query, rows[id_]) <= scores[-1] + 1e-5 for id_ in left)


def test_equal_candidates_keep_their_order() -> None:
    rows = np.array([[1, 0], [0, 1], [2, 0], [3, 0]], np.float32)
    scores, best = rerank(rows[0], rows, np.array([3, 1, 0, 2]), 3)
    assert best.tolist() == [3, 0, 2]
    assert scores.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    "shape_in",
    [
        lambda a: a.tolist(),
        lambda a: a.astype(np.float64),
        lambda a: a.astype(np.int32),
        lambda a: a.astype(">f4"),
        lambda a: np.repeat(a, 2)[::2],
        lambda a: a.view(np.recarray),
        lambda a: np.frombuffer(b"x" + a.tobytes(), np.uint8)[1:].view(np.float32),
    ],
)
def test_other_arrays_give_the_same(shape_in: Any) -> None:
    a, b = np.arange(1, 34, dtype=np.float32), np.arange(33, 0, -1, dtype=np.float32)
    assert cosine(shape_in(a), b) == pytest.approx(plain(a, b), abs=1e-6)
    assert cosine(a, shape_in(b)) == pytest.approx(plain(a, b), abs=1e-6)
    assert cosines(shape_in(a), b[None]).tolist() == pytest.approx([plain(a, b)], abs=1e-6)


def test_read_only_arrays_are_read() -> None:
    a = np.frombuffer(np.arange(8, dtype=np.float32).tobytes(), np.float32)
    assert cosine(a, a) == pytest.approx(1)


def test_what_does_not_fit_is_an_error() -> None:
    a, rows = np.ones(4, np.float32), np.ones((3, 5), np.float32)
    with pytest.raises(ValueError, match="one length"):
        cosine(a, rows[0])
    with pytest.raises(ValueError, match="can't have shape"):
        cosines(a, rows)
    with pytest.raises(ValueError, match="at least 1"):
        rerank(rows[0], rows, np.array([0]), 0)
    for wrong in (-1, 3):
        with pytest.raises(IndexError, match="3 rows"):
            rerank(rows[0], rows, np.array([0, wrong]), 2)


def test_arrays_laid_out_otherwise_are_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastcall, "laid_out", lambda: False)
    native.builtin.cache_clear()
    assert native.builtin("cosine.cosine") is None
    assert cosine(np.ones(3, np.float32), np.ones(3, np.float32)) == pytest.approx(1)
    native.builtin.cache_clear()


def test_this_numpy_is_laid_out_as_its_c_api_says() -> None:
    assert fastcall.laid_out()
