"""All of a patient's record: the compartment, and what supports it (Patient/$everything)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from capability.definitions import compartment, search_parameters
from fhir_server.errors import BadRequest
from fhir_server.search.extract import compiled
from fhir_server.store.names import UNKNOWN, Numbers
from fhir_server.store.types import Connection, Page, Stored

PERSONS = ("Patient", "Person", "RelatedPerson")  # their dates are none of care
MEMBERS = """
    WITH RECURSIVE patient(rid) AS ({patients}), member(rid) AS (
        SELECT rid FROM patient
        UNION SELECT f.rid FROM patient o CROSS JOIN ref f ON f.p IN ({paths}) AND f.tgt_rid = o.rid
    ), kept(rid) AS (SELECT rid FROM member m WHERE {dated}), along(rid) AS (
        SELECT rid FROM kept UNION
        SELECT f.tgt_rid FROM along a
        CROSS JOIN ref f INDEXED BY ref_back ON f.rid = a.rid
        CROSS JOIN res t ON t.rid = f.tgt_rid
        WHERE t.del = 0 AND t.type NOT IN ({kinds})
    )
    SELECT {columns} FROM along a CROSS JOIN res r ON r.rid = a.rid
    WHERE r.del = 0 AND r.ts >= :since {typed}
"""
FIND = "SELECT rid FROM res WHERE id = ? AND type = ?"
NONE = -1  # no row's id
ONE = "SELECT :patient"
ALL = "SELECT rid FROM res WHERE type = :kind"
DATED = """
    NOT EXISTS (
        SELECT 1 FROM dat INDEXED BY dat_back WHERE rid = m.rid AND p IN ({dates})
    ) OR EXISTS (
        SELECT 1 FROM dat INDEXED BY dat_back
        WHERE rid = m.rid AND p IN ({dates}) AND hi > :start AND lo < :end
    )
"""
PAGE = """ AND (r.rid <> :patient, r.rid) > (:other, :after)
    ORDER BY r.rid <> :patient, r.rid LIMIT :limit"""


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """What is wanted of a record; times are milliseconds since 1970, [start, end) of care.

    `count` is the size of a page, None for all; `cursor` is the row id that the last page ended at.
    """

    start: int | None = None
    end: int | None = None
    since: int = 0
    types: tuple[str, ...] = ()
    count: int | None = None
    cursor: int | None = None


def everything(connection: Connection, numbers: Numbers, id: str, asked: RecordQuery) -> Page:
    """The patient first, then the record: what the compartment holds and, from there on, what is
    referred to of types that belong to no patient (practitioners, places, drugs …).

    Without `id` it is the record of all patients, in the order in which it was stored.

    Of what has a date of care (`start`, `end`), some of it lies within; what has none is given.
    """
    kind, patient = numbers.types.find("Patient"), NONE
    if id:
        found = connection.execute(FIND, (id, kind)).fetchone()
        if found is None:
            return Page((), total=0)
        (patient,) = found
    bound = {
        "kind": kind,
        "patient": patient,
        "since": asked.since,
        "start": -(1 << 60) if asked.start is None else asked.start,
        "end": 1 << 60 if asked.end is None else asked.end,
        "other": asked.cursor is not None and asked.cursor != patient,
        "after": -1 if asked.cursor is None else asked.cursor,
        "limit": -1 if asked.count is None else asked.count + 1,
    }
    patients = ONE if id else ALL
    counted = _select(numbers, asked, patients, "count(*)")
    (total,) = connection.execute(counted, bound).fetchone()
    if asked.count == 0:
        return Page((), total=total)
    names = "r.rid, (SELECT name FROM type WHERE k = r.type), r.id, r.vid, r.ts, r.body"
    rows = connection.execute(_select(numbers, asked, patients, names) + PAGE, bound).fetchall()
    more = asked.count is not None and len(rows) > asked.count
    rows = rows[: asked.count]
    following = (("_cursor", str(rows[-1][0])),) if more else ()
    return Page(tuple(Stored(*row) for _, *row in rows), total=total, next=following)


def read_cursor(text: str) -> int | None:
    """The row id in a link to the next page; raises BadRequest where it is none."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadRequest("take the link to the next page as it was given", "_cursor")
    return int(text)


def _select(numbers: Numbers, asked: RecordQuery, patients: str, columns: str) -> str:
    dated = "1"
    if asked.start is not None or asked.end is not None:
        dated = DATED.format(dates=_listed(numbers, _dates()))
    kinds = {numbers.types.find(name) for name in compartment("Patient")}
    typed = ", ".join(str(numbers.types.find(name)) for name in asked.types)
    return MEMBERS.format(
        patients=patients,
        paths=_listed(numbers, _paths()),
        dated=dated,
        kinds=", ".join(str(k) for k in sorted(kinds)),
        columns=columns,
        typed=f"AND r.type IN ({typed})" if typed else "",
    )


def _listed(numbers: Numbers, paths: Iterable[str]) -> str:
    known = {numbers.paths.find(path) for path in paths} - {UNKNOWN}
    return ", ".join(str(p) for p in sorted(known))


@cache
def _paths() -> tuple[str, ...]:
    """The elements whose reference to a patient puts a resource into the compartment."""
    return tuple(
        place.path
        for kind, codes in compartment("Patient").items()
        for code in codes
        for place in compiled(kind).paths[code]
    )


@cache
def _dates() -> tuple[str, ...]:
    """The elements that say when care took place: those of `date`, else of all dates of a type."""
    return tuple(_of_care())


def _of_care() -> Iterator[str]:
    for kind in compartment("Patient"):
        if kind in PERSONS:
            continue
        codes = [p.code for p in search_parameters(kind) if p.type == "date" and p.expression]
        own = [code for code in codes if code in compiled(kind).paths and code != "_lastUpdated"]
        for code in ["date"] if "date" in own else own:
            yield from (place.path for place in compiled(kind).paths[code])
