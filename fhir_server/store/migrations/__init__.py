"""The store's schema, revision by revision; `upgrade` brings a database to the newest."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool


def upgrade(connection: sqlite3.Connection) -> None:
    """Applies the revisions that the database lacks, in one transaction each."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, "head")
        opened.commit()
