"""medparser db: the database brought up to date, looked through, backed up, restored."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn

from fhir_server import settings as settings_of
from fhir_server.terminal import Bars, out

app = typer.Typer(no_args_is_help=True, help="The database of resources.")

Database = Annotated[str | None, typer.Option(help="sqlite:///PATH")]


@app.command("upgrade")
def upgrade(database: Database = None) -> None:
    """Bring the database to the newest revision; `serve` does so too. No server may run."""
    from fhir_server.store.connection import connect, told
    from fhir_server.store.lock import claim
    from fhir_server.store.migrations import revision
    from fhir_server.store.migrations import upgrade as bring
    from fhir_server.store.private import own_file

    path = _path(database)
    own_file(path)
    held = claim(path)
    try:
        with told(path), closing(connect(path)) as connection:
            before = revision(connection) or "nothing"
            bring(connection)
            out.print(f"{path}: {before} → {revision(connection)}")
    finally:
        os.close(held)


@app.command("check")
def check(
    repair: Annotated[bool, typer.Option(help="Make the search index right.")] = False,
    database: Database = None,
) -> None:
    """Look for damage and for a search index that is not that of the resources. No server may run.

    Exits 1 where something is wrong and was not repaired.
    """
    from fhir_server.app import own_url, stored
    from fhir_server.store.backup import faults
    from fhir_server.store.reindex import reindex

    if found := faults(_path(database)):
        for fault in found:
            out.print(f"damaged: {fault}")
        out.print("restore a backup")
        raise typer.Exit(1)
    settings = settings_of.load(database=database)
    settings = dataclasses.replace(settings, base_url=own_url(settings, settings.port))
    with stored(settings) as (store, _), Bars(MofNCompleteColumn()) as bars:
        progress = partial(bars.shown, "resources")
        done = asyncio.run(reindex(store, progress=progress, keep=repair))
    missing, stale = ("put in place", "taken away") if repair else ("missing", "stale")
    out.print(
        f"{done.resources:,} resources; index rows: "
        f"{done.added:,} {missing}, {done.removed:,} {stale}",
    )
    if (done.added or done.removed) and not repair:
        raise typer.Exit(1)


@app.command("backup")
def backup(
    target: Annotated[Path, typer.Argument(help="The file to make; it must not exist.")],
    database: Database = None,
) -> None:
    """Copy the database as it is now; a server may go on working."""
    from fhir_server.store.backup import backup as copy

    size = copy(_path(database), target)
    out.print(f"{target}: {size:,} bytes")


@app.command("restore")
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `backup` made.")],
    replace: Annotated[
        bool, typer.Option(help="The database that is there is kept as .old.")
    ] = False,
    database: Database = None,
) -> None:
    """Put a backup in the database's place. No server may run."""
    from fhir_server.store.backup import restore as put

    path = _path(database)
    old = put(source, path, replace=replace)
    kept = f"; the one before is {old}" if old else ""
    out.print(f"{path} is restored from {source}{kept}")


def _path(database: str | None) -> Path:
    from fhir_server.app import database_path

    return database_path(settings_of.load(database=database).database)
