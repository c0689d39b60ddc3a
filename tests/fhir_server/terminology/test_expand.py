"""$expand over HTTP: by url, id and resource; languages, properties, pages."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest

from fhir_server.http.asgi import ASGI
from terminology.types import ICD10CM
from tests.fhir_server.serving import talk
from tests.fhir_server.terminology.animals import SET, SYSTEM, URL, codes, get, post


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


@pytest.mark.parametrize("name", ["count", "offset"])
def test_numbers_beyond_an_integer_are_refused(app: ASGI, name: str) -> None:
    asked = {"url": SET["url"], name: "18446744073709551616"}
    (issue,) = get(app, "ValueSet/$expand", 400, **asked)["issue"]
    assert issue["expression"] == [f"?{name}"]
    sent = {"name": "valueSet", "resource": SET}, {"name": name, "valueInteger": 2**31}
    (issue,) = post(app, "ValueSet/$expand", *sent, status=400)["issue"]
    assert issue["expression"] == ["Parameters.parameter[1]"]
    assert codes(get(app, "ValueSet/$expand", url=SET["url"], count="2147483647"))


def test_every_parameter_of_r4_is_known(app: ASGI) -> None:
    names = ("excludeNotForUI", "excludePostCoordinated", "excludeNested", "activeOnly")
    given = dict.fromkeys(names, "true") | {"contextDirection": "incoming", "date": "2020"}
    assert codes(get(app, "ValueSet/$expand", url=SET["url"], **given)) == ["bird", "hen"]


@pytest.mark.parametrize("text", ["([", "%", "--"])
def test_a_filter_without_a_word_is_refused(app: ASGI, text: str) -> None:
    (issue,) = get(app, "ValueSet/$expand", 400, url=f"{ICD10CM}?fhir_vs", filter=text)["issue"]
    assert issue["expression"] == ["filter"]


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
    [
        *("administrative-gender", "observation-status", "languages", "currencies"),
        "allergy-intolerance-category",
    ],
)
def test_required_bindings_of_r4_expand(app: ASGI, name: str) -> None:
    assert codes(get(app, "ValueSet/$expand", url=f"http://hl7.org/fhir/ValueSet/{name}"))


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


def test_the_language_of_the_set_counts_last_and_is_told_too(app: ASGI) -> None:
    def spoken(*given: dict[str, Any]) -> tuple[str, str]:
        german = {"name": "valueSet", "resource": SET | {"language": "de"}}
        expansion = post(app, "ValueSet/$expand", german, *given)["expansion"]
        told = {p["name"]: p.get("valueCode") for p in expansion["parameter"]}
        return told["displayLanguage"], expansion["contains"][0]["contains"][0]["display"]

    assert spoken() == ("de", "Huhn")
    assert spoken({"name": "displayLanguage", "valueCode": "en"}) == ("en", "Hen")


def test_a_set_that_comes_along_is_known_to_what_it_imports(app: ASGI) -> None:
    own = {"url": "urn:own", "compose": {"include": [{"valueSet": ["urn:own"]}]}}
    (issue,) = post(
        app, "ValueSet/$expand", {"name": "valueSet", "resource": SET | own}, status=422
    )["issue"]
    assert "includes itself: urn:own|1 → urn:own|1" in issue["details"]["text"]


def test_an_example_of_a_system_expands_as_one(app: ASGI) -> None:
    made = get(app, "ValueSet/$expand", url="http://hl7.org/fhir/ValueSet/service-category")
    system = "http://terminology.hl7.org/CodeSystem/service-category|4.0.1"
    used = {"name": "used-example", "valueUri": system}
    assert used in made["expansion"]["parameter"]
    assert made["expansion"]["total"] == 38


@pytest.mark.parametrize(
    ("name", "value", "key", "found"),
    [
        ("includeDesignations", {"valueBoolean": True}, "designation", 1),
        ("includeDesignations", {"valueBoolean": False}, "designation", 0),
        ("includeDesignations", {"valueCode": "true"}, "designation", 1),
        ("designation", {"valueString": "de"}, "designation", 1),
        ("designation", {"valueString": "fr"}, "designation", 0),
        ("property", {"valueString": "legs"}, "extension", 1),
        ("excludeNested", {"valueBoolean": True}, "contains", 0),
        ("excludeNested", {"valueBoolean": False}, "contains", 1),
    ],
)
def test_the_author_of_a_set_says_how_it_expands(
    app: ASGI, name: str, value: Any, key: str, found: int
) -> None:
    made = post(app, "ValueSet/$expand", authored(name, value))["expansion"]
    every = [*made["contains"], *made["contains"][0].get("contains", ())]
    assert sum(key in each for each in every) == found


def test_a_request_has_the_last_word_on_an_expansion(app: ASGI) -> None:
    name, value = "includeDesignations", {"valueBoolean": True}
    asked = {"name": name, "valueBoolean": False}
    made = post(app, "ValueSet/$expand", authored(name, value), asked)["expansion"]
    assert asked in made["parameter"]
    assert "designation" not in str(made["contains"])


def authored(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """The birds, of which their author says how they are to be expanded."""
    url = "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter"
    parts = [{"url": "name", "valueCode": name}, {"url": "value", **value}]
    compose = {"include": [{"system": URL}], "extension": [{"url": url, "extension": parts}]}
    return {"name": "valueSet", "resource": SET | {"compose": compose}}
