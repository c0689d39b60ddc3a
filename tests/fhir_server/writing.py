"""Every way to write to a server that is at work in process, over HTTP and as a message."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import orjson

from fhir_server.app import create_app, wired
from fhir_server.hl7v2.receive import Receiver
from fhir_server.http.asgi import ASGI, Message, Scope
from fhir_server.settings import Settings
from fhir_server.store.journal import Journal
from fhir_server.store.sqlite import Store
from tests.fhir_server.serving import FHIR, START, patient

LIMIT, NOTE_LIMIT = 200_000, 4_000  # bytes of a body, and of a note
BIG = "x" * 100_000  # more than what is left of any page
NOTE = "Assessment: asthma, gout, hypertension. Medications: metformin 500 mg twice daily."
MESSAGE = (
    "MSH|^~\\&|APP|FAC|TO|THERE|2026||MDM^T02|{0}|P|2.5.1\r"
    "PID|1||{0}^^^N||Roe^Ann{1}||19700101|{2}\rTXA|1|CN\rOBX|1|TX|||Asthma.\r"
)
Kept = dict[tuple[str, str, int], bytes | None]  # versions by type, id and number


class Sent(NamedTuple):
    """A request, or (without a method) a message of HL7 v2."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = {}


def _bundle(kind: str, *entries: tuple[str, str, bytes]) -> bytes:
    listed = [
        {"resource": orjson.Fragment(body), "request": {"method": method, "url": url}}
        for method, url, body in entries
    ]
    return orjson.dumps({"resourceType": "Bundle", "type": kind, "entry": listed})


def _person(value: str, **more: Any) -> bytes:
    return patient(identifier=[{"system": "urn:t", "value": value}], **more)


def _changed(id: str, name: str) -> bytes:
    return _person(id, id=id, name=[{"text": name}])


def _patch(id: str, path: str, name: str) -> Sent:
    operation = {"op": "replace", "path": "/name", "value": [{"text": name}]}
    headers = {"content-type": "application/json-patch+json"}
    return Sent("PATCH", path.format(id), orjson.dumps([operation]), headers)


def _document(id: str, note: str) -> bytes:
    attachment = {"contentType": "text/plain", "data": base64.b64encode(note.encode()).decode()}
    return orjson.dumps(
        {
            "resourceType": "DocumentReference",
            "id": id,
            "status": "current",
            "subject": {"reference": f"Patient/{id}"},
            "content": [{"attachment": attachment}],
        }
    )


BY = "Patient?identifier=urn:t|{}"
# what is sent to write, given the id of a Patient that is there and a text that is to be stored
WAYS: dict[str, Callable[[str, str], Sent]] = {
    "create": lambda id, x: Sent("POST", "Patient", patient(name=[{"text": x}])),
    "update": lambda id, x: Sent("PUT", f"Patient/{id}", _changed(id, x)),
    "patch": lambda id, x: _patch(id, "Patient/{}", x),
    "delete": lambda id, x: Sent("DELETE", f"Patient/{id}"),
    "conditional create": lambda id, x: Sent(
        *("POST", "Patient", _person(f"{id}-new", name=[{"text": x}])),
        headers={"if-none-exist": f"identifier=urn:t|{id}-new"},
    ),
    "conditional update": lambda id, x: Sent("PUT", BY.format(id), _changed(id, x)),
    "conditional patch": lambda id, x: _patch(id, BY, x),
    "conditional delete": lambda id, x: Sent("DELETE", BY.format(id)),
    "batch": lambda id, x: Sent("POST", "", _bundle("batch", ("PUT", f"Patient/{id}", _changed(id, x)))),
    "transaction": lambda id, x: Sent(
        *("POST", ""),
        _bundle(
            *("transaction", ("POST", "Patient", _person(f"{id}-new"))),
            ("PUT", f"Patient/{id}", _changed(id, x)),
        ),
    ),
    "message": lambda id, x: Sent("", "", MESSAGE.format(id, x, "F").encode()),
    "$extract": lambda id, x: Sent("POST", f"DocumentReference/{id}/$extract"),
}  # fmt: skip


@dataclass(frozen=True)
class At:
    """A server at work, in process."""

    app: ASGI
    store: Store
    receiver: Receiver
    file: Path

    async def send(self, sent: Sent) -> bool:
        """Whether what is sent is taken; every entry of a Bundle, for one."""
        if not sent.method:
            reply = await self.receiver.answer(sent.body, "10.0.0.1:1")
            await self.receiver.close(patience=300)
            return b"MSA|AA|" in reply
        reply = await self._answer(sent)
        if reply.status_code >= 400:
            assert reply.json()["resourceType"] == "OperationOutcome"
            return False
        return b'"status":"4' not in reply.content and b'"status":"5' not in reply.content

    async def told(self, sent: Sent) -> tuple[int, str]:
        """Status and issue code that a request is refused with, or the one entry of a batch."""
        reply = await self._answer(sent)
        status, outcome = reply.status_code, reply.json()
        if status == 200:
            (entry,) = outcome["entry"]
            status, outcome = int(entry["response"]["status"][:3]), entry["response"]["outcome"]
        return status, outcome["issue"][0]["code"]

    async def _answer(self, sent: Sent) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://test/fhir/") as http:
            headers = {**FHIR, **sent.headers}
            return await http.request(sent.method, sent.path, content=sent.body, headers=headers)

    async def left(self, sent: Sent, *, whole: bool) -> None:
        """Sends a request, or a part of it, and leaves."""
        path, _, query = sent.path.partition("?")
        headers = {**FHIR, **sent.headers}
        scope: Scope = {
            "type": "http",
            "method": sent.method,
            "path": f"/fhir/{path}".removesuffix("/"),
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        }
        messages: list[Message] = [
            {"type": "http.request", "body": sent.body[:-1], "more_body": True}
        ]
        if whole:
            messages.append({"type": "http.request", "body": sent.body[-1:]})

        async def receive() -> Message:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(_: Message) -> None:
            """Nobody listens."""

        await self.app(scope, receive, send)

    async def ready(self, id: str, note: str = NOTE) -> None:
        """Stores a Patient and a document for a way to change."""
        named = _person(id, id=id, name=[{"text": "y" * len(BIG)}])
        assert await self.send(Sent("PUT", f"Patient/{id}", named))
        assert await self.send(Sent("PUT", f"DocumentReference/{id}", _document(id, note)))


def kept(file: Path) -> Kept:
    """All versions in a database."""
    found: Kept = {}
    with closing(sqlite3.connect(file)) as connection:
        query = (
            "SELECT t.name, r.id, r.vid, r.body FROM res r JOIN type t ON t.k = r.type WHERE vid"
        )
        for type, id, number, body in connection.execute(query):
            found[type, id, number] = body
        query = "SELECT rid, vid, body FROM hist"
        for rid, number, body in connection.execute(query):
            found["", str(rid), number] = body
    return found


@contextmanager
def served(data: Path, file: Path) -> Iterator[At]:
    settings = Settings(
        data=data,
        database=f"sqlite:///{file}",
        base_url="http://test/fhir",
        max_body=LIMIT,
        max_note=NOTE_LIMIT,
    )
    with wired(settings, lambda: START) as (ctx, store):
        yield At(create_app(ctx), store, Receiver(ctx, Journal(store, ctx.now)), file)
