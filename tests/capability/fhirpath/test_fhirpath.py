"""FHIRPath: what expressions give, what can't be read, and what can't be evaluated."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capability.fhirpath import Env, PathError, compiled
from capability.fhirpath.env import Budget

Json = dict[str, Any]
PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p",
    "contained": [
        {"resourceType": "Practitioner", "id": "d", "active": True},
        {"resourceType": "Organization", "id": "o"},
    ],
    "active": True,
    "birthDate": "1980-05",
    "_birthDate": {"extension": [{"url": "http://e", "valueDateTime": "1980-05-01T10:00:00Z"}]},
    "deceasedBoolean": False,
    "name": [
        {"use": "official", "family": "Ash", "given": ["Ann", "Bea"]},
        {"use": "usual", "given": ["Annie"], "_given": [{"id": "g"}]},
    ],
    "multipleBirthInteger": 2,
    "generalPractitioner": [{"reference": "#d"}, {"reference": "Organization/9"}],
    "contact": [{"gender": "female"}],
}

GIVES: dict[str, list[Any]] = {
    "name.given": ["Ann", "Bea", "Annie"],
    "Patient.name[1].given": ["Annie"],
    "Resource.id": ["p"],
    "name.where(use = 'official').given.first()": ["Ann"],
    "name.given.last() | name.given.tail()": ["Annie", "Bea"],
    "name.given.skip(1).take(1)": ["Bea"],
    "name.select(given.count())": [2, 1],
    "name.family.empty()": [False],
    "name.all(given.exists())": [True],
    "name.exists(family = 'Oak')": [False],
    "name.given.isDistinct()": [True],
    "('a' | 'b' | 'a').count()": [2],
    "('a' | 'b').combine('a').isDistinct()": [False],
    "('a' | 'b').intersect('b' | 'c')": ["b"],
    "('a' | 'b').exclude('b')": ["a"],
    "('a' | 'b').subsetOf('b' | 'a' | 'c')": [True],
    "birthDate.hasValue()": [True],
    "birthDate.extension('http://e').value is dateTime": [True],
    "name[1].given.id": ["g"],
    "deceased is Boolean and deceased is boolean": [True],
    "multipleBirth is integer": [True],
    "multipleBirth as integer + 1": [3],
    "multipleBirth.ofType(boolean)": [],
    "Patient is DomainResource and $this is Patient": [True],
    "contact is BackboneElement": [True],
    "contained.ofType(Practitioner).active": [True],
    "generalPractitioner.resolve().ofType(Practitioner).id": ["d"],
    "generalPractitioner[1].resolve() is Organization": [True],
    "descendants().where($this is code).exists()": [True],
    "children().ofType(HumanName).count()": [2],
    "name.repeat(given).count()": [3],
    "{}": [],
    "{} or true": [True],
    "{} and true": [],
    "{} implies false": [],
    "false implies {}": [True],
    "true xor true": [False],
    "1 + 2 * 3 = 7": [True],
    "-1 + 3": [2],
    "7 div 2 = 3 and -7 div 2 = -3 and 7 mod 2 = 1": [True],
    "0.1 + 0.2 = 0.3": [True],
    "1 / 0": [],
    "(1 | 2 | 3).aggregate($this + $total, 0)": [6],
    "name.select($index)": [0, 1],
    "'a' & {} & 'b'": ["ab"],
    "'abc'.substring(1) & 'abc'.substring(0, 1)": ["bca"],
    "'abc'.contains('b') and 'abc'.startsWith('a') and 'abc'.endsWith('c')": [True],
    "'abc'.replace('b', 'x').upper().length()": [3],
    "'a.b'.replaceMatches('\\\\..*', '')": ["a"],
    "'12'.toInteger() + 1": [13],
    "'x'.toInteger()": [],
    "1.50.toString()": ["1.50"],
    "'abc'.matches('^[a-c]+$')": [True],
    "'abcd'.matches('bc')": [True],
    "'A b' ~ 'a  B'": [True],
    "(1 | 2) ~ (2 | 1)": [True],
    "(1 | 2) = (2 | 1)": [False],
    "@2020 < @2021-05": [True],
    "birthDate <= @1980-05-02": [],
    "birthDate < today()": [True],
    "@2020-05-01T10:00:00+02:00 = @2020-05-01T08:00:00Z": [True],
    "@T10:30 < @T11": [True],
    "@2020-01-31 + 1 month": ["2020-02-29"],
    "today() - 1 year": ["2019-06-01"],
    "now() > @2020-05-31": [True],
    "5 'mg' < 6 'mg'": [True],
    "5 'mg' < 6 'kg'": [],
    "3 days = 3 days": [True],
    "iif(active, 'y', 'n')": ["y"],
    "name.use.trace('t').join('+')": ["official+usual"],
    "'b' in ('a' | 'b') and ('a' | 'b') contains 'a'": [True],
    "%resource.id = %context.id and %rootResource.id = 'p'": [True],
    "%ucum": ["http://unitsofmeasure.org"],
    "name.`given`.count() // all of them": [3],
    "Patient.name.given[9]": [],
    "(4).sqrt() = 2 and (2).power(3) = 8 and (1.5).round() = 2": [True],
    "active.not()": [False],
    "(0).power(-1)": [],
    "5 mod 0": [],
    "(1 | 1.0 | true | true).count()": [2],
}


def gives(text: str, resource: Json = PATIENT) -> list[Any]:
    env = Env.of(resource)
    env.now = datetime(2020, 6, 1, tzinfo=UTC)
    return [node.value for node in compiled(text)(env)]


@pytest.mark.parametrize("text", GIVES)
def test_gives(text: str) -> None:
    assert gives(text) == GIVES[text]


@pytest.mark.parametrize(
    "text",
    ["", "name.", "name[", "(1", "a b", "name.chosen()", "1 +", "where()", "'a", "#", "("*100 + "1" + ")"*100, "%", "$it", "x"*30000, "--1"],
)  # fmt: skip
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(PathError):
        compiled(text)


@pytest.mark.parametrize(
    "text",
    [
        "(1 | 2) + 1",
        "name.given + 1",
        "'a' + 1",
        "name < 3",
        "%`nobody`",
        "active.memberOf('http://v')",
        "conformsTo('http://p')",
        "generalPractitioner[1].resolve().active",
        "'a'.matches('(')",
        "'a'.matches('(?=a)')",
        "'aaaa'.replaceMatches('(a+)+b', '')",
        f"'{'a' * 40}c'.replaceMatches('{'a?' * 40}{'a' * 40}b', '')",
        f"'{'a' * 40}c'.replaceMatches('{'(a|a)' * 40}b', '')",
        "'a'.toChars()" + ".select($this)" * 1500,
        "repeat($this | $this & 'a')",
        "@2020 + 9999999 years",
        "name['a']",
        "descendants().select('abcdefgh').aggregate($total & $total & $this, 'a')",
        "descendants().aggregate($total * $total, 10)",
        "descendants().aggregate($total.combine($total), 1)",
    ],
)
def test_what_cant_be_evaluated(text: str) -> None:
    with pytest.raises(PathError):
        gives(text)


def test_a_regular_expression_takes_no_long() -> None:
    assert gives(f"'{'a' * 5000}'.matches('^(a+)+b$')") == [False]


def test_what_looks_at_too_much() -> None:
    many = {**PATIENT, "name": [{"text": str(n)} for n in range(2000)]}
    env = Env.of(many)
    env.budget = Budget(10_000)
    with pytest.raises(PathError, match="more than"):
        compiled("name.where(%resource.name.where(text = 'x').exists())")(env)


@given(st.text("ab.()[]'=<>|&+-*/%$`{}@ 1,name where is as", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(PathError):
        gives(text)


@given(st.dates(), st.dates())
def test_dates_are_ordered_as_they_are(one: Any, two: Any) -> None:
    assert gives(f"@{one} < @{two}") == [one < two]
