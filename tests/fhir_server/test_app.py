"""The whole server, wired: operations, metadata, health, its start and its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from capability.validate import validate
from fhir_server.app import create_app, database_path, running, wired
from fhir_server.context import Context
from fhir_server.http.asgi import ASGI
from fhir_server.repository import Repository
from fhir_server.security.limits import Exposed, check_host
from fhir_server.settings import Settings
from fhir_server.store.types import Page
from terminology.types import ICD10CM
from tests.fhir_server.serving import BASE, patient, talk


def settings_of(folder: Path, data: Path) -> Settings:
    database = f"sqlite:///{folder / 'store.sqlite'}"
    return Settings(port=0, mllp_port=0, data=data, database=database)


SPECIFIED = "http://hl7.org/fhir/CompartmentDefinition"


@pytest.fixture
def ctx(tmp_path: Path, data: Path) -> Iterator[Context]:
    with wired(replace(settings_of(tmp_path, data), base_url=BASE)) as (context, _):
        yield context


@pytest.fixture
def app(ctx: Context) -> ASGI:
    return create_app(ctx)


def test_operations_answer_where_they_are_declared(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        by_query = await http.get("CodeSystem/$lookup", params={"system": ICD10CM, "code": "I10"})
        assert by_query.status_code == 200, by_query.text
        told = {p["name"]: p for p in by_query.json()["parameter"]}
        assert "hypertension" in told["display"]["valueString"].lower()
        body = {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "system", "valueUri": ICD10CM},
                {"name": "code", "valueCode": "I10"},
            ],
        }
        by_body = await http.post("CodeSystem/$lookup", json=body, headers=None)
        assert by_body.json() == by_query.json()

    talk(app, conversation)


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        ("GET", "CodeSystem/$lookup?system=urn:none&code=x", 404, "urn:none"),
        ("GET", "CodeSystem/$lookup?system=icd10cm", 400, "code"),
        ("GET", "CodeSystem/$lookup?colour=red", 400, "colour"),
        ("GET", "$everything", 404, "$lookup"),
        ("GET", "Patient/1/$extract", 404, "$extract on DocumentReference"),
        ("GET", "DocumentReference/1/$extract", 405, "POST"),
        ("PUT", "CodeSystem/$lookup", 405, "GET, HEAD, POST"),
        ("POST", "DocumentReference/1/$extract", 404, "DocumentReference"),
        ("GET", "CodeSystem/$lookup?_format=ttl", 406, "ttl"),
        ("GET", "http://test/nowhere", 404, "/fhir"),
        ("GET", "metadata?_format=ttl", 406, "ttl"),
    ],
)
def test_what_is_not_there_is_told(
    app: ASGI, method: str, path: str, status: int, says: str
) -> None:
    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.request(method, path)

    reply = talk(app, conversation)
    assert (reply.status_code, reply.json()["resourceType"]) == (status, "OperationOutcome")
    assert says in reply.text


@pytest.mark.parametrize("path", ["CodeSystem/$lookup?system={}&code=I10", "ValueSet/{}/$expand"])
def test_head_tells_what_get_would_without_the_body(app: ASGI, path: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        asked = path.format("http://hl7.org/fhir/sid/icd-10-cm" if "system" in path else "none")
        whole, head = await http.get(asked), await http.head(asked)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        assert head.headers["content-length"] == str(len(whole.content))

    talk(app, conversation)


def test_metadata_is_valid_and_true(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        capability = (await http.get("metadata")).json()
        assert validate(capability) == []
        (rest,) = capability["rest"]
        assert rest["security"]["service"]
        for resource in rest["resource"]:
            for operation in resource.get("operation", ()):
                if operation["definition"].startswith(BASE):
                    definition = await http.get(operation["definition"])
                    assert validate(definition.json()) == []
        patients = next(r for r in rest["resource"] if r["type"] == "Patient")
        for parameter in patients["searchParam"]:
            reply = await http.get(f"Patient?{parameter['name']}:missing=true")
            assert reply.status_code in (200, 400), parameter["name"]

    talk(app, conversation)


def test_metadata_by_other_methods(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        whole, head = await http.get("metadata"), await http.head("metadata")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(whole.content))
        again = await http.get("metadata", headers={"if-none-match": whole.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        options = await http.options("metadata")
        assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
        assert (await http.delete("metadata")).status_code == 405
        part = (await http.get("metadata?_elements=software")).json()
        assert part["software"] == whole.json()["software"]
        assert "implementation" not in part
        compartments = whole.json()["rest"][0]["compartment"]
        assert f"{SPECIFIED}/relatedPerson" in compartments
        assert len(compartments) == 5

    talk(app, conversation)


def test_health_and_openapi(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        assert (await http.get("http://test/health")).json() == {"status": "ok"}
        paths = (await http.get("http://test/openapi.json")).json()["paths"]
        assert "/fhir/DocumentReference/{id}/$extract" in paths

    talk(app, conversation)


def test_a_fault_of_ours_is_told_by_its_type_alone(
    app: ASGI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: Any, **__: Any) -> Page:
        raise RuntimeError("Mrs Secret")

    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.get("Patient?name=x")

    monkeypatch.setattr(Repository, "search", fails)
    with caplog.at_level(logging.ERROR):
        reply = talk(app, conversation)
    assert (reply.status_code, reply.json()["issue"][0]["code"]) == (500, "exception")
    assert reply.headers["x-request-id"] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "Secret" not in caplog.text + reply.text


@pytest.mark.parametrize("path", ["Patient/nobody", "metadata", "Patient?_count=0", "$versions"])
def test_the_ids_of_a_request_come_back(app: ASGI, path: str) -> None:
    sent = {"x-request-id": "r-1", "x-correlation-id": "c-1"}
    reply = talk(app, lambda http: http.get(path, headers=sent))
    assert {name: reply.headers[name] for name in sent} == sent
    plain = talk(app, lambda http: http.get(path))
    assert not sent.keys() & plain.headers.keys()


@pytest.mark.parametrize("path", ["Patient?name=x", "CodeSystem/$lookup?system=a&code=b"])
def test_beside_an_id_of_ours_that_of_the_request_is_to_correlate_by(
    app: ASGI, ctx: Context, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Repository, "search", fails)
    monkeypatch.setattr(type(ctx.vocabulary), "library", fails)
    reply = talk(app, lambda http: http.get(path, headers={"x-request-id": "r-1"}))
    assert reply.status_code == 500
    assert reply.headers["x-correlation-id"] == "r-1"
    assert reply.headers["x-request-id"] != "r-1"


def test_a_fault_in_an_operation_is_told_by_its_type_alone(
    app: ASGI, ctx: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("Mrs Secret")

    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.get("CodeSystem/$lookup", params={"system": ICD10CM, "code": "I10"})

    monkeypatch.setattr(type(ctx.vocabulary), "library", fails)
    with caplog.at_level(logging.ERROR):
        reply = talk(app, conversation)
    assert (reply.status_code, reply.json()["issue"][0]["code"]) == (500, "exception")
    assert reply.headers["x-request-id"] in caplog.text
    assert "Secret" not in caplog.text + reply.text


def test_a_server_runs_and_ends(tmp_path: Path, data: Path) -> None:
    settings = settings_of(tmp_path, data)

    async def first() -> str:
        async with running(settings) as server, httpx.AsyncClient() as http:
            assert server.mllp_port > 0
            assert server.base_url == f"http://127.0.0.1:{server.port}/fhir"
            made = await http.post(
                f"{server.base_url}/Patient",
                content=patient(),
                headers={"content-type": "application/fhir+json"},
            )
            assert made.headers["location"].startswith(f"{server.base_url}/Patient/")
            return str(made.json()["id"])

    async def second(resource_id: str) -> int:
        off = replace(settings, mllp_port=-1)
        async with running(off) as server, httpx.AsyncClient() as http:
            assert server.mllp_port == -1
            return (await http.get(f"{server.base_url}/Patient/{resource_id}")).status_code

    assert asyncio.run(second(asyncio.run(first()))) == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org", ""])  # noqa: S104
def test_nobody_is_served_from_outside_without_authentication(host: str) -> None:
    with pytest.raises(Exposed, match="authentication"):
        check_host(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_is_served(host: str) -> None:
    check_host(host)


@pytest.mark.parametrize("database", ["", "sqlite:///", "postgresql://x/y", "store.sqlite"])
def test_a_database_that_is_none_is_refused(database: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///PATH"):
        database_path(database)
