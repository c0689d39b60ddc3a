"""Units, MIME types and languages over HTTP: their codes are known by their grammar."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.http.asgi import ASGI
from tests.fhir_server.terminology.animals import get, post, values

UCUM, MIME, TAGS = "http://unitsofmeasure.org", "urn:ietf:bcp:13", "urn:ietf:bcp:47"
CODES = [(UCUM, "mg/dL", "mgdL"), (MIME, "text/plain", "plain"), (TAGS, "nl-BE", "nl_BE")]
SETS = "http://hl7.org/fhir/ValueSet/"


@pytest.mark.parametrize(("system", "right", "wrong"), CODES)
def test_lookup(app: ASGI, system: str, right: str, wrong: str) -> None:
    told = values(get(app, "CodeSystem/$lookup", system=system, code=right))
    assert (told["code"], told["system"]) == (right, system)
    told = get(app, "CodeSystem/$lookup", status=404, system=system, code=wrong)
    assert told["issue"][0]["code"] == "not-found"


@pytest.mark.parametrize(("system", "right", "wrong"), CODES)
def test_validate_code(app: ASGI, system: str, right: str, wrong: str) -> None:
    for code, result in ((right, True), (wrong, False)):
        told = values(get(app, "CodeSystem/$validate-code", url=system, code=code))
        assert told["result"] is result


@pytest.mark.parametrize(
    ("name", "system", "right", "wrong"),
    [
        ("ucum-units", *CODES[0]),
        ("mimetypes", *CODES[1]),
        ("all-languages", *CODES[2]),
        ("languages", TAGS, "nl-BE", "nl-SR"),
    ],
)
def test_value_sets(app: ASGI, name: str, system: str, right: str, wrong: str) -> None:
    for code, result in ((right, True), (wrong, False)):
        asked: dict[str, Any] = {"url": SETS + name, "system": system, "code": code}
        assert values(get(app, "ValueSet/$validate-code", **asked))["result"] is result


@pytest.mark.parametrize(
    ("unit", "code", "found"),
    [
        ("", "g", True),
        ("/m", "[in_i]", True),
        ("/mL", "g", False),
        ("/m%2Fs", "km/h", True),
        ("/m/s", "km/h", True),
    ],
)
def test_implicit_sets_of_comparable_units(app: ASGI, unit: str, code: str, found: bool) -> None:
    given = {"url": f"{UCUM}/vs{unit}", "system": UCUM, "code": code}
    assert values(get(app, "ValueSet/$validate-code", **given))["result"] is found


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        ("ext-lang", "zh-yue"),
        ("variant", "sl-rozaj-biske"),
        ("extension", "de-u-co-phonebk"),
        ("private-use", "en-x-own"),
    ],
)
def test_tags_are_told_apart_by_the_kinds_of_their_subtags(app: ASGI, kind: str, tag: str) -> None:
    wanted = {"property": kind, "op": "exists", "value": "true"}
    compose = {"include": [{"system": TAGS, "filter": [wanted]}]}
    tagged = {"resourceType": "ValueSet", "status": "active", "compose": compose}
    for code in (tag, "de-Latn-CH"):
        coding = {"name": "coding", "valueCoding": {"system": TAGS, "code": code}}
        sent = {"name": "valueSet", "resource": tagged}
        assert values(post(app, "ValueSet/$validate-code", sent, coding))["result"] is (code == tag)


def test_there_is_no_set_of_what_is_no_unit(app: ASGI) -> None:
    get(app, "ValueSet/$expand", 404, url=f"{UCUM}/vs/zzz")


def test_displays(app: ASGI) -> None:
    asked: dict[str, Any] = {"url": UCUM, "code": "min"}
    for display in ("minutes", "(minute)", "min"):
        assert values(get(app, "CodeSystem/$validate-code", **asked, display=display))["result"]
    assert not values(get(app, "CodeSystem/$validate-code", **asked, display="hour"))["result"]


def test_whole_systems_are_not_expanded(app: ASGI) -> None:
    for url in (SETS + "ucum-units", f"{MIME}?fhir_vs"):
        told = get(app, "ValueSet/$expand", status=422, url=url)
        assert told["issue"][0]["code"] == "too-costly"
    listed = get(app, "ValueSet/$expand", url=SETS + "units-of-time")
    assert len(listed["expansion"]["contains"]) == 7


def test_they_are_told_of(app: ASGI) -> None:
    told = get(app, "metadata", mode="terminology")
    assert {UCUM, MIME, TAGS} <= {each["uri"] for each in told["codeSystem"]}
