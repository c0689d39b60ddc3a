"""What the planes of nibbles tell of a matrix, and how far off it may be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kernels.embed import embed
from kernels.planes import planes_of


def codes_of(arrays: dict[str, NDArray[np.generic]], dim: int, low: bool) -> NDArray[np.float64]:
    """The codes that the planes hold, with or without the low nibbles."""
    parts = []
    for name, worth in (("high", 16), ("low", 1)):
        plane = arrays[name].reshape(len(arrays[name]), -1, 1, 64).astype(np.int64)
        halves = np.concatenate((plane & 15, plane >> 4), axis=2)
        parts.append(worth * (halves.reshape(len(plane), -1)[:, :dim] - 8))
    return (parts[0] + parts[1] * low).astype(np.float64)


def test_codes_are_as_near_as_is_told() -> None:
    draw = np.random.default_rng(1)
    for rows, dim in ((1, 1), (40, 100), (33, 128), (20, 300)):
        vectors = draw.standard_normal((rows, dim)).astype(np.float32)
        vectors *= 10.0 ** draw.integers(-6, 6, (rows, 1))
        arrays = planes_of(vectors)
        unit, error, longest = arrays["bounds"].tolist()
        scale = np.float64(arrays["scales"][:rows, None]) * unit
        off = np.linalg.norm(vectors - scale * codes_of(arrays, dim, True)[:rows], axis=1)
        assert (off <= error * np.abs(scale[:, 0]) * (1 + 1e-9)).all()
        assert error <= 0.51 * np.sqrt(dim)
        rest = np.linalg.norm(vectors - scale * codes_of(arrays, dim, False)[:rows], axis=1)
        assert (rest <= np.float64(arrays["rests"][:rows]) * unit).all()
        assert (np.linalg.norm(vectors, axis=1) <= longest * unit * (1 + 1e-9)).all()


@given(st.lists(st.sampled_from((0.0, 1.0, -1.0, 119.0, -136.0, 3e38, 1e-45)), min_size=1))
def test_any_row_has_codes(row: list[float]) -> None:
    vectors = np.array([row, [0.0] * len(row)], np.float32)
    arrays = planes_of(vectors)
    unit, error, _ = arrays["bounds"].tolist()
    scale = np.float64(arrays["scales"][:2, None]) * unit
    codes = codes_of(arrays, len(row), True)[:2]
    off = np.linalg.norm((vectors - scale * codes) / unit, axis=1)
    assert (off <= error * np.abs(scale[:, 0]) / unit * (1 + 1e-9)).all()
    assert not codes[1].any()


def test_counts_are_told_by_high_nibbles_alone() -> None:
    """An embedding's elements are counts of 3-grams over its length."""
    names = ["acute nephritis", "pain in the left knee", "banana bandana and banana"]
    arrays = planes_of(embed(names))
    assert arrays["rests"][: len(names)].max() < 1e-6


def test_the_last_group_is_filled_up_with_rows_that_nothing_finds() -> None:
    arrays = planes_of(np.ones((17, 3), np.float32))
    assert arrays["high"].shape == arrays["low"].shape == (32, 64)
    assert (arrays["rests"][17:] == -np.inf).all()
    assert not arrays["scales"][17:].any()
    assert planes_of(np.zeros((0, 3), np.float32))["high"].shape == (0, 64)
