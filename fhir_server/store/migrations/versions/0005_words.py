"""Full text: which resources are in it, which wait, the index of words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WORDS = """CREATE VIRTUAL TABLE words USING fts5(narrative, other, content='', detail=column,
    tokenize="unicode61 remove_diacritics 0 tokenchars '_'")"""
WAIT = """CREATE TRIGGER res_{0} AFTER {1} ON res {2}
    BEGIN INSERT OR IGNORE INTO todo VALUES (new.rid); END"""


def upgrade() -> None:
    op.create_table(
        "doc",
        sa.Column("doc", sa.Integer, nullable=False),
        sa.Column("rid", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("doc"),
        sa.UniqueConstraint("rid", name="doc_rid"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "todo", sa.Column("rid", sa.Integer, nullable=False), sa.PrimaryKeyConstraint("rid")
    )
    op.execute(WORDS)
    op.execute(WAIT.format("put", "INSERT", "WHEN new.body IS NOT NULL"))
    op.execute(WAIT.format("changed", "UPDATE OF body", ""))
    op.execute("INSERT INTO todo SELECT rid FROM res WHERE body IS NOT NULL")
