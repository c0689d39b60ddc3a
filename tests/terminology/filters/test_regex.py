"""Linear-time patterns agree with `re` and never take longer than their text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.filters import regex
from terminology.filters.regex import BadPattern, Pattern, compiled
from tests.growth import linear

atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", "[a-c0-9]", r"\w", "1"])
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}|{p[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{1,}"])).map(
            lambda p: f"(?:{p[0]}){p[1]}"
        ),
    ),
    max_leaves=6,
)


@given(patterns, st.text("ab1c-", max_size=7))
def test_agrees_with_re(pattern: str, text: str) -> None:
    assert compiled(pattern).fullmatch(text) == (re.fullmatch(pattern, text) is not None)


@pytest.mark.parametrize("pattern", ["(a+)+b", "((a*)*)*b", "(a|aa)+b", "(.*)*(.*)*b"])
def test_what_makes_others_backtrack_stays_quick(pattern: str) -> None:
    def job(size: int) -> None:
        assert not compiled(pattern).fullmatch("a" * size)

    assert linear(job, 400)


@pytest.mark.parametrize("pattern", ["(?:){4000000000}", "(?:(?:){9999}){9999}(?:^){99999999}"])
def test_nothing_often_is_nothing(pattern: str) -> None:
    assert compiled(pattern).fullmatch("")
    assert not compiled(pattern).fullmatch("a")


def test_what_is_remembered_of_texts_is_bounded_and_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regex, "HELD", 300)
    pattern = Pattern("(.*a|.*b)*.{9}[ab].{9}")
    for number in range(1000):
        text = f"{number * 349 % 2**20:020b}".replace("0", "a").replace("1", "c")
        assert pattern.fullmatch(text) == (text[10] == "a" and text[0] == "a")
        assert pattern._held <= 300


def test_steps_are_told() -> None:
    told: list[int] = []
    assert compiled("x(?:.*y){9}z").fullmatch("xyyyyyyyyyz", told.append)
    assert sum(told) > 50


@pytest.mark.parametrize("pattern", ["(", "[a", "a{9000}{9000}", r"(a)\1", "a(?=b)"])
def test_what_is_not_done_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compiled(pattern)
