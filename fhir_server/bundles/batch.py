"""Bundles to be worked off: a transaction as a whole, the entries of a batch each on its own."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import orjson

from fhir_server.bundle import response, responses
from fhir_server.bundles.entries import Entry, read
from fhir_server.bundles.plan import Result
from fhir_server.bundles.reading import Reading
from fhir_server.bundles.transaction import READS, transact
from fhir_server.errors import FhirError
from fhir_server.http.asgi import ASGI, JSON, Message, Reply, Scope, failure, http_date
from fhir_server.http.request import Request
from fhir_server.interactions import informed, is_lenient, location
from fhir_server.repository import Repository
from fhir_server.splice import instant
from fhir_server.store.types import Stored

TURNS = (("DELETE",), ("POST",), ("PUT", "PATCH"), ("GET", "HEAD"))
ABREAST = 32  # entries of a batch at work at the same time
LARGE = 64 << 10  # bytes of a Bundle from which on it is read on a thread


class Bundles:
    """POST to the base. `app` answers the entries of a batch as it does requests."""

    def __init__(
        self,
        repository: Repository,
        app: ASGI,
        base_path: str,
        limit: int,
        *,
        lenient: bool = False,
    ) -> None:
        self._lenient = lenient
        self._repository, self._app = repository, app
        self._path, self._base, self._limit = base_path, repository.base_url, limit

    async def run(self, request: Request, _: list[str]) -> Reply:
        """The response Bundle; raises what is wrong with a transaction, with the entry's place."""
        body = await request.resource()
        large = len(body) > LARGE
        kind, entries = (
            await asyncio.to_thread(read, body, self._base) if large else read(body, self._base)
        )
        if kind == "batch":
            return Reply(200, responses("batch-response", await self._batch(request, entries)))
        for entry in entries:
            if isinstance(entry, FhirError):
                raise entry
        asked = [e for e in entries if isinstance(e, Entry)]
        strict = not is_lenient(request, default=self._lenient)
        results = await transact(self._repository, asked, strict=strict)
        preference, done = request.preference, zip(asked, results, strict=True)
        listed = [self._response(*each, preference) for each in done]
        return Reply(200, responses("transaction-response", listed))

    def _response(self, entry: Entry, result: Result, preference: str) -> bytes:
        if isinstance(result, Reading):
            shown = b"" if entry.method == "HEAD" else result.body
            return response(result.status, shown, *_stamps(result.stored))
        if entry.method == "DELETE":
            one = result[0] if len(result) == 1 and result[0].version else None
            return response(204, b"", *_stamps(one), outcome=_outcome(preference))
        [stored] = result
        status, where = 201 if stored.created else 200, location(stored, self._base)
        shown = stored.body if preference == "representation" else b""
        return response(status, shown, *_stamps(stored), where, _outcome(preference, where))

    async def _batch(self, request: Request, entries: list[Entry | FhirError]) -> list[bytes]:
        told: dict[int, bytes] = {}
        for at, entry in enumerate(entries):
            if isinstance(entry, FhirError):
                told[at] = _refused(entry)
        gate = asyncio.Semaphore(ABREAST)

        async def one(entry: Entry) -> None:
            async with gate:
                told[entry.at] = await self._one(request, entry)

        for turn in TURNS:
            now = [e for e in entries if isinstance(e, Entry) and e.method in turn]
            await asyncio.gather(*(one(entry) for entry in now))
        return [told[at] for at in range(len(entries))]

    async def _one(self, request: Request, entry: Entry) -> bytes:
        try:
            asked_for = self._request(request, entry)
        except FhirError as error:
            return _refused(error)
        status, headers, body = await _answer_of(self._app, *asked_for)
        if status >= 400:
            return response(status, outcome=body)
        asked = entry.method in READS or "$" in entry.url
        shown = body if asked or request.preference == "representation" else b""
        where, etag = headers.get(b"location", b"").decode(), headers.get(b"etag", b"")
        modified = _modified(body) if b"last-modified" in headers else b""
        told = b"" if asked else _outcome(request.preference, where)
        return response(status, shown, etag, modified, where, told)

    def _request(self, request: Request, entry: Entry) -> tuple[Scope, bytes]:
        """The request that an entry stands for: its scope and its body."""
        kind, body = entry.patch() if entry.method == "PATCH" else (JSON.decode(), entry.body)
        since = entry.since()
        headers = {
            b"accept": JSON,
            b"content-type": kind.encode() if body else b"",
            b"prefer": f"return=representation, handling={request.handling}".encode(),
            b"if-match": entry.if_match.encode(),
            b"if-none-match": entry.if_none_match.encode(),
            b"if-none-exist": entry.if_none_exist.encode(),
            b"if-modified-since": http_date(int(since)) if since is not None else b"",
        }
        _, _, query = entry.url.partition("?")
        path = f"{self._path}/{'/'.join(entry.path)}"
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": entry.method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name, value) for name, value in headers.items() if value],
        }
        return scope, body


async def _answer_of(app: ASGI, scope: Scope, body: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of an app's answer."""
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    await app(scope, receive, send)
    whole = b"".join(message.get("body", b"") for message in told)
    return told[0]["status"], dict(told[0]["headers"]), whole


def _refused(error: FhirError) -> bytes:
    """What is told of an entry that is no request."""
    reply = failure(error)
    return response(reply.status, outcome=reply.body)


def _stamps(stored: Stored | None) -> tuple[bytes, bytes]:
    """ETag and lastModified of a version."""
    if stored is None or not stored.version:
        return b"", b""
    return b'W/"%d"' % stored.version, instant(stored.last_updated)


def _outcome(preference: str, where: str = "") -> bytes:
    """What became of a write, told to who prefers an outcome; `where` is what was stored."""
    if preference != "OperationOutcome":
        return b""
    return informed(f"stored as {where}" if where else "deleted")


def _modified(body: bytes) -> bytes:
    if not body:
        return b""
    return str(orjson.loads(body).get("meta", {}).get("lastUpdated", "")).encode()
