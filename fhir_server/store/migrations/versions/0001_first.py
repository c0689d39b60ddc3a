"""The first tables: resources and their history, index rows, the journal."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _words(name: str, *, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False, unique=unique)


def _index(name: str, *columns: sa.Column[Any]) -> None:
    key = sa.PrimaryKeyConstraint(*(c.name for c in columns))
    op.create_table(name, *columns, key, sqlite_with_rowid=False)


def upgrade() -> None:
    for name, number, text in (("type", "k", "name"), ("path", "p", "text"), ("sys", "k", "uri")):
        op.create_table(
            name, _whole(number), _words(text, unique=True), sa.PrimaryKeyConstraint(number)
        )
    op.create_table(
        "res",
        *(_whole("rid"), _whole("type"), _words("id"), _whole("vid"), _whole("ts")),
        *(_whole("del"), _whole("op"), sa.Column("body", sa.LargeBinary)),
        sa.PrimaryKeyConstraint("rid"),
        sa.UniqueConstraint("id", "type", name="res_id"),
    )
    op.create_table(
        "hist",
        *(_whole("rid"), _whole("vid"), _whole("ts"), _whole("op")),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("rid", "vid"),
    )
    _index("tok", _whole("p"), _words("code"), _whole("sys"), _whole("rid"))
    _index("ref", _whole("p"), _whole("tgt_rid"), _whole("rid"))
    op.create_index("ref_back", "ref", ["rid", "p", "tgt_rid"])
    _index("str", _whole("p"), _words("norm"), _whole("rid"), _words("exact"))
    _index("dat", _whole("p"), _whole("lo"), _whole("hi"), _whole("rid"))
    value = sa.Column("val", sa.Float, nullable=False)
    _index("qty", _whole("p"), value, _words("code"), _whole("sys"), _whole("rid"))
    _index("uri", _whole("p"), _words("uri"), _whole("rid"))
    op.create_table(
        "msg",
        *(_whole("seq"), _whole("received"), _words("peer"), _words("control_id")),
        *(_words("sender"), sa.Column("digest", sa.LargeBinary, nullable=False)),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        *(_words("state"), sa.Column("ack", sa.LargeBinary), sa.Column("error", sa.String)),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("msg_same", "msg", ["sender", "control_id", "digest"])
    op.create_index("msg_state", "msg", ["state", "seq"])
