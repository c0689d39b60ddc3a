"""RxNorm as a listing: any table with the columns rxcui, tty and name, and what else it has.

Ingredients are in a column whose name begins with "ingredient", as RXCUIs with a comma, a space or
| between. A column whose name begins with "active" says by 1 or 0 what may be prescribed today.
A term type that RxNorm doesn't have is that of what a listing could not place: packs by their name.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime
from pathlib import Path

from terminology.entry import DRUG_KINDS, Drug, Entry, Name, Release
from terminology.errors import SourceError
from terminology.types import Property

NEEDED = ("rxcui", "tty", "name")
_RELATION = {"BN": "tradename_of", "PIN": "form_of", "MIN": "has_part"}
_FORMS = ("DF", "DFG")


def find(folder: Path) -> Path | None:
    """The table, or that of the folder, the last by name where it has several; None for none."""
    tables = [folder] if folder.is_file() else sorted(folder.glob("*.tsv"))
    found = [path for path in tables if set(NEEDED) <= set(_head(path))]
    return found[-1] if found else None


def _head(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        for line in lines:
            if not line.startswith("#"):
                return line.rstrip("\r\n").lower().split("\t")
    return []


def read(path: Path) -> Release:
    """The table's drugs, a fragment; raises SourceError with file and line."""
    head = _head(path)
    at = {name: head.index(name) for name in NEEDED}
    parts = next((n for n, name in enumerate(head) if name.startswith("ingredient")), -1)
    active = next((n for n, name in enumerate(head) if name.startswith("active")), -1)
    entries = []
    with path.open(encoding="utf-8", newline="") as lines:
        body = (line for line in lines if not line.startswith("#"))
        for number, row in enumerate(csv.reader(body, delimiter="\t", quoting=csv.QUOTE_NONE)):
            if number == 0:
                continue
            if len(row) != len(head) or not row[at["rxcui"]].isdigit() or not row[at["name"]]:
                raise SourceError(f"{path.name}: row {number} is not one of {' '.join(head)}")
            code, tty, name = (row[at[each]] for each in NEEDED)
            own = tuple(re.findall(r"\d+", row[parts])) if parts >= 0 else ()
            entries.append(_entry(code, tty, name, own, row[active] if active >= 0 else ""))
    stamp = datetime.fromtimestamp(path.stat().st_mtime).astimezone().strftime("%Y-%m-%d")
    source = f"RxNorm, U.S. National Library of Medicine; {path.name}"
    return Release(stamp, "fragment", source, tuple(entries))


def _entry(code: str, tty: str, name: str, parts: tuple[str, ...], active: str) -> Entry:
    properties = [Property("TTY", tty, "code")]
    relation = _RELATION.get(tty, "has_ingredient")
    properties += [Property(relation, part, "code") for part in parts]
    if active:
        properties.append(Property("prescribable", active == "1", "boolean"))
    if tty not in DRUG_KINDS and tty not in _FORMS:
        tty = "BPCK"
    kind = DRUG_KINDS.get(tty)
    names = (Name(name, kind),) if kind else ()
    drug = Drug(parts) if kind else None
    return Entry(code, name, properties=tuple(properties), names=names, tty=tty, drug=drug)
