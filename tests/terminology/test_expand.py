"""Further ways to write a name."""

from __future__ import annotations

import pytest

from terminology.coding.expand import packed, plurals


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
    ],
)
def test_plurals(name: str, several: list[str]) -> None:
    assert list(plurals(name)) == several


def test_packs_by_how_they_are_written() -> None:
    assert "Z pack" in packed("Z-PAK")
    assert "Zpak" in packed("Z-PAK")
    assert "Medrol dosepack" in packed("Medrol Dosepak")
    assert not list(packed("Yasmin"))
