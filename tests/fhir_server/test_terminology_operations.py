"""The terminology operations over HTTP: by GET and POST, by type and id, stored and sent along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from capability.validate import validate
from fhir_server.app import create_app, wired
from fhir_server.http import ASGI
from fhir_server.settings import Settings
from terminology.types import ICD10CM
from tests.fhir_server.serving import BASE, talk

URL = "http://example.org/animals"
GENDER = "http://hl7.org/fhir/administrative-gender"
SYSTEM = {
    "resourceType": "CodeSystem",
    "id": "animals",
    "url": URL,
    "version": "1",
    "name": "Animals",
    "status": "active",
    "content": "complete",
    "language": "en",
    "property": [{"code": "legs", "type": "integer"}],
    "concept": [
        {
            "code": "bird",
            "display": "Bird",
            "concept": [
                {
                    "code": "hen",
                    "display": "Hen",
                    "designation": [{"language": "de", "value": "Huhn"}],
                    "property": [{"code": "legs", "valueInteger": 2}],
                }
            ],
        }
    ],
}
SET = {
    "resourceType": "ValueSet",
    "id": "birds",
    "url": "http://example.org/birds",
    "version": "1",
    "status": "active",
    "compose": {"include": [{"system": URL}]},
}
MAP = {
    "resourceType": "ConceptMap",
    "id": "calls",
    "url": "http://example.org/calls",
    "status": "active",
    "group": [
        {
            "source": URL,
            "target": "urn:calls",
            "element": [
                {"code": "hen", "target": [{"code": "cluck", "equivalence": "wider"}]},
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[ASGI]:
    folder = tmp_path_factory.mktemp("terminology")
    settings = Settings(data=data, database=f"sqlite:///{folder / 'store.sqlite'}", base_url=BASE)
    with wired(replace(settings, base_url=BASE)) as (context, _):
        app = create_app(context)
        talk(app, _stored)
        yield app


async def _stored(http: httpx.AsyncClient) -> None:
    for resource in (SYSTEM, SET, MAP):
        path = f"{resource['resourceType']}/{resource['id']}"
        reply = await http.put(path, content=orjson.dumps(resource))
        assert reply.status_code == 201, reply.text


def get(
    app: ASGI, path: str, status: int = 200, headers: dict[str, str] | None = None, **params: Any
) -> Any:
    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.get(path, params=params, headers=headers)

    return _checked(talk(app, conversation), status)


def post(app: ASGI, path: str, *parameters: dict[str, Any], status: int = 200) -> Any:
    body = orjson.dumps({"resourceType": "Parameters", "parameter": parameters})

    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.post(path, content=body)

    return _checked(talk(app, conversation), status)


def _checked(reply: httpx.Response, status: int) -> Any:
    """The reply's resource, which is valid R4."""
    assert reply.status_code == status, reply.text
    resource = reply.json()
    assert [i for i in validate(resource) if i.severity == "error"] == []
    return resource


def values(parameters: Any) -> dict[str, Any]:
    """name → value of a Parameters resource; repeated names give their last value."""
    return {
        p["name"]: next((v for k, v in p.items() if k != "name"), None)
        for p in parameters["parameter"]
    }


def codes(value_set: Any) -> list[str]:
    return [c["code"] for c in value_set["expansion"].get("contains", ())]


def test_lookup_of_what_is_loaded_stored_and_defined(app: ASGI) -> None:
    loaded = values(get(app, "CodeSystem/$lookup", system=ICD10CM, code="E11.9"))
    assert loaded["display"] == "Type 2 diabetes mellitus without complications"
    stored = get(app, "CodeSystem/$lookup", system=URL, code="hen", displayLanguage="de")
    assert values(stored)["display"] == "Huhn"
    properties = [p["part"] for p in stored["parameter"] if p["name"] == "property"]
    told = {part[0]["valueCode"]: part[1] for part in properties}
    assert told["legs"] == {"name": "value", "valueInteger": 2}
    assert told["parent"]["valueCode"] == "bird"
    one = get(app, "CodeSystem/$lookup", system=URL, code="hen", property="legs")
    assert sum(p["name"] == "property" for p in one["parameter"]) == 1
    assert values(get(app, "CodeSystem/$lookup", system=GENDER, code="male"))["display"] == "Male"


@pytest.mark.parametrize(
    ("params", "status", "kind"),
    [
        ({"system": URL, "code": "cow"}, 404, "invalid-code"),
        ({"system": "urn:unknown", "code": "cow"}, 404, "not-found"),
        ({"system": URL, "code": "hen", "version": "9"}, 404, "not-found"),
        ({"system": URL, "code": "hen", "useSupplement": "urn:none"}, 404, "not-found"),
    ],
)
def test_errors_of_lookup_have_the_standard_s_codes(
    app: ASGI, params: dict[str, str], status: int, kind: str
) -> None:
    (issue,) = get(app, "CodeSystem/$lookup", status, **params)["issue"]
    assert issue["details"]["coding"][0]["code"] == kind


def test_expand_by_url_id_and_resource(app: ASGI) -> None:
    by_url = get(app, "ValueSet/$expand", url=SET["url"])
    assert codes(by_url) == ["bird"]
    assert by_url["expansion"]["contains"][0]["contains"][0]["code"] == "hen"
    by_id = get(app, "ValueSet/birds/$expand", excludeNested="true")
    assert codes(by_id) == ["bird", "hen"]
    sent = {"name": "valueSet", "resource": SET | {"url": "urn:sent"}}
    assert post(app, "ValueSet/$expand", sent)["url"] == "urn:sent"
    page = get(app, "ValueSet/$expand", url=SET["url"], count="1", offset="1")
    assert (codes(page), page["expansion"]["total"], page["expansion"]["offset"]) == (["hen"], 2, 1)


def test_expand_of_a_whole_release(app: ASGI) -> None:
    found = get(app, "ValueSet/$expand", url=f"{ICD10CM}?fhir_vs", filter="diab kidn", count="5")
    assert len(codes(found)) == 5
    (issue,) = get(app, "ValueSet/$expand", 422, url=f"{ICD10CM}?fhir_vs")["issue"]
    assert issue["code"] == "too-costly"


def test_expand_in_a_language_of_the_header(app: ASGI) -> None:
    told = get(
        app, "ValueSet/birds/$expand", headers={"accept-language": "de"}, excludeNested="true"
    )
    assert [c["display"] for c in told["expansion"]["contains"]] == ["Bird", "Huhn"]


def test_expansions_tell_properties_in_extensions(app: ASGI) -> None:
    told = get(app, "ValueSet/birds/$expand", property="legs", excludeNested="true")
    (extension,) = told["expansion"]["contains"][1]["extension"]
    assert extension["extension"] == [
        {"url": "code", "valueCode": "legs"},
        {"url": "value", "valueInteger": 2},
    ]
    assert told["expansion"]["extension"][0]["extension"][0]["valueCode"] == "legs"


@pytest.mark.parametrize(
    "name",
    ["administrative-gender", "observation-status", "languages", "allergy-intolerance-category"],
)
def test_required_bindings_of_r4_expand(app: ASGI, name: str) -> None:
    assert codes(get(app, "ValueSet/$expand", url=f"http://hl7.org/fhir/ValueSet/{name}"))


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


def test_versions_of_stored_systems_stand_side_by_side_at_once(app: ASGI) -> None:
    newer = SYSTEM | {"id": "animals-2", "version": "2", "concept": [{"code": "roc"}]}

    async def store(http: httpx.AsyncClient) -> tuple[int, int]:
        put = await http.put("CodeSystem/animals-2", content=orjson.dumps(newer))
        return put.status_code, (await http.delete("CodeSystem/none")).status_code

    async def forget(http: httpx.AsyncClient) -> int:
        return (await http.delete("CodeSystem/animals-2")).status_code

    assert talk(app, store)[0] == 201
    assert codes(get(app, "ValueSet/$expand", url=SET["url"])) == ["roc"]
    pinned = {"system-version": f"{URL}|1"}
    assert codes(get(app, "ValueSet/$expand", url=SET["url"], **pinned)) == ["bird"]
    assert talk(app, forget) in (200, 204)
    assert codes(get(app, "ValueSet/$expand", url=SET["url"])) == ["bird"]


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        ("bird", "hen", "subsumes"),
        ("hen", "bird", "subsumed-by"),
        ("hen", "hen", "equivalent"),
    ],
)
def test_subsumes(app: ASGI, a: str, b: str, outcome: str) -> None:
    told = get(app, "CodeSystem/$subsumes", system=URL, codeA=a, codeB=b)
    assert values(told) == {"outcome": outcome}
    assert values(get(app, "CodeSystem/animals/$subsumes", codeA=a, codeB=b)) == {
        "outcome": outcome
    }


def test_subsumes_in_a_release(app: ASGI) -> None:
    def ask(a: str, b: str) -> str:
        told = get(app, "CodeSystem/$subsumes", system=ICD10CM, codeA=a, codeB=b)
        return str(values(told)["outcome"])

    assert ask("E11", "E11.9") == "subsumes"
    assert ask("E11.9", "I10") == "not-subsumed"


def test_translate_both_ways(app: ASGI) -> None:
    def match(told: Any) -> dict[str, Any]:
        return values(
            {"parameter": next(p["part"] for p in told["parameter"] if p["name"] == "match")}
        )

    forward = get(app, "ConceptMap/$translate", system=URL, code="hen", targetsystem="urn:calls")
    assert match(forward)["concept"] == {"system": "urn:calls", "code": "cluck"}
    assert match(forward)["equivalence"] == "wider"
    back = get(app, "ConceptMap/calls/$translate", system="urn:calls", code="cluck", reverse="true")
    assert match(back)["concept"] == {"system": URL, "code": "hen"}
    assert match(back)["equivalence"] == "narrower"
    none = get(app, "ConceptMap/$translate", url=MAP["url"], system=URL, code="bird")
    assert values(none)["result"] is False


def test_closure_tables_grow_and_are_told_again(app: ASGI) -> None:
    def closure(*codes: str, **more: str) -> Any:
        given = [{"name": "name", "valueString": "t"}]
        given += [{"name": "concept", "valueCoding": {"system": URL, "code": c}} for c in codes]
        given += [{"name": n, "valueString": v} for n, v in more.items()]
        return post(app, "ConceptMap/$closure", *given)

    assert "group" not in closure()
    assert "group" not in closure("hen")
    (group,) = closure("bird")["group"]
    expected = {"code": "hen", "target": [{"code": "bird", "equivalence": "subsumes"}]}
    assert group["element"] == [expected]
    assert "group" not in closure("bird")
    assert closure(version="1")["group"][0]["element"] == [expected]
    assert "group" not in closure(version="2")
    post(
        app,
        "ConceptMap/$closure",
        {"name": "name", "valueString": "u"},
        {"name": "version", "valueString": "1"},
        status=404,
    )


def test_find_matches(app: ASGI) -> None:
    legs = {
        "name": "property",
        "part": [{"name": "code", "valueCode": "legs"}, {"name": "value", "valueInteger": 2}],
    }
    system = {"name": "system", "valueUri": URL}
    (match,) = post(app, "CodeSystem/$find-matches", system, legs)["parameter"]
    assert match["part"][0]["valueCoding"]["code"] == "hen"
    assert "parameter" not in post(
        app,
        "CodeSystem/$find-matches",
        system,
        legs,
        legs
        | {
            "part": [{"name": "code", "valueCode": "parent"}, {"name": "value", "valueCode": "hen"}]
        },
    )


def test_many_validations_at_once(app: ASGI) -> None:
    def one(**coding: str) -> dict[str, Any]:
        parameter = [{"name": "coding", "valueCoding": coding}] if coding else []
        body = {"resourceType": "Parameters", "parameter": parameter}
        return {"name": "validation", "resource": body}

    url = {"name": "url", "valueUri": SET["url"]}
    answer = post(
        app,
        "ValueSet/$batch-validate-code",
        url,
        one(system=URL, code="hen"),
        one(system=URL, code="cow"),
        one(),
    )
    good, bad, none = [p["resource"] for p in answer["parameter"]]
    assert [values(each)["result"] for each in (good, bad)] == [True, False]
    assert none["resourceType"] == "OperationOutcome"


def test_operations_in_a_batch(app: ASGI) -> None:
    lookup = {"request": {"method": "GET", "url": f"CodeSystem/$lookup?system={URL}&code=hen"}}
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [lookup, lookup]}

    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.post("", content=orjson.dumps(bundle))

    told = _checked(talk(app, conversation), 200)
    assert [values(e["resource"])["display"] for e in told["entry"]] == ["Hen", "Hen"]


def test_metadata_of_terminology(app: ASGI) -> None:
    told = get(app, "metadata", mode="terminology")
    systems = {s["uri"]: s for s in told["codeSystem"]}
    assert {ICD10CM, GENDER, URL} <= set(systems)
    assert systems[URL]["version"] == [{"code": "1", "isDefault": True}]


EXPAND, VALIDATE = "ValueSet/$expand", "ValueSet/$validate-code"
NO_CODE = {"resourceType": "CodeSystem", "url": URL, "concept": [{"display": "no code"}]}
NO_OBJECT = {"resourceType": "ValueSet", "compose": {"include": ["a"]}}


@pytest.mark.parametrize(
    ("operation", "parameter"),
    [
        (VALIDATE, {"name": "coding", "valueCoding": "hen"}),
        (VALIDATE, {"name": "coding", "valueCoding": {"system": 5}}),
        (VALIDATE, {"name": "codeableConcept", "valueCodeableConcept": {"coding": "hen"}}),
        (VALIDATE, {"name": "abstract", "valueBoolean": "perhaps"}),
        (VALIDATE, {"name": "tx-resource", "resource": NO_CODE}),
        (VALIDATE, {"name": "system-version", "valueUri": URL}),
        (EXPAND, {"name": "tx-resource", "resource": NO_OBJECT}),
        (EXPAND, {"name": "tx-resource"}),
        (EXPAND, {"name": "count", "valueInteger": -1}),
        (EXPAND, {"name": "count", "valueInteger": "1"}),
    ],
)
def test_malformed_requests_are_told_what_is_wrong(
    app: ASGI, operation: str, parameter: dict[str, Any]
) -> None:
    url = {"name": "url", "valueUri": SET["url"]}
    code = {"name": "code", "valueCode": "hen"}, {"name": "system", "valueUri": URL}
    told = post(app, operation, url, *code, parameter, status=400)
    assert told["issue"][0]["severity"] == "error"
