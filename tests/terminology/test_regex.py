"""Linear-time patterns agree with `re` and never take longer than their text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.regex import BadPattern, compiled

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
    start = time.perf_counter()
    assert not compiled(pattern).fullmatch("a" * 300)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("pattern", ["(", "[a", "a{9000}{9000}", r"(a)\1", "a(?=b)"])
def test_what_is_not_done_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compiled(pattern)
