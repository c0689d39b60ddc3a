"""The store's schema, revision by revision; `upgrade` brings a database to the newest."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool


def upgrade(connection: sqlite3.Connection, to: str = "head") -> None:
    """Applies the revisions that the database lacks, up to one, in one transaction each."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, to)
        opened.commit()


def revision(connection: sqlite3.Connection) -> str | None:
    """The revision of a database; None where it has no schema of ours."""
    with suppress(sqlite3.OperationalError):  # no such table
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    return None
