"""Which definitions a server goes by: those that are loaded, stored and sent along."""

from __future__ import annotations

from typing import Any

import httpx
import orjson

from fhir_server.http.asgi import ASGI
from tests.fhir_server.serving import talk
from tests.fhir_server.terminology.animals import SYSTEM, URL, get, post, values

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
OWN = {
    "resourceType": "CodeSystem",
    "id": "own-icd",
    "url": ICD10CM,
    "status": "active",
    "content": "complete",
    "concept": [{"code": "E11.9", "display": "My own"}],
}


def put(app: ASGI, resource: dict[str, Any]) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        path = f"{resource['resourceType']}/{resource['id']}"
        assert (await http.put(path, content=orjson.dumps(resource))).status_code in (200, 201)

    talk(app, conversation)


def delete(app: ASGI, path: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        assert (await http.delete(path)).status_code == 204

    talk(app, conversation)


def shown(app: ASGI, **more: str) -> str:
    told = get(app, "CodeSystem/$lookup", system=ICD10CM, code="E11.9", **more)
    return str(values(told)["display"])


def default(app: ASGI, url: str) -> str | None:
    capabilities = get(app, "metadata", mode="terminology")
    (found,) = [each for each in capabilities["codeSystem"] if each["uri"] == url]
    return next((v["code"] for v in found.get("version", ()) if v["isDefault"]), None)


def test_a_stored_release_takes_over_where_it_is_whole_and_newer(app: ASGI) -> None:
    loaded, version = shown(app), default(app, ICD10CM)
    for content, named, takes_over in (
        ("complete", {}, False),
        ("complete", {"version": "1999"}, False),
        ("fragment", {"version": "2999"}, False),
        ("not-present", {"version": "2999"}, False),
        ("complete", {"version": "2999"}, True),
    ):
        own = OWN | {"content": content} | named
        put(app, own)
        assert shown(app) == ("My own" if takes_over else loaded), (content, named)
        assert default(app, ICD10CM) == ("2999" if takes_over else version)
    assert shown(app, version="2999") == "My own"
    assert shown(app, version=str(version)) == loaded
    delete(app, "CodeSystem/own-icd")
    assert shown(app) == loaded


def test_what_cannot_be_used_is_left_out_and_hinders_nobody(app: ASGI) -> None:
    nameless = {k: v for k, v in OWN.items() if k != "url"} | {"id": "nameless"}
    put(app, nameless)
    assert get(app, "CodeSystem/$validate-code", url=URL, code="hen")
    delete(app, "CodeSystem/nameless")


def test_a_named_version_of_a_known_system_is_told_to_be_unknown(app: ASGI) -> None:
    own = OWN | {"content": "not-present", "version": "1999"}
    own.pop("concept", None)
    put(app, own)
    path = f"CodeSystem/{own['id']}"
    for asked in ({"code": "E11.9"}, {"code": "E11.9", "display": "Diabetes"}):
        told = values(get(app, f"{path}/$validate-code", **asked))
        assert (told["result"], told["x-caused-by-unknown-system"]) == (False, f"{ICD10CM}|1999")
        assert "version '1999' could not be found" in told["message"]
    coding = {"name": "coding", "valueCoding": {"system": ICD10CM, "code": "E11.9"}}
    assert values(post(app, f"{path}/$validate-code", coding))["result"] is False
    (issue,) = get(app, f"{path}/$subsumes", 404, codeA="E11", codeB="E11.9")["issue"]
    assert f"{ICD10CM}|1999" in issue["diagnostics"]
    pair = [{"name": "code", "valueCode": "parent"}, {"name": "value", "valueString": "E11"}]
    post(app, f"{path}/$find-matches", {"name": "property", "part": pair}, status=404)
    put(app, own | {"version": str(default(app, ICD10CM))})
    assert values(get(app, f"{path}/$validate-code", code="E11.9"))["result"] is True
    delete(app, path)


def test_a_named_system_is_not_known_for_that(app: ASGI) -> None:
    stub = SYSTEM | {"url": "urn:stub", "content": "not-present"}
    coding = {"name": "coding", "valueCoding": {"system": "urn:stub", "code": "hen"}}
    told = values(
        post(app, "CodeSystem/$validate-code", coding, {"name": "tx-resource", "resource": stub})
    )
    assert (told["result"], told["x-unknown-system"]) == (False, "urn:stub")
    own = {"name": "codeSystem", "resource": stub}
    assert values(post(app, "CodeSystem/$validate-code", coding, own))["result"] is False
