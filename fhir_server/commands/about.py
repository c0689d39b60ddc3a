"""medparser doctor, docs, version: what this installation is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fhir_server import settings as settings_of
from fhir_server.terminal import grid, out
from fhir_server.version import VERSION


def doctor() -> None:
    """Which back end each part uses on this machine."""
    from fhir_server.doctor import report

    shown = grid("part", "back end", "detail")
    for row in report(settings_of.load()):
        shown.add_row(*row)
    out.print(shown, soft_wrap=False)


def docs(folder: Annotated[Path, typer.Argument(help="Where to write.")] = Path("docs")) -> None:
    """Write the pages that are made from the tables: operations and settings."""
    from fhir_server.pages import PAGES

    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")
        out.print(f"{folder / name}")


def version() -> None:
    """The release's version."""
    out.print(VERSION)
