"""How two value sets stand to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.comparison import Policy, compare
from terminology.expansion.types import Options
from terminology.library import Library, Shelf
from terminology.table import Table
from terminology.valueset import Filter, Include, Reference, ValueSet
from tests.terminology.vocabulary import URL, animals

TURNED = {"subset": "superset", "superset": "subset"}
CODES = ("cat", "dog", "hen", "dodo")


def library(*tables: Table) -> Library:
    return Library((Shelf(tables or (animals(),)),))


def listed(*codes: str, version: str = "", system: str = URL) -> ValueSet:
    concepts = tuple(Reference(c) for c in codes)
    return ValueSet(f"urn:{'-'.join(codes)}", include=(Include(system, version, concepts),))


def below(code: str, version: str = "") -> ValueSet:
    filters = (Filter("concept", "is-a", code),)
    return ValueSet(f"urn:is-a:{code}", include=(Include(URL, version, filters=filters),))


@pytest.mark.parametrize(
    ("this", "other", "relation"),
    [
        (below("bird"), listed("dodo", "bird", "hen"), "same"),
        (below("bird"), below("animal"), "subset"),
        (below("animal"), listed("cat"), "superset"),
        (below("bird"), listed("hen", "cat"), "overlapping"),
        (below("bird"), below("mammal"), "disjoint"),
        (listed("unicorn"), listed("griffin"), "empty"),
        (below("bird"), listed("x", system="urn:unknown", version="1"), "indeterminate"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_relations(this: ValueSet, other: ValueSet, relation: str) -> None:
    found = compare(library(), this, other, Options(), "as-needed")
    assert found.relation == relation
    assert this.url in found.message


@given(st.sets(st.sampled_from(CODES)), st.sets(st.sampled_from(CODES)))
def test_turned_round_the_relation_turns_too(a: set[str], b: set[str]) -> None:
    there = compare(library(), listed(*a), listed(*b), Options(), "never")
    back = compare(library(), listed(*b), listed(*a), Options(), "never")
    assert back.relation == TURNED.get(there.relation, there.relation)
    if there.relation != "indeterminate":
        assert (there.missing, there.extra) == (back.extra, back.missing)


@pytest.mark.parametrize(
    ("policy", "needed", "relation"),
    [
        ("as-needed", False, "same"),
        ("as-needed", True, "disjoint"),
        ("always", False, "disjoint"),
        ("never", True, "same"),
    ],
)
def test_versions_count_where_the_policy_says_so(
    policy: Policy, needed: bool, relation: str
) -> None:
    known = library(animals("1", version_needed=needed), animals("2", version_needed=needed))
    one, two = below("bird", "1"), below("bird", "2")
    assert compare(known, one, two, Options(), policy).relation == relation


def test_what_can_not_be_listed_is_compared_by_its_definition() -> None:
    known = library(animals(content="fragment"))
    same = compare(known, below("bird"), below("bird"), Options(), "as-needed")
    assert (same.relation, same.expanded) == ("same", False)
    other = compare(known, below("bird"), below("mammal"), Options(), "as-needed")
    assert other.relation == "indeterminate"
    assert "fragment" in other.message
