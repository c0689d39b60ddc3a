"""Further ways to write a name."""

from __future__ import annotations

import pytest

from terminology.coding.diagnoses.rewrite import british, diagnosis, plurals


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("lung abscess", ["lung abscesses"]),
        ("brain aneurysm", ["brain aneurysms"]),
        ("fracture of the hip", ["fractures of the hip"]),
        ("pulmonary embolus", ["pulmonary emboli"]),
        ("liver metastasis", ["liver metastases"]),
        ("hives", []),
        ("throwing up", []),
        ("flu", []),
        ("", []),  # else "s" would name all that has no British spelling
    ],
)
def test_plurals(name: str, several: list[str]) -> None:
    assert list(plurals(name)) == several


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("anemia of chronic disease", "anaemia of chronic disease"),
        ("mesenteric ischemia", "mesenteric ischaemia"),
        ("ischemic colitis", "ischaemic colitis"),
        ("Preterm labor", "preterm labour"),
        ("atypical nevi", "atypical naevi"),
        ("tracheoesophageal fistula", "tracheo-oesophageal fistula"),
        ("epidemic typhus", ""),
        ("systemic sclerosis", ""),
        ("asthma", ""),
    ],
)
def test_british_spelling(name: str, written: str) -> None:
    assert british(name) == written


def test_no_name_ends_within_a_phrase() -> None:
    names = list(diagnosis("Avulsion of unspecified eye"))
    assert "Avulsion of eye" in names
    assert "Avulsion of" not in names
