"""medparser index: the terminology index, which other commands build first where need be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.progress import MofNCompleteColumn

from fhir_server import settings as settings_of
from fhir_server.settings import Settings
from fhir_server.terminal import Bars, out

if TYPE_CHECKING:
    from terminology.service import Terminology

app = typer.Typer(no_args_is_help=True, help="The terminology index.")


@app.command("build")
def build() -> None:
    """Build the terminology index into the data folder, where its sources changed."""
    settings = settings_of.load()
    built = build_index(settings)
    out.print(f"terminology index {'built' if built else 'is current'} in {settings.data}")
    for info in open_terminology(settings).systems():
        out.print(f"  {info.title} {info.version}: {info.count:,} codes ({info.content})")


def build_index(settings: Settings) -> bool:
    """Builds the index where its sources changed, with a progress bar; True where it was built."""
    from terminology.building.build import build

    with Bars(MofNCompleteColumn()) as bars:
        return build(
            settings.data,
            icd10cm=Path(settings.icd10cm) if settings.icd10cm else None,
            rxnorm=Path(settings.rxnorm) if settings.rxnorm else None,
            progress=bars.shown,
        )


def open_terminology(settings: Settings) -> Terminology:
    """The terminology of the data folder, its index built first where need be."""
    from terminology.service import Terminology

    build_index(settings)
    return Terminology.open(settings.data)
