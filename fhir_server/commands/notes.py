"""medparser extract, deid: one note, as people read it and as programs do."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from fhir_server import settings as settings_of
from fhir_server.commands.index import open_terminology
from fhir_server.settings import Settings
from fhir_server.terminal import Failed, err, out, read_file

if TYPE_CHECKING:
    from nlp.documents import Reading

File = Annotated[
    str, typer.Argument(help="Text, PDF, RTF, HTML, C-CDA or DOCX; - for standard input.")
]


def extract(
    file: File,
    engine: Annotated[
        str, typer.Option(help="Extraction engine: rules, tagger, auto, llm.")
    ] = "rules",
    model: Annotated[
        str | None, typer.Option(help="Folder of an mlx-lm model, for the engine llm.")
    ] = None,
    min_score: Annotated[float, typer.Option(help="Leave out findings below it, 0..1.")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
) -> None:
    """Show what a note says: conditions and medications with spans, assertion and codes."""
    from fhir_server.show import finding_json, findings_tables
    from nlp.pipeline import Pipeline

    settings = settings_of.load(model=model)
    reading = _document(file, settings)
    pipeline = Pipeline(open_terminology(settings), model=settings.model)
    extraction = pipeline.extract(reading.text, engine, min_score, reading.hints)
    if as_json:
        for finding in extraction.findings:
            sys.stdout.write(orjson.dumps(finding_json(finding, reading)).decode() + "\n")
    else:
        for table in findings_tables(extraction.findings, reading):
            out.print(table, "", soft_wrap=False)


def deid(
    file: File,
    mode: Annotated[str, typer.Option(help="mask, surrogate or remove.")] = "mask",
    key: Annotated[
        str, typer.Option(help="Secret of mode surrogate; without one, a new one each time.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The text with its spans.")] = False,
) -> None:
    """Print a note without names, dates, places and numbers of persons, as far as they are found.

    This lowers the risk that a person is recognised and does not remove it: review the text.
    """
    from nlp.deid import CAUTION, Mode, deidentify

    if mode not in list(Mode):
        raise Failed(f"the modes are {', '.join(Mode)}, not {mode!r}")
    if key and mode != Mode.SURROGATE:
        raise Failed(f"--key is of mode surrogate, not of {mode}")
    reading = _document(file, settings_of.load())
    done = deidentify(reading.text, mode, key or secrets.token_hex(16))
    if as_json:
        # the spans map between both texts and hold no old word
        shown = {"text": done.text, "mode": done.mode, "caution": CAUTION, "spans": done.spans}
        sys.stdout.write(orjson.dumps(shown).decode() + "\n")
    else:
        sys.stdout.write(done.text)
        err.print(f"medparser: {CAUTION}")


def _document(file: str, settings: Settings) -> Reading:
    """A document's text; what was left out is told on standard error."""
    from nlp.documents import Oversized, Source, read

    limit = settings.max_note
    if file == "-":
        data = sys.stdin.buffer.read(limit + 1)
    else:
        if Path(file).is_file() and Path(file).stat().st_size > limit:
            raise Oversized(f"{file} is over {limit} bytes (MEDPARSER_MAX_NOTE)")
        data = read_file(file)
    reading = read(Source(data, name=file, limit=limit))
    for warning in reading.warnings:
        err.print(f"medparser: {warning}")
    return reading
