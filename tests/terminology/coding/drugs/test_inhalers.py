"""Labels of inhalers that are sold abroad name the product of that strength."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.drugs.inhalers import inhaled
from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


SAME = """
Symbicort 200/6 2 puffs bd = Symbicort 160/4.5 2 puffs bd
Symbicort Turbohaler 100/6 = Symbicort 80/4.5
Seretide 250/25 = Advair HFA 230/21
Relvar Ellipta 184/22 od = Breo Ellipta 200/25 daily
Anoro Ellipta 55/22 = Anoro Ellipta 62.5/25
"""


@pytest.mark.parametrize("line", SAME.strip().splitlines())
def test_labels_abroad(terminology: Terminology, line: str) -> None:
    theirs, ours = (terminology.match(text, "rxnorm", 1)[0].display for text in line.split(" = "))
    assert theirs.partition(" [")[0] == ours.partition(" [")[0]


@pytest.mark.parametrize("text", ["symbicort 160/4.5", "seretide 500/50", "relvar on 12/22/2024"])
def test_other_labels_stay(text: str) -> None:
    assert inhaled(text) == text
