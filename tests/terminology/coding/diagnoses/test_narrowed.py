"""Names with words that choose among the codes beside the one named."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.diagnoses.narrowed import NARROWED
from terminology.service import Terminology

ICD10CM = "icd10cm"


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("CAD with unstable angina", "I25.110"),
        ("flu A with pneumonia", "J10.00"),
        ("wet macular degeneration right eye active", "H35.3211"),
        ("primary open angle glaucoma both eyes severe stage", "H40.1133"),
        ("anemia in pregnancy third trimester", "O99.013"),
        ("migraine with status migrainosus", "G43.901"),
        ("vascular dementia with agitation", "F01.511"),
        ("fracture of left distal radius closed", "S52.502A"),
        ("chronic salpingo-oophoritis", "N70.13"),
    ],
)
def test_words_beside_a_name_choose(terminology: Terminology, phrase: str, code: str) -> None:
    assert terminology.match(phrase, ICD10CM, 1)[0].code == code


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("herpes zona", "B02"),  # a category is named by all the words
        ("pulmonary artery embolism", "I26"),
        ("congenital choledochal cyst", "Q44.4"),  # no title beside it is of a cyst
    ],
)
def test_what_is_named_is_kept(terminology: Terminology, phrase: str, code: str) -> None:
    assert terminology.match(phrase, ICD10CM, 1)[0].code == code


@pytest.mark.parametrize(
    "phrase", ["glaucoma right eye severe", "otitis right ear recurrent", "hepatitis with coma"]
)
def test_no_kind_is_chosen_that_nobody_told(terminology: Terminology, phrase: str) -> None:
    assert terminology.match(phrase, ICD10CM, 1)[0].score < NARROWED


def test_a_deaf_ear_has_its_side(terminology: Terminology) -> None:
    assert terminology.match("conductive hearing loss left ear", ICD10CM, 1)[0].code == "H90.12"


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("stomach problems", "K31.9"),  # of no cancer, which its table names first
        ("ovary problem", "N83.9"),
        ("nerve problems", "G58.9"),
        ("skin issues", "L98.9"),
        ("bad blood", "A53.9"),
    ],
)
def test_problems_of_a_part_are_vague(terminology: Terminology, phrase: str, code: str) -> None:
    assert terminology.match(phrase, ICD10CM, 1)[0].code == code


def test_initials_are_no_slip_of_others(terminology: Terminology) -> None:
    assert all(each.score < 0.6 for each in terminology.match("XYZ syndrome", ICD10CM, 3))
    assert not terminology.match("PRN", ICD10CM, 1)
