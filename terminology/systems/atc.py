"""The Anatomical Therapeutic Chemical classification with its defined daily doses, as a table.

Source: WHO Collaborating Centre for Drug Statistics Methodology, ATC/DDD index. A code may have
several rows, one for each dose and route. Memory: 100 MiB.
"""

from __future__ import annotations

import re
from pathlib import Path

from terminology.errors import SourceError
from terminology.loading.draft import Draft
from terminology.loading.lines import required
from terminology.loading.sniff import table_rows
from terminology.loading.source import Head, Options

URL = "http://www.whocc.no/atc"
CODE = re.compile(r"[A-Z](?:\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?)?")
ABOVE = {7: 5, 5: 4, 4: 3, 3: 1}  # length of a code: length of its parent's
COLUMNS = {
    # what a column holds: its names in the tables that go about, in lower case
    "code": ("atc code", "atc_code", "atccode", "atc", "code"),
    "name": ("atc level name", "atc_name", "atc name", "name", "atclevelname", "title"),
    "ddd": ("ddd", "ddd value", "ddd_value"),
    "unit": ("u", "uom", "unit", "unittype", "ddd unit"),
    "route": ("adm.r", "adm_r", "admr", "administration route", "admcode", "route"),
    "note": ("note", "comment", "dddcomment"),
}


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads the table, a file or the one in a folder. Raises SourceError."""
    table = required(path, "ATC table", "*atc*.csv", "*atc*.tsv", "*atc*.txt", "*.csv")
    given = table_rows(table, draft, options)
    number, head = next(given, (1, []))
    at = _columns(table, number, head)
    for number, row in given:
        cell = {what: row[place].strip() if place < len(row) else "" for what, place in at.items()}
        if not CODE.fullmatch(cell["code"]) or len(cell["code"]) not in (1, *ABOVE):
            raise SourceError(f"{table.name}:{number}: {cell['code']!r} is no ATC code")
        if not cell["name"]:
            raise SourceError(f"{table.name}:{number}: no name")
        _row(draft, cell, f"{table.name}:{number}")
    version = options.version or _year(table)
    source = f"ATC, WHO Collaborating Centre for Drug Statistics Methodology; {table.name}"
    return Head(URL, "ATC", version, source)


def _columns(path: Path, number: int, head: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, name in enumerate(head):
        for what, names in COLUMNS.items():
            if name.strip().lower() in names:
                found.setdefault(what, place)
    if not {"code", "name"} <= set(found):
        raise SourceError(f"{path.name}:{number}: no columns `ATC code` and `ATC level name`")
    return found


def _row(draft: Draft, cell: dict[str, str], where: str) -> None:
    code = cell["code"]
    concept = draft.number(code)
    if concept < 0:
        concept = draft.concept(code, cell["name"])
        draft.property(concept, "level", 1 + [1, 3, 4, 5, 7].index(len(code)), "integer")
        if len(code) > 1:
            draft.below(concept, code[: ABOVE[len(code)]], where)
    dose = " ".join(filter(None, (cell.get("ddd"), cell.get("unit"), cell.get("route"))))
    if cell.get("ddd", "").upper() not in ("", "NA"):
        draft.property(concept, "DDD", dose, "string")
    if cell.get("note", "").upper() not in ("", "NA"):
        draft.property(concept, "note", cell["note"], "string")


def _year(path: Path) -> str:
    found = re.search(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?", path.name)
    if found is None:
        raise SourceError(f"{path.name}: its name tells no year: name the version")
    return found[0]
