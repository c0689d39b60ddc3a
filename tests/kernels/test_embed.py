"""Hashed 3-gram vectors, in both forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import embed as kernel
from kernels.embed import embed

pytestmark = pytest.mark.usefixtures("backend")

STRINGS = st.text("abC9 -\né\u2028", max_size=40) | st.text(max_size=20)


@given(st.lists(STRINGS, max_size=20), st.sampled_from([16, 64, 256, 512]))
def test_equals_the_reference(strings: list[str], dim: int) -> None:
    rows = embed(strings, dim)
    assert rows.shape == (len(strings), dim)
    assert rows.dtype == np.float32
    if strings:
        np.testing.assert_allclose(rows, kernel._reference(strings, dim), atol=1e-6)


@given(STRINGS)
def test_a_row_has_length_one_or_no_word(string: str) -> None:
    norm = float(np.linalg.norm(embed([string])[0]))
    assert norm == pytest.approx(1, abs=1e-5) or norm == 0


@pytest.mark.parametrize("length", [1020, 1021, 1022, 1023, 1024, 1025, 2050, 5000])
def test_long_strings_are_counted_whole(length: int) -> None:
    strings = ["abcdefg " * length, "x" * length, " " * length + "end"]
    np.testing.assert_allclose(embed(strings), kernel._reference(strings, 256), atol=1e-6)


def test_the_gram_counts_by_hand() -> None:
    """' ab ' has the grams ' ab' and 'ab ': two elements of equal size, or one that holds both."""
    row = embed(["ab"])[0]
    assert sorted(np.abs(row[row != 0]).tolist()) == pytest.approx([0.5**0.5] * 2)


def test_like_strings_are_near() -> None:
    near, far = embed(["metformin", "metfromin", "lisinopril"])[1:] @ embed(["Metformin"])[0]
    assert near > 0.4 > 0.2 > far


@pytest.mark.parametrize("dim", [0, 8, 100, -256])
def test_refuses_a_dimension_that_is_no_power_of_two(dim: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        embed(["a"], dim)
