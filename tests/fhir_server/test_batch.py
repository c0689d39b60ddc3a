"""Batches: every entry on its own, answered as a request of its own would be."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx
import pytest

from fhir_server.repository import Repository, Stored
from tests.fhir_server.serving import BASE, patient, served, talk
from tests.fhir_server.transactions import bundle, condition, entry, person


def test_each_entry_is_done_or_refused_alone(tmp_path: Path) -> None:
    patch = base64.b64encode(b'[{"op":"add","path":"/active","value":true}]').decode()
    binary = {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": patch}

    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/here", content=patient(id="here"))
        body = bundle(
            entry("GET", "Patient/new"),
            entry("PUT", "Patient/new", person(id="new")),
            entry("POST", "Patient", person(gender="m")),
            entry("PATCH", "Patient/here", binary),
            entry("DELETE", "Patient/nobody"),
            entry("GET", "Patient?_count=0"),
            entry("GET", "Patient/here", ifNoneMatch='W/"2"'),
            entry("POST", "Condition", condition("Patient/here")),
            entry("PUT", "Patient"),
            entry("GET", "Patient/here", ifModifiedSince="2030-01-01T00:00:00Z"),
            entry("BREW", "Patient/here"),
            {"resource": person()},
            entry("PATCH", "Patient/here", {"resourceType": "Binary", "data": "?"}),
            entry("GET", "Patient/here", ifModifiedSince="0001-01-01T00:00:00+14:00"),
            kind="batch",
        )
        reply = await http.post("http://test/fhir", content=body)
        assert reply.status_code == 200, reply.text
        told = reply.json()
        assert told["type"] == "batch-response"
        assert " ".join(e["response"]["status"][:3] for e in told["entry"]) == (
            "200 201 422 200 204 200 304 201 400 304 422 400 400 200"
        )
        read, made, bad, patched, *_ = told["entry"]
        assert read["resource"]["id"] == "new"
        assert made["response"]["location"] == f"{BASE}/Patient/new/_history/1"
        assert made["response"]["lastModified"] == read["resource"]["meta"]["lastUpdated"]
        assert bad["response"]["outcome"]["issue"][0]["expression"] == ["Patient.gender"]
        brewed = told["entry"][10]["response"]["outcome"]["issue"][0]
        assert brewed["expression"] == ["Bundle.entry[10].request.method"]
        assert patched["response"]["etag"] == 'W/"2"'
        assert "resource" not in patched
        assert told["entry"][5]["resource"]["total"] == 2

    with served(tmp_path) as app:
        talk(app, conversation)


def test_searches_by_post_are_searches(tmp_path: Path) -> None:
    def form(text: bytes, kind: str = "application/x-www-form-urlencoded") -> dict[str, str]:
        data = base64.b64encode(text).decode()
        return {"resourceType": "Binary", "contentType": kind, "data": data}

    async def conversation(http: httpx.AsyncClient) -> None:
        for id, gender in (("a", "male"), ("b", "female")):
            await http.put(f"Patient/{id}", content=patient(id=id, gender=gender))
        entries = (
            entry("POST", "Patient/_search"),
            entry("POST", "Patient/_search?gender=male"),
            entry("POST", "/Patient/_search?_count=1", form(b"gender=female&_sort=%5Fid")),
            entry("POST", "Patient/a/Condition/_search"),
        )
        for kind in ("batch", "transaction"):
            reply = await http.post("http://test/fhir", content=bundle(*entries, kind=kind))
            assert [e["resource"]["total"] for e in reply.json()["entry"]] == [2, 1, 1, 0]
            told = reply.json()["entry"][2]["resource"]
            query = "_count=1&gender=female&_sort=_id"
            assert told["link"] == [{"relation": "self", "url": f"{BASE}/Patient?{query}"}]
        whole = bundle(entry("POST", "_search", form(b"_type=Patient")), kind="batch")
        reply = await http.post("http://test/fhir", content=whole)
        assert reply.json()["entry"][0]["resource"]["total"] == 2
        for wrong in (form(b"", "text/plain"), person(), form(b"gender=\xff")):
            body = bundle(entry("POST", "Patient/_search", wrong))
            reply = await http.post("http://test/fhir", content=body)
            assert reply.status_code == 400
            assert reply.json()["issue"][0]["expression"] == ["Bundle.entry[0].resource"]

    with served(tmp_path) as app:
        talk(app, conversation)


def test_what_a_batch_gives_back_on_demand(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        body = bundle(entry("POST", "Patient", person(active=True)), kind="batch")
        reply = await http.post(
            "http://test/fhir", content=body, headers={"prefer": "return=representation"}
        )
        assert reply.json()["entry"][0]["resource"]["active"] is True

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize("entries", [b"1", b"true", b'{"a":1}', b"[1]", b'[{"request":"\xff"}]'])
def test_what_is_no_list_of_entries_is_refused(tmp_path: Path, entries: bytes) -> None:
    body = b'{"resourceType":"Bundle","type":"batch","entry":%b}' % entries

    async def conversation(http: httpx.AsyncClient) -> None:
        reply = await http.post("http://test/fhir", content=body)
        assert reply.status_code in (400, 422)

    with served(tmp_path) as app:
        talk(app, conversation)


def test_a_fault_of_ours_fails_its_own_entry_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Repository, type: str, id: str) -> Stored:
        raise RuntimeError("secret")

    monkeypatch.setattr(Repository, "look", broken)
    body = bundle(entry("GET", "Patient/x"), entry("POST", "Patient", person()), kind="batch")
    with served(tmp_path) as app:
        told = talk(app, lambda http: http.post("http://test/fhir", content=body)).json()
    failed, made = (each["response"] for each in told["entry"])
    assert (failed["status"][:3], made["status"][:3]) == ("500", "201")
    assert failed["outcome"]["issue"][0]["code"] == "exception"
    assert "secret" not in str(told)
