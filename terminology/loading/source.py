"""Rows of the tables of what can be loaded, and what a release and its user say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from terminology.entry import Release
from terminology.types import Content

if TYPE_CHECKING:
    from terminology.loading.draft import Draft


@dataclass(frozen=True, slots=True)
class System:
    """A row of SYSTEMS. `files` names what is read (a change rebuilds the index), `read` reads it.

    Both take the release folder that the user named, or None for what ships.
    """

    alias: str
    url: str
    title: str
    files: Callable[[Path | None], Iterable[Path]]
    read: Callable[[Path | None], Release]


@dataclass(frozen=True, slots=True)
class Head:
    """What a release says of itself; `properties` are (code, uri, kind) of those it declares."""

    url: str
    title: str
    version: str
    source: str
    content: Content = "complete"
    language: str = "en"
    case_sensitive: bool = True
    name: str = ""
    properties: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says of a release besides its path; empty where the files tell.

    `columns` maps code, display, parent … to the names of columns, for tables of no fixed form.
    """

    version: str = ""
    url: str = ""
    title: str = ""
    language: str = ""
    encoding: str = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A row of FORMATS: `load` reads a file or folder into a draft and gives the release's head.

    It raises SourceError, with file and line, for what is missing or broken.
    """

    name: str
    title: str
    files: str
    load: Callable[[Path, Draft, Options], Head]
