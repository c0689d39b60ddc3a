"""$validate-code over HTTP, one by one and many at once."""

from __future__ import annotations

from typing import Any

import pytest

from fhir_server.http.asgi import ASGI
from tests.fhir_server.terminology.animals import GENDER, SET, SYSTEM, URL, get, post, values


def test_validate_code_in_a_set(app: ASGI) -> None:
    params = {"url": SET["url"], "system": URL}
    assert values(get(app, "ValueSet/$validate-code", **params, code="hen"))["result"] is True
    wrong = get(app, "ValueSet/$validate-code", **params, code="cow")
    told = values(wrong)
    assert told["result"] is False
    kinds = [i["details"]["coding"][0]["code"] for i in told["issues"]["issue"]]
    assert sorted(kinds) == ["invalid-code", "not-in-vs"]
    concept = {"coding": [{"system": URL, "code": "cow"}, {"system": URL, "code": "hen"}]}
    answer = post(
        app,
        "ValueSet/birds/$validate-code",
        {"name": "codeableConcept", "valueCodeableConcept": concept},
    )
    assert values(answer)["codeableConcept"] == concept
    assert values(answer)["code"] == "hen"


def test_validate_code_in_a_system(app: ASGI) -> None:
    told = values(get(app, "CodeSystem/$validate-code", url=URL, code="hen", display="Cock"))
    assert told["result"] is False
    assert "Wrong Display Name 'Cock'" in told["message"]
    assert values(get(app, "CodeSystem/animals/$validate-code", code="hen"))["result"] is True


def test_a_system_is_asked_by_its_canonical_and_of_its_own_codes(app: ASGI) -> None:
    for version, result in (("1", True), ("2", False)):
        told = values(get(app, "CodeSystem/$validate-code", url=f"{URL}|{version}", code="hen"))
        assert told["result"] is result
    other = {"name": "coding", "valueCoding": {"system": GENDER, "code": "male"}}
    assert values(post(app, "CodeSystem/$validate-code", other))["result"] is True
    named = {"name": "url", "valueUri": URL}
    assert values(post(app, "CodeSystem/$validate-code", other, named))["result"] is False


def test_a_concept_without_codes_is_in_no_set(app: ASGI) -> None:
    given = {"name": "codeableConcept", "valueCodeableConcept": {"text": "hen"}}
    told = values(post(app, "ValueSet/birds/$validate-code", given))
    assert told["result"] is False
    assert told["message"].startswith("No valid coding was found for the value set")
    code = [{"name": "code", "valueCode": "hen"}, {"name": "system", "valueUri": URL}]
    assert values(post(app, "ValueSet/birds/$validate-code", given, *code))["result"] is True


def test_many_validations_in_a_system_name_it_by_its_url(app: ASGI) -> None:
    def one(code: str, **more: str) -> dict[str, Any]:
        told = {"url": URL, "code": code, **more}
        rows = [{"name": name, "valueString": value} for name, value in told.items()]
        body = {"resourceType": "Parameters", "parameter": rows}
        return {"name": "validation", "resource": body}

    answer = post(
        app, "CodeSystem/$batch-validate-code", one("hen"), one("cow"), one("hen", version="9")
    )
    results = [values(each["resource"])["result"] for each in answer["parameter"]]
    assert results == [True, False, False]


@pytest.mark.parametrize(
    ("rule", "version", "status"),
    [("default", "2", 200), ("check", "2", 422), ("force", "1", 200), ("force", "2", 404)],
)
def test_the_version_of_the_set_is_a_matter_of_the_request(
    app: ASGI, rule: str, version: str, status: int
) -> None:
    given = {"url": f"{SET['url']}|1", "system": URL, "code": "hen"}
    ruled = {f"{rule}-valueset-version": f"{SET['url']}|{version}"}
    get(app, "ValueSet/$validate-code", status, **given, **ruled)
    get(app, "ValueSet/$expand", status, url=given["url"], **ruled)


def test_a_system_that_comes_along_is_supplemented(app: ASGI) -> None:
    listed = [{"code": "hen", "designation": [{"language": "fr", "value": "Poule"}]}]
    french = {"url": "urn:fr", "content": "supplement", "supplements": URL, "concept": listed}
    given = [
        {"name": "codeSystem", "resource": SYSTEM},
        {"name": "tx-resource", "resource": SYSTEM | french},
        {"name": "code", "valueCode": "hen"},
        {"name": "display", "valueString": "Poule"},
    ]
    using = {"name": "useSupplement", "valueCanonical": "urn:fr"}
    for more, result in (([], False), ([using], True)):
        told = post(app, "CodeSystem/$validate-code", *given, *more)
        assert values(told)["result"] is result


def test_validate_without_a_code_or_a_known_set_is_refused(app: ASGI) -> None:
    get(app, "ValueSet/$validate-code", 422, url=SET["url"])
    (issue,) = get(app, "ValueSet/$validate-code", 404, url="urn:none", code="a", system=URL)[
        "issue"
    ]
    assert (
        issue["details"]["text"] == "A definition for the value Set 'urn:none' could not be found"
    )


def test_what_is_sent_along_comes_first_and_stays_unstored(app: ASGI) -> None:
    other = SYSTEM | {"concept": [{"code": "emu", "display": "Emu"}]}
    sent = {"name": "tx-resource", "resource": other}
    code = {"name": "coding", "valueCoding": {"system": URL, "code": "emu"}}
    url = {"name": "url", "valueUri": SET["url"]}
    assert values(post(app, "ValueSet/$validate-code", url, code, sent))["result"] is True
    assert values(post(app, "ValueSet/$validate-code", url, code))["result"] is False


@pytest.mark.parametrize("operation", ["$batch-validate-code", "$validate-code"])
def test_many_validations_at_once(app: ASGI, operation: str) -> None:
    def one(**coding: str) -> dict[str, Any]:
        parameter = [{"name": "coding", "valueCoding": coding}] if coding else []
        body = {"resourceType": "Parameters", "parameter": parameter}
        return {"name": "validation", "resource": body}

    url = {"name": "url", "valueUri": SET["url"]}
    answer = post(
        app,
        f"ValueSet/{operation}",
        url,
        one(system=URL, code="hen"),
        one(system=URL, code="cow"),
        one(),
    )
    good, bad, none = [p["resource"] for p in answer["parameter"]]
    assert [values(each)["result"] for each in (good, bad)] == [True, False]
    assert none["resourceType"] == "OperationOutcome"


def test_one_of_many_may_bring_what_it_needs(app: ASGI) -> None:
    own = SYSTEM | {"url": "urn:own", "concept": [{"code": "roc", "display": "Roc"}]}
    coding = {"name": "coding", "valueCoding": {"system": "urn:own", "code": "roc"}}
    sent = {"name": "tx-resource", "resource": own}

    def one(*parameter: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": "validation",
            "resource": {"resourceType": "Parameters", "parameter": parameter},
        }

    answer = post(app, "$batch-validate-code", one(coding, sent), one(coding))
    results = [values(p["resource"])["result"] for p in answer["parameter"]]
    assert results == [True, False]


def test_a_request_asks_of_so_many_codings_and_no_more(app: ASGI) -> None:
    def concept(count: int) -> dict[str, Any]:
        listed = [{"system": f"urn:{n}", "code": "hen"} for n in range(count)]
        return {"name": "codeableConcept", "valueCodeableConcept": {"coding": listed}}

    def many(each: dict[str, Any], count: int) -> list[dict[str, Any]]:
        sent = {"resourceType": "Parameters", "parameter": [each]}
        return [{"name": "validation", "resource": sent}] * count

    told = post(app, "CodeSystem/$validate-code", concept(1000))
    assert values(told)["result"] is False
    assert len(told["parameter"]) > 1000
    code = {"name": "code", "valueCode": "hen"}
    assert len(post(app, "$batch-validate-code", *many(code, 1000))["parameter"]) == 1000
    for path, place, sent in (
        ("CodeSystem/$validate-code", "CodeableConcept.coding", [concept(1001)]),
        ("ConceptMap/$translate", "CodeableConcept.coding", [concept(1001)]),
        ("$batch-validate-code", "validation", many(code, 1001)),
        ("$batch-validate-code", "validation", many(concept(101), 10)),
    ):
        (issue,) = post(app, path, *sent, status=422)["issue"]
        assert (issue["code"], issue["expression"]) == ("too-costly", [place])
