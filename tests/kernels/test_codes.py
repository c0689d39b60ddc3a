"""Codes in one block: both forms find each code and no other, and read one another's blocks."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.codes import Ancestry, Codes, build

pytestmark = pytest.mark.usefixtures("backend")

SHORT = st.text("0123456789.-AZé", max_size=4)
LONG = st.text("019", min_size=13, max_size=26)
ANY = st.text(st.characters(codec="utf-8"), max_size=20)
CODES = st.lists(SHORT | LONG | ANY, unique=True, max_size=40)


def flat(count: int) -> Ancestry:
    """Nobody stands above anybody."""
    numbers = np.arange(count, dtype=np.uint32)
    return Ancestry(numbers, numbers + 1, np.zeros_like(numbers), np.zeros(1, np.uint32))


@given(CODES, SHORT | LONG | ANY, st.integers(0, 2**32 - 50))
def test_each_code_is_found_and_no_other(known: list[str], asked: str, start: int) -> None:
    codes = Codes(build(known, flat(len(known)), start))
    assert [codes.number(code) for code in known] == list(range(start, start + len(known)))
    assert codes.number(asked) == (start + known.index(asked) if asked in known else -1)


@pytest.mark.parametrize("length", [*range(1, 20), 40])
def test_codes_that_differ_in_one_byte_or_in_length(length: int) -> None:
    code = "1234567890" * 5
    known = [code[:length], code[: length + 1], *(code[:at] + "é" for at in range(length))]
    codes = Codes(build(known, flat(len(known))))
    assert [codes.number(each) for each in known] == list(range(len(known)))
    others = [
        code[: length - 1] + "\0",
        code[:length] + "\0",
        "\0" + code[: length - 1],
        "0" * length,
    ]
    assert [codes.number(each) for each in others] == [-1] * 4


@st.composite
def ancestries(draw: st.DrawFn) -> tuple[Ancestry, list[set[int]]]:
    """Intervals and lists at will, and by them the concepts above each one."""
    count = draw(st.integers(1, 12))
    number = st.integers(0, count)
    first, last = (draw(st.lists(number, min_size=count, max_size=count)) for _ in range(2))
    given = [[], *draw(st.lists(st.sets(st.integers(0, count - 1)).map(sorted), max_size=4))]
    chosen = draw(st.lists(st.integers(0, len(given) - 1), min_size=count, max_size=count))
    lists = [number for each in given for number in (len(each), *each)]
    starts = np.cumsum([0, *(len(each) + 1 for each in given)])[chosen]
    above = [
        {high for high in range(count) if first[high] <= first[low] < last[high]} | {*given[kind]}
        for low, kind in enumerate(chosen)
    ]
    columns = (np.array(each, np.uint32) for each in (first, last, starts, lists))
    return Ancestry(*columns), above


@given(ancestries(), st.booleans())
def test_who_stands_above_whom(given_: tuple[Ancestry, list[set[int]]], long: bool) -> None:
    ancestry, above = given_
    known = [str(number).zfill(16 * long) for number in range(len(above))]
    codes = Codes(build(known, ancestry))
    for low, code in enumerate(known):
        assert [codes.subsumes(each, code) for each in known] == [
            int(high in above[low]) for high in range(len(known))
        ]
        assert codes.subsumes("none", code) == codes.subsumes(code, "none") == -1


def test_what_is_no_text_is_no_code() -> None:
    codes = Codes(build(["A"], flat(1)))
    assert codes.number("\ud800") == codes.subsumes("A", "\ud800") == -1


def test_a_block_lives_as_long_as_what_reads_it() -> None:
    number = Codes(build(["A", "B" * 20], flat(2))).number
    gc.collect()
    np.full(1 << 16, 255, np.uint8)
    assert (number("A"), number("B" * 20), number("C")) == (0, 1, -1)


@pytest.mark.parametrize("left", [0, 8, 12, -1])
def test_a_block_that_is_cut_short_is_refused(left: int) -> None:
    with pytest.raises(ValueError, match="cut short"):
        Codes(build(["A"], flat(1))[:left])


@pytest.mark.parametrize("step", [1, 13, 1 << 20])
def test_codes_that_are_alike_are_spread(step: int) -> None:
    known = [str(900_000_000 + step * number) for number in range(20_000)]
    block = build(known, flat(len(known)))
    empty = np.flatnonzero(block[8 : int(block[1])].reshape(-1, 4)[:, 1] == 0)
    assert np.diff(empty).max() < 120
