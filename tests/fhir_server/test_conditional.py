"""Conditional create, update, patch and delete; what a deployment may decide."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import orjson
import pytest

from fhir_server.repository import Rules
from tests.fhir_server.serving import patient, served, talk
from tests.fhir_server.transactions import SYSTEM, condition, person, post
from tests.fhir_server.transactions import entry as of_transaction

ADD = b'[{"op":"add","path":"/active","value":true}]'
PATCH = {"content-type": "application/json-patch+json"}


def body(value: str, **elements: object) -> bytes:
    return orjson.dumps(person(value, **elements))


async def three(http: httpx.AsyncClient) -> None:
    """Patients a, b and b2: the last two share an identifier. Another one is gone."""
    for id, value in (("a", "1"), ("b", "2"), ("b2", "2"), ("gone", "3")):
        await http.put(f"Patient/{id}", content=body(value, id=id))
    await http.delete("Patient/gone")


CASES: list[tuple[str, str, bytes, dict[str, str], int]] = [
    ("POST", "Patient", body("1"), {"if-none-exist": f"identifier={SYSTEM}|1"}, 200),
    ("POST", "Patient", body("9"), {"if-none-exist": f"identifier={SYSTEM}|9"}, 201),
    ("POST", "Patient", body("9"), {"if-none-exist": f"Patient?identifier={SYSTEM}|9"}, 201),
    ("POST", "Patient", body("2"), {"if-none-exist": f"identifier={SYSTEM}|2"}, 412),
    ("POST", "Patient", body("2"), {"if-none-exist": "_count=3"}, 400),
    ("POST", "Patient", body("2"), {"if-none-exist": "colour=red"}, 400),
    ("POST", f"Patient?identifier={SYSTEM}|1", body("1"), {}, 200),
    ("POST", f"Patient?identifier={SYSTEM}|2", body("2"), {}, 412),
    ("POST", f"Patient?identifier={SYSTEM}|9&_format=json", body("9"), {}, 201),
    ("POST", "Patient?_pretty=true", body("1"), {}, 201),
    ("POST", "Patient?colour=red", body("1"), {}, 400),
    ("POST", "Patient?_filename=red", body("1"), {}, 201),
    ("POST", "Patient?_id=a&_filename=red", body("1"), {}, 200),
    ("PUT", f"Patient?identifier={SYSTEM}|1", body("1", active=True), {}, 200),
    ("PUT", f"Patient?identifier={SYSTEM}|1", body("1", id="a", active=True), {}, 200),
    ("PUT", f"Patient?identifier={SYSTEM}|1", body("1", id="b"), {}, 400),
    ("PUT", f"Patient?identifier={SYSTEM}|9", body("9"), {}, 201),
    ("PUT", f"Patient?identifier={SYSTEM}|9", body("9", id="mine"), {}, 201),
    ("PUT", f"Patient?identifier={SYSTEM}|9", body("9", id="a"), {}, 412),
    ("PUT", f"Patient?identifier={SYSTEM}|2", body("2"), {}, 412),
    ("PUT", f"Patient?identifier={SYSTEM}|1", body("1"), {"if-match": 'W/"2"'}, 412),
    ("PUT", f"Patient?identifier={SYSTEM}|1", body("1"), {"if-match": 'W/"1"'}, 200),
    ("PUT", f"Patient?identifier={SYSTEM}|9", body("9"), {"if-match": 'W/"1"'}, 412),
    ("PUT", "Patient/a", body("1", id="a", active=True), {"if-match": "1"}, 200),
    ("PUT", "Patient/a", body("1", id="a", active=True), {"if-match": "2"}, 412),
    ("PUT", "Patient/a", body("1", id="a", active=True), {"if-match": '"1'}, 400),
    ("PUT", "Patient/a", body("1", id="a", active=True), {"if-match": ""}, 400),
    ("DELETE", "Patient/a", b"", {"if-match": " "}, 400),
    ("PUT", "Patient/new", body("1", id="new"), {"if-none-match": ""}, 400),
    ("PUT", "Patient/a", body("1", id="a", active=True), {"if-match": "*"}, 200),
    ("PUT", "Patient/a", body("1", id="a", active=True), {"if-match": 'W/"0"'}, 412),
    ("PUT", "Patient/z", body("9", id="z"), {"if-match": "*"}, 412),
    ("DELETE", "Patient/z", b"", {"if-match": "*"}, 412),
    ("PATCH", "Patient/z", ADD, {**PATCH, "if-match": "*"}, 404),
    ("PUT", "Patient/gone", body("9", id="gone"), {"if-match": "*"}, 412),
    ("PUT", "Patient/gone", body("9", id="gone"), {"if-match": 'W/"2"'}, 412),
    ("DELETE", "Patient/gone", b"", {"if-match": "*"}, 412),
    ("DELETE", "Patient/gone", b"", {"if-match": 'W/"2"'}, 412),
    ("PATCH", "Patient/gone", ADD, {**PATCH, "if-match": "*"}, 410),
    ("PUT", "Patient/a", b"\xef\xbb\xbf" + body("1", id="a", active=True), {}, 200),
    ("PATCH", "Patient/a", b"\xef\xbb\xbf" + ADD, PATCH, 200),
    ("PUT", "Patient/a", body("1", id="a"), {"if-none-match": "*"}, 412),
    ("PUT", "Patient/new", body("1", id="new"), {"if-none-match": "*"}, 201),
    ("PUT", "Patient/new", body("1", id="new"), {"if-none-match": 'W/"1"'}, 400),
    ("PATCH", f"Patient?identifier={SYSTEM}|1", ADD, PATCH, 200),
    ("PATCH", f"Patient?identifier={SYSTEM}|2", ADD, PATCH, 412),
    ("PATCH", f"Patient?identifier={SYSTEM}|9", ADD, PATCH, 404),
    ("PATCH", "Patient/a", ADD, {**PATCH, "if-match": 'W/"7"'}, 412),
    ("PATCH", "Patient/nobody", ADD, PATCH, 404),
    ("DELETE", f"Patient?identifier={SYSTEM}|1", b"", {}, 200),
    ("DELETE", f"Patient?identifier={SYSTEM}|1", b"", {"prefer": "return=minimal"}, 204),
    ("DELETE", f"Patient?identifier={SYSTEM}|2", b"", {}, 412),
    ("DELETE", f"Patient?identifier={SYSTEM}|9", b"", {}, 204),
    ("DELETE", "Patient?_count=3", b"", {}, 400),
    ("DELETE", "Patient/a", b"", {"if-match": 'W/"2"'}, 412),
    ("DELETE", "Patient/a", b"", {"prefer": "return=OperationOutcome"}, 200),
]


@pytest.mark.parametrize(("method", "path", "content", "headers", "status"), CASES)
def test_conditions(
    tmp_path: Path, method: str, path: str, content: bytes, headers: dict[str, str], status: int
) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await three(http)
        before = (await http.get("_history?_count=0")).json()["total"]
        reply = await http.request(method, path, content=content, headers=headers)
        assert reply.status_code == status, reply.text
        after = (await http.get("_history?_count=0")).json()["total"]
        changed = status in (200, 201, 204) and f"{SYSTEM}|9" not in path
        unchanged = headers.get("if-none-exist", "").endswith("|1") or 'W/"1"' in headers.values()
        if status >= 400 or unchanged or (method, status) == ("POST", 200):
            assert after == before
        elif changed:
            assert after == before + 1

    with served(tmp_path) as app:
        talk(app, conversation)


def test_several_are_deleted_where_that_is_allowed(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await three(http)
        reply = await http.delete(f"Patient?identifier={SYSTEM}|2")
        assert reply.status_code == 200
        assert (await http.get("Patient?_count=0")).json()["total"] == 1

    with served(tmp_path, rules=Rules(delete_multiple=True)) as app:
        talk(app, conversation)


def test_of_many_at_once_one_creates(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        async def create() -> int:
            only = {"if-none-exist": f"identifier={SYSTEM}|1"}
            return (await http.post("Patient", content=body("1"), headers=only)).status_code

        statuses = await asyncio.gather(*(create() for _ in range(24)))
        assert sorted(statuses) == [200] * 23 + [201]
        assert (await http.get("Patient?_count=0")).json()["total"] == 1

    with served(tmp_path) as app:
        talk(app, conversation)


def test_no_patch_of_32_writers_is_lost(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/a", content=patient(id="a", name=[{"family": "x"}]))

        async def add(n: int) -> None:
            patch = [{"op": "add", "path": "/name/-", "value": {"family": f"n{n}"}}]
            reply = await http.patch("Patient/a", content=orjson.dumps(patch), headers=PATCH)
            assert reply.status_code == 200

        await asyncio.gather(*(add(n) for n in range(32)))
        names = (await http.get("Patient/a")).json()["name"]
        assert {name["family"] for name in names} == {"x"} | {f"n{n}" for n in range(32)}

    with served(tmp_path) as app:
        talk(app, conversation)


def test_no_update_of_32_writers_is_lost(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/a", content=patient(id="a", multipleBirthInteger=0))

        async def add() -> None:
            while True:
                read = await http.get("Patient/a")
                content = patient(
                    id="a", multipleBirthInteger=read.json()["multipleBirthInteger"] + 1
                )
                only = {"if-match": read.headers["etag"]}
                if (await http.put("Patient/a", content=content, headers=only)).status_code == 200:
                    return

        await asyncio.gather(*(add() for _ in range(32)))
        assert (await http.get("Patient/a")).json()["multipleBirthInteger"] == 32

    with served(tmp_path) as app:
        talk(app, conversation)


def test_integrity_is_kept_where_that_is_asked(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        dangling = orjson.dumps(condition("Patient/a"))
        refused = await http.post("Condition", content=dangling)
        assert (refused.status_code, refused.json()["issue"][0]["code"]) == (409, "conflict")
        both = await post(
            http,
            of_transaction("POST", "Condition", condition("Patient/a")),
            of_transaction("PUT", "Patient/a", person(id="a")),
        )
        assert both.status_code == 200
        assert (await http.delete("Patient/a")).status_code == 409
        assert (await http.get("Patient/a")).status_code == 200
        assert (await http.delete("Condition/id-2")).status_code == 204
        assert (await http.delete("Patient/a")).status_code == 204

    with served(tmp_path, rules=Rules(referential_integrity=True)) as app:
        talk(app, conversation)


@pytest.mark.parametrize(("typed", "status"), [(True, 422), (False, 201)])
def test_targets_of_references_are_kept_where_that_is_asked(
    tmp_path: Path, typed: bool, status: int
) -> None:
    """A Condition's subject is a Patient or a Group; what no reference can be is refused anyhow."""

    async def conversation(http: httpx.AsyncClient) -> None:
        device = condition("Device/d")
        assert (await http.post("Condition", content=orjson.dumps(device))).status_code == status
        many = await post(http, of_transaction("POST", "Condition", device))
        assert many.status_code == (200 if status == 201 else 422)
        nonsense = orjson.dumps(condition("Elephant/d"))
        assert (await http.post("Condition", content=nonsense)).status_code == 422

    with served(tmp_path, rules=Rules(reference_types=typed)) as app:
        talk(app, conversation)
