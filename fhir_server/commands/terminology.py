"""medparser terminology: load, list and drop releases of code systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fhir_server import settings as settings_of
from fhir_server.terminal import Bars, grid, out

app = typer.Typer(no_args_is_help=True, help="Releases of code systems.")

Version = Annotated[str, typer.Option(help="The release's version, where its files tell none.")]


@app.command("load")
def load(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="See `terminology formats`.")],
    path: Annotated[Path, typer.Argument(help="The release's folder, or its file.")],
    version: Version = "",
    system: Annotated[str, typer.Option(help="The system's url, for csv and icd10.")] = "",
    title: Annotated[str, typer.Option(help="The system's title, for csv and icd10.")] = "",
    language: Annotated[
        str, typer.Option(help="en-US, en-GB or a refset's SCTID for snomed; else of the names.")
    ] = "",
    encoding: Annotated[str, typer.Option(help="Of a table that is not UTF-8: cp1252 …")] = "",
    column: Annotated[
        list[str] | None, typer.Option(help="For csv: code=NAME, display=NAME, parent=NAME …")
    ] = None,
) -> None:
    """Load an official release; one of the same system and version is replaced at the end."""
    from terminology.loading import releases
    from terminology.loading.source import Options
    from terminology.systems import FORMATS

    found = next((each for each in FORMATS if each.name == form), None)
    if found is None:
        raise ValueError(f"no format {form!r}: {' '.join(each.name for each in FORMATS)}")
    columns = tuple(_pair(each) for each in column or ())
    options = Options(version, system, title, language, encoding, columns)
    settings = settings_of.load()
    with Bars() as bars:
        info = releases.load(settings.data, found, path, options, bars.shown)
    out.print(f"{info.title} {info.version}: {info.count:,} codes")
    if info.alias in ("icd10cm", "rxnorm"):
        out.print("`medparser index build` makes text match it, as does the next `serve`")


@app.command("list")
def show() -> None:
    """The releases that are loaded, the latest load first."""
    from terminology.errors import IndexMissing
    from terminology.opening import each_release

    shown = grid("name", "system", "version", "codes", "content", "source")
    for loaded, store in each_release(settings_of.load().data):
        if isinstance(store, IndexMissing):
            shown.add_row(loaded.name, loaded.url, loaded.version, "", "not readable", str(store))
            continue
        info = store.info
        row = (info.alias, info.url, info.version, f"{info.count:,}", info.content, info.source)
        shown.add_row(*row)
    out.print(shown if shown.row_count else "no release is loaded", soft_wrap=False)


@app.command("drop")
def drop(
    system: Annotated[str, typer.Argument(help="The system's name or url.")],
    version: Annotated[str, typer.Option(help="This version alone.")] = "",
) -> None:
    """Take a system's releases out of use and remove them."""
    from terminology.loading import releases

    for row in releases.drop(settings_of.load().data, system, version):
        out.print(f"dropped {row.url} {row.version}")


@app.command("formats")
def formats() -> None:
    """The formats that `load` reads."""
    from terminology.systems import FORMATS

    shown = grid("format", "system", "files")
    for each in FORMATS:
        shown.add_row(each.name, each.title, each.files)
    out.print(shown, soft_wrap=False)


def _pair(text: str) -> tuple[str, str]:
    what, equals, name = text.partition("=")
    if not equals or not name:
        raise ValueError(f"--column {text!r} is not WHAT=NAME")
    return what, name
