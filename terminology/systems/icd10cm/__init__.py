"""ICD-10-CM: the tabular list (XML) and the list of valid codes, as CMS and NCHS publish them.

Sources: https://www.cms.gov/medicare/coding-billing/icd-10-codes (order file, tabular XML, public
domain). What ships is the release that the PyPI package simple-icd-10-cm carries; its files are
read without importing it.
"""

from __future__ import annotations

import calendar
import importlib.util
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from terminology.entry import Entry, Name, Release
from terminology.errors import SourceError
from terminology.loading.draft import Draft
from terminology.loading.lines import text_lines
from terminology.loading.source import Head, Options
from terminology.systems.icd10cm import alphabetic
from terminology.systems.icd10cm.tabular import Node, tabular_list
from terminology.types import ICD10CM, Designation, Property, TermKind

PACKAGE = "simple_icd_10_cm"
MONTHS = {month: f"{number:02}" for number, month in enumerate(calendar.month_name) if month}
# an order line: number, code in columns 7-14, billable flag in column 15, short and long titles
ORDER = re.compile(r"\d{5} (?P<code>[0-9A-Z]{3,7}) +(?P<flag>[01]) (?P<short>.{60}) (?P<long>.+)")
# a line of the list of valid codes: the code in columns 1-7, the title from column 9
VALID = re.compile(r"(?P<code>[A-Z][0-9A-Z]{2}[0-9A-Z ]{4}) (?P<long>\S.+)")
CODE = re.compile(r"[A-Z][0-9A-Z]{2,6}")
HEADING = re.compile(r"\d{1,2}|[A-Z0-9]{3}-[A-Z0-9]{3}")  # a chapter or a block among the codes


def files(folder: Path | None) -> tuple[Path, ...]:
    """The tabular XML, the list of codes, and the alphabetic index where it is there.

    Raises SourceError where one of the first two is missing.
    """
    folder = folder if folder is not None else _shipped()
    tabular = _one(folder, "*tabular*.xml")
    listing = _one(folder, "*order*.txt", "*code*list*.txt", "*codes*.txt")
    return tabular, listing, *alphabetic.files(folder)


def read(folder: Path | None = None) -> Release:
    """The whole release: every code of the order file, its title, notes and hierarchy.

    Raises SourceError (with file and line) where a file is absent or broken, or the two disagree.
    """
    version, entries = _read(folder)
    return Release(version, "complete", _provenance(folder), tuple(entries))


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads the folder of a release, as read() does; memory: 150 MiB, the tabular list."""
    version, entries = _read(path)
    draft.progress("codes", 0, 1)
    for entry in entries:
        draft.entry(entry)
    return Head(ICD10CM, "ICD-10-CM", options.version or version, _provenance(path))


def _read(folder: Path | None) -> tuple[str, Iterator[Entry]]:
    """The version, and the codes in their order, each made when it is asked for."""
    tabular, listing, *indexes = files(folder)
    year, nodes = tabular_list(tabular)
    order = dict(_listing(listing))
    by_code: dict[str, tuple[Node, str]] = {}
    for node in nodes:
        if node.element == "diag":
            by_code.update(_composed(node, order))
    codes = _undotted(by_code)
    for code in order:
        if code not in codes:
            raise SourceError(f"{listing.name}: code {code} is not in {tabular.name}")
    further = _further(indexes)
    return _version(year, tabular, listing), _entries(by_code, order, further)


def _entries(
    by_code: dict[str, tuple[Node, str]],
    order: dict[str, tuple[bool | None, str]],
    further: dict[str, list[Name]],
) -> Iterator[Entry]:
    parents = {_parent(code, node) for code, (node, _) in by_code.items()}
    for code, (node, title) in sorted(by_code.items()):
        flag, long_title = order.get(code.replace(".", ""), (None, ""))
        billable = code not in parents if flag is None else flag
        entry = _entry(code, node, long_title or title, billable)
        if code in further:
            entry = replace(entry, names=(*entry.names, *further[code]))
        yield entry


def _further(indexes: Iterable[Path]) -> dict[str, list[Name]]:
    """The names that the alphabetic index gives each code."""
    further: dict[str, list[Name]] = {}
    for path in indexes:
        for code, name in alphabetic.names(path):
            further.setdefault(code, []).append(name)
    return further


def _shipped() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SourceError(
            "no ICD-10-CM release: install the package simple-icd-10-cm, or name a folder with the "
            "official tabular XML and order file (MEDPARSER_ICD10CM)"
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def _provenance(folder: Path | None) -> str:
    shipped = "ICD-10-CM, NCHS and CMS, public domain"
    return shipped if folder is None else f"{shipped}; {folder.name}"


def _one(folder: Path, *patterns: str) -> Path:
    for pattern in patterns:
        match = re.compile(pattern.replace(".", r"\.").replace("*", ".*"), re.IGNORECASE)
        found = sorted(
            path
            for path in (folder.iterdir() if folder.is_dir() else ())
            if match.fullmatch(path.name) and "addenda" not in path.name.lower()
        )
        if found:
            return found[-1]
    raise SourceError(f"{folder.name}: no file {' or '.join(patterns)} in the ICD-10-CM folder")


def _version(year: str, tabular: Path, listing: Path) -> str:
    """ "2026-04" where a file name tells the month of the release, else the year of the XML."""
    for name in (tabular.name, listing.name):
        for month, number in MONTHS.items():
            if found := re.search(rf"{month}\D+(?:1\D+)?(\d{{4}})", name, re.IGNORECASE):
                return f"{found[1]}-{number}"
    return year


def _listing(path: Path) -> Iterator[tuple[str, tuple[bool | None, str]]]:
    """Code without its dot → (billable, long title); (None, "") in a list of codes alone."""
    for number, text in text_lines(path):
        line = text.rstrip()
        if order := ORDER.fullmatch(line):
            yield order["code"], (order["flag"] == "1", order["long"].strip())
        elif CODE.fullmatch(line.replace(".", "")):
            yield line.replace(".", ""), (None, "")
        elif valid := VALID.fullmatch(line):
            yield valid["code"].rstrip(), (True, valid["long"])
        elif line and not HEADING.fullmatch(line):
            raise SourceError(f"{path.name}:{number}: neither a code nor a line of an order file")


def _undotted(codes: dict[str, tuple[Node, str]]) -> set[str]:
    return {code.replace(".", "") for code in codes}


def _composed(
    node: Node, order: dict[str, tuple[bool | None, str]]
) -> Iterator[tuple[str, tuple[Node, str]]]:
    """The node's own code, and those that a 7th character makes of it where the list has them."""
    yield node.name, (node, node.title)
    if not node.leaf or len(node.name) == 8:
        return
    stem = node.name if "." in node.name else node.name + "."
    stem = stem.ljust(7, "X")
    for character, meaning in node.sevenths().items():
        code = stem + character
        if code.replace(".", "") in order:
            yield code, (node, f"{node.title}, {meaning}")


def _entry(code: str, node: Node, title: str, billable: bool) -> Entry:
    own = code == node.name
    inclusion = node.inclusion if own else []
    properties = [Property("kind", _kind(code, own))]
    if chapter := node.ancestor("chapter"):
        properties.append(Property("chapter", f"{chapter.name}: {chapter.title}"))
    if block := node.ancestor("section"):
        properties.append(Property("block", block.title))
    if own:
        properties += [Property(kind, text) for kind, text in node.notes]
    names = [Name(title, TermKind.TITLE)]
    names += [Name(text, TermKind.INCLUSION) for text in inclusion]
    if own:
        names += [Name(text, TermKind.INCLUSION) for kind, text in node.notes if kind == "includes"]
    return Entry(
        code,
        title,
        _parent(code, node),
        billable,
        tuple(Designation(text, "inclusion") for text in inclusion),
        tuple(properties),
        tuple(names),
    )


def _parent(code: str, node: Node) -> str:
    """The code above; a block is none, though 39 of them share their name with a category."""
    if code != node.name:
        return node.name
    above = node.parent
    return above.name if above is not None and above.element == "diag" else ""


def _kind(code: str, own: bool) -> str:
    if not own:
        return "extended subcategory"
    return "category" if len(code) == 3 else "subcategory"
