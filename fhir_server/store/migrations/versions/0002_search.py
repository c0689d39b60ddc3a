"""Indexes that searches walk: resources of a type by last change, dates of a resource."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("res_recent", "res", ["type", "del", "ts"], if_not_exists=True)
    op.create_index("dat_back", "dat", ["rid", "p", "lo", "hi"], if_not_exists=True)
