"""LOINC: a small table made here, with and without the hierarchy, and broken rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.errors import SourceError
from terminology.loading.source import Options
from tests.terminology.release import load, table

HEAD = (
    '"LOINC_NUM","COMPONENT","PROPERTY","TIME_ASPCT","SYSTEM","SCALE_TYP","METHOD_TYP","CLASS",'
    '"VersionLastChanged","STATUS","CONSUMER_NAME","SHORTNAME","RELATEDNAMES2","LONG_COMMON_NAME"'
)
ROWS = (
    '"4548-4","Hemoglobin A1c/Hemoglobin.total","MFr","Pt","Bld","Qn","","HEM/BC","2.77","ACTIVE",'
    '"Hemoglobin A1c","HbA1c MFr Bld","glycohemoglobin; HgbA1c","Hemoglobin A1c/Hemoglobin.total in Blood"',
    '"2345-7","Glucose","MCnc","Pt","Ser/Plas","Qn","","CHEM","2.9","ACTIVE","","Glucose SerPl-mCnc",'
    '"","Glucose [Mass/volume] in Serum, ""or"" Plasma"',
    '"1-8","Acyclovir","Susc","Pt","Isolate","OrdQn","MIC","ABXBACT","2.10","DEPRECATED","","","",""',
)
TREE = (
    "PATH_TO_ROOT,SEQUENCE,IMMEDIATE_PARENT,CODE,CODE_TEXT",
    ",1,,LP432695-7,{component}",
    "LP432695-7,1,LP432695-7,LP31388-9,Chemistry",
    'LP432695-7.LP31388-9,1,LP31388-9,2345-7,"Glucose, serum"',
)


def release(folder: Path, *rows: str) -> Path:
    home = folder / "Loinc_2.78"
    table(home / "LoincTable" / "Loinc.csv", HEAD, *(rows or ROWS))
    tree = home / "AccessoryFiles" / "ComponentHierarchyBySystem"
    table(tree / "ComponentHierarchyBySystem.csv", *TREE)
    return home


def test_terms_and_their_parts(tmp_path: Path) -> None:
    loinc = load("loinc", release(tmp_path), tmp_path / "data")
    assert (loinc.url, loinc.version) == ("http://loinc.org", "2.78")
    assert loinc.display("2345-7") == 'Glucose [Mass/volume] in Serum, "or" Plasma'
    assert loinc.display("1-8") == "Acyclovir:Susc:Pt:Isolate:OrdQn:MIC"
    told = {(p.code, p.value) for p in loinc.lookup("4548-4").properties}
    assert {("SCALE_TYP", "Qn"), ("CLASS", "HEM/BC"), ("STATUS", "ACTIVE")} <= told
    assert loinc.is_inactive("1-8")
    assert loinc.subsumes("LP432695-7", "2345-7")
    assert loinc.is_abstract("LP31388-9")
    assert loinc.parents("4548-4") == []


def test_related_names_find_a_term(tmp_path: Path) -> None:
    loinc = load("loinc", release(tmp_path), tmp_path / "data")
    assert loinc.match("hgba1c", 3)[0].code == "4548-4"
    assert "glycohemoglobin; HgbA1c" not in {d.value for d in loinc.lookup("4548-4").designations}
    assert list(loinc.search("gluc ser")) == ["2345-7"]
    assert loinc.matches("2345-7", "gluc ser")


def test_the_table_alone_tells_its_version(tmp_path: Path) -> None:
    file = table(tmp_path / "Loinc.csv", HEAD, *ROWS)
    assert load("loinc", file, tmp_path / "data").version == "2.77"  # newer than 2.9 and 2.10
    assert load("loinc", file, tmp_path / "data", Options(version="9")).version == "9"


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (('"4548-4","a"',), r"Loinc\.csv:2: 2 cells"),
        ((*ROWS, ROWS[0]), r"Loinc\.csv:5: code '4548-4' occurs twice"),
        ((ROWS[0].replace("4548-4", "x"),), r"Loinc\.csv:2: 'x' is no LOINC number"),
        ((ROWS[0], '"2345-7","never ends'), r"Loinc\.csv:3"),
    ],
)
def test_broken_rows_are_located(tmp_path: Path, rows: tuple[str, ...], place: str) -> None:
    with pytest.raises(SourceError, match=place):
        load("loinc", release(tmp_path, *rows), tmp_path / "data")


def test_a_table_of_other_columns(tmp_path: Path) -> None:
    file = table(tmp_path / "Loinc.csv", "LOINC_NUM,STATUS", "1-8,ACTIVE")
    with pytest.raises(SourceError, match=r"Loinc\.csv:1: no column CLASS COMPONENT"):
        load("loinc", file, tmp_path / "data")
