"""The reads of a transaction: they see what it has written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from fhir_server.bundle import history as history_bundle
from fhir_server.bundle import searchset
from fhir_server.bundles.entries import Entry
from fhir_server.errors import Gone, NotFound, NotSupported
from fhir_server.history import read_query, versions_page
from fhir_server.http.etag import unchanged
from fhir_server.prepare import check_type
from fhir_server.repository import OwnFound, current
from fhir_server.search.query import Pairs
from fhir_server.search.scope import Scope, within
from fhir_server.store.history import version
from fhir_server.store.session import Session
from fhir_server.store.types import Page, Stored
from fhir_server.subset import HELD_BACK, subset_of

Find = Callable[[Scope, Pairs], Page]


class Reading(NamedTuple):
    """What a read gives: a status, a resource's bytes, and the version where it is a stored one."""

    status: int
    body: bytes
    stored: Stored | None = None


def read(session: Session, entry: Entry, base: str, find: Find, own: OwnFound) -> Reading:
    """Does a GET, a search by `find` (scope, query), or gives what the server has of its `own`;
    raises NotFound, Gone, BadRequest, NotSupported."""
    path = entry.path
    if path[0] != "_history":
        check_type(path[0])
    match path:
        case [*level, "_history"] if len(level) < 3:
            type, id = (*level, "", "")[:2]
            what, used, total = read_query(type, id, entry.query)
            found = versions_page(session.connection, session.numbers, what, base)
            if found is None:
                raise NotFound(f"no {type} has the id {id!r}")
            found = replace(found, total=total if what.after else found.total)
            return Reading(200, history_bundle(found, "/".join((base, *path)), base, used))
        case [type]:
            return Reading(200, _searchset(entry, base, find, Scope((type,))))
        case [kind, id, type] if not type.startswith(("_", "$")):
            scope = within(kind, id, type, session.numbers, entry.query)
            return Reading(200, _searchset(entry, base, find, scope))
        case [type, id] if id[:1] not in ("$", "_", ""):
            return _read(current(session, type, id, own), entry)
        case [type, id, "_history", number] if number.isdigit() and len(number) < 19:
            stored = version(session.connection, session.numbers, type, id, int(number))
            if stored is None:
                raise NotFound(f"{type}/{id} has no version {number}")
            return _read(stored, entry)
    raise NotSupported("a GET of a transaction is a read, a search or a history")


def _read(stored: Stored, entry: Entry) -> Reading:
    if stored.deleted:
        raise Gone(f"{stored.type}/{stored.id} was deleted")
    if unchanged(stored.version, stored.last_updated, entry.if_none_match, entry.since()):
        return Reading(304, b"", stored)
    return Reading(200, subset_of(entry.query).of(stored.body), stored)


def _searchset(entry: Entry, base: str, find: Find, scope: Scope) -> bytes:
    part = subset_of(entry.query)
    query = [pair for pair in entry.query if pair[0] not in (*HELD_BACK, *part.parameters)]
    page = find(scope, tuple(query))
    return searchset(part.page(page, entry.query), "/".join(entry.path), base)
