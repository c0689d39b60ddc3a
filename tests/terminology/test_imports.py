"""Value sets that import one another: how far they are followed, and what nests too deep."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from terminology.codesystem import ConceptDefinition, ConceptProperty
from terminology.expansion import LEVELS, Options, expand
from terminology.imports import DEEPEST
from terminology.issue import Refused
from terminology.library import Library, Shelf
from terminology.table import Node, Table
from terminology.validation import Membership
from terminology.valueset import Include, ValueSet
from terminology.versions import VersionRules
from tests.terminology.vocabulary import URL, animals

Use = Callable[[Library, ValueSet], object]


def expanded(library: Library, value_set: ValueSet) -> object:
    return expand(library, value_set, Options())


def prepared(library: Library, value_set: ValueSet) -> object:
    return Membership(library, value_set, VersionRules())


def chain(length: int, times: int = 1) -> Library:
    """Sets of which each imports the next, so many times."""
    sets = [
        ValueSet(f"urn:{n}", include=(Include(value_sets=(f"urn:{n + 1}",)),) * times)
        for n in range(1, length)
    ]
    return Library(
        (Shelf((animals(),), (*sets, ValueSet(f"urn:{length}", include=(Include(URL),)))),)
    )


def first(library: Library) -> ValueSet:
    found = library.value_set("urn:1")
    assert found is not None
    return found


@pytest.mark.parametrize("use", [expanded, prepared])
def test_a_chain_is_followed_so_far(use: Use) -> None:
    assert use(chain(DEEPEST), first(chain(DEEPEST)))
    longer = chain(DEEPEST + 1)
    with pytest.raises(Refused, match="urn:1' imports too many others"):
        use(longer, first(longer))


@pytest.mark.parametrize("use", [expanded, prepared])
def test_sets_that_multiply_are_refused_in_time(use: Use) -> None:
    assert use(chain(5, times=2), first(chain(5, times=2)))
    many = chain(40, times=2)
    with pytest.raises(Refused) as refused:
        use(many, first(many))
    assert [each.type for each in refused.value.issues] == ["too-costly"]


@pytest.mark.parametrize("use", [expanded, prepared])
def test_a_set_that_imports_itself_is_told(use: Use) -> None:
    own = ValueSet("urn:1", include=(Include(value_sets=("urn:1",)),))
    with pytest.raises(Refused, match="urn:1 → urn:1"):
        use(Library((Shelf(sets=(own,)),)), own)


@pytest.mark.parametrize(
    ("count", "circle", "nested"),
    [(LEVELS, False, True), (LEVELS + 1, False, False), (3, True, False)],
)
def test_codes_that_stand_too_deep_or_in_a_circle_are_listed_flat(
    count: int, circle: bool, nested: bool
) -> None:
    def node(number: int) -> Node:
        above = (number + 1) % count if circle or number + 1 < count else None
        parent = () if above is None else (ConceptProperty("parent", "code", f"c{above}"),)
        return Node(ConceptDefinition(f"c{number}", properties=parent))

    table = Table(URL, roots=tuple(node(number) for number in range(count)))
    made = expand(
        Library((Shelf((table,)),)), ValueSet("urn:v", include=(Include(URL),)), Options()
    )
    assert (made.total, len(made.contains)) == (count, 1 if nested else count)
