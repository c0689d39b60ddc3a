"""What the store takes and gives: prepared writes, stored versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from fhir_server.errors import Conflict, NotSupported, StoreBusy, StoreFault, StoreFull

if TYPE_CHECKING:
    from fhir_server.search.index import Rows
    from fhir_server.splice import Template

ENGINE = f"sqlite {sqlite3.sqlite_version}"
Connection = sqlite3.Connection  # what jobs ask and write with; named outside of here by this alone
Fault = sqlite3.Error  # what a job fails with where the database can't do it
Method = Literal["POST", "PUT", "DELETE"]
METHODS: tuple[Method, ...] = ("PUT", "POST", "PUT", "DELETE")  # by res.op; 0 is a placeholder
TOO_DEEP = ("stack overflow", "too large", "too many terms")  # as SQLite says it
OPS = {"POST": 1, "PUT": 2, "DELETE": 3}


FAULTS: dict[int, StoreFault] = {  # by SQLite's primary result codes
    sqlite3.SQLITE_FULL: StoreFull("the disk is full: nothing was stored"),
    sqlite3.SQLITE_BUSY: StoreBusy("the database is in use by others: nothing was stored"),
}


def store_fault(error: BaseException | None) -> StoreFault | None:
    """What to tell of an error, or of what it came from; None where it is none of the store's, or
    one that tells nobody what to do."""
    while error is not None:
        if isinstance(error, Fault) and hasattr(error, "sqlite_errorcode"):
            return FAULTS.get(error.sqlite_errorcode & 0xFF)
        error = error.__cause__
    return None


class Absent(Conflict):
    """What was written refers to a resource, `name`, that the store has not."""

    def __init__(self, text: str, expression: str, name: tuple[str, str]) -> None:
        super().__init__(text, expression)
        self.name = name


class Unusable(ValueError):
    """A database can't be used as things are: no right to it, others have it, a full disk."""


class Damaged(Unusable):
    """A file is no sound database of this server."""


# SQLite's primary result codes of what is around a file, and says nothing of what is in it
AROUND = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)


def is_damage(error: BaseException) -> bool:
    """Whether what SQLite fails with may be the file's own fault."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF not in AROUND


class Stored(Struct, frozen=True):
    """One version of a resource, its bytes as they go out; a deletion has no body."""

    type: str
    id: str
    version: int
    last_updated: int  # milliseconds since 1970, UTC
    body: bytes
    deleted: bool = False
    method: Method = "PUT"
    created: bool = False  # this write brought the resource to life


@dataclass(frozen=True, slots=True)
class Page:
    """Search results: what matched, what came along by _include, and where it goes on.

    `total` is None where it was not counted; `next` is the query that gives the next page,
    `previous` that of the page before.
    `used` are the parameters that had an effect, `ignored` those that the server does not know.
    """

    entries: tuple[Stored, ...]
    included: tuple[Stored, ...] = ()
    total: int | None = None
    next: tuple[tuple[str, str], ...] = ()
    used: tuple[tuple[str, str], ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()
    previous: tuple[tuple[str, str], ...] = ()


ANY = -1  # the version that `If-Match: *` names: whichever there is


class Put(Struct, frozen=True):
    """A validated resource on its way in; `if_match` is the version it must replace.

    It may be `fresh` (nothing was ever stored there) or new (`if_none_match`: nothing is now).
    """

    type: str
    id: str
    template: Template
    rows: Rows
    method: Method
    if_match: int | None = None
    fresh: bool = False
    if_none_match: bool = False


class Drop(Struct, frozen=True):
    """A deletion; `if_match` is the version it must end."""

    type: str
    id: str
    if_match: int | None = None


Write = Put | Drop


@contextmanager
def not_too_deep() -> Iterator[None]:
    """Raises NotSupported for a statement with more brackets in brackets than SQLite reads."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if not any(reason in str(error) for reason in TOO_DEEP):
            raise
        raise NotSupported("the query nests deeper than is done here: ask in steps") from None
