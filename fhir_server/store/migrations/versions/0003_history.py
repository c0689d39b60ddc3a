"""What the history of a type and of the system walks: versions by their time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("hist", sa.Column("type", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE hist SET type = (SELECT type FROM res WHERE res.rid = hist.rid)")
    op.create_index("res_ts", "res", ["ts"])
    op.create_index("hist_type", "hist", ["type", "ts"])
    op.create_index("hist_ts", "hist", ["ts"])
