"""medparser code-batch: a table of phrases to a table of codes, so that anyone can score them."""

from __future__ import annotations

import csv
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from fhir_server import settings as settings_of
from fhir_server.terminal import err

COUNT = 5


class System(StrEnum):
    """The systems that text is matched to."""

    icd10cm = "icd10cm"
    rxnorm = "rxnorm"


def code_batch(
    phrases: Annotated[Path, typer.Argument(metavar="IN", help="A TSV with a column `phrase`.")],
    codes: Annotated[Path, typer.Argument(metavar="OUT", help="The TSV to write.")],
    system: Annotated[System, typer.Option(help="What the phrases are coded with.")],
    terminology: Annotated[
        Path | None,
        typer.Option(
            help="A release of it, or a TSV of rxcui, tty, name; default: what is loaded."
        ),
    ] = None,
) -> None:
    """Code every phrase of a table: OUT has phrase, code1 … code5, score1 …, method1 …."""
    from terminology.building.build import build
    from terminology.service import Terminology

    asked = _phrases(phrases)
    settings = settings_of.load()
    folder = settings.data
    own = {name: Path(value) for name in System if (value := getattr(settings, name))}
    if terminology is not None:
        # an index of its own: what is served stays as it is
        folder = settings.data / "batch" / system
        own[system] = terminology
    folder.mkdir(parents=True, exist_ok=True)
    build(folder, icd10cm=own.get(System.icd10cm), rxnorm=own.get(System.rxnorm))
    loaded = Terminology.open(folder)
    with codes.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(
            out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n"
        )
        numbers = range(1, COUNT + 1)
        titles = [f"{what}{n}" for what in ("code", "score", "method") for n in numbers]
        writer.writerow(["phrase", *titles])
        for phrase in track(asked, "coding", console=err, transient=True):
            found = loaded.match(phrase, system, COUNT)
            empty = [""] * (COUNT - len(found))
            writer.writerow(
                [
                    phrase,
                    *(match.code for match in found),
                    *empty,
                    *(f"{match.score:.4f}" for match in found),
                    *empty,
                    *(match.method.value for match in found),
                    *empty,
                ]
            )


def _phrases(path: Path) -> list[str]:
    """One for each line below the first; an empty line is an empty phrase."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            titles, *rows = [*csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)] or [[]]
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: it is not in UTF-8") from None
    if "phrase" not in titles:
        raise ValueError(f"{path.name}: no column `phrase` in its first line")
    at = titles.index("phrase")
    return [row[at] if len(row) > at else "" for row in rows]
