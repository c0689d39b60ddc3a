"""A side is kept wherever a phrase tells it, and what is there beside what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.diagnoses.denial import but_for
from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ACL tear R knee", "S83.511A"),
        ("R shoulder rotator cuff tear", "M75.101"),
        ("PAD with rest pain R leg", "I70.221"),
        ("back pain with left sciatica", "M54.42"),
        ("varicose veins w/o ulcer left leg", "I83.92"),
        ("varicose veins left leg w/o ulcer", "I83.92"),
        ("DVT without PE right leg", "I82.401"),
        ("asthma without left lung collapse", "J45.909"),
        ("diabetes with neuropathy but without nephropathy", "E11.40"),
        ("preeclampsia without severe features", "O14.0"),
        ("pre-eclampsia w/o severe features", "O14.0"),
    ],
)
def test_the_side_and_what_is_there(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm", 1)[0].code == code


@pytest.mark.parametrize(
    ("normal", "there"),
    [
        ("dvt without pe right leg", "dvt right leg"),
        ("varicose veins w o ulcer of the left leg", "varicose veins left leg"),
        ("gout but without tophi", "gout"),
    ],
)
def test_a_side_behind_what_is_missing(normal: str, there: str) -> None:
    said, missing = but_for(normal)
    assert said == there
    assert missing.isdisjoint(("left", "right", "leg"))
