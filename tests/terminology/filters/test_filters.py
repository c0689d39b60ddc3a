"""Every operator of value set filters, on the hierarchy and on properties."""

from __future__ import annotations

import time

import pytest

from terminology import budget
from terminology.codesystem import ConceptDefinition, ConceptProperty
from terminology.filters import selected
from terminology.issue import Refused
from terminology.table import Node, Table
from terminology.validation import membership
from terminology.valueset import Filter, Include, ValueSet
from terminology.versions import VersionRules
from tests.terminology.vocabulary import codes, concept, filtered, library


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
        ("legs", "in", ",,four,", "cat dog"),
        ("legs", "in", ",", ""),
        ("legs", "not-in", ",", "animal mammal cat dog bird hen dodo"),
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


@pytest.mark.parametrize("op", ["in", "not-in"])
def test_a_long_list_is_read_once(op: str) -> None:
    table = Table("urn:t", roots=tuple(Node(ConceptDefinition(str(n))) for n in range(10_000)))
    listed = ",".join(map(str, range(5_000, 15_000)))
    first = 5_000 if op == "in" else 0  # reading it for each code would be over the budget
    found = selected(table, [Filter("code", op, listed)], "")
    assert found == [str(n) for n in range(first, first + 5_000)]


FILTERS = [("code", "in", "hen"), ("code", "regex", "h.*"), ("concept", "is-a", "hen")]


@pytest.mark.parametrize("given", FILTERS)
def test_what_takes_too_long_is_refused(
    given: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codes(filtered(given)) == ["hen"]
    monkeypatch.setattr(budget, "SECONDS", 0.0)
    with pytest.raises(Refused, match="too long") as told:
        codes(filtered(given))
    assert [each.code for each in told.value.issues] == ["too-costly"]


def test_a_code_that_takes_too_long_to_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "ONE", 0.1)
    slow = ConceptDefinition("a", "ab" * 50_000)
    table = Table("urn:t", roots=(Node(slow), Node(ConceptDefinition("b", "b"))))
    include = Include("urn:t", filters=(Filter("display", "regex", ".*(?:a.{0,2000}b)"),))
    found = membership.Membership(
        library(table), ValueSet("urn:v", include=(include,)), VersionRules()
    )
    with pytest.raises(Refused, match="too long"):
        found.find(table, "a")
    assert found.find(table, "b") is None


def test_all_codes_of_a_request_have_no_more_time_than_a_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(membership, "ONE", 0.1)
    monkeypatch.setattr(budget, "SECONDS", 0.25)
    slow = [Node(ConceptDefinition(f"a{n}", f"{n}" + "ab" * 50_000)) for n in range(20)]
    table = Table("urn:t", roots=tuple(slow))
    include = Include("urn:t", filters=(Filter("display", "regex", ".*(?:a.{0,2000}b)"),))
    found = membership.Membership(
        library(table), ValueSet("urn:v", include=(include,)), VersionRules()
    )
    start = time.thread_time()
    for n in range(20):
        with pytest.raises(Refused, match="too long"):
            found.find(table, f"a{n}")
    assert time.thread_time() - start < 1


def test_the_budget_is_one_for_all_filters_and_includes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SECONDS", 0.2)
    many = tuple(Filter("display", "regex", f".*{n}(.*a){{900}}") for n in range(400))
    named = ConceptDefinition("a", "0 1 2 3 4 5 6 7 8 9 " + "ab" * 9_000)
    known = library(Table("urn:t", roots=(Node(named),)))
    for parts in (
        (Include("urn:t", filters=many),),
        [Include("urn:t", filters=(f,)) for f in many],
    ):
        start = time.thread_time()
        with pytest.raises(Refused, match="too long"):
            codes(ValueSet("urn:v", include=tuple(parts)), known)
        assert time.thread_time() - start < 1


@pytest.mark.parametrize("property", ["display", "definition"])
def test_what_is_empty_does_not_exist(property: str) -> None:
    bare, told = ConceptDefinition("bare"), ConceptDefinition("told", "Told", "what is told")
    table = Table("urn:t", roots=(Node(bare), Node(told)))
    assert selected(table, [Filter(property, "exists", "true")], "") == ["told"]
    assert selected(table, [Filter(property, "exists", "false")], "") == ["bare"]
