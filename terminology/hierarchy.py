"""Who stands above whom in a code system, tree or not, so that it is answered in constant time.

Each concept has one place in a spanning tree, as an interval of the tree's preorder (Agrawal,
Borgida and Jagadish, Efficient management of transitive relationships, 1989). What stands above a
concept only by its further parents is listed beside it; concepts that get the same list from one
parent share it.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kernels.codes import Ancestry
from terminology.errors import SourceError

Array = NDArray[np.generic]
Numbers = NDArray[np.uint32]


class Hierarchy:
    """The parents and children of concepts 0..n-1. Immutable: threads may share it."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        def view(name: str) -> memoryview:
            return memoryview(arrays[name])  # type: ignore[arg-type]

        self._parents, self._parent_offsets = view("parents"), view("parent_offsets")
        self._children, self._child_offsets = view("children"), view("child_offsets")

    def parents(self, concept: int) -> list[int]:
        """The concepts right above, in the order of the release."""
        offsets = self._parent_offsets
        return self._parents[offsets[concept] : offsets[concept + 1]].tolist()

    def children(self, concept: int) -> list[int]:
        """The concepts right below, ascending."""
        offsets = self._child_offsets
        return self._children[offsets[concept] : offsets[concept + 1]].tolist()


def build(count: int, child: Numbers, parent: Numbers) -> tuple[Ancestry, dict[str, Array]]:
    """Of `count` concepts what is above each, and the arrays of a Hierarchy.

    `child[i]` is below `parent[i]`.

    Memory: about 100 bytes a concept and 20 a pair. Raises SourceError, naming a concept by number
    in `args[1]`, where one stands above itself.
    """
    parents, parent_offsets = grouped(count, child, parent)
    children, child_offsets = grouped(count, parent, child)
    order = _topological(count, parent_offsets, children, child_offsets)
    first, last = _intervals(order, parents, parent_offsets)
    return Ancestry(first, last, *_further(order, parents, parent_offsets)), {
        "parents": parents,
        "parent_offsets": parent_offsets,
        "children": children,
        "child_offsets": child_offsets,
    }


def grouped(count: int, owner: Numbers, value: Numbers) -> tuple[Numbers, NDArray[np.int64]]:
    """The values by owner, in the order given: `values[offsets[i]:offsets[i + 1]]` are i's."""
    order = np.argsort(owner, kind="stable")
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=offsets[1:])
    return value[order], offsets


def _topological(
    count: int,
    parent_offsets: NDArray[np.int64],
    children: Numbers,
    child_offsets: NDArray[np.int64],
) -> list[int]:
    """Every concept after all that stand above it."""
    waiting = np.diff(parent_offsets).tolist()
    below, starts = memoryview(children), memoryview(child_offsets)  # type: ignore[arg-type]
    order = [concept for concept in range(count) if not waiting[concept]]
    for concept in order:
        for each in below[starts[concept] : starts[concept + 1]]:
            waiting[each] -= 1
            if not waiting[each]:
                order.append(each)
    if len(order) < count:
        stuck = next(concept for concept in range(count) if waiting[concept])
        raise SourceError("stands above itself", stuck)
    return order


def _intervals(
    order: list[int], parents: Numbers, offsets: NDArray[np.int64]
) -> tuple[Numbers, Numbers]:
    """Preorder intervals of the tree in which a concept is below the first of its parents."""
    above, starts = memoryview(parents), memoryview(offsets)  # type: ignore[arg-type]
    size = array("I", [1]) * len(order)
    for concept in reversed(order):
        if starts[concept] < starts[concept + 1]:
            size[above[starts[concept]]] += size[concept]
    first = array("I", [0]) * len(order)
    free = array("I", [0]) * len(order)  # where the next child's interval begins
    roots = 0
    for concept in order:
        if starts[concept] < starts[concept + 1]:
            parent = above[starts[concept]]
            first[concept] = free[parent]
            free[parent] += size[concept]
        else:
            first[concept] = roots
            roots += size[concept]
        free[concept] = first[concept] + 1
    begin = np.frombuffer(first, np.uint32) if order else np.zeros(0, np.uint32)
    sizes = np.frombuffer(size, np.uint32) if order else np.zeros(0, np.uint32)
    return begin, begin + sizes


def _further(
    order: list[int], parents: Numbers, offsets: NDArray[np.int64]
) -> tuple[Numbers, Numbers]:
    """For each concept where its list of ancestors outside the tree is, and these lists."""
    above, starts = memoryview(parents), memoryview(offsets)  # type: ignore[arg-type]
    own_list = array("I", [0]) * len(order)
    lists = array("I", [0])  # how many, then they
    for concept in order:
        own = above[starts[concept] : starts[concept + 1]]
        if not len(own):
            continue
        if len(own) == 1:
            own_list[concept] = own_list[own[0]]
            continue
        found = {*own[1:]}
        for parent in own:
            start = own_list[parent] + 1
            found.update(lists[start : start + lists[start - 1]])
        for parent in own[1:]:
            found.update(_climb(parent, above, starts))
        found -= {own[0], *_climb(own[0], above, starts)}
        if found:
            own_list[concept] = len(lists)
            lists.append(len(found))
            lists.extend(sorted(found))
    return np.array(own_list, np.uint32), np.frombuffer(lists, np.uint32)


def _climb(concept: int, above: memoryview, starts: memoryview) -> list[int]:
    """What stands above in the tree, nearest first."""
    found = []
    while starts[concept] < starts[concept + 1]:
        concept = above[starts[concept]]
        found.append(concept)
    return found
