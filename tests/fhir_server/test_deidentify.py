"""DocumentReference/$deidentify over HTTP: a new document, its spans, and nothing stored."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from capability.validate import validate
from fhir_server.app import create_app, wired
from fhir_server.http.asgi import ASGI
from fhir_server.settings import Settings
from tests.fhir_server.serving import BASE, talk

NOTE = "Mrs. Okafor (MRN 5512345) came on 3/4/2020 with asthma."
Told = tuple[int, dict[str, Any]]


@pytest.fixture
def app(tmp_path: Path, data: Path) -> Iterator[ASGI]:
    database = f"sqlite:///{tmp_path / 'store.sqlite'}"
    settings = Settings(port=0, mllp_port=0, data=data, database=database)
    with wired(replace(settings, base_url=BASE)) as (context, _):
        yield create_app(context)


def document(patient: str = "Patient/1") -> dict[str, Any]:
    attachment = {"contentType": "text/plain", "data": base64.b64encode(NOTE.encode()).decode()}
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"reference": patient},
        "description": "Mrs. Okafor's visit",
        "content": [{"attachment": attachment}],
    }


async def deidentified(http: httpx.AsyncClient, body: dict[str, Any], **given: str) -> Told:
    made = await http.post("DocumentReference", json=body)
    assert made.status_code == 201, made.text
    url = f"DocumentReference/{made.json()['id']}/$deidentify"
    kinds = {"mode": "valueCode", "key": "valueString"}
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": k, kinds[k]: v} for k, v in given.items()],
    }
    reply = await http.post(url, json=parameters if given else {"resourceType": "Parameters"})
    return reply.status_code, reply.json()


def text_of(reply: dict[str, Any]) -> str:
    (resource,) = [p["resource"] for p in reply["parameter"] if p["name"] == "return"]
    assert not [i for i in validate(resource) if i.severity == "error"]
    return base64.b64decode(resource["content"][0]["attachment"]["data"]).decode()


def test_a_masked_document_with_its_spans(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        status, reply = await deidentified(http, document())
        assert status == 200, reply
        text = text_of(reply)
        assert text == "Mrs. [NAME] (MRN [MRN]) came on [DATE] with asthma."
        for word in ("Okafor", "Patient/1", "5512345"):
            assert word not in str(reply)
        spans = [p["part"] for p in reply["parameter"] if p["name"] == "span"]
        assert len(spans) == 3
        for parts in spans:
            told = {p["name"]: next(v for k, v in p.items() if k != "name") for p in parts}
            assert text[told["newStart"] : told["newEnd"]] == told["replacement"]
        assert "does not remove it" in str(reply)
        stored = await http.get("DocumentReference")
        assert len(stored.json()["entry"]) == 1

    talk(app, conversation)


def test_surrogates_are_one_key_s_and_dates_one_subject_s(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        one, again, other = await asyncio.gather(
            *(
                deidentified(http, document(patient), mode="surrogate", key="k")
                for patient in ("Patient/1", "Patient/1", "Patient/2")
            )
        )
        assert text_of(one[1]) == text_of(again[1])
        assert text_of(one[1]).split(" on ")[0] == text_of(other[1]).split(" on ")[0]
        assert text_of(one[1]) != text_of(other[1])
        keyless = [await deidentified(http, document(), mode="surrogate") for _ in range(2)]
        assert text_of(keyless[0][1]) != text_of(keyless[1][1])

    talk(app, conversation)


def test_an_unknown_mode_is_told(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        status, reply = await deidentified(http, document(), mode="hide")
        assert status == 400
        assert "mask, surrogate, remove" in str(reply)

    talk(app, conversation)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_key_is_never_part_of_a_url(app: ASGI, method: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        made = (await http.post("DocumentReference", json=document())).json()["id"]
        url = f"DocumentReference/{made}/$deidentify?mode=surrogate&key=abc"
        reply = await http.request(method, url)
        assert reply.status_code == 400
        issue = reply.json()["issue"][0]
        assert issue["expression"] == ["?key"]
        assert "POST" in issue["diagnostics"]
        assert "abc" not in reply.text

    talk(app, conversation)


@pytest.mark.parametrize("given", [{"key": "k"}, {"mode": "remove", "key": "k"}])
def test_a_key_without_surrogates_is_told(app: ASGI, given: dict[str, str]) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        status, reply = await deidentified(http, document(), **given)
        assert status == 400
        assert reply["issue"][0]["expression"] == ["key"]

    talk(app, conversation)


def test_what_the_store_knows_of_the_subject_is_covered(app: ASGI) -> None:
    patient = {
        "resourceType": "Patient",
        "id": "known",
        "name": [{"family": "Quibblethorne", "given": ["Zed"]}],
        "identifier": [{"system": "http://hospital.example/mrn", "value": "77-A91"}],
        "telecom": [{"system": "phone", "value": "5550199"}],
        "address": [{"line": ["4 Upper Mews"], "city": "Llanfair"}],
        "birthDate": "1951-07-09",
        "contact": [{"name": {"family": "Brandywell"}}],
    }
    said = "quibblethorne (77A91, 555-0199) of llanfair, 4 upper mews, 9 July 1951; brandywell."

    async def conversation(http: httpx.AsyncClient) -> None:
        made = await http.put("Patient/known", json=patient)
        assert made.status_code == 201, made.text
        body = document("Patient/known")
        body["content"][0]["attachment"]["data"] = base64.b64encode(said.encode()).decode()
        status, reply = await deidentified(http, body)
        assert status == 200
        expected = "[NAME] ([ID], [PHONE]) of [LOCATION], [LOCATION], [DATE]; [NAME]."
        assert text_of(reply) == expected

    talk(app, conversation)
