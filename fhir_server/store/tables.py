"""Every table of the store. Migrations and the hot path's statements are made from these.

Index tables are keyed by element path (`path`), not by search parameter: patient and subject share
their rows. Their last column is the resource. They are WITHOUT ROWID: the primary key is the index
that a search walks.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

CLUSTERED = {"sqlite_with_rowid": False}
METADATA = SQLModel.metadata


class Type(SQLModel, table=True):
    """The number of a resource type."""

    __tablename__ = "type"
    k: int = Field(primary_key=True)
    name: str = Field(unique=True)


class Path(SQLModel, table=True):
    """The number of an element path, such as Observation.subject."""

    __tablename__ = "path"
    p: int = Field(primary_key=True)
    text: str = Field(unique=True)


class Sys(SQLModel, table=True):
    """The number of a code system's uri; 0 stands for none."""

    __tablename__ = "sys"
    k: int = Field(primary_key=True)
    uri: str = Field(unique=True)


class Res(SQLModel, table=True):
    """The current version of each resource.

    `ts` is milliseconds since 1970; `op` is 1 POST, 2 PUT, 3 DELETE. A row with vid 0 and del 1
    stands for a resource that others refer to and that nobody has written yet.
    """

    __tablename__ = "res"
    __table_args__ = (
        UniqueConstraint("id", "type", name="res_id"),
        Index("res_recent", "type", "del", "ts"),
        Index("res_ts", "ts"),
    )
    rid: int = Field(primary_key=True)
    type: int
    id: str
    vid: int
    ts: int
    deleted: int = Field(sa_column=Column("del", Integer, nullable=False))
    op: int
    body: bytes | None = Field(sa_column=Column(LargeBinary))


class Hist(SQLModel, table=True):
    """The versions that others replaced."""

    __tablename__ = "hist"
    __table_args__ = (Index("hist_type", "type", "ts"), Index("hist_ts", "ts"))
    rid: int = Field(primary_key=True)
    vid: int = Field(primary_key=True)
    ts: int
    op: int
    body: bytes | None = Field(sa_column=Column(LargeBinary))
    type: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))


class Tok(SQLModel, table=True):
    """Codes and identifiers."""

    __tablename__ = "tok"
    __table_args__ = (CLUSTERED,)
    p: int = Field(primary_key=True)
    code: str = Field(primary_key=True)
    sys: int = Field(primary_key=True)
    rid: int = Field(primary_key=True)


class Ref(SQLModel, table=True):
    """References to resources of this server; others are uris."""

    __tablename__ = "ref"
    __table_args__ = (Index("ref_back", "rid", "p", "tgt_rid"), CLUSTERED)
    p: int = Field(primary_key=True)
    tgt_rid: int = Field(primary_key=True)
    rid: int = Field(primary_key=True)


class Str(SQLModel, table=True):
    """Strings: `norm` without case and accents, `exact` as written."""

    __tablename__ = "str"
    __table_args__ = (PrimaryKeyConstraint("p", "norm", "rid", "exact"), CLUSTERED)
    p: int = Field(primary_key=True)
    norm: str = Field(primary_key=True)
    exact: str = Field(primary_key=True)
    rid: int = Field(primary_key=True)


class Dat(SQLModel, table=True):
    """Dates and periods: the first millisecond, and the one after the last."""

    __tablename__ = "dat"
    __table_args__ = (Index("dat_back", "rid", "p", "lo", "hi"), CLUSTERED)
    p: int = Field(primary_key=True)
    lo: int = Field(primary_key=True)
    hi: int = Field(primary_key=True)
    rid: int = Field(primary_key=True)


class Qty(SQLModel, table=True):
    """Numbers and quantities."""

    __tablename__ = "qty"
    __table_args__ = (CLUSTERED,)
    p: int = Field(primary_key=True)
    val: float = Field(primary_key=True)
    code: str = Field(primary_key=True)
    sys: int = Field(primary_key=True)
    rid: int = Field(primary_key=True)


class Uri(SQLModel, table=True):
    """Uris, canonicals, and references that leave this server."""

    __tablename__ = "uri"
    __table_args__ = (CLUSTERED,)
    p: int = Field(primary_key=True)
    uri: str = Field(primary_key=True)
    rid: int = Field(primary_key=True)


class Ready(SQLModel, table=True):
    """A search parameter that users stored and all resources are indexed by, as it was then."""

    __tablename__ = "ready"
    url: str = Field(primary_key=True)
    digest: str


class Doc(SQLModel, table=True):
    """Resources whose words are in the full text (`words`, of FTS5), each under an own number.

    The numbers only grow: what was indexed before is left behind under the old ones.
    """

    __tablename__ = "doc"
    __table_args__ = (UniqueConstraint("rid", name="doc_rid"), {"sqlite_autoincrement": True})
    doc: int = Field(primary_key=True)
    rid: int


class Seen(SQLModel, table=True):
    """The row up to which resources were looked at for their words: one row, always."""

    __tablename__ = "seen"
    rid: int = Field(primary_key=True)


class Todo(SQLModel, table=True):
    """Resources that were changed since their words were looked at."""

    __tablename__ = "todo"
    rid: int = Field(primary_key=True)


class Late(SQLModel, table=True):
    """The row from which on resources may wait to be indexed; no row where none does."""

    __tablename__ = "late"
    rid: int = Field(primary_key=True)


class Msg(SQLModel, table=True):
    """The journal of HL7 v2 messages: raw bytes first, what became of them after."""

    __tablename__ = "msg"
    __table_args__ = (
        Index("msg_same", "sender", "control_id", "digest"),
        Index("msg_state", "state", "seq"),
    )
    seq: int = Field(primary_key=True)
    received: int  # milliseconds since 1970
    peer: str
    control_id: str
    sender: str
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str  # received, done, failed
    ack: bytes | None = Field(sa_column=Column(LargeBinary))
    error: str | None = None


def table(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table of a model."""
    return METADATA.tables[str(model.__tablename__)]


def columns(model: type[SQLModel]) -> tuple[str, ...]:
    """The column names of a model in their order."""
    return tuple(c.name for c in table(model).columns)


def insert(model: type[SQLModel], *, ignore: bool = False, rows: int = 1) -> str:
    """The INSERT of whole rows, values in the order of the columns."""
    names = columns(model)
    verb = "INSERT OR IGNORE INTO" if ignore else "INSERT INTO"
    listed = ", ".join(f'"{n}"' for n in names)
    row = f"({', '.join('?' * len(names))})"
    return f"{verb} {model.__tablename__!s} ({listed}) VALUES {', '.join([row] * rows)}"


def spread(model: type[SQLModel]) -> str:
    """The INSERT of rows of an index table that differ in the resource alone: the last value is a
    JSON array of those."""
    names = columns(model)
    listed = ", ".join(f'"{n}"' for n in names)
    shared = "?, " * (len(names) - 1)
    into = f"INSERT OR IGNORE INTO {model.__tablename__!s} ({listed})"
    return f"{into} SELECT {shared}value FROM json_each(?)"  # noqa: S608 - names are literals above


def remove(model: type[SQLModel]) -> str:
    """The DELETE of one row of an index table, values in the order of the columns."""
    where = " AND ".join(f'"{n}" = ?' for n in columns(model))
    return f"DELETE FROM {model.__tablename__!s} WHERE {where}"  # noqa: S608 - names are literals above
