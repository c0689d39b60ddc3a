"""What came of an event, and what a week count stands beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.diagnoses.happened import came
from terminology.service import Terminology


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("fell off ladder with rib fractures left", "rib fractures left"),
        ("fell down stairs, wrist pain right", "wrist pain right"),
        ("hit by car, broken tibia left", "broken tibia left"),
        ("MVC, neck pain", "neck pain"),
        ("stabbed in the left chest", "stab wound left chest"),
        ("shot in leg", "gunshot wound leg"),
        ("pre-eclampsia 34 weeks", "pre eclampsia"),
        ("twin pregnancy at 20 weeks", "twin pregnancy"),
        ("placenta previa 32 weeks gestation", "placenta previa"),
        ("fell down stairs", "fell down stairs"),
        ("fell with walker", "fell with walker"),
        ("fell down stairs, 2 days ago", "fell down stairs 2 days ago"),
        ("stabbed by a stranger", "stabbed by a stranger"),
        ("pregnant 20 weeks", "pregnant 20 weeks"),
        ("pregnancy 34 weeks", "pregnancy 34 weeks"),
        ("newborn 34 weeks", "newborn 34 weeks"),
    ],
)
def test_what_came_of_it(text: str, matter: str) -> None:
    assert came(text) == matter


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pneumonia, denies chest pain", "J18.9"),
        ("headache, negative for meningitis", "R51.9"),
        ("nausea w/out vomiting", "R11.0"),
        ("cough and fever, no SOB", "R05.9"),
        ("cellulitis afebrile", "L03.90"),
        ("# L1 vertebra", "S32.019A"),
        ("hit by car, broken tibia left", "S82.202A"),
        ("fell down stairs, wrist pain right", "M25.531"),
        ("fell down stairs", "W10.9XXA"),
        ("stabbed in chest", "S21.119A"),
        ("20 weeks pregnant", "Z3A.20"),
        ("cirrhosis with ascites", "K74.60"),
        ("melanoma left calf", "C43.72"),
        ("cut finger L index", "S61.211A"),
    ],
)
def test_the_matter_is_coded(data: Path, text: str, code: str) -> None:
    terminology = Terminology.open(data)
    assert terminology.match(text, "icd10cm")[0].code == code
