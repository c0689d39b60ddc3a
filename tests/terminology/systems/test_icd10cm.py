"""ICD-10-CM: the release that ships against the official order file, and releases in a folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from terminology.entry import Entry
from terminology.errors import SourceError
from terminology.systems import icd10cm
from tests.reference import reference

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular><version>2031</version>
<chapter><name>9</name><desc>Chapter nine</desc>
<section id="B99"><desc>A block of one category (B99)</desc>
<diag><name>B99</name><desc>Sprain</desc>
<inclusionTerm><note>Twist</note></inclusionTerm><excludes1><note>break (B98)</note></excludes1>
<sevenChrDef><extension char="A">initial encounter</extension><extension char="D">later</extension>
</sevenChrDef>
<diag><name>B99.0</name><desc>Sprain of toe</desc></diag>
</diag></section></chapter></ICD10CM.tabular>
"""


@cache
def shipped() -> dict[str, Entry]:
    """The release that ships, by code."""
    return {entry.code: entry for entry in icd10cm.read().entries}


def order_line(number: int, code: str, billable: int, title: str) -> str:
    """A line of an official order file."""
    return f"{number:05} {code:<7} {billable} {title:<60} {title}"


def folder_with(tmp_path: Path, listing: str, tabular: str = TABULAR) -> Path:
    """A release folder named as CMS names its files."""
    (tmp_path / "icd10cm_tabular_2031.xml").write_text(tabular)
    (tmp_path / "icd10cm_order_2031.txt").write_text(listing)
    return tmp_path


def test_the_shipped_release_is_whole() -> None:
    codes = shipped()
    assert len(codes) == 98_186
    assert sum(entry.billable for entry in codes.values()) == 74_719
    assert icd10cm.read().version == "2026-04"


def test_codes_titles_and_flags_agree_with_the_order_file() -> None:
    lines = reference("data/terminology/icd10cm_order.tsv").read_text(encoding="utf-8").splitlines()
    official = [line.split("\t") for line in lines[1:]]
    assert {row[0] for row in official} == set(shipped())
    wrong = [
        row[0]
        for row in official
        if shipped()[row[0]].display != row[3] or shipped()[row[0]].billable != (row[1] == "1")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "title", "parent"),
    [
        ("I10", "Essential (primary) hypertension", ""),
        ("B99", "Other and unspecified infectious diseases", ""),  # also the name of a block
        ("E11.9", "Type 2 diabetes mellitus without complications", "E11"),
        ("T36.0X1A", "Poisoning by penicillins, accidental (unintentional), initial encounter", "T36.0X1"),
        ("V00.01XD", "Pedestrian on foot injured in collision with roller-skater, subsequent encounter", "V00.01"),
    ],
)  # fmt: skip
def test_hierarchy_and_composed_titles(code: str, title: str, parent: str) -> None:
    entry = shipped()[code]
    assert (entry.display, entry.parent) == (title, parent)


def test_letters_stand_second_in_some_codes() -> None:
    assert any(code[1].isalpha() for code in shipped())


def test_every_parent_exists_and_none_is_billable() -> None:
    codes = shipped()
    parents = {entry.parent for entry in codes.values() if entry.parent}
    assert parents <= set(codes)
    assert not any(codes[parent].billable for parent in parents)


def test_notes_and_inclusion_terms() -> None:
    kinds = {each.code for entry in shipped().values() for each in entry.properties}
    assert kinds == {
        "kind", "chapter", "block", "includes", "excludes1", "excludes2", "codeFirst",
        "useAdditionalCode", "codeAlso", "note", "seventhCharacter",
    }  # fmt: skip
    assert sum(len(entry.designations) for entry in shipped().values()) > 6_500


def test_a_folder_with_the_official_files(tmp_path: Path) -> None:
    listing = "\n".join(
        [
            order_line(1, "B99", 0, "Sprain"),
            order_line(2, "B990", 0, "Sprain of toe"),
            order_line(3, "B990XXA", 1, "Sprain of toe, initial encounter"),
        ]
    )
    release = icd10cm.read(folder_with(tmp_path, listing))
    assert release.version == "2031"
    assert [(e.code, e.parent, e.billable) for e in release.entries] == [
        ("B99", "", False),
        ("B99.0", "B99", False),
        ("B99.0XXA", "B99.0", True),
    ]
    assert release.entries[0].designations[0].value == "Twist"
    assert release.entries[2].display == "Sprain of toe, initial encounter"


def test_a_list_of_codes_alone_will_do(tmp_path: Path) -> None:
    release = icd10cm.read(folder_with(tmp_path, "B99\nB99.0\nB990XXA\nB990XXD\n"))
    assert [entry.code for entry in release.entries if entry.billable] == ["B99.0XXA", "B99.0XXD"]


def test_a_list_of_valid_codes_tells_their_titles(tmp_path: Path) -> None:
    listing = "\ufeffB990XXA Sprain of toe, told otherwise\r\nB990XXD Sprain of toe, later\r\n"
    release = icd10cm.read(folder_with(tmp_path, listing))
    assert [(e.code, e.display, e.billable) for e in release.entries] == [
        ("B99", "Sprain", False),
        ("B99.0", "Sprain of toe", False),
        ("B99.0XXA", "Sprain of toe, told otherwise", True),
        ("B99.0XXD", "Sprain of toe, later", True),
    ]
    (tmp_path / "icd10cm_order_2031.txt").write_bytes(b"B990XXA Sprain \xe9\n")
    with pytest.raises(SourceError, match=r"order_2031\.txt:1: not utf-8"):
        icd10cm.read(tmp_path)


@pytest.mark.parametrize(
    ("listing", "tabular", "place"),
    [
        ("B99\nB990 garbage\n", TABULAR, "icd10cm_order_2031.txt:2"),
        ("B99\nZ999\n", TABULAR, "Z999"),
        ("B99\n", TABULAR.replace("</chapter>", ""), "icd10cm_tabular_2031.xml:10"),
        ("B99\n", "<nothing/>", "icd10cm_tabular_2031.xml:1"),
    ],
)
def test_broken_files_are_located(tmp_path: Path, listing: str, tabular: str, place: str) -> None:
    with pytest.raises(SourceError, match=place):
        icd10cm.read(folder_with(tmp_path, listing, tabular))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="tabular"):
        icd10cm.read(tmp_path)
