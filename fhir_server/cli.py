"""medparser: the one command line. Every command exits 0, or non-zero with one clear line."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from fhir_server import settings as settings_of
from fhir_server.commands import db, terminology
from fhir_server.commands.code_batch import code_batch
from fhir_server.commands.quality import quality
from fhir_server.settings import RANGES, Settings
from fhir_server.version import VERSION

if TYPE_CHECKING:
    from nlp.documents import Reading
    from terminology.service import Terminology

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
index_app = typer.Typer(no_args_is_help=True, help="The terminology index.")
v2_app = typer.Typer(no_args_is_help=True, help="HL7 v2 messages.")
app.add_typer(index_app, name="index")
app.add_typer(v2_app, name="v2")
app.add_typer(terminology.app, name="terminology")
app.add_typer(db.app, name="db")
app.command("code-batch")(code_batch)
app.command("quality")(quality)
out = Console()
err = Console(stderr=True)

Engine = Annotated[str, typer.Option(help="Extraction engine: rules, tagger, auto, llm.")]
Model = Annotated[str | None, typer.Option(help="Folder of an mlx-lm model, for the engine llm.")]


class Failed(Exception):
    """A command can't do what was asked; the text is for the user."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="HTTP port; 0 picks a free one [8080].")] = None,
    mllp_port: Annotated[
        int | None, typer.Option(help="MLLP port; 0 picks a free one, -1 turns it off [2575].")
    ] = None,
    database: Annotated[str | None, typer.Option(help="sqlite:///PATH")] = None,
    engine: Annotated[str | None, typer.Option(help="Engine where a request names none.")] = None,
    model: Model = None,
) -> None:
    """Serve FHIR R4 at /fhir and HL7 v2 over MLLP until SIGINT or SIGTERM."""
    from fhir_server.app import run

    settings = settings_of.load(
        host=host, port=port, mllp_port=mllp_port, database=database, engine=engine, model=model
    )
    build_index(settings)
    run(settings, lambda line: err.print(line, highlight=False))


@app.command()
def extract(
    file: Annotated[
        str, typer.Argument(help="Text, PDF, RTF, HTML, C-CDA or DOCX; - for standard input.")
    ],
    engine: Engine = "rules",
    model: Model = None,
    min_score: Annotated[float, typer.Option(help="Leave out findings below it, 0..1.")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Show what a note says: conditions and medications with spans, assertion and codes."""
    from fhir_server.show import finding_json, findings_table
    from nlp.pipeline import Pipeline

    settings = settings_of.load(model=model)
    reading = _document(file, settings)
    pipeline = Pipeline(open_terminology(settings), model=settings.model)
    extraction = pipeline.extract(reading.text, engine, min_score, reading.hints)
    if as_json:
        for finding in extraction.findings:
            sys.stdout.write(orjson.dumps(finding_json(finding, reading)).decode() + "\n")
    else:
        out.print(findings_table(extraction.findings, reading))


@app.command()
def deid(
    file: Annotated[
        str, typer.Argument(help="Text, PDF, RTF, HTML, C-CDA or DOCX; - for standard input.")
    ],
    mode: Annotated[str, typer.Option(help="mask, surrogate or remove.")] = "mask",
    key: Annotated[
        str, typer.Option(help="Secret of mode surrogate; without one, a new one each time.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The text with its spans.")] = False,
) -> None:
    """Print a note without names, dates, places and numbers of persons, as far as they are found.

    This lowers the risk that a person is recognised and does not remove it: review the text.
    """
    from fhir_server.show import deidentified_json
    from nlp.deid import CAUTION, Mode, deidentify

    if mode not in list(Mode):
        raise Failed(f"the modes are {', '.join(Mode)}, not {mode!r}")
    if key and mode != Mode.SURROGATE:
        raise Failed(f"--key is of mode surrogate, not of {mode}")
    reading = _document(file, settings_of.load())
    done = deidentify(reading.text, mode, key or secrets.token_hex(16))
    if as_json:
        sys.stdout.write(orjson.dumps(deidentified_json(done)).decode() + "\n")
    else:
        sys.stdout.write(done.text)
        err.print(f"medparser: {CAUTION}", markup=False, highlight=False)


@app.command()
def code(
    text: Annotated[str, typer.Argument(help="A phrase: a problem, a drug with its strength.")],
    system: Annotated[str, typer.Option(help="icd10cm or rxnorm.")] = "icd10cm",
    count: Annotated[int, typer.Option(min=1, max=100, help="At most so many candidates.")] = 5,
) -> None:
    """The codes that a phrase may mean, best first."""
    matches = open_terminology(settings_of.load()).match(text, system, count)
    if not matches:
        raise Failed(f"nothing in {system} is like that phrase")
    table = Table("code", "display", "score", "method", "matched term")
    for m in matches:
        table.add_row(m.code, m.display, f"{m.score:.3f}", m.method.value, m.term)
    out.print(table)


@app.command()
def lookup(
    system: Annotated[str, typer.Argument(help="icd10cm, rxnorm or a system's url.")],
    code: Annotated[str, typer.Argument(help="The code.")],
) -> None:
    """What a code system says of a code."""
    concept = open_terminology(settings_of.load()).lookup(system, code)
    table = Table(
        title=f"{concept.code}  {concept.display}", title_justify="left", show_header=False
    )
    for p in concept.properties:
        table.add_row(p.code, str(p.value))
    for d in concept.designations:
        table.add_row(d.use or "designation", d.value)
    out.print(table)


@index_app.command("build")
def index_build() -> None:
    """Build the terminology index into the data folder, where its sources changed."""
    settings = settings_of.load()
    built = build_index(settings)
    out.print(f"terminology index {'built' if built else 'is current'} in {settings.data}")
    for info in open_terminology(settings).systems():
        out.print(f"  {info.title} {info.version}: {info.count:,} codes ({info.content})")


@v2_app.command("send")
def v2_send(
    file: Annotated[Path, typer.Argument(help="A file with one message; any line ends.")],
    to: Annotated[str, typer.Argument(help="HOST:PORT of an MLLP listener.")],
) -> None:
    """Send an HL7 v2 message over MLLP and print its acknowledgement; exit 1 unless accepted."""
    from fhir_server.hl7v2.mllp import send

    host, _, port = to.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= RANGES["port"][1]:
        raise Failed(f"{to!r} is not HOST:PORT")
    lines = _read(str(file)).replace(b"\r\n", b"\r").replace(b"\n", b"\r")
    reply = asyncio.run(send(host, int(port), lines.strip(b"\r") + b"\r"))
    shown = reply.decode("utf-8", "replace").replace("\r", "\n").rstrip()
    out.print(shown, markup=False, highlight=False, soft_wrap=True)
    if b"MSA|AA" not in reply and b"MSA|CA" not in reply:
        raise Failed("the message was not accepted")


@app.command()
def predict(
    task: Annotated[str, typer.Argument(help="ner assertion sections meds docs deid codes")],
    gold: Annotated[Path, typer.Argument(help="JSON lines with id and text.")],
    out_file: Annotated[Path, typer.Argument(metavar="OUT", help="Predictions, JSON lines.")],
    engine: Annotated[
        str, typer.Option(help="rules, tagger, auto, llm; the task's own where none is named.")
    ] = "",
    model: Model = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = 1,
) -> None:
    """Write predictions for a set of notes, so that anyone can score them."""
    from nlp.batch import Workers
    from nlp.pipeline import Pipeline
    from nlp.predict import predict as run

    settings = settings_of.load(model=model)
    pipeline = Pipeline(open_terminology(settings), model=settings.model)
    shared = Workers(settings.data, workers, settings.model) if workers > 1 else pipeline
    run(task, gold, out_file, shared, engine)


@app.command()
def doctor() -> None:
    """Which back end each part uses on this machine."""
    from fhir_server.doctor import report

    table = Table("part", "back end", "detail")
    for row in report(settings_of.load()):
        table.add_row(*row)
    out.print(table)


@app.command()
def docs(folder: Annotated[Path, typer.Argument(help="Where to write.")] = Path("docs")) -> None:
    """Write the pages that are made from the tables: operations and settings."""
    from fhir_server.pages import PAGES

    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")
        out.print(f"{folder / name}")


@app.command()
def version() -> None:
    """The release's version."""
    out.print(VERSION)


def build_index(settings: Settings) -> bool:
    """Builds the index where its sources changed, with a progress bar; True where it was built."""
    from terminology.load import build

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        return build(
            settings.data,
            icd10cm=Path(settings.icd10cm) if settings.icd10cm else None,
            rxnorm=Path(settings.rxnorm) if settings.rxnorm else None,
            progress=progress,
        )


def open_terminology(settings: Settings) -> Terminology:
    """The terminology of the data folder, its index built first where need be."""
    from terminology.service import Terminology

    build_index(settings)
    return Terminology.open(settings.data)


def _document(file: str, settings: Settings) -> Reading:
    """A document's text; what was left out is told on standard error."""
    from nlp.documents import Oversized, Source, read

    limit = settings.max_note
    if file == "-":
        data = sys.stdin.buffer.read(limit + 1)
    else:
        if Path(file).is_file() and Path(file).stat().st_size > limit:
            raise Oversized(f"{file} is over {limit} bytes (MEDPARSER_MAX_NOTE)")
        data = _read(file)
    reading = read(Source(data, name=file, limit=limit))
    for warning in reading.warnings:
        err.print(f"medparser: {warning}", markup=False, highlight=False)
    return reading


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Failed(f"can't read {file}: {error.strerror}") from None


def main(argv: Sequence[str] | None = None) -> None:
    """The entry point: known errors become one line on standard error and a non-zero exit."""
    try:
        app(args=list(argv) if argv is not None else None, prog_name="medparser")
    except known_errors() as error:
        err.print(f"medparser: {error}", markup=False, highlight=False)
        sys.exit(1)


def known_errors() -> tuple[type[Exception], ...]:
    """What a user can cause; anything else is a fault of ours and shows its trace."""
    from fhir_server.errors import FhirError
    from nlp.documents import Unreadable
    from nlp.types import EngineError
    from terminology.errors import TerminologyError

    return (Failed, FhirError, EngineError, TerminologyError, Unreadable, OSError, ValueError)
