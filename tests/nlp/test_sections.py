"""Sections: titles by layout, keys by table and grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import document, sections


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("HISTORY OF PRESENT ILLNESS", "hpi"),
        ("HPI", "hpi"),
        ("Past Medical Hx", "pmh"),
        ("PAST ONCOLOGIC HISTORY", "pmh"),
        ("Past Surgical History", "psh"),
        ("Current Outpatient Medications", "medications"),
        ("Meds", "medications"),
        ("MEDICATIONS AT THE TIME OF DISCHARGE", "discharge_medications"),
        ("Discharge Meds", "discharge_medications"),
        ("DRUG ALLERGIES", "allergies"),
        ("FAMILY MEDICAL HISTORY", "family_history"),
        ("Pertinent Family History", "family_history"),
        ("SOCIAL HX", "social_history"),
        ("REVIEW OF SYSTEMS", "ros"),
        ("PHYSICAL EXAMINATION ON ADMISSION", "physical_exam"),
        ("Mental Status Exam", "physical_exam"),
        ("LABS", "results"),
        ("BRIEF HOSPITAL COURSE", "hospital_course"),
        ("Impression", "assessment"),
        ("ASSESSMENT/PLAN", "assessment_plan"),
        ("A&P", "assessment_plan"),
        ("Recommendations", "plan"),
        ("POSTOPERATIVE DIAGNOSES", "diagnosis"),
        ("PROCEDURES PERFORMED", "procedure"),
        ("Immunizations", "immunizations"),
        ("REASON FOR CONSULTATION", "chief_complaint"),
        ("LUNGS", ""),
        ("ANESTHESIA", ""),
    ],
)
def test_a_title_has_the_key_of_its_head(title: str, key: str) -> None:
    assert sections.key(title) == key


@pytest.mark.parametrize(
    "text",
    [
        "ALLERGIES:  NKDA",
        "Allergies: NKDA",
        "allergies: NKDA",
        "ALLERGIES\nNKDA",
        "Allergies\nNKDA",
        "# Allergies\nNKDA",
        "**Allergies:** NKDA",
        "**Allergies**\nNKDA",
        "__ALLERGIES__: NKDA",
        "3. ALLERGIES: NKDA",
        "- Allergies: NKDA",
        "Allergies - NKDA",
        "   ALLERGIES::  NKDA",
        "Well today. ALLERGIES: NKDA",
    ],
)
def test_a_title_is_found_however_it_is_set(text: str) -> None:
    (section,) = sections.find(text)
    assert section.key == "allergies"
    assert section.title.quote.lower() == "allergies"
    assert text[section.start : section.end].strip() == "NKDA"


def test_titles_on_one_line_open_sections() -> None:
    text = "MEDICATIONS: None. ALLERGIES: NKDA.  SOCIAL HISTORY: Smokes."
    assert [s.key for s in sections.find(text)] == ["medications", "allergies", "social_history"]


def test_parts_lie_inside_their_section() -> None:
    text = "PHYSICAL EXAM:\nLUNGS: Clear.\nHEART: Regular.\n\nASSESSMENT:\nWell."
    exam, lungs, heart, assessment = sections.find(text)
    assert [s.key for s in (exam, lungs, heart, assessment)] == [
        "physical_exam",
        "other",
        "other",
        "assessment",
    ]
    assert exam.end == heart.end == assessment.title.start
    assert lungs.end == heart.title.start
    found = document.read(text).section_at(text.index("Regular"))
    assert found is not None
    assert found.key == "physical_exam"


def test_an_unknown_title_set_like_the_known_ones_ends_a_section() -> None:
    text = "FAMILY HISTORY: Gout.\n\nDISPOSITION: Home.\n\nPLAN: Rest."
    family, other, plan = sections.find(text)
    assert (family.key, other.key, plan.key) == ("family_history", "other", "plan")
    assert family.end == other.title.start


def test_the_letters_of_a_soap_note_are_titles() -> None:
    text = "S: Ear pain.\nO: Red drum.\nA: Otitis.\nP: Amoxicillin.\nAll: NKDA"
    assert [s.key for s in sections.find(text)] == [
        "hpi",
        "physical_exam",
        "assessment",
        "plan",
        "allergies",
    ]
    assert sections.find("P: It hurts.\nD: Where?") != ()
    assert {s.key for s in sections.find("P: It hurts.\nD: Where?")} == {"other"}


@pytest.mark.parametrize("answer", ["Yes", "(x) yes ( ) no", "[ ]", "N", "Negative", "☒"])
def test_an_item_of_a_template_is_no_title(answer: str) -> None:
    assert sections.find(f"Glaucoma: {answer}\nKidney stones: {answer}") == ()


@pytest.mark.parametrize(
    "text",
    [
        "The patient has no allergies and takes no medications.",
        "He was told the plan.\nHe agreed.",
        "Seen at 10:30 today.",
        "1. Allergies\n2. Hypertension",
        "",
    ],
)
def test_running_text_has_no_titles(text: str) -> None:
    assert sections.find(text) == ()


@given(
    st.lists(
        st.sampled_from(
            [
                "ALLERGIES:",
                "Plan",
                "# HPI",
                "LUNGS: ",
                "no rash. ",
                "\n",
                "\n\n",
                "**x**",
                " - ",
                "é",
            ]
        ),
        max_size=12,
    )
)
def test_titles_are_quotes_in_order_and_bodies_follow_them(parts: list[str]) -> None:
    text = "".join(parts)
    found = sections.find(text)
    assert [s.title.start for s in found] == sorted({s.title.start for s in found})
    for section in found:
        assert text[section.title.start : section.title.end] == section.title.quote
        assert section.title.end <= section.start <= section.end <= len(text)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(s.key in sections.SECTIONS or s.key == "other" for s in sections.find(text))
