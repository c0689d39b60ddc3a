"""RxNorm from an official release in Rich Release Format: RXNCONSO, RXNREL and RXNSAT.

Format: https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html (sections 12.4 to 12.7).
Only content with SAB=RXNORM is read. In RXNREL the second concept has the relation to the first.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from terminology.errors import SourceError
from terminology.source import DRUG_KINDS, Drug, Entry, Name, Release
from terminology.types import Designation, Property

FILES = {"RXNCONSO": 18, "RXNREL": 16, "RXNSAT": 13}  # number of columns
SYNONYMS = ("PSN", "SY", "TMSY")
CONCEPTS = (*DRUG_KINDS, "DF", "DFG")
ATTRIBUTES = {
    # RXNSAT's ATN: name of the property
    "RXN_AVAILABLE_STRENGTH": "strength",
    "RXN_STRENGTH": "strength",
    "RXN_QUANTITY": "quantity",
    "RXN_HUMAN_DRUG": "human_drug",
    "RXN_QUALITATIVE_DISTINCTION": "qualitative_distinction",
    "RXTERM_FORM": "rxterm_form",
}


@dataclass(slots=True)
class Atoms:
    """What RXNCONSO says of one RXCUI."""

    tty: str = ""
    name: str = ""
    active: bool = False
    synonyms: list[tuple[str, str]] = field(default_factory=list)


def files(folder: Path) -> tuple[Path, ...]:
    """RXNCONSO, RXNREL and RXNSAT of a release, plain or gzipped, in the folder or its rrf/.

    Raises SourceError that names the one that is missing.
    """
    return tuple(_file(folder, name) for name in FILES)


def read(folder: Path) -> Release:
    """The whole release; obsolete concepts are kept as inactive and have no names to match.

    Raises SourceError, with file and line, where a file is missing or a row is broken.
    """
    conso, rel, sat = files(folder)
    atoms = _atoms(conso)
    if not atoms:
        raise SourceError(f"{conso.name}: no row of SAB=RXNORM in it")
    relations = _relations(rel, atoms)
    attributes = _attributes(sat, atoms)
    drugs = _Drugs(atoms, relations, attributes)
    entries = [
        _entry(code, each, relations.get(code, []), attributes.get(code, []), drugs.of(code))
        for code, each in sorted(atoms.items())
    ]
    source = f"RxNorm, U.S. National Library of Medicine; {folder.name}"
    return Release(_version(folder, conso), "complete", source, tuple(entries))


def _file(folder: Path, name: str) -> Path:
    for place in (folder, folder / "rrf"):
        for suffix in (".RRF", ".RRF.gz", ".rrf", ".rrf.gz"):
            if (path := place / f"{name}{suffix}").exists():
                return path
    raise SourceError(f"{folder.name}: no {name}.RRF in the RxNorm folder or its rrf/")


def _version(folder: Path, conso: Path) -> str:
    """The date that the folder's name tells (RxNorm_full_04062026), else that of the file."""
    for name in (folder.name, folder.parent.name):
        if found := re.search(r"_(\d\d)(\d\d)(\d{4})", name):
            return f"{found[3]}-{found[1]}-{found[2]}"
    stamp = conso.stat().st_mtime
    return datetime.fromtimestamp(stamp).astimezone().strftime("%Y-%m-%d")


def _rows(path: Path) -> Iterator[list[str]]:
    """The rows of SAB=RXNORM, split, each with the right number of columns."""
    name = path.name.partition(".")[0].upper()
    columns = FILES[name]
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8") as lines:
        try:
            for number, line in enumerate(lines, start=1):
                row = line.rstrip("\r\n").split("|")
                if len(row) != columns + 1 or (not row[0].isdigit() and name != "RXNREL"):
                    raise SourceError(
                        f"{path.name}:{number}: {len(row) - 1} columns where {name} has {columns}"
                    )
                if "RXNORM" in row:
                    yield row
        except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise SourceError(f"{path.name}: not a whole UTF-8 file: {error}") from None


def _atoms(path: Path) -> dict[str, Atoms]:
    found: dict[str, Atoms] = defaultdict(Atoms)
    for row in _rows(path):
        code, sab, tty, name, suppress = row[0], row[11], row[12], row[14], row[16]
        if sab != "RXNORM" or suppress in ("Y", "E"):
            continue
        atoms = found[code]
        if tty in SYNONYMS:
            if suppress == "N" and name not in (each for _, each in atoms.synonyms):
                atoms.synonyms.append((tty, name))
        elif tty in CONCEPTS and (not atoms.tty or (suppress == "N" and not atoms.active)):
            atoms.tty, atoms.name, atoms.active = tty, name, suppress == "N"
    return {code: atoms for code, atoms in found.items() if atoms.tty}


def _relations(path: Path, atoms: dict[str, Atoms]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(path):
        to, code, relation, sab, suppress = row[0], row[4], row[7], row[10], row[14]
        known = relation and code in atoms and to in atoms
        if known and sab == "RXNORM" and suppress in ("", "N", "O"):
            found[code].append((relation, to))
    return {code: sorted(set(rows)) for code, rows in found.items()}


def _attributes(path: Path, atoms: dict[str, Atoms]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows(path):
        code, name, sab, value, suppress = row[0], row[8], row[9], row[10], row[11]
        if name in ATTRIBUTES and sab == "RXNORM" and suppress != "Y" and code in atoms:
            found[code].append((ATTRIBUTES[name], value))
    return {code: sorted(set(rows)) for code, rows in found.items()}


class _Drugs:
    """Composes a clinical drug's ingredients, brand, strength and form from its relations."""

    def __init__(
        self,
        atoms: dict[str, Atoms],
        relations: dict[str, list[tuple[str, str]]],
        attributes: dict[str, list[tuple[str, str]]],
    ) -> None:
        self._atoms, self._relations, self._attributes = atoms, relations, attributes

    def of(self, code: str) -> Drug | None:
        """The structure of one concept, None for a dose form."""
        if self._atoms[code].tty not in DRUG_KINDS:
            return None
        reached = self._reached(code)
        by_tty: dict[str, list[str]] = defaultdict(list)
        for each in reached:
            by_tty[self._atoms[each].tty].append(each)
        own_form = [to for name, to in self._relations.get(code, []) if name == "has_dose_form"]
        strength = [value for name, value in self._attributes.get(code, []) if name == "strength"]
        return Drug(
            tuple(by_tty["IN"]),
            by_tty["BN"][0] if by_tty["BN"] else "",
            strength[0] if strength else "",
            self._atoms[own_form[0]].name if own_form else "",
        )

    def _reached(self, code: str) -> list[str]:
        """What the drug consists of, at any depth, in the order in which it is met."""
        reached: dict[str, None] = {}
        pending = [code]
        down = {"consists_of", "has_ingredient", "contains", "has_part", "form_of", "tradename_of"}
        while pending:
            current = pending.pop()
            for relation, to in self._relations.get(current, []):
                leads = relation in down and not (
                    relation == "tradename_of" and self._atoms[current].tty != "BN"
                )
                if leads and to != code and to not in reached:
                    reached[to] = None
                    pending.append(to)
        return sorted(reached)


def _entry(
    code: str,
    atoms: Atoms,
    relations: list[tuple[str, str]],
    attributes: list[tuple[str, str]],
    drug: Drug | None,
) -> Entry:
    properties = [Property("TTY", atoms.tty, "code")]
    if not atoms.active:
        properties.append(Property("inactive", True, "boolean"))
    properties += [Property(name, to, "code") for name, to in relations]
    properties += [Property(name, value) for name, value in attributes]
    if drug is not None and drug.form:
        properties.append(Property("dose_form", drug.form))
    kind = DRUG_KINDS.get(atoms.tty)
    names = [atoms.name, *(name for _, name in atoms.synonyms)] if kind and atoms.active else []
    return Entry(
        code,
        atoms.name,
        designations=tuple(Designation(name, tty) for tty, name in atoms.synonyms),
        properties=tuple(properties),
        names=tuple(Name(name, kind) for name in names if kind),
        tty=atoms.tty,
        drug=drug,
    )
