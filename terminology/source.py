"""What a reader of a release gives: its concepts one by one, ready to be indexed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from terminology.types import Content, Designation, Property, TermKind

if TYPE_CHECKING:
    from terminology.draft import Draft

DRUG_KINDS = {
    # RxNorm term type: what a name of it is
    "IN": TermKind.INGREDIENT,
    "PIN": TermKind.INGREDIENT,
    "MIN": TermKind.INGREDIENT,
    "BN": TermKind.BRAND,
    **dict.fromkeys(
        ["SCD", "SBD", "SCDC", "SBDC", "SCDF", "SBDF", "SCDG", "SBDG", "GPCK", "BPCK"],
        TermKind.CLINICAL_DRUG,
    ),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A phrase of the release that names a concept."""

    text: str
    kind: TermKind
    # 1 where it means other things as well, so that a text must write it just so; 2, 3 for what
    # the same letters stand for less often
    ambiguous: int = 0


@dataclass(frozen=True, slots=True)
class Drug:
    """What a clinical drug is made of, as RXCUIs; strength and form as the release writes them."""

    ingredients: tuple[str, ...] = ()
    brand: str = ""
    strength: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept of a release; `parent` is a code of the same release or empty."""

    code: str
    display: str
    parent: str = ""
    billable: bool = False
    designations: tuple[Designation, ...] = ()
    properties: tuple[Property, ...] = ()
    names: tuple[Name, ...] = ()
    tty: str = ""
    drug: Drug | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """One code system as read; `source` says where it comes from, for people."""

    version: str
    content: Content
    source: str
    entries: tuple[Entry, ...]


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
