"""Attachments over HTTP: every format, several of them, a Binary; places in the original; errors."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from capability.validate import validate
from fhir_server.app import create_app, wired
from fhir_server.findings import EVIDENCE
from fhir_server.http.asgi import ASGI
from fhir_server.settings import Settings
from nlp.documents import Source, read
from tests.fhir_server.serving import BASE, talk
from tests.nlp.documents import samples

Json = dict[str, Any]
GOLDEN = Path(__file__).parents[1] / "golden" / "documents"
KINDS = {
    "html": "text/html",
    "rtf": "application/rtf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xml": "application/xml",
}


@pytest.fixture
def app(tmp_path: Path, data: Path) -> Iterator[ASGI]:
    database = f"sqlite:///{tmp_path / 'store.sqlite'}"
    settings = Settings(port=0, mllp_port=0, data=data, database=database, max_note=1 << 20)
    with wired(replace(settings, base_url=BASE)) as (context, _):
        yield create_app(context)


def attachment(data: bytes, kind: str = "") -> Json:
    return {"data": base64.b64encode(data).decode()} | ({"contentType": kind} if kind else {})


async def asked(http: httpx.AsyncClient, operation: str, *attachments: Json) -> httpx.Response:
    """The operation's reply on a new document with those attachments."""
    patient = await http.put("Patient/p", json={"resourceType": "Patient", "id": "p"})
    assert patient.status_code in (200, 201)
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"reference": "Patient/p"},
        "content": [{"attachment": a} for a in attachments],
    }
    made = await http.post("DocumentReference", json=document)
    assert made.status_code == 201, made.text
    return await http.post(
        f"DocumentReference/{made.json()['id']}/${operation}",
        json={"resourceType": "Parameters"},
    )


def parts(reply: Json, name: str) -> list[Json]:
    """The parameters of a name, each with the values of its parts by name (a list of spans)."""
    found = []
    for parameter in reply["parameter"]:
        if parameter["name"] == name:
            found.append(_values(parameter["part"]))
    return found


def _values(given: list[Json]) -> Json:
    values: Json = {}
    for part in given:
        if part["name"] == "span":
            values.setdefault("span", []).append(_values(part["part"]))
        else:
            values[part["name"]] = next((v for k, v in part.items() if k.startswith("value")), None)
    return values


def evidence(resource: Json) -> list[Json]:
    """What a resource's evidence extensions say, by the names of their parts."""
    return [
        {e["url"]: next(v for k, v in e.items() if k.startswith("value")) for e in x["extension"]}
        for x in resource["extension"]
        if x["url"] == EVIDENCE
    ]


def resources(reply: Json) -> list[Json]:
    (bundle,) = [p["resource"] for p in reply["parameter"] if p["name"] == "return"]
    return [e["resource"] for e in bundle["entry"]]


@pytest.mark.parametrize("ending", KINDS)
def test_findings_of_every_format_tell_their_place(app: ASGI, ending: str) -> None:
    data = (GOLDEN / f"note.{ending}").read_bytes()

    async def conversation(http: httpx.AsyncClient) -> Json:
        reply = await asked(http, "extract", attachment(data, KINDS[ending]))
        assert reply.status_code == 200, reply.text
        told: Json = reply.json()
        return told

    told = talk(app, conversation)
    (document,) = parts(told, "document")
    text = base64.b64decode(document["text"]["data"]).decode()
    reading = read(Source(data, KINDS[ending]))
    assert text == reading.text
    for finding in parts(told, "finding"):
        first = finding["span"][0]
        assert text[first["start"] : first["end"]] == finding["quote"]
        for span in finding["span"]:
            origin = reading.origin(span["start"], span["end"])
            assert (span["sourceStart"], span["sourceEnd"]) == (origin.start, origin.end)
            assert span.get("page", 0) == origin.page
            assert span.get("path", "") == origin.path
            assert span["attachment"] == 0
    for resource in resources(told):
        assert not [i for i in validate(resource) if i.severity == "error"]
        for said in evidence(resource):
            assert text[said["start"] : said["end"]] == said["quote"]
            assert said["sourceEnd"] > said["sourceStart"]


def test_all_attachments_are_read_and_one_fact_is_one_resource(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        binary = {"resourceType": "Binary", "id": "b", "contentType": "text/html"}
        binary["data"] = base64.b64encode(b"<p>PMH: asthma and gout").decode()
        assert (await http.put("Binary/b", json=binary)).status_code == 201
        packed = gzip.compress(b"PMH: migraine")
        reply = await asked(
            http,
            "extract",
            attachment(b"PMH: asthma", "text/plain"),
            {"url": "Binary/b"},
            {"url": f"{BASE}/Binary/b", "contentType": "text/html"},
            attachment(b"no picture", "image/png"),
            attachment(packed, "application/gzip"),
            attachment(samples.pdf("PMH: COPD", ""), "application/pdf"),
        )
        assert reply.status_code == 200, reply.text
        told = reply.json()
        formats = [(d["attachment"], d["format"]) for d in parts(told, "document")]
        assert formats == [(0, "text"), (1, "html"), (2, "html"), (4, "text"), (5, "pdf")]
        said = {(f["quote"], f["span"][0]["attachment"]) for f in parts(told, "finding")}
        assert said >= {("asthma", 0), ("asthma", 1), ("gout", 1), ("migraine", 4), ("COPD", 5)}
        made = {r["code"]["coding"][0]["code"]: r for r in resources(told)}
        assert [e["attachment"] for e in evidence(made["J45.909"])] == [0, 1, 2]
        (issues,) = [p["resource"] for p in told["parameter"] if p["name"] == "issues"]
        warned = {i["expression"][0] for i in issues["issue"] if i["severity"] == "warning"}
        assert warned == {f"DocumentReference.content[{n}].attachment" for n in (3, 5)}

    talk(app, conversation)


def test_a_document_of_any_format_is_deidentified(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        page = b"<h1>Visit</h1><p>Mrs. Okafor (MRN 5512345) has asthma.</p>"
        reply = await asked(
            http,
            "deidentify",
            attachment(page, "text/html"),
            attachment(b"Dr. Okafor", "text/plain"),
        )
        assert reply.status_code == 200, reply.text
        told = reply.json()
        (made,) = [p["resource"] for p in told["parameter"] if p["name"] == "return"]
        texts = [base64.b64decode(c["attachment"]["data"]).decode() for c in made["content"]]
        assert texts == ["Visit:\n\nMrs. [NAME] (MRN [MRN]) has asthma.", "Dr. [NAME]"]
        assert [s["attachment"] for s in parts(told, "span")] == [0, 0, 1]

    talk(app, conversation)


BOMB = samples.docx(f"<w:p>{'<w:r/>' * 400_000}</w:p>")
LOL = b'<!DOCTYPE d [<!ENTITY a "b">]><ClinicalDocument>&a;</ClinicalDocument>'


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"\x89PNG", "image/png", 415, "not-supported"),
        (samples.pdf(""), "application/pdf", 422, "not-supported"),
        (samples.pdf("Asthma")[:300], "application/pdf", 422, "structure"),
        (BOMB, KINDS["docx"], 413, "too-long"),
        (gzip.compress(b" " * (2 << 20)), "application/gzip", 413, "too-long"),
        (LOL, "text/xml", 422, "security"),
        (b"<ClinicalDocument>" * 1000, "text/xml", 422, "structure"),
        (rb"{\rtf1 {cut", "text/rtf", 422, "structure"),
        (b"<p>cut <td", "text/html", 422, "structure"),
        (b" ", "text/html", 422, "required"),
    ],
)
@pytest.mark.parametrize("operation", ["extract", "deidentify"])
def test_what_can_not_be_read_is_told_where(
    app: ASGI, content: bytes, kind: str, status: int, code: str, operation: str
) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        reply = await asked(http, operation, attachment(content, kind))
        assert reply.status_code == status, reply.text
        (issue,) = reply.json()["issue"]
        assert (issue["code"], issue["severity"]) == (code, "error")
        assert issue["expression"] == ["DocumentReference.content[0].attachment"]

    talk(app, conversation)


def test_reading_does_not_hold_others_up(app: ASGI) -> None:
    slow = attachment(samples.pdf(*["word " * 20] * 40), "application/pdf")

    async def conversation(http: httpx.AsyncClient) -> None:
        reading = asyncio.create_task(asked(http, "extract", slow))
        answered = 0
        while not reading.done():
            assert (await http.get("metadata?_summary=true")).status_code == 200
            answered += 1
        assert (await reading).status_code == 200
        assert answered > 1

    talk(app, conversation)


@pytest.mark.parametrize("operation", ["extract", "deidentify"])
def test_what_contradicts_the_data_is_told(app: ASGI, operation: str) -> None:
    data = b"He has asthma."
    sound = {"size": 14, "hash": base64.b64encode(hashlib.sha1(data).digest()).decode()}  # noqa: S324
    wrong = {"size": 15, "hash": base64.b64encode(hashlib.sha1(b"x").digest()).decode()}  # noqa: S324

    async def conversation(http: httpx.AsyncClient) -> None:
        given = [attachment(data, "text/plain") | each for each in (sound, wrong)]
        reply = await asked(http, operation, *given)
        assert reply.status_code == 200, reply.text
        [issues] = [p["resource"] for p in reply.json()["parameter"] if p["name"] == "issues"]
        doubts = [i for i in issues["issue"] if i["code"] == "value"]
        place = "DocumentReference.content[1].attachment"
        assert [i["expression"] for i in doubts] == [[f"{place}.size"], [f"{place}.hash"]]
        assert all(i["severity"] == "warning" for i in doubts)

    talk(app, conversation)
