"""Hierarchies: intervals and lists agree with walking the graph, whatever its form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.codes import Ancestry, Codes
from kernels.codes import build as codes_block
from terminology.errors import SourceError
from terminology.hierarchy import Hierarchy, build

Pairs = list[tuple[int, int]]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Pairs]:
    """A directed acyclic graph whose numbers tell nothing of its order."""
    count = draw(st.integers(1, 24))
    names = draw(st.permutations(range(count)))
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
                lambda pair: pair[0] != pair[1]
            ),
            max_size=60,
            unique=True,
        )
        if count > 1
        else st.just([])
    )
    return count, [(names[max(pair)], names[min(pair)]) for pair in pairs]


def built(count: int, pairs: Pairs) -> tuple[Ancestry, Hierarchy]:
    child = np.array([c for c, _ in pairs], np.uint32)
    parent = np.array([p for _, p in pairs], np.uint32)
    ancestry, arrays = build(count, child, parent)
    return ancestry, Hierarchy(arrays)


@given(graphs())
def test_subsumption_is_reachability(graph: tuple[int, Pairs]) -> None:
    count, pairs = graph
    ancestry, _ = built(count, pairs)
    names = [str(number) for number in range(count)]
    codes = Codes(codes_block(names, ancestry))
    above = {number: {number} for number in range(count)}
    for _ in range(count):
        for child, parent in pairs:
            above[child] |= above[parent]
    for low in range(count):
        found = {high for high in range(count) if codes.subsumes(names[high], names[low])}
        assert found == above[low]


@given(graphs())
def test_parents_and_children_are_the_pairs(graph: tuple[int, Pairs]) -> None:
    count, pairs = graph
    _, tree = built(count, pairs)
    assert sorted((c, p) for c in range(count) for p in tree.parents(c)) == sorted(pairs)
    assert sorted((c, p) for p in range(count) for c in tree.children(p)) == sorted(pairs)


def test_a_circle_is_refused() -> None:
    with pytest.raises(SourceError, match="stands above itself"):
        built(4, [(1, 0), (2, 1), (3, 2), (1, 3)])
