"""A condition beside a pregnancy has a code of chapter O first, of the stage that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.coding.diagnoses.pregnancy import Told, told
from terminology.index import phrase_of
from terminology.service import Terminology


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Epilepsy-antepartum", Told("epilepsy", "pregnancy", "")),
        ("Epilepsy-antepar", Told("epilepsy", "pregnancy", "")),
        ("epilepsy in pregnancy, antepartum", Told("epilepsy", "pregnancy", "")),
        ("epilepsy in pregnancy, 3rd trimester", Told("epilepsy", "pregnancy", "third")),
        ("pregnancy complicated by epilepsy", Told("epilepsy", "pregnancy", "")),
        ("Epilepsy-deliv", Told("epilepsy", "childbirth", "")),
        ("epilepsy affecting pregnancy, delivered", Told("epilepsy", "childbirth", "")),
        ("Epilepsy-del w p/p", Told("epilepsy", "puerperium", "")),
        ("epilepsy postpartum", Told("epilepsy", "puerperium", "")),
        ("cesarean deliv", None),
        ("normal delivery", None),
        ("fear of pregnancy", None),
        ("first trimester", None),
    ],
)
def test_the_stage_that_is_told(text: str, read: Told | None) -> None:
    assert told(text, phrase_of(text)) == read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Thyroid dysfunc-antepart", "O99.280"),  # a kind of conditions
        ("hypothyroidism in pregnancy, antepartum", "O99.280"),
        ("asthma affecting pregnancy in second trimester", "O99.512"),
        ("Epilepsy-postpartum", "O99.355"),
        ("HSV in pregnancy", "O98.519"),
        ("COVID-19 affecting pregnancy in third trimester", "O98.513"),
        ("previous cesarean delivery affecting pregnancy", "O34.219"),
        ("hx of preterm labor in pregnancy, second trimester", "O09.212"),
        ("tobacco use in pregnancy", "O99.330"),
        ("Anemia-delivered", "O99.02"),  # a name of its own
        ("Spotting-antepartum", "O26.859"),
        ("GDM-antepartum", "O24.41"),
        ("Varic vein leg-del w p/p", "O87.4"),
        ("placenta previa, third trimester", "O44"),  # of chapter O by itself
        ("Mild preeclamp-deliv", "O14.04"),
        ("supervision of normal pregnancy in first trimester", "Z34.91"),
        ("miscarriage in first trimester", "O03.9"),  # no pregnancy that went on
        ("postpartum depression", "F53.0"),  # a name
        ("Fibroids-delivered", "O34.10"),  # no code is of the birth
        ("Preg compl NEC-postpart", "O90.89"),
    ],
)
def test_the_code_of_the_stage(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


def test_each_trimester_is_offered_where_none_is_told(terminology: Terminology) -> None:
    found = [each.code for each in terminology.match("HSV in pregnancy", "icd10cm", count=5)]
    assert found == ["O98.519", "B00.9", "O98.511", "O98.512", "O98.513"]


@pytest.mark.parametrize(
    "text",
    [
        "asthma not in pregnancy",
        "normal glucose in pregnancy",
        "erectile dysfunction in pregnancy",
        "prostate cancer in pregnancy",
    ],
)
def test_what_is_denied_or_of_males_complicates_none(terminology: Terminology, text: str) -> None:
    assert not any(each.code[0] == "O" for each in terminology.match(text, "icd10cm", count=5))
