"""Text to ICD-10-CM over the shipped index: one code first, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.service import Terminology
from terminology.types import Method
from tests.growth import linear


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(
    ("text", "code", "method"),
    [
        ("Type 2 diabetes mellitus without complications", "E11.9", Method.EXACT),
        ("type 2 diabetes mellitus", "E11.9", Method.EXACT),
        ("malignant neoplasm of larynx", "C32", Method.EXACT),
        ("type 2 diabetes mellitus NOS", "E11.9", Method.FUZZY),
        ("heart attack", "I21.9", Method.SYNONYM),
        ("high blood pressure", "I10", Method.SYNONYM),
        ("DM2", "E11.9", Method.ABBREVIATION),
        ("HTN", "I10", Method.ABBREVIATION),
        ("breast cancer", "C50.919", Method.SYNONYM),
        ("pain in left knee", "M25.562", Method.EXACT),
        ("kidny stone", "N20.0", Method.SYNONYM),
        ("oedema of larynx", "J38.4", Method.EXACT),
        ("dementia", "F03", Method.EXACT),
        ("abrasion of hand", "S60.519A", Method.EXACT),
        ("open fracture of shaft of right tibia", "S82.201B", Method.FUZZY),
    ],
)
def test_diagnoses(terminology: Terminology, text: str, code: str, method: Method) -> None:
    best = terminology.match(text, "icd10cm")[0]
    assert (best.code, best.method) == (code, method)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hip fx left", "S72.002A"),
        ("RUE cellulitis", "L03.113"),
        ("LUE cellulitis", "L03.114"),
        ("left carpal tunnel syndrome", "G56.02"),
        ("dry eyes bilateral", "H04.123"),
        ("knee pain R", "M25.561"),
        ("left heart failure", "I50.1"),  # a side that is a part of the name
        ("b/l knee OA", "M17.0"),  # of an unspecified osteoarthritis, the primary one
        ("POAG OS", "H40.1120"),
        ("cut on my left hand", "S61.412A"),
        ("deaf in the right ear", "H91.91"),
        ("L hemiparesis", "G81.94"),  # of the hand that is not dominant
        ("left pleural effusion", "J90"),  # no code tells of its side
        ("cellulitis of right arm", "L03.113"),  # the arm is the upper limb
        ("axillary abscess left", "L02.412"),  # of the limb, but for the side of the axilla
        ("boil on right thigh", "L02.425"),  # the thigh is of the leg
        ("#NOF left", "S72.002A"),
        ("right foot ulcer", "L97.51"),  # how deep, nobody told
    ],
)
def test_a_side_that_is_named(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("type 2 diabetes with ckd stage 3", "E11.22"),
        ("T2DM c/b retinopathy", "E11.319"),
        ("T1DM with DKA", "E10.10"),
        ("ckd stage 4", "N18.4"),
    ],
)
def test_combinations_and_their_numbers(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("CAP", ["J18.9", "C61"]),
        ("BPD", ["F60.3", "F31.9", "P27.1"]),
        ("UC", ["K51.90"]),
        ("AKI", ["N17.9"]),
    ],
)
def test_letters_of_several_meanings_give_the_commonest_first(
    terminology: Terminology, text: str, codes: list[str]
) -> None:
    found = terminology.match(text, "icd10cm", len(codes))
    assert [each.code for each in found] == codes
    assert all(each.score < 0.9 for each in found)


def test_shorthand_with_a_slash_is_read_in_full(terminology: Terminology) -> None:
    for text, code in (("eating d/o", "F50.9"), ("Crohn's dz", "K50.90"), ("AKI d/t ATN", "N17.0")):
        assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hepatitus c", "B19.20"),
        ("diverticulitus", "K57.92"),
        ("skizophrenia", "F20.9"),
        ("cirosis", "K74.60"),
        ("shingels", "B02.9"),
    ],
)
def test_a_misspelt_word_is_the_one_it_is_most_like(
    terminology: Terminology, text: str, code: str
) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I have had a really bad cough for 3 days", "R05.9"),
        ("my dad had a stroke", "Z82.3"),
        ("low back pain after lifting boxes", "M54.50"),
        ("trouble sleeping at night", "G47.00"),
    ],
)
def test_what_is_said_around_it_is_no_part_of_it(
    terminology: Terminology, text: str, code: str
) -> None:
    assert code in [each.code for each in terminology.match(text, "icd10cm", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "yes",
        "table",
        "happy",
        "left knee",
        "no chest pain",
        "denies fever",
        "no evidence of stroke",
        "covid negative",
        "negative strep test",
        "nonsmoker",
        "doesn't smoke",
        "well controlled",
        "severely",
        "afebrile",
        "not pregnant",
        "absence of fever",
        "seizure free",
        "walking",
        "meeting",
        "x",
    ],
)
def test_no_disorder_gives_no_code(terminology: Terminology, text: str) -> None:
    assert terminology.match(text, "icd10cm") == ()


def test_letters_that_are_a_word_have_to_be_capitals(terminology: Terminology) -> None:
    assert terminology.match("HI", "icd10cm")[0].code == "R45.850"


def test_letters_come_after_what_the_word_means(terminology: Terminology) -> None:
    for text in ("cold", "Cold"):
        assert [m.code for m in terminology.match(text, "icd10cm", 2)] == ["J00", "J44.9"]


@pytest.mark.parametrize(
    ("text", "code", "plain"),
    [
        ("tennis elbow", "M77.1", "M77.10"),  # which elbow is to be told
        ("PTSD", "F43.1", "F43.10"),
        ("breast cancer", "C50.919", None),  # named of a part that is unspecified itself
        ("colon cancer", "C18.9", None),  # a category has its plain code
        ("gallstones", "K80.20", None),  # what is absent unless it is told
        ("broken wrist", "S62.109A", None),  # an initial encounter unless another is told
        ("tennis elbow left", "M77.12", None),
        ("constipation NOS", "K59.00", None),
    ],
)
def test_a_name_gives_the_subcategory_that_its_words_support(
    terminology: Terminology, text: str, code: str, plain: str | None
) -> None:
    first, second = terminology.match(text, "icd10cm", 2)
    assert first.code == code
    assert plain in (None, second.code)


def test_what_is_missing_is_a_disorder_where_a_name_says_so(terminology: Terminology) -> None:
    for text, code in (
        ("no appetite", "R63.0"),
        ("not sleeping", "G47.0"),
        ("pregnancy test negative", "Z32.02"),
        ("Rh negative", "Z67.91"),
    ):
        assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("resolved pneumonia", "Z87.01"),
        ("i have a cold", "J00"),  # the letters COLD mean another
        ("can't move my arm", "G83.20"),
        ("my eyes are itchy", "H57.89"),
        ("L2 compression fracture", "S32.020A"),  # a number is no typing error
        ("dog bit my leg", "S81.859A"),
        ("L pleural eff", "J90"),
        ("left main disease", "I25.10"),
        ("LAD disease", "I25.10"),
        ("pressure ulcer sacrum stage 3", "L89.153"),
        ("thirsty", "R63.1"),
        ("side effects of prednisone", "T38.0X5A"),
        ("dog bite left forearm", "S51.852A"),
        ("closed fracture of left distal radius, subsequent encounter", "S52.502D"),
        ("walking aids", "Z99.89"),
        ("fear of cancer", "F45.29"),
        ("poorly healing wound", "T14.8XXA"),  # no aftercare
        ("surgical wound not healing", "T81.89XA"),
        ("healing fracture of left wrist", "S62.102D"),
    ],
)
def test_what_a_coder_would_give(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("varic veins leg", "I83.90"),  # cut short of a word that means one of the names'
        ("Syst lupus erythematosus", "M32.9"),  # of several words the one that fits the others
        ("Fit/adjust insulin pump", "Z46.81"),
        ("Late eff trachoma", "B94.0"),
        ("Iris/cil body dis in oth dis", "H22"),
        ("Leg abort w shock", "O04.81"),
        ("Myasthenia in oth dis", "G73.3"),
        ("3rd deg burn back", "T21.33XA"),
    ],
)
def test_titles_as_claims_clip_them(terminology: Terminology, text: str, code: str) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


def test_an_organ_alone_is_no_cancer(terminology: Terminology) -> None:
    for text in ("lazy spleen", "grumbling liver", "funny kidneys", "grumbly kidney"):
        best = terminology.match(text, "icd10cm")[0]
        assert best.code[0] not in "CDQT"
        assert best.score < 0.75


def test_what_is_written_every_day_gives_the_plain_code(terminology: Terminology) -> None:
    for text, code in (("colon cancer", "C18.9"), ("psoriasis", "L40.9"), ("BPH", "N40.0")):
        assert terminology.match(text, "icd10cm")[0].code == code


def test_the_billable_default_follows_a_category(terminology: Terminology) -> None:
    for text, default in (
        ("malignant neoplasm of larynx", "C32.9"),
        ("xeroderma of eyelid", "H01.149"),
    ):
        first, second = terminology.match(text, "icd10cm", 2)
        assert not terminology.is_billable(first.code)
        assert second.code == terminology.default(first.code) == default


def test_what_people_call_an_injury_is_found_in_any_order(terminology: Terminology) -> None:
    for text, code in (
        ("finger cut", "S61.219A"),
        ("gash on the knee", "S81.019A"),
        ("broke my wrist", "S62.109A"),
        ("something in my eye", "T15.90XA"),
        ("healing wrist fracture", "S62.109D"),
    ):
        assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sepsis without shock", "A41.9"),
        ("asthma w/o exacerbation", "J45.909"),
        ("COPD without exacerbation", "J44.9"),
        ("GERD w/o esophagitis", "K21.9"),
        ("type 2 diabetes without neuropathy", "E11.9"),
        ("hypertension with no heart failure", "I10"),
        ("tonsillitis, no abscess", "J03.90"),
        ("migraine w/o aura", "G43.009"),
        ("migraine with or without aura", "G43.909"),
        ("concussion without loss of consciousness", "S06.0X0A"),
        ("umbilical hernia without obstruction", "K42.9"),
    ],
)
def test_what_is_not_there_is_no_part_of_the_code(
    terminology: Terminology, text: str, code: str
) -> None:
    assert terminology.match(text, "icd10cm")[0].code == code


@pytest.mark.parametrize(
    ("above", "default"),
    [
        ("G43.0", "G43.009"),
        ("H66.0", "H66.009"),
        ("M06.01", "M06.019"),
        ("S81.81", "S81.819A"),
        ("S31.11", "S31.119A"),
        ("K40.9", "K40.90"),
        ("F03.9", "F03.90"),
    ],
)
def test_a_default_names_no_side_and_no_complication(
    terminology: Terminology, above: str, default: str
) -> None:
    assert terminology.default(above) == default


@pytest.mark.parametrize("run", ["open wound ", "healing open ", "no pain but "])
def test_long_runs(terminology: Terminology, run: str) -> None:
    assert linear(lambda size: terminology.match(run * size, "icd10cm", 1), 4_000)
