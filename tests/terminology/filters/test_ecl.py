"""Expression constraints, and the value sets whose urls define them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology import budget
from terminology.codesystem import ConceptDefinition, ConceptProperty
from terminology.expansion import Options, expand
from terminology.filters import SNOMED
from terminology.filters.ecl import BadConstraint, evaluate
from terminology.issue import Refused
from terminology.library import Library, Shelf
from terminology.table import Node, Table
from terminology.valueset import Filter, Include, ValueSet
from tests.growth import linear

ROOT, FINDING, ANEMIA, IRON, SITE, BODY, BLOOD = (
    *("138875005", "404684003", "271737000", "87522002", "363698007", "123037004", "87612001"),
)
EDITION = f"{SNOMED}/900000000000207008/version/20260101"


def node(code: str, *children: Node, **properties: str) -> Node:
    told = tuple(ConceptProperty(name[1:], "code", value) for name, value in properties.items())
    return Node(ConceptDefinition(code, f"concept {code}", properties=told), children)


TABLE = Table(
    SNOMED,
    EDITION,
    roots=(
        node(
            ROOT,
            node(FINDING, node(ANEMIA, node(IRON, _363698007=BLOOD))),
            node(SITE),
            node(BODY, node(BLOOD)),
        ),
    ),
)
KNOWN = Library((Shelf((TABLE,)),))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (ANEMIA, {ANEMIA}),
        (f"<< {ANEMIA} |Anemia (disorder)|", {ANEMIA, IRON}),
        (f"<{FINDING}", {ANEMIA, IRON}),
        (f"<!{FINDING}", {ANEMIA}),
        (f">{ANEMIA}", {FINDING, ROOT}),
        (f">>{ANEMIA}", {ANEMIA, FINDING, ROOT}),
        (f">!{IRON}", {ANEMIA}),
        (f"<<{FINDING} AND >>{ANEMIA}", {FINDING, ANEMIA}),
        (f"{IRON} or {BLOOD} OR {SITE}", {IRON, BLOOD, SITE}),
        (f"<<{FINDING} MINUS <<{ANEMIA}", {FINDING}),
        (f"(<<{FINDING} MINUS {IRON}) AND << ({ANEMIA} OR {BODY})", {ANEMIA}),
        (f"<<{FINDING}: {SITE} |Site| = <<{BODY}", {IRON}),
        (f"<<{FINDING}: {SITE} = {BODY}", set()),
        (f"*: {SITE} != {BODY}, * = {BLOOD}", {IRON}),
        (f"<< {IRON} /* all of it */", {IRON}),
        (f"< ({FINDING} OR {ANEMIA})", {ANEMIA, IRON}),
        (f"<! ({ROOT} OR {ANEMIA})", {FINDING, SITE, BODY, IRON}),
        (f"<< ({IRON} OR {BODY})", {IRON, BODY, BLOOD}),
        (f"> ({IRON} OR {BLOOD}) MINUS >{IRON}", {BODY}),
    ],
)
def test_what_constraints_select(text: str, codes: set[str]) -> None:
    assert evaluate(TABLE, text) == codes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "a concept is expected at character 1"),
        ("<<", "a concept"),
        (f"{IRON} {ANEMIA}", "the end is expected"),
        (f"({IRON}", r"\) is expected"),
        ("<< 999999999", "no concept 999999999"),
        (f"<< {'9' * 23}", f"no concept {'9' * 23} in"),
        ("^ 700043003", "a concept is expected"),
        (f"{IRON} AND {ANEMIA} OR {ROOT}", "a bracket"),
        (f"{IRON} MINUS {ANEMIA} MINUS {ROOT}", "a bracket"),
        (f"*: {SITE} > {BODY}", "= or !="),
        (f"*: {{ {SITE} = * }}", "a concept"),
        ("x" * 50, "a concept"),
        ("(" * 5_000, "at most 100 brackets"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(BadConstraint, match=told):
        evaluate(TABLE, text)
    value_set = ValueSet("urn:x", include=(Include(SNOMED, "", (), (_filter(text or " "),)),))
    with pytest.raises(Refused, match="was not understood"):
        expand(KNOWN, value_set, Options())


def test_a_constraint_is_worked_out_in_time_that_its_codes_set() -> None:
    """Each code is left but once, from however many the way begins."""
    chain = node("100000")
    for n in range(100_001, 100_900):
        chain = node(str(n), chain)
    steps: list[int] = []
    found = evaluate(Table(SNOMED, roots=(chain,)), "<<(<*) OR >>(>*)", steps.append)
    assert len(found) == 900
    assert sum(steps) < 900 * 100


def test_a_constraint_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SECONDS", 0.0)
    slow = _filter(" OR ".join(["<<*"] * 100))
    with pytest.raises(Refused, match="too long"):
        expand(KNOWN, ValueSet("urn:x", include=(Include(SNOMED, "", (), (slow,)),)), Options())


def _filter(text: str) -> Filter:
    return Filter("constraint", "=", text)


@given(st.text(alphabet=f"<>!*()|:,= {IRON}ANDORMIUS", max_size=40))
def test_any_text_selects_codes_or_is_refused(text: str) -> None:
    try:
        found = evaluate(TABLE, text)
    except BadConstraint:
        return
    assert found <= set(TABLE.codes())


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        (f"{SNOMED}?fhir_vs", 7),
        (f"{EDITION}?fhir_vs", 7),
        (f"{SNOMED}?fhir_vs=isa/{FINDING}", 3),
        (f"{EDITION}?fhir_vs=isa/{ANEMIA}", 2),
        (f"{SNOMED}?fhir_vs=ecl/%3C%20{FINDING}", 2),
        (f"{SNOMED}?fhir_vs=isa/999999999", None),
        (f"{SNOMED}?fhir_vs=refset/{FINDING}", None),
        (f"{SNOMED}/1/version/2?fhir_vs", None),
        ("urn:unknown?fhir_vs", None),
    ],
)
def test_sets_that_their_urls_define(url: str, codes: int | None) -> None:
    found = KNOWN.value_set(url)
    assert (found and len(expand(KNOWN, found, Options(nested=False)).contains)) == codes


@pytest.mark.parametrize(("run", "end"), [(" ", ""), ("/*", ""), ("|", ""), (" ", "|")])
def test_a_long_constraint_is_read_in_time_that_its_length_sets(run: str, end: str) -> None:
    def job(size: int) -> None:
        with suppress(BadConstraint):
            evaluate(TABLE, IRON + run * size + end)

    assert linear(job, 60_000)


def test_blanks_behind_a_constraint_say_nothing() -> None:
    assert evaluate(TABLE, f" {IRON} \n /* iron */ ") == {IRON}


def test_what_is_joined_is_counted() -> None:
    steps: list[int] = []
    evaluate(TABLE, f"* OR {IRON}", steps.append)
    evaluate(TABLE, "*", steps.append)
    assert sum(steps) > 3 * steps[-1]
