"""The RESTful interactions, as a client sees them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.fhir_server.serving import BASE, patient, served, talk

JSON = "application/fhir+json"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def code(reply: httpx.Response) -> str:
    """The issue code of an OperationOutcome."""
    assert reply.headers["content-type"] == JSON
    outcome = reply.json()
    assert outcome["resourceType"] == "OperationOutcome"
    return str(outcome["issue"][0]["code"])


def test_a_resource_lives(tmp_path: Path) -> None:
    async def life(http: httpx.AsyncClient) -> None:
        body = b'{ "resourceType":"Patient",\n "gender" : "male" }'
        made = await http.post("Patient", content=body)
        assert made.status_code == 201
        assert made.headers["etag"] == 'W/"1"'
        assert made.headers["last-modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"
        assert made.headers["location"] == f"{BASE}/Patient/id-1/_history/1"
        read = await http.get("Patient/id-1")
        assert (read.status_code, read.content) == (200, made.content)
        assert (read.headers["content-type"], read.headers["etag"]) == (JSON, 'W/"1"')
        assert b' "gender" : "male" }' in read.content
        changed = await http.put("Patient/id-1", content=patient(id="id-1", gender="female"))
        assert (changed.status_code, changed.headers["etag"]) == (200, 'W/"2"')
        assert (await http.get("Patient/id-1/_history/1")).content == made.content
        assert (await http.get("Patient/id-1/_history/9")).status_code == 404
        for number in ("x", "0", "01", "1.0", "٢"):
            assert (await http.get(f"Patient/id-1/_history/{number}")).status_code == 404
        gone = await http.delete("Patient/id-1")
        assert (gone.status_code, gone.content, gone.headers["etag"]) == (204, b"", 'W/"3"')
        assert (await http.delete("Patient/id-1")).status_code == 204
        after = await http.get("Patient/id-1")
        assert (after.status_code, code(after)) == (410, "deleted")
        assert (await http.get("Patient/id-1/_history/3")).status_code == 410
        back = await http.put("Patient/id-1", content=patient(id="id-1"))
        assert (back.status_code, back.headers["etag"]) == (201, 'W/"4"')

    with served(tmp_path) as app:
        talk(app, life)


def test_history_tells_what_was_done(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> dict[str, Any]:
        await http.put("Patient/a", content=patient(id="a"))
        await http.put("Patient/a", content=patient(id="a", active=True))
        await http.delete("Patient/a")
        assert (await http.get("Patient/nobody/_history")).status_code == 404
        bundle: dict[str, Any] = (await http.get("Patient/a/_history")).json()
        return bundle

    with served(tmp_path) as app:
        bundle = talk(app, conversation)
    assert (bundle["type"], bundle["total"]) == ("history", 3)
    told = [(e["request"], e["response"]["status"], "resource" in e) for e in bundle["entry"]]
    put = {"method": "PUT", "url": "Patient/a"}
    assert told == [
        ({"method": "DELETE", "url": "Patient/a"}, "204", False),
        (put, "200", True),
        (put, "201", True),
    ]
    assert bundle["entry"][0]["response"]["lastModified"] == "2026-03-01T12:00:02.000Z"


def test_a_search_gives_the_stored_bytes(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        person = await http.post("Patient", content=b'{"resourceType":"Patient","active": true}')
        value = b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/id-1"},"valueQuantity":{"value":1.50}}'
        made = await http.post("Observation", content=value)
        for found in (
            await http.get("Observation", params={"patient": "id-1", "_format": "json"}),
            await http.post("Observation/_search", data={"patient": "id-1"}, headers=FORM),
        ):
            assert found.status_code == 200
            bundle = found.json()
            assert (bundle["type"], bundle["total"]) == ("searchset", 1)
            assert bundle["entry"][0]["fullUrl"] == f"{BASE}/Observation/id-2"
            assert bundle["entry"][0]["search"] == {"mode": "match"}
            links = {each["relation"]: each["url"] for each in bundle["link"]}
            assert links["self"] == f"{BASE}/Observation?patient=id-1"
            assert made.content in found.content
        assert "entry" not in (await http.get("Patient?_id=nobody")).json()
        assert person.content in (await http.get("Patient")).content

    with served(tmp_path) as app:
        talk(app, conversation)


def test_conditional_reads(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        made = await http.post("Patient", content=patient())

        async def status(**headers: str) -> int:
            named = {k.replace("_", "-"): v for k, v in headers.items()}
            return (await http.get("Patient/id-1", headers=named)).status_code

        assert await status(if_none_match='W/"1"') == 304
        assert await status(if_none_match='"7", W/"1"') == 304
        assert await status(if_none_match='W/"11"') == 200
        assert await status(if_modified_since=made.headers["last-modified"]) == 304
        assert await status(if_modified_since="Sun, 01 Mar 2026 11:59:59 GMT") == 200
        assert await status(if_modified_since="yesterday") == 200
        unchanged = await http.get("Patient/id-1", headers={"if-none-match": 'W/"1"'})
        assert (unchanged.content, unchanged.headers["etag"]) == (b"", 'W/"1"')

    with served(tmp_path) as app:
        talk(app, conversation)


def test_what_a_write_gives_back(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        async def reply(prefer: str) -> httpx.Response:
            return await http.post("Patient", content=patient(), headers={"prefer": prefer})

        minimal = await reply("return=minimal")
        assert (minimal.status_code, minimal.content) == (201, b"")
        assert "location" in minimal.headers
        outcome = await reply("return=OperationOutcome")
        assert (outcome.status_code, code(outcome)) == (201, "informational")
        assert (await reply("respond-async")).json()["resourceType"] == "Patient"

    with served(tmp_path) as app:
        talk(app, conversation)


def test_head_options_and_pretty(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.post("Patient", content=b'{"resourceType":"Patient","multipleBirthInteger":2}')
        read = await http.get("Patient/id-1")
        head = await http.head("Patient/id-1")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(read.content))
        options = await http.options("Patient/id-1")
        assert (options.status_code, options.headers["allow"]) == (
            204,
            "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
        )
        pretty = await http.get("Patient/id-1?_pretty=true")
        assert b'\n  "multipleBirthInteger": 2\n' in pretty.content
        assert pretty.json() == read.json()

    with served(tmp_path) as app:
        talk(app, conversation)


GOOD = patient(id="a")
JSON_BODY = {"content-type": JSON}
BAD: list[tuple[str, str, bytes, dict[str, str], int, str]] = [
    ("GET", "Patience/a", b"", {}, 404, "not-found"),
    ("GET", "Patient/nobody", b"", {}, 404, "not-found"),
    ("PATCH", "Patient/a", b"[]", {}, 400, "structure"),
    ("PATCH", "Patient/a", b"[]", {"content-type": "text/plain"}, 415, "not-supported"),
    ("PATCH", "Patient/_search", b"[]", {}, 405, "not-supported"),
    ("DELETE", "Patient", b"", {}, 400, "structure"),
    ("PUT", "Patient", GOOD, {}, 400, "structure"),
    ("POST", "Patient", b"{", {}, 400, "structure"),
    ("POST", "Patient", b"", {}, 400, "structure"),
    ("POST", "Patient", b"[]", {}, 400, "structure"),
    ("POST", "Patient", b'{"resourceType":"Patient","a":1,"a":1}', {}, 400, "structure"),
    ("POST", "Patient", b'{"resourceType":"Group"}', {}, 400, "structure"),
    ("POST", "Patient", patient(gender="m"), {}, 422, "code-invalid"),
    ("POST", "Patient", patient(nonsense=1), {}, 422, "structure"),
    ("POST", "Patient", GOOD, {"content-type": "application/fhir+turtle"}, 415, "not-supported"),
    ("POST", "Patient", GOOD, {"content-type": "text/plain"}, 415, "not-supported"),
    ("POST", "Patient", GOOD, {"content-encoding": "gzip"}, 400, "structure"),
    ("POST", "Patient", GOOD, {"content-encoding": "br"}, 415, "not-supported"),
    ("POST", "Patient", GOOD, {"if-none-exist": "a=b"}, 400, "not-supported"),
    ("POST", "Patient", patient(text="x" * 2000), {}, 413, "too-long"),
    ("PUT", "Patient/b", GOOD, {}, 400, "structure"),
    ("PUT", "Patient/a", patient(), {}, 400, "structure"),
    ("PUT", "Patient/a_b", patient(id="a_b"), {}, 400, "structure"),
    ("PUT", "Patient/a", GOOD, {"if-match": 'W/"4"'}, 412, "conflict"),
    ("PUT", "Patient/a", GOOD, {"if-match": "four"}, 400, "structure"),
    ("DELETE", "Patience/nobody", b"", {}, 404, "not-found"),
    ("DELETE", "Patient/nobody", b"", {"if-match": 'W/"1"'}, 412, "conflict"),
    ("GET", "Patient/a", b"", {"accept": "application/fhir+turtle"}, 406, "not-supported"),
    ("GET", "Patient/a", b"", {"accept": "application/json;q=0"}, 406, "not-supported"),
    ("GET", "Patient/a?_format=ttl", b"", {}, 406, "not-supported"),
    ("GET", "Patient?name=%FF", b"", {}, 400, "structure"),
    ("GET", "Patient?colour=red", b"", {"prefer": "handling=strict"}, 400, "not-supported"),
    ("POST", "Patient/_search", b"{}", {}, 415, "not-supported"),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "status", "issue"), BAD)
def test_bad_input_is_answered_and_harms_nothing(
    tmp_path: Path,
    method: str,
    path: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
    issue: str,
) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        reply = await http.request(method, path, content=body, headers=headers)
        assert (reply.status_code, code(reply)) == (status, issue), reply.text
        assert (await http.put("Patient/a", content=GOOD)).status_code == 201

    with served(tmp_path, limit=1000) as app:
        talk(app, conversation)


PLACES: list[tuple[str, str, bytes, dict[str, str], str]] = [
    ("POST", "Patient", GOOD, {"content-type": "text/plain"}, "http.Content-Type"),
    ("POST", "Patient", GOOD, {"content-type": f"{JSON}; fhirVersion=5.0"}, "http.Content-Type"),
    ("POST", "Patient/_search", b"{}", {}, "http.Content-Type"),
    ("PATCH", "Patient/a", b"[]", {"content-type": "text/plain"}, "http.Content-Type"),
    ("POST", "Patient", GOOD, {"content-encoding": "gzip"}, "http.Content-Encoding"),
    ("POST", "Patient", GOOD, {"content-encoding": "br"}, "http.Content-Encoding"),
    ("GET", "Patient/a", b"", {"accept": "application/fhir+turtle"}, "http.Accept"),
    ("PUT", "Patient/a", GOOD, {"if-match": "four"}, "http.If-Match"),
    ("PUT", "Patient/a", GOOD, {"if-none-match": "four"}, "http.If-None-Match"),
    ("POST", "Patient", b'{"resourceType": "Patient",\n "active": yes}', {}, "Patient"),
    ("POST", "Patient", b'{"resourceType": "Patient", "id": "a", "id": "b"}', {}, "Patient.id"),
    ("POST", "Patient", b"[]", {}, "Resource"),
    ("POST", "", b'{"resourceType":"Bundle","type":"batch","entry":[{]}', {}, "Bundle"),
    ("PATCH", "Patient/a", b"[{]", {"content-type": "application/json-patch+json"}, "Resource"),
    ("POST", "Patient", b"<Patient", {"content-type": "application/fhir+xml"}, "Resource"),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "place"), PLACES)
def test_errors_tell_their_place(
    tmp_path: Path, method: str, path: str, body: bytes, headers: dict[str, str], place: str
) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/a", content=GOOD)
        sent = {"accept": JSON, **headers}
        reply = await http.request(method, path, content=body, headers=sent)
        assert reply.status_code in (400, 406, 415), reply.text
        (issue,) = reply.json()["issue"]
        assert issue["expression"] == [place]
        if "is not" in issue["diagnostics"] and "the body" in issue["diagnostics"]:
            assert re.search("line [0-9]+, column [0-9]+|gzip", issue["diagnostics"])

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/json",
        "text/html, application/*;q=0.8",
        "",
        "application/fhir+json; fhirVersion=4.0",
    ],
)
def test_who_takes_json_gets_it(tmp_path: Path, accept: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> int:
        await http.put("Patient/a", content=GOOD)
        return (await http.get("Patient/a", headers={"accept": accept})).status_code

    with served(tmp_path) as app:
        assert talk(app, conversation) == 200


def test_a_body_over_the_limit_is_not_read_to_its_end(tmp_path: Path) -> None:
    taken = 0

    async def endless() -> Any:
        nonlocal taken
        while True:
            taken += 100
            yield b"x" * 100

    async def conversation(http: httpx.AsyncClient) -> httpx.Response:
        return await http.post("Patient", content=endless())

    with served(tmp_path, limit=1000) as app:
        reply = talk(app, conversation)
    assert (reply.status_code, reply.headers["connection"]) == (413, "close")
    assert taken <= 1200


def test_a_line_and_column_are_told(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> str:
        reply = await http.post("Patient", content=b'{"resourceType":"Patient",\n"id":}')
        return str(reply.json()["issue"][0]["diagnostics"])

    with served(tmp_path) as app:
        assert "line 2, column 6" in talk(app, conversation)


def test_every_issue_of_an_invalid_resource_is_told(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> list[str]:
        body = patient(gender="m", birthDate="1970-02-30", name=[{"given": "A"}])
        reply = await http.post("Patient", content=body)
        return sorted(i["expression"][0] for i in reply.json()["issue"])

    with served(tmp_path) as app:
        told = talk(app, conversation)
    assert told == ["Patient.birthDate", "Patient.gender", "Patient.name[0].given"]


def test_nothing_of_a_patient_is_told_in_errors(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        phrase = "Zyxwvut"
        for body in (
            patient(id=phrase + " ", name=[{"family": phrase}]),
            patient(gender=f"{phrase} {phrase}", name=[{"family": phrase, "given": phrase}]),
            patient(name=[{"family": phrase}], birthDate=phrase),
            orjson.dumps({"resourceType": "Patient", "name": phrase}),
        ):
            reply = await http.post("Patient", content=body)
            assert reply.status_code in (400, 422)
            assert phrase not in reply.text

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize(
    ("type", "status"),
    [
        ("application/fhir+json; fhirVersion=4.0", 201),
        ("application/fhir+json;charset=utf-8; fhirVersion=4.0.1", 201),
        ("application/fhir+json; fhirVersion=3.0", 415),
        ("application/fhir+xml; fhirVersion=5.0", 415),
    ],
)
def test_another_version_of_fhir_is_refused(tmp_path: Path, type: str, status: int) -> None:
    async def conversation(http: httpx.AsyncClient) -> list[int]:
        made = await http.post("Patient", content=patient(), headers={"content-type": type})
        told = await http.get("Patient", headers={"accept": type})
        return [made.status_code, told.status_code]

    with served(tmp_path) as app:
        assert talk(app, conversation) == [status, 200 if status == 201 else 406]


@pytest.mark.parametrize("url", ["Patient/?_count=1", "Patient/_search", "_search?_type=Patient"])
def test_other_ways_to_a_search(tmp_path: Path, url: str) -> None:
    with served(tmp_path) as app:
        reply = talk(app, lambda http: http.get(url))
    assert (reply.status_code, reply.json()["type"]) == (200, "searchset")


@pytest.mark.parametrize("query", ["colour=red", "_sort=colour", "_include=Patient:colour"])
@pytest.mark.parametrize(
    ("lenient", "preference", "status"),
    [(False, "", 400), (False, "lenient", 200), (True, "", 200), (True, "strict", 400)],
)
def test_what_is_unknown(
    tmp_path: Path, query: str, lenient: bool, preference: str, status: int
) -> None:
    headers = {"prefer": f"handling={preference}"} if preference else {}
    with served(tmp_path, lenient=lenient) as app:
        reply = talk(app, lambda http: http.get(f"Patient?{query}&gender=male", headers=headers))
    assert reply.status_code == status
    if status == 400:
        assert code(reply) == "not-supported"
    else:
        bundle = reply.json()
        assert [link["url"] for link in bundle["link"]] == [f"{BASE}/Patient?gender=male"]
        assert bundle["entry"][0]["search"] == {"mode": "outcome"}
        assert query.partition("=")[0] in bundle["entry"][0]["resource"]["issue"][0]["diagnostics"]
