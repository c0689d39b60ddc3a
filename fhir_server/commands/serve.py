"""medparser serve: FHIR over HTTP and HL7 v2 over MLLP, until it is told to end."""

from __future__ import annotations

from typing import Annotated

import typer

from fhir_server import settings as settings_of
from fhir_server.commands.index import build_index
from fhir_server.terminal import err


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="HTTP port; 0 picks a free one [8080].")] = None,
    mllp_port: Annotated[
        int | None, typer.Option(help="MLLP port; 0 picks a free one, -1 turns it off [2575].")
    ] = None,
    database: Annotated[str | None, typer.Option(help="sqlite:///PATH")] = None,
    engine: Annotated[str | None, typer.Option(help="Engine where a request names none.")] = None,
    model: Annotated[
        str | None, typer.Option(help="Folder of an mlx-lm model, for the engine llm.")
    ] = None,
) -> None:
    """Serve FHIR R4 at /fhir and HL7 v2 over MLLP until SIGINT or SIGTERM."""
    from fhir_server.app import run

    settings = settings_of.load(
        host=host, port=port, mllp_port=mllp_port, database=database, engine=engine, model=model
    )
    build_index(settings)
    run(settings, err.print)
