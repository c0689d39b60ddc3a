"""What alembic runs: the revisions, on the connection that `upgrade` hands over."""

from __future__ import annotations

from alembic import context

from fhir_server.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
