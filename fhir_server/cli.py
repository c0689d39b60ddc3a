"""medparser: the one command line. Every command exits 0, or non-zero with one clear line."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import typer

from fhir_server.commands import about, codes, db, index, notes, terminology, v2
from fhir_server.commands.code_batch import code_batch
from fhir_server.commands.predict import predict
from fhir_server.commands.quality import quality
from fhir_server.commands.serve import serve
from fhir_server.terminal import Failed, err

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
COMMANDS = (
    serve, notes.extract, notes.deid, codes.code, codes.lookup, code_batch, predict, quality,
    about.doctor, about.docs, about.version,
)  # fmt: skip
GROUPS = {
    "terminology": terminology.app, "index": index.app, "v2": v2.app, "db": db.app
}  # fmt: skip
for command in COMMANDS:
    app.command(command.__name__.replace("_", "-"))(command)
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


def main(argv: Sequence[str] | None = None) -> None:
    """The entry point: known errors become one line on standard error and a non-zero exit."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack a character, not the command
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(args=list(argv) if argv is not None else None, prog_name="medparser")
    except SystemExit:  # how a command ends; what can fail need not be imported for it
        raise
    except known_errors() as error:
        err.print(f"medparser: {told(error)}")
        sys.exit(1)


def told(error: Exception) -> str:
    """An error in one line; a file's in the system's words, without their number."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.strerror}: {error.filename}"
    return str(error)


def known_errors() -> tuple[type[Exception], ...]:
    """What a user can cause; anything else is a fault of ours and shows its trace."""
    from fhir_server.errors import FhirError
    from kernels.native import KernelUnavailable
    from nlp.documents import Unreadable
    from nlp.types import EngineError
    from terminology.errors import TerminologyError

    ours = (Failed, FhirError, EngineError, TerminologyError, Unreadable, KernelUnavailable)
    return (*ours, OSError, ValueError)
