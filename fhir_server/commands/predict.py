"""medparser predict: what the engines say of a set of notes, for a scorer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fhir_server import settings as settings_of
from fhir_server.commands.index import open_terminology


def predict(
    task: Annotated[str, typer.Argument(help="ner assertion sections meds docs deid codes")],
    gold: Annotated[Path, typer.Argument(help="JSON lines with id and text.")],
    out_file: Annotated[Path, typer.Argument(metavar="OUT", help="Predictions, JSON lines.")],
    engine: Annotated[
        str, typer.Option(help="rules, tagger, auto, llm; the task's own where none is named.")
    ] = "",
    model: Annotated[
        str | None, typer.Option(help="Folder of an mlx-lm model, for the engine llm.")
    ] = None,
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
