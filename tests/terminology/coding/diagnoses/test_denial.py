"""What a phrase says is not there, and texts that name no disorder."""

from __future__ import annotations

import pytest

from terminology.coding.diagnoses.denial import absent, denied, empty, lacks, undenied
from terminology.coding.lexicon import EVERYDAY, PARTS
from terminology.index import phrase_of


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("hi", True),
        ("Hello", True),
        ("left knee", True),
        ("the old table", True),
        ("afebrile", True),
        ("alert and oriented", True),
        ("x", True),
        ("lungs clear bilaterally", True),
        ("abdomen soft, non tender", True),
        ("BP normal", True),
        ("skin intact", True),
        ("severely", True),
        ("well controlled", True),
        ("poorly tolerated", True),
        ("severely demented", False),
        ("clear cell", False),
        ("soft tissue", False),
        ("BP high", False),
        ("normal pressure hydrocephalus", False),
        ("n v d", False),
        ("knee pain", False),
        ("AS spine", False),
        ("baby blues", False),
    ],
)
def test_words_that_name_no_disorder(text: str, nothing: bool) -> None:
    assert empty(text, phrase_of(text)) is nothing


def test_everyday_words_are_no_parts_of_the_body() -> None:
    assert EVERYDAY
    assert not EVERYDAY & PARTS


@pytest.mark.parametrize(
    ("phrase", "is_denied", "is_absent"),
    [
        ("denies chest pain", True, False),
        ("negative for flu", True, True),
        ("ruled out mi", True, False),
        ("denies chest pain but has cough", False, False),
        ("no history of dvt", True, True),
        ("seizure free", True, False),
        ("not pregnant", True, True),
        ("does not smoke", True, True),
        ("he has never smoked", True, True),
        ("doesn t use illicit drugs", True, False),
        ("no longer smokes", False, True),
        ("not drinking fluids", False, True),
        ("patient does not have epilepsy", True, True),
        ("neither asthma nor copd", True, False),
        ("free from pain", True, False),
        ("wife has dementia", True, False),
        ("at risk of stroke", True, False),
        ("at high risk for diabetes", True, False),
        ("mi excluded", True, False),
        ("excluded mi", True, False),
        ("appendicitis is unlikely", True, False),
        ("family hx negative for cancer", True, False),
        ("lacks insight", False, True),
        ("type 2 diabetes without complications", False, False),
        ("flu negative", False, True),
        ("negative strep test", False, True),
        ("non smoker", False, True),
        ("nonsmoker", False, True),
        ("absence of fever", False, True),
        ("no chest pain", False, True),
        ("without fever", False, True),
        ("chest pain", False, False),
        ("nodule", False, False),
    ],
)
def test_what_is_not_there(phrase: str, is_denied: bool, is_absent: bool) -> None:
    assert (denied(phrase), absent(phrase)) == (is_denied, is_absent)


@pytest.mark.parametrize(
    ("name", "missing", "lacking"),
    [
        ("loss of appetite", "no appetite", True),
        ("missed period", "no period", True),
        ("absence of iris", "absence of fever", False),
        (
            "right heart failure without mention of left heart failure",
            "without heart failure",
            False,
        ),
        ("type b blood, rh negative", "hepatitis b surface antigen negative", False),
        ("lack of energy", "lacks energy", True),
        ("pregnancy test, result negative", "negative strep test", False),
        ("chest pain, unspecified", "no chest pain", False),
        ("pain, not elsewhere classified", "no pain", False),
    ],
)
def test_names_of_what_is_missing(name: str, missing: str, lacking: bool) -> None:
    assert lacks(name, missing) is lacking


def test_a_long_text_is_not_denied() -> None:
    assert not denied("denies " + "a week ago i have had a pain today " * 40)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("pneumonia, denies chest pain", "pneumonia"),
        ("angina denies SOB", "angina"),
        ("vertigo, pt denies hearing loss", "vertigo"),
        ("cough but denies fever", "cough"),
        ("headache negative for meningitis", "headache"),
        ("nausea, vomiting, denies diarrhea", "nausea, vomiting"),
        ("sore throat, strep negative", "sore throat"),
        ("cough and fever, no SOB", "cough and fever"),
        ("chest pain; ruled out MI", "chest pain"),
        ("anemia, unspecified", "anemia, unspecified"),
        ("left eye no light perception", "left eye no light perception"),
    ],
)
def test_what_stands_before_what_is_denied(text: str, there: str) -> None:
    assert undenied(text) == there
