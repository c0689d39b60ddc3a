"""Further ways to write a name."""

from __future__ import annotations

import pytest

from terminology.coding.expand import plurals


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
