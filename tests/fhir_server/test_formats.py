"""What goes over the wire: JSON or XML, packed or not, parts of resources, other origins' pages."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from fhir_server.http.xml import to_json, to_xml
from fhir_server.subset import subset_of
from tests.fhir_server.serving import patient, served, talk

JSON, XML = "application/fhir+json", "application/fhir+xml"
PATIENT = b'<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>'

ACCEPTED: list[tuple[str, str, str]] = [
    (XML, "", XML),
    ("application/xml", "", XML),
    ("Application/FHIR+XML", "", XML),
    ("text/html, application/xml;q=0.9, */*;q=0.8", "", XML),
    ("application/fhir+xml;q=0.5, application/fhir+json", "", JSON),
    (JSON, "_format=xml", XML),
    (XML, "_format=json", JSON),
    ("", "_format=application/fhir%2Bxml", XML),
    ("*/*", "_format=application/fhir+xml&_pretty=true", XML),
]


@pytest.mark.parametrize(
    ("form", "status", "kind", "indented"),
    [
        (b"_format=xml", 200, XML, False),
        (b"gender=male&_format=application/fhir+xml&_pretty=true", 200, XML, True),
        (b"_pretty=true", 200, JSON, True),
        (b"_format=json", 200, JSON, False),
        (b"_format=ttl", 406, JSON, False),
        (gzip.compress(b"_format=xml"), 200, XML, False),
        (b"_format=xml&gender=%ff", 400, XML, False),
    ],
)
def test_a_search_by_post_has_its_format_in_the_form(
    tmp_path: Path, form: bytes, status: int, kind: str, *, indented: bool
) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    if form.startswith(b"\x1f"):
        headers["content-encoding"] = "gzip"
    with served(tmp_path) as app:
        got = talk(app, lambda http: http.post("Patient/_search", content=form, headers=headers))
    assert (got.status_code, got.headers["content-type"]) == (status, kind)
    assert (b"\n" in got.content) is indented


@pytest.mark.parametrize(("accept", "query", "expected"), ACCEPTED)
def test_the_client_chooses(tmp_path: Path, accept: str, query: str, expected: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        made = await http.put("Patient/a", content=patient(id="a"))
        got = await http.get(f"Patient/a?{query}", headers={"accept": accept})
        assert (got.status_code, got.headers["content-type"]) == (200, expected)
        assert got.headers["etag"] == 'W/"1"'
        if expected == XML:
            assert to_json(got.content) == made.content
        missing = await http.get(f"Patient/b?{query}", headers={"accept": accept})
        assert (missing.status_code, missing.headers["content-type"]) == (404, expected)

    with served(tmp_path) as app:
        talk(app, conversation)


def test_a_header_may_come_in_parts(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        both = [("prefer", "handling=strict"), ("prefer", "return=minimal")]
        assert (await http.get("Patient?colour=red", headers=both)).status_code == 400
        made = await http.post("Patient", content=patient(), headers=both)
        assert (made.status_code, made.content) == (201, b"")

    with served(tmp_path, lenient=True) as app:
        talk(app, conversation)


def test_xml_comes_in(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        sent = {"content-type": XML}
        made = await http.post("Patient", content=PATIENT, headers=sent)
        assert (made.status_code, made.headers["content-type"]) == (201, XML)
        assert b'<active value="true"/>' in made.content
        packed = await http.post(
            "Patient",
            content=gzip.compress(PATIENT),
            headers={**sent, "content-encoding": "gzip", "accept": JSON},
        )
        assert packed.json()["active"] is True
        bad = await http.post("Patient", content=b"<Patient", headers=sent)
        assert (bad.status_code, bad.headers["content-type"]) == (400, XML)
        assert b"OperationOutcome" in bad.content
        invalid = await http.post(
            "Patient", content=PATIENT.replace(b"true", b"perhaps"), headers=sent
        )
        assert invalid.status_code == 422
        bundle = b'<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/><entry><request><method value="GET"/><url value="Patient/id-1"/></request></entry></Bundle>'
        reply = await http.post("http://test/fhir", content=bundle, headers=sent)
        assert b"<Patient>" in reply.content
        head = await http.head("Patient/id-1", headers={"accept": XML})
        assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", XML)
        found = await http.get("Patient?_format=xml")
        assert found.content.count(b"<Patient>") == 2

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize(
    ("takes", "packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("identity", False),
        ("", False),
    ],
)
def test_replies_are_packed_on_demand(tmp_path: Path, takes: str, packed: bool) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        body = patient(id="a", name=[{"text": "x" * 2000}])
        headers = {"accept-encoding": takes}
        await http.put("Patient/a", content=body, headers=headers)
        got = await http.get("Patient/a", headers=headers)
        assert ("content-encoding" in got.headers) is packed
        assert got.json()["name"] == [{"text": "x" * 2000}]
        assert (int(got.headers["content-length"]) < 500) is packed
        small = await http.get("Patient/b", headers=headers)
        assert "content-encoding" not in small.headers

    with served(tmp_path) as app:
        talk(app, conversation)


def test_a_packed_body_is_unpacked_within_the_limit(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        async def status(content: bytes) -> int:
            headers = {"content-encoding": "gzip"}
            return (await http.post("Patient", content=content, headers=headers)).status_code

        assert await status(gzip.compress(patient())) == 201
        assert await status(gzip.compress(patient(text=" " * 100_000))) == 413
        assert await status(gzip.compress(patient())[:-9]) == 400

    with served(tmp_path, limit=1000) as app:
        talk(app, conversation)


BODY = (
    b'{"resourceType":"Observation","id":"o","text":{"status":"empty","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">x</div>"},'
    b'"status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50},"note":[{"text":"n"}]}'
)
PARTS: list[tuple[str, set[str]]] = [
    ("", {"text", "status", "code", "valueQuantity", "note"}),
    ("_summary=false", {"text", "status", "code", "valueQuantity", "note"}),
    ("_summary=true", {"status", "code", "valueQuantity"}),
    ("_summary=text", {"text", "status", "code"}),
    ("_summary=data", {"status", "code", "valueQuantity", "note"}),
    ("_elements=note", {"status", "code", "note"}),
    ("_elements=value", {"status", "code", "valueQuantity"}),
    ("_elements=Observation.note,Patient.text", {"status", "code", "note"}),
]


@pytest.mark.parametrize(("query", "expected"), PARTS)
@pytest.mark.parametrize("url", ["Observation/o", "Observation/o/_history/1", "Observation"])
def test_parts_of_a_resource(tmp_path: Path, url: str, query: str, expected: set[str]) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        assert (await http.put("Observation/o", content=BODY)).status_code == 201
        got = await http.get(f"{url}?{query}")
        told = got.json()
        if told["resourceType"] == "Bundle":
            assert query.replace(",", "%2C") in told["link"][0]["url"]
            [told] = [e["resource"] for e in told["entry"]]
        assert told.keys() - {"resourceType", "id", "meta"} == expected
        whole = "note" in expected and "text" in expected
        assert [t["code"] for t in told["meta"].get("tag", ())] == ([] if whole else ["SUBSETTED"])
        assert told["meta"]["versionId"] == "1"
        assert ("valueQuantity" not in expected) or b"1.50" in got.content

    with served(tmp_path) as app:
        talk(app, conversation)


SUMMARISED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
         "component": [{"code": {"text": "y"}, "valueBoolean": True, "interpretation": [{"text": "H"}], "extension": [{"url": "u:x", "valueCode": "s"}]}]},
        {"component": [{"code": {"text": "y"}, "valueBoolean": True, "extension": [{"url": "u:x", "valueCode": "s"}]}]},
    ),
    (
        {"resourceType": "DocumentReference", "status": "current", "content": [{"attachment": {"contentType": "a/b", "data": "QQ=="}}]},
        {"content": [{"attachment": {"contentType": "a/b"}}]},
    ),
    ({"resourceType": "Appointment", "status": "proposed", "participant": [{"status": "accepted", "actor": {"display": "x"}}]}, {"participant": [{"status": "accepted", "actor": {"display": "x"}}]}),
    ({"resourceType": "Patient", "photo": [{"data": "QQ=="}]}, {}),
    ({"resourceType": "Library", "status": "draft", "type": {"text": "x"}, "content": [{"data": "QQ=="}, {"title": "t", "data": "QQ=="}]}, {"content": [{"title": "t"}]}),
    ({"resourceType": "Patient", "birthDate": "2000", "_birthDate": {"extension": [{"url": "u:x", "valueCode": "s"}]}}, {"birthDate": "2000", "_birthDate": {"extension": [{"url": "u:x", "valueCode": "s"}]}}),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "expected"), SUMMARISED)
def test_what_is_inside_is_summarised_too(
    resource: dict[str, Any], expected: dict[str, Any]
) -> None:
    told = orjson.loads(subset_of([("_summary", "true")]).of(orjson.dumps(resource)))
    inner = ("content", "component", "participant", "photo", "birthDate", "_birthDate")
    assert {name: told[name] for name in inner if name in told} == expected


@pytest.mark.parametrize("query", ["_summary=all", "_summary=true&_summary=text"])
def test_what_is_no_part(tmp_path: Path, query: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> int:
        return (await http.get(f"Patient?{query}")).status_code

    with served(tmp_path) as app:
        assert talk(app, conversation) == 400


PAGE = "https://app.example.org"


@pytest.mark.parametrize(
    ("origins", "allowed"), [((), False), ((PAGE,), True), (("*",), True), (("https://x",), False)]
)
def test_pages_of_other_origins(tmp_path: Path, origins: tuple[str, ...], allowed: bool) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        asked = {"origin": PAGE, "access-control-request-method": "PUT"}
        before = await http.options("Patient/a", headers=asked)
        got = await http.get("Patient/a", headers={"origin": PAGE})
        for reply in (before, got):
            told = reply.headers.get("access-control-allow-origin")
            assert told == (PAGE if allowed else None)
        assert ("access-control-allow-methods" in before.headers) is allowed
        assert got.status_code == 404
        assert "access-control-allow-origin" not in (await http.get("Patient/a")).headers

    with served(tmp_path, origins=origins) as app:
        talk(app, conversation)


def test_the_example_is_valid_xml_too() -> None:
    assert to_json(to_xml(BODY)).startswith(b'{"resourceType":"Observation"')
