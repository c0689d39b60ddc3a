"""medparser quality: every task, every engine, with intervals, and the errors by class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fhir_server import settings as settings_of
from fhir_server.commands.index import open_terminology
from fhir_server.terminal import out

if TYPE_CHECKING:
    from nlp.quality.tables import Errors, Figure


def quality(
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of gold, JSON lines; default: the project's own."),
    ] = None,
    engine: Annotated[
        list[str] | None, typer.Option(help="Only this engine: rules, tagger, auto.")
    ] = None,
) -> None:
    """Score extraction on sets of gold: figures with 95 % intervals, and errors by class."""
    from nlp.pipeline import Pipeline
    from nlp.quality.errors import ALL
    from nlp.quality.tables import ENGINES, OWN, run

    settings = settings_of.load()
    pipeline = Pipeline(open_terminology(settings))
    errors: list[Errors] = []
    scored = run(pipeline, data or OWN, tuple(engine or ENGINES))
    _print("task", "set", "engine", "measure", "P", "R", "F1", "95 %")
    _print(*["---"] * 8)
    for figures, found in scored:
        for figure in figures:
            _print(*_row(figure))
        errors += [e for e in found if e.count or e.cause.endswith(ALL)]
    if errors:
        out.print()
        _print("set", "engine", "error", "count")
        _print(*["---"] * 4)
    for e in errors:
        _print(e.name, e.engine, e.cause, f"{e.count} of {e.of}" if e.of else str(e.count))


def _row(figure: Figure) -> list[str]:
    counts = figure.counts
    return [
        figure.task,
        f"{figure.name} ({figure.documents})",
        figure.engine,
        figure.measure,
        f"{counts.precision:.3f}",
        f"{counts.recall:.3f}",
        f"{counts.f1:.3f}",
        f"{figure.low:.2f}–{figure.high:.2f}",
    ]


def _print(*cells: str) -> None:
    out.print(f"| {' | '.join(cells)} |")
