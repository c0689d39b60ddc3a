"""Binary: content that comes and goes as it is, beside the resource that holds it."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx
import pytest

from tests.fhir_server.serving import BASE, served, talk
from tests.fhir_server.transactions import bundle, entry

PNG = b"\x89PNG\r\n\x1a\n\x00"


def test_content_goes_in_and_comes_out(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        sent = {"content-type": "image/png", "x-security-context": "Patient/p"}
        made = await http.post("Binary", content=PNG, headers=sent)
        assert (made.status_code, made.headers["content-type"]) == (201, "application/fhir+json")
        held = {k: v for k, v in made.json().items() if k not in ("id", "meta")}
        assert held == {
            "resourceType": "Binary",
            "contentType": "image/png",
            "securityContext": {"reference": "Patient/p"},
            "data": base64.b64encode(PNG).decode(),
        }
        url = made.headers["location"].removeprefix(f"{BASE}/")
        for place in (url, url.partition("/_history")[0]):
            wanted = (
                "image/png",
                "image/*",
                "text/html, image/png;q=0.5",
                "*/*",
                "image/png, */*",
                "",
            )
            for accept in wanted:
                got = await http.get(place, headers={"accept": accept})
                assert (got.status_code, got.content) == (200, PNG)
                assert got.headers["content-type"] == "image/png"
                assert got.headers["content-security-policy"] == "sandbox"
                assert got.headers["etag"] == 'W/"1"'
            head = await http.head(place, headers={"accept": "image/png"})
            assert (head.content, head.headers["content-length"]) == (b"", str(len(PNG)))
            assert (await http.get(place, headers={"accept": "text/plain"})).status_code == 406
            for accept in ("application/fhir+json", "application/json", "image/png, text/json"):
                got = await http.get(place, headers={"accept": accept})
                assert got.json()["contentType"] == "image/png"
            for query in ("_format=json", "_summary=text", "_elements=id"):
                assert (await http.get(f"{place}?{query}")).json()["contentType"] == "image/png"
        asked = bundle(entry("GET", url), kind="batch")
        told = (await http.post("http://test/fhir", content=asked)).json()["entry"][0]["resource"]
        assert told["contentType"] == "image/png"
        changed = await http.put("Binary/b", content=b"hi", headers={"content-type": "text/plain"})
        assert (changed.status_code, changed.json()["data"]) == (201, "aGk=")
        same = {"accept": "text/plain", "if-none-match": 'W/"1"'}
        assert (await http.get("Binary/b", headers=same)).status_code == 304

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize(
    ("method", "url", "headers", "status"),
    [
        ("POST", "Patient", {"content-type": "image/png"}, 415),
        ("POST", "Binary", {"content-type": ""}, 415),
        ("GET", "Binary/none", {"accept": "image/png"}, 404),
        ("GET", "Binary", {"accept": "image/png"}, 406),
        ("GET", "Binary/_history", {"accept": "image/png"}, 406),
    ],
)
def test_what_is_refused(
    tmp_path: Path, method: str, url: str, headers: dict[str, str], status: int
) -> None:
    with served(tmp_path) as app:
        reply = talk(app, lambda http: http.request(method, url, content=b"x", headers=headers))
    assert reply.status_code == status
    assert reply.json()["resourceType"] == "OperationOutcome"
