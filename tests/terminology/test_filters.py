"""Every operator of value set filters, on the hierarchy and on properties."""

from __future__ import annotations

import pytest

from terminology.codesystem import ConceptDefinition, ConceptProperty
from terminology.filters import selected
from terminology.issue import Refused
from terminology.systems.table import Node, Table
from terminology.valueset import Filter
from tests.terminology.vocabulary import codes, concept, filtered


@pytest.mark.parametrize(
    ("property", "op", "value", "found"),
    [
        ("concept", "is-a", "bird", "bird hen dodo"),
        ("code", "is-a", "cat", "cat"),
        ("concept", "is-a", "fish", ""),
        ("concept", "descendent-of", "bird", "hen dodo"),
        ("concept", "child-of", "animal", "mammal bird"),
        ("concept", "descendent-leaf", "animal", "cat dog hen dodo"),
        ("concept", "generalizes", "cat", "cat mammal animal"),
        ("concept", "is-not-a", "mammal", "animal bird hen dodo"),
        ("legs", "=", "four", "cat dog"),
        ("legs", "in", "four, six", "cat dog"),
        ("legs", "not-in", "four", "animal mammal bird hen dodo"),
        ("legs", "exists", "false", "animal mammal bird"),
        ("tame", "=", "true", "cat dog hen"),
        ("tame", "=", "TRUE", ""),
        ("code", "=", "hen", "hen"),
        ("code", "in", "hen,cat", "cat hen"),
        ("code", "regex", "d.*", "dog dodo"),
        ("code", "regex", "d", ""),
        ("display", "regex", ".* bird", "hen dodo"),
        ("parent", "=", "bird", "hen dodo"),
        ("inactive", "=", "true", "dodo"),
        ("definition", "exists", "true", "animal mammal cat dog bird hen dodo"),
        ("definition", "exists", "false", ""),
    ],
)
def test_operators(property: str, op: str, value: str, found: str) -> None:
    assert codes(filtered((property, op, value))) == found.split()


def test_every_filter_counts() -> None:
    assert codes(filtered(("concept", "is-a", "animal"), ("legs", "=", "two"))) == ["hen", "dodo"]
    assert codes(filtered(("legs", "=", "two"), ("concept", "is-a", "mammal"))) == []


@pytest.mark.parametrize(
    ("filter", "id"),
    [
        (("concept", "is-a", ""), "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE"),
        (("concept", "rhymes-with", "cat"), "FILTER_NOT_UNDERSTOOD"),
        (("colour", "=", "red"), "FILTER_NOT_UNDERSTOOD"),
        (("code", "regex", "(cat"), "FILTER_NOT_UNDERSTOOD"),
        (("legs", "exists", "yes"), "FILTER_NOT_UNDERSTOOD"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(
    filter: tuple[str, str, str], id: str
) -> None:
    with pytest.raises(Refused) as told:
        codes(filtered(("tame", "=", "true"), filter))
    (issue,) = told.value.issues
    assert (issue.id, issue.place) == (id, "filter[1]")


def test_hierarchy_that_is_told_by_properties_may_have_several_parents() -> None:
    rows = (concept("top", "Top"), concept("left", "Left", subsumedBy="top"))
    both = ConceptDefinition(
        "both",
        properties=(
            ConceptProperty("subsumedBy", "code", "left"),
            ConceptProperty("subsumedBy", "code", "right"),
        ),
    )
    roots = tuple(Node(c) for c in (*rows, concept("right", "Right", subsumedBy="top"), both))
    system = Table("urn:acts", roots=roots)
    assert set(system.parents("both")) == {"left", "right"}
    below = Filter("concept", "descendent-of", "top")
    assert set(selected(system, (below,), "")) == {"left", "both", "right"}


@pytest.mark.parametrize("property", ["display", "definition"])
def test_what_is_empty_does_not_exist(property: str) -> None:
    bare, told = ConceptDefinition("bare"), ConceptDefinition("told", "Told", "what is told")
    table = Table("urn:t", roots=(Node(bare), Node(told)))
    assert selected(table, [Filter(property, "exists", "true")], "") == ["told"]
    assert selected(table, [Filter(property, "exists", "false")], "") == ["bare"]
