"""The RxNorm starter: a dated fragment of RxNorm that ships, for use until a release is loaded.

Its table has the columns rxcui, tty, name, ingredients, brand, strength, form; lines that start
with # tell where it comes from and `# version:` its date.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from terminology.entry import DRUG_KINDS, Drug, Entry, Name, Release
from terminology.errors import SourceError
from terminology.facts import DATA
from terminology.types import Property, TermKind

TABLE = DATA / "rxnorm.tsv"
COLUMNS = ["rxcui", "tty", "name", "ingredients", "brand", "strength", "form"]


def read(path: Path = TABLE) -> Release:
    """The starter, a release of content "fragment"; raises SourceError with file and line."""
    if not path.exists():
        raise SourceError(
            f"{path.name}: no such table; reinstall medparser or name an RxNorm release"
        )
    with path.open(encoding="utf-8", newline="") as lines:
        text = lines.read().splitlines()
    head = [line for line in text if line.startswith("#")]
    rows = csv.reader(text[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    if next(rows, None) != COLUMNS:
        raise SourceError(f"{path.name}:{len(head) + 1}: the columns must be {' '.join(COLUMNS)}")
    entries = []
    for number, row in enumerate(rows, start=len(head) + 2):
        if len(row) != len(COLUMNS) or not row[0].isdigit() or row[1] not in DRUG_KINDS:
            raise SourceError(f"{path.name}:{number}: not a row of {' '.join(COLUMNS)}")
        entries.append(_entry(*row))
    version = re.search(r"version:? *(\d{4}-\d\d-\d\d)", "\n".join(head))
    if version is None:
        raise SourceError(f"{path.name}:1: no line `# version: YYYY-MM-DD`")
    source = (
        "RxNorm, U.S. National Library of Medicine, public domain; fragment chosen by medparser"
    )
    return Release(version[1], "fragment", source, tuple(entries))


def _entry(
    rxcui: str, tty: str, name: str, ingredients: str, brand: str, strength: str, form: str
) -> Entry:
    parts = tuple(filter(None, ingredients.split("|")))
    drug = Drug(parts, brand, strength.replace("|", " / "), form)
    relation = {"BN": "tradename_of", "PIN": "form_of", "MIN": "has_part"}.get(
        tty, "has_ingredient"
    )
    properties = [Property("TTY", tty, "code")]
    properties += [Property(relation, part, "code") for part in parts]
    if brand:
        properties.append(Property("has_ingredient", brand, "code"))
    if drug.strength:
        properties.append(Property("strength", drug.strength))
    if form:
        properties.append(Property("dose_form", form))
    kind = DRUG_KINDS.get(tty, TermKind.CLINICAL_DRUG)
    return Entry(
        rxcui, name, properties=tuple(properties), names=(Name(name, kind),), tty=tty, drug=drug
    )
