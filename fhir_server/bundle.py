"""Bundles the server writes: searchset and history, the stored bytes of each resource inside."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlencode

import orjson

from fhir_server.splice import instant
from fhir_server.store.history import Versions
from fhir_server.store.types import Page, Stored

STATUSES = {s.value: b'"status":"%d %b"' % (s.value, s.phrase.encode()) for s in HTTPStatus}
Pairs = tuple[tuple[str, str], ...]


def searchset(page: Page, type: str, base: str) -> bytes:
    """The Bundle of a page of search results, with links to itself, the first and those beside.

    The link to itself holds the parameters that had an effect; an outcome tells of the others.
    """
    listed = _links(f"{base}/{type}".rstrip("/"), page.used, page.next, page.previous)
    head = b'"type":"searchset",' + (b'"total":%d,' % page.total if page.total is not None else b"")
    entries = [_match_entry(s, base, b"match") for s in page.entries]
    entries += [_match_entry(s, base, b"include") for s in page.included]
    if page.ignored:
        entries.append(_ignored(page.ignored))
    return _bundle(head + b'"link":' + orjson.dumps(listed), entries)


def history(versions: Versions, url: str, base: str, query: Pairs) -> bytes:
    """The Bundle of a page of versions, newest first; `url` is the history's own, `query` its
    parameters. Where there is more the links to the pages beside say where those begin."""
    kept, total = _first(query), versions.total or 0
    following, before = (
        (*kept, ("_cursor", f"{sign}{'-'.join(str(n) for n in (*place, total))}")) if place else ()
        for sign, place in (("", versions.last), ("-", versions.first))
    )
    listed = _links(url, query, following, before)
    told = b',"total":%d' % versions.total if versions.total is not None else b""
    head = b'"type":"history"%b,"link":%b' % (told, orjson.dumps(listed))
    return _bundle(head, [b"".join(_version(s, base)) for s in versions.entries])


def _links(url: str, own: Pairs, following: Pairs, before: Pairs) -> list[dict[str, str]]:
    """The links of a page, each a query; of the first page that to the first is its own."""
    links = {"self": own} | ({"first": _first(own)} if _first(own) != own else {})
    links |= {"previous": before} if before else {}
    links |= {"next": following} if following else {}
    return [
        {"relation": r, "url": url + (f"?{urlencode(q)}" if q else "")} for r, q in links.items()
    ]


def _first(query: Pairs) -> Pairs:
    return tuple(pair for pair in query if pair[0] != "_cursor")


def responses(kind: str, entries: list[bytes]) -> bytes:
    """The Bundle that answers a batch or a transaction."""
    return _bundle(b'"type":"%b"' % kind.encode(), entries)


def response(
    status: int,
    resource: bytes = b"",
    etag: bytes = b"",
    modified: bytes = b"",
    location: str = "",
    outcome: bytes = b"",
) -> bytes:
    """An entry that tells what became of that of a batch or transaction; `modified` an instant."""
    told = STATUSES.get(status) or b'"status":"%d "' % status
    if location:
        told += b',"location":"%b"' % location.encode()
    if etag:
        told += b',"etag":"%b"' % etag.replace(b'"', b'\\"')
    if modified:
        told += b',"lastModified":"%b"' % modified
    if outcome:
        told += b',"outcome":' + outcome
    shown = b'"resource":%b,' % resource if resource else b""
    return b'{%b"response":{%b}}' % (shown, told)


def _bundle(head: bytes, entries: list[bytes]) -> bytes:
    listed = b',"entry":[' + b",".join(entries) + b"]" if entries else b""
    return b'{"resourceType":"Bundle",' + head + listed + b"}"


def _match_entry(stored: Stored, base: str, mode: bytes) -> bytes:
    url = f"{base}/{stored.type}/{stored.id}".encode()
    return b'{"fullUrl":"%b","resource":%b,"search":{"mode":"%b"}}' % (url, stored.body, mode)


def _ignored(pairs: tuple[tuple[str, str], ...]) -> bytes:
    names = ", ".join(dict.fromkeys(name for name, _ in pairs))
    text = f"these parameters had no effect: {names}"
    issue = {"severity": "warning", "code": "not-supported", "diagnostics": text}
    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
    return orjson.dumps({"resource": outcome, "search": {"mode": "outcome"}})


def _version(stored: Stored, base: str) -> Iterator[bytes]:
    name = f"{stored.type}/{stored.id}"
    yield b'{"fullUrl":"%b",' % f"{base}/{name}".encode()
    if not stored.deleted:
        yield b'"resource":%b,' % stored.body
    url = stored.type if stored.method == "POST" else name
    request = {"method": stored.method, "url": url}
    status = "204" if stored.deleted else "201" if stored.version == 1 else "200"
    response = {
        "status": status,
        "etag": f'W/"{stored.version}"',
        "lastModified": instant(stored.last_updated).decode(),
    }
    yield b'"request":%b,"response":%b}' % (orjson.dumps(request), orjson.dumps(response))
