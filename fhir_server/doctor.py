"""What this machine runs on: one row per part, its back end and a detail."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fhir_server.settings import Settings
from fhir_server.store.types import ENGINE
from fhir_server.version import VERSION
from kernels.native import KERNELS, backend
from terminology.errors import IndexMissing
from terminology.opening import each_release, open_index
from terminology.service import Terminology
from terminology.stored import Stored

Row = tuple[str, str, str]


def report(settings: Settings) -> Iterator[Row]:
    """Rows of (part, back end, detail)."""
    yield "medparser", VERSION, f"Python {sys.version.split()[0]}"
    for name in KERNELS:
        detail = "" if backend(name) == "mojo" else "slower; `make kernels` builds the Mojo form"
        yield f"kernel {name}", backend(name), detail
    yield _package("mlx", "mlx-lm", settings.model or "no model named: set MEDPARSER_MODEL")
    yield _package("faiss", "faiss-cpu", "its BLAS serves MLX; the scan is raced against it")
    yield "store", ENGINE, settings.database
    yield from _terminology(settings.data)


def _package(part: str, name: str, detail: str) -> Row:
    try:
        return part, f"{name} {version(name)}", detail
    except PackageNotFoundError:
        return part, "absent", f"install the extra {part!r}"


def _terminology(data: Path) -> Iterator[Row]:
    try:
        index, releases = open_index(data), list(each_release(data))
    except IndexMissing as missing:
        yield "terminology", "no index", str(missing)
        return
    readable = [each for _, each in releases if isinstance(each, Stored)]
    for info in Terminology(index, readable).systems():
        yield info.alias, f"{info.title} {info.version}", f"{info.count:,} codes, {info.content}"
    for row, why in releases:
        if isinstance(why, IndexMissing):
            yield row.name, "not readable", f"{row.url} {row.version}: {why}"
