"""The sites that a cancer is told to have spread to."""

from __future__ import annotations

import pytest

from nlp.mentions import spread


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("metastatic pancreatic cancer to liver, declining", ["liver"]),
        ("melanoma metastatic to the brain and lungs.", ["brain", "lungs"]),
        ("metastasized to bone", ["bone"]),
        ("metastatic cancer. sent to liver clinic", []),
        ("pain spread to the spine", []),
    ],
)
def test_told(text: str, sites: list[str]) -> None:
    assert [text[a:b] for a, b in spread.find(text)] == sites
