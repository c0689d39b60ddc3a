"""Up to which row words were looked at: what is new waits by that alone, without a trigger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "seen", sa.Column("rid", sa.Integer, nullable=False), sa.PrimaryKeyConstraint("rid")
    )
    begun = "SELECT coalesce(max(rid), 0) FROM res WHERE EXISTS (SELECT 1 FROM doc)"
    op.execute(f"INSERT INTO seen {begun}")
    op.execute("DELETE FROM todo WHERE rid > (SELECT rid FROM seen)")
    op.execute("DROP TRIGGER res_put")
