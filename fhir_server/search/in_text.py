"""Arms of _text and _content: by the full text; what waits to be taken up into it is read."""

from __future__ import annotations

from collections.abc import Iterator

from fhir_server.search.arms import ID, Arm
from fhir_server.search.words import has_phrase, query, register
from fhir_server.store.types import Connection

WAITING = """SELECT EXISTS (SELECT 1 FROM todo)
    OR (SELECT max(rid) FROM res) > (SELECT rid FROM seen)"""
INDEXED = """SELECT d.rid AS rid FROM words w CROSS JOIN doc d ON d.doc = w.rowid
    CROSS JOIN res r ON r.rid = d.rid WHERE words MATCH ? AND r.type = ? AND r.del = 0
    AND NOT EXISTS (SELECT 1 FROM todo WHERE rid = d.rid)"""
UNREAD = """FROM res r WHERE (r.rid > (SELECT rid FROM seen) OR r.rid IN (SELECT rid FROM todo))
    AND +r.type = ? AND +r.del = 0"""  # by the rows that wait, not by the type's


def waiting(connection: Connection) -> bool:
    """Whether resources wait; the connection can read them from now on."""
    register(connection)
    return bool(connection.execute(WAITING).fetchone()[0])


def arms(type: int, name: str, values: tuple[str, ...], *, waiting: bool) -> Iterator[Arm]:
    """The resources of a type, by its number, that hold one of the values."""
    for value in values:
        found, args = INDEXED, (query(value, name), type)
        holds = (name, value) if has_phrase(value, name) else ()
        if holds:
            found += " AND holds(?, ?, r.body)"
        yield Arm(found, f"{ID} IN ({found})", (*args, *holds))
        if waiting:
            where = f"{UNREAD} AND holds(?, ?, r.body)"
            yield Arm(
                f"SELECT r.rid AS rid {where}",
                f"EXISTS (SELECT 1 {where} AND r.rid = {ID})",
                (type, name, value),
            )
