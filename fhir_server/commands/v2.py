"""medparser v2: HL7 v2 messages sent as a feed sends them."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from fhir_server.settings import RANGES
from fhir_server.terminal import Failed, out, read_file

app = typer.Typer(no_args_is_help=True, help="HL7 v2 messages.")


@app.callback()
def group() -> None:
    """HL7 v2 messages."""


@app.command("send")
def send_message(
    file: Annotated[Path, typer.Argument(help="A file with one message; any line ends.")],
    to: Annotated[str, typer.Argument(help="HOST:PORT of an MLLP listener.")],
) -> None:
    """Send an HL7 v2 message over MLLP and print its acknowledgement; exit 1 unless accepted."""
    from fhir_server.hl7v2.mllp import send

    host, _, port = to.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= RANGES["port"][1]:
        raise Failed(f"{to!r} is not HOST:PORT")
    lines = read_file(str(file)).replace(b"\r\n", b"\r").replace(b"\n", b"\r")
    try:
        reply = asyncio.run(send(host, int(port), lines.strip(b"\r") + b"\r"))
    except OSError as error:
        raise Failed(f"no answer from {to}: {_reason(error)}") from None
    shown = reply.decode("utf-8", "replace").replace("\r", "\n").rstrip()
    out.print(shown)
    if b"MSA|AA" not in reply and b"MSA|CA" not in reply:
        raise Failed("the message was not accepted")


def _reason(error: OSError) -> str:
    """In the system's words; the number that a name's look-up fails with is none of the system."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    if error.errno and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error)
