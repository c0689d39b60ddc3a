"""From which row on resources wait to be indexed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "late",
        sa.Column("rid", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("rid"),
    )
