"""Queries: what is read, what is refused and where, what is left out on demand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import BadRequest, FhirError, NotSupported
from fhir_server.search.criteria import Unknown
from fhir_server.search.query import parse
from fhir_server.search.terms import Chain, Each, Has, Match, Missing, Own
from fhir_server.search.value import split, unescape
from tests.fhir_server.search.loaded import escaped


def test_each_kind_of_criterion() -> None:
    pairs = [
        ("code", "a,b"),
        ("code:not", "a"),
        ("encounter:missing", "true"),
        ("_id", "1"),
        ("patient.name", "x"),
        ("_has:Provenance:target:agent", "Practitioner/1"),
        ("code-value-quantity", "a$gt5"),
    ]
    query = parse("Observation", pairs)
    assert [type(c) for c in query.criteria] == [Match, Match, Missing, Own, Chain, Has, Each]
    assert query.used == tuple(pairs)
    assert isinstance(query.criteria[0], Match)
    assert query.criteria[0].values == ("a", "b")


@given(st.lists(st.text(min_size=1), min_size=1))
def test_escapes_hold_values_together(values: list[str]) -> None:
    written = ",".join(escaped(v) for v in values)
    assert [unescape(v) for v in split(written, ",")] == values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("patient.colour", "red"),
        ("_has:Condition:colour:code", "x"),
        ("_elements", "id"),
        ("code", ""),
    ],
)
def test_the_unknown_is_an_error_or_left_out(name: str, value: str) -> None:
    with pytest.raises(Unknown) as raised:
        parse("Observation", [(name, value), ("status", "final")])
    assert raised.value.expression
    query = parse("Observation", [(name, value), ("status", "final")], strict=False)
    assert query.ignored == ((name, value),)
    assert query.used == (("status", "final"),)
    assert len(query.criteria) == 1


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("code:exact", "x", NotSupported),
        ("code:", "x", NotSupported),
        ("subject:Elephant", "1", NotSupported),
        ("subject:[type]", "1", NotSupported),
        ("code:missing", "maybe", BadRequest),
        ("_id:exact", "1", NotSupported),
        ("code", ",", BadRequest),
        ("code.text", "x", BadRequest),
        ("subject:Elephant.name", "x", BadRequest),
        ("_has:Condition:patient", "x", BadRequest),
        ("_has:Elephant:patient:code", "x", BadRequest),
        ("_has:Condition:code:code", "x", BadRequest),
        ("code-value-quantity", "a", BadRequest),
        ("code-value-quantity", "a$5,b", BadRequest),
        ("component-code-value-quantity", "urn:s|$5", NotSupported),
        ("code-value-quantity:not", "a$5", NotSupported),
        ("_text", ".", BadRequest),
        ("_content:exact", "x", NotSupported),
        ("_list", "$current-problems", BadRequest),
        ("_list", "$mine", BadRequest),
        ("_id:missing", "maybe", BadRequest),
        ("_lastUpdated:not", "2020", NotSupported),
        ("_text", "(one", BadRequest),
        ("_text", "one)", BadRequest),
        ("_text", "one or", BadRequest),
        ("_filter", "code eq", BadRequest),
        ("_filter", "code eq a)", BadRequest),
        ("_filter", "not code eq a", BadRequest),
        ("_filter", "(code eq a", BadRequest),
        ("_filter", "code like a", NotSupported),
        ("_filter", "subject:Nobody.name eq a", BadRequest),
        ("_filter", "code pr maybe", BadRequest),
        ("_filter", "code[status eq x].name eq y", BadRequest),
        ("_filter", "(" * 99 + "code eq a", NotSupported),
        ("_count", "-1", BadRequest),
        ("_count", "many", BadRequest),
        ("_sort", "code-value-quantity", Unknown),
        ("_sort", "colour", Unknown),
        ("_total", "some", BadRequest),
        ("_summary", "text", NotSupported),
        ("_include", "Observation", BadRequest),
        ("_include", "Observation:code", Unknown),
        ("_include", "Observation:patient:Elephant", BadRequest),
        ("_revinclude", "Provenance:target:Patient", BadRequest),
        ("_include:iterate", "Observation", BadRequest),
        ("_filter", "colour eq red", Unknown),
        *(
            (name, "", Unknown)
            for name in ("code", "_count", "_sort", "_include", "_total", "_list")
        ),
    ],
)
def test_what_cannot_be_read_is_always_an_error(
    name: str, value: str, error: type[FhirError], strict: bool
) -> None:
    if error is Unknown and not strict:
        assert parse("Observation", [(name, value)], strict=False).ignored
        return
    with pytest.raises(error) as raised:
        parse("Observation", [(name, value)], strict=strict)
    assert raised.value.expression


def test_a_chain_is_not_endless() -> None:
    with pytest.raises(NotSupported):
        parse("Observation", [("patient.link:Patient." + "link:Patient." * 5 + "name", "x")])


def test_sort_keys_as_dstu2_wrote_them() -> None:
    old = parse("Patient", [("_sort:desc", "birthdate,_id"), ("_sort:asc", "family")])
    new = [("_sort", "-birthdate,-_id"), ("_sort", "family")]
    assert old == parse("Patient", new)
    assert list(old.used) == new
    with pytest.raises(NotSupported):
        parse("Patient", [("_sort:down", "family")])


def test_counts_are_capped() -> None:
    assert parse("Patient", [("_count", "999999999")]).count == 1000
    assert parse("Patient", [("_count", "0")]).count == 0
    assert parse("Patient", [("_summary", "count")]).count == 0
    assert parse("Patient", [("_id", ",".join("x" * 10_000))]).criteria
    for name, count in [("_id", 10_001), ("identifier", 10_001), ("_lastUpdated", 301)]:
        with pytest.raises(NotSupported):
            parse("Patient", [(name, ",".join(["2020"] * count))])
