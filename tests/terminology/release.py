"""Releases that tests make, and loading one in the form that users load it."""

from __future__ import annotations

from pathlib import Path

from terminology.loading import releases
from terminology.loading.source import Options
from terminology.opening import open_releases
from terminology.stored import Stored
from terminology.systems import FORMATS

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2031</version><chapter><name>1</name><desc>One</desc>
<section id="A00-A09"><desc>Intestines (A00-A09)</desc>
<diag><name>A00</name><desc>Cholera</desc>
<diag><name>A00.0</name><desc>Classical cholera</desc></diag>
<diag><name>A00.9</name><desc>Cholera, unspecified</desc></diag></diag>
</section></chapter></ICD10CM.tabular>
"""
ATOMS = [
    ("1", "IN", "amoxapril"),
    ("2", "IN", "zintamine"),
    ("3", "MIN", "amoxapril / zintamine"),
    ("4", "SCD", "amoxapril 5 MG / zintamine 10 MG Oral Tablet"),
    ("5", "SCD", "amoxapril 5 MG Oral Tablet"),
    ("6", "SCDC", "amoxapril 5 MG"),
    ("7", "SCDC", "zintamine 10 MG"),
]
RELATIONS = [
    ("1", "has_ingredient", "6"),
    ("2", "has_ingredient", "7"),
    ("6", "consists_of", "4"),
    ("7", "consists_of", "4"),
    ("6", "consists_of", "5"),
    ("1", "has_part", "3"),
    ("2", "has_part", "3"),
]


def tiny(folder: Path) -> dict[str, Path]:
    """Folders with a tiny release of ICD-10-CM and of RxNorm, by their aliases."""
    icd, rx = folder / "icd", folder / "rx"
    icd.mkdir()
    rx.mkdir()
    (icd / "icd10cm_tabular_2031.xml").write_text(TABULAR)
    (icd / "icd10cm_codes_2031.txt").write_text("A00\nA000\nA009\n")
    atoms = [f"{c}|ENG|||||||||" + f"|RXNORM|{t}|{c}|{n}||N||" for c, t, n in ATOMS]
    relations = [f"{a}||CUI|RO|{b}||CUI|{r}|1||RXNORM||||||" for a, r, b in RELATIONS]
    (rx / "RXNCONSO.RRF").write_text("\n".join(atoms) + "\n")
    (rx / "RXNREL.RRF").write_text("\n".join(relations) + "\n")
    (rx / "RXNSAT.RRF").write_text("")
    return {"icd10cm": icd, "rxnorm": rx}


def load(form: str, path: Path, data: Path, options: Options | None = None) -> Stored:
    """Loads into the data folder; gives what was loaded."""
    found = next(each for each in FORMATS if each.name == form)
    releases.load(data, found, path, options)
    return open_releases(data)[0]


def table(path: Path, *rows: str, end: str = "\n") -> Path:
    """A file of these lines, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(row + end for row in rows), encoding="utf-8")
    return path
