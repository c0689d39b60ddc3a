"""Packs go by what people call them, and by any word for a beginning."""

from __future__ import annotations

import pytest

from terminology.coding.drugs.packs import pack_names


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("Z-PAK", "Zpak"),
        ("Z-PAK", "Z pack"),
        ("Medrol Dosepak", "Medrol dosepack"),
        ("Chantix Starting Month PAK", "Chantix starter kit"),
        ("Savella 4-Week Titration Pack", "Savella titration pak"),
        ("{74 (a 5 MG Oral Tablet) } Pack [Eliquis 30-Day Starter Pack]", "Eliquis starter pack"),
        ("{28 (a 5 MG Oral Tablet) } Pack [Yasmin 28 Day]", "Yasmin 28 Day pack"),
    ],
)
def test_other_names(name: str, also: str) -> None:
    assert also in pack_names(name)


def test_what_is_no_pack_has_none() -> None:
    assert not list(pack_names("Yasmin"))
    assert not list(pack_names("{28 (a 5 MG Oral Tablet) } Pack"))
