"""What is said around a condition, of other people, of the past and of how it came."""

from __future__ import annotations

import pytest

from terminology.coding.diagnoses.phrasing import as_written, heads, plainly


@pytest.mark.parametrize(
    ("phrase", "condition"),
    [
        ("my son has had a bad cough for 3 days", "cough"),
        ("i think i have a uti", "uti"),
        ("pt c o chest pain", "chest pain"),
        ("3 day history of cough", "cough"),
        ("vomiting since yesterday", "vomiting"),
        ("fever x3 days", "fever"),
        ("denies chest pain but has cough", "cough"),
        ("dad had a stroke", "family history of stroke"),
        ("breast cancer runs in the family", "family history of breast cancer"),
        ("hx of dvt", "history of dvt"),
        ("had a stroke last year", "history of stroke"),
        ("ankle sprain 2 days ago", "ankle sprain"),
        ("mi a couple of weeks ago", "mi"),
        ("mi 6 weeks ago", "history of mi"),
        ("resolved pneumonia", "history of pneumonia"),
        ("hypertension has resolved", "history of hypertension"),
        ("newborn jaundice", "newborn jaundice"),
        ("worried about cancer", "feared health complaint"),
        ("worried about my cough", "cough"),
        ("she is scared of a stroke", "feared health complaint"),
        ("afraid of a heart attack", "feared health complaint"),
        ("hep b vaccine given", "encounter for immunization"),
        ("got shot", "shot"),
        ("myocarditis post covid vaccine", "myocarditis post covid vaccine"),
        ("vaccine injury", "vaccine injury"),
        ("wound vac", "wound vac"),
        ("fear of flying", "fear of flying"),
        ("s p appendectomy", "s p appendectomy"),
        ("fell off my bike and broke my arm", "broke my arm"),
        ("he slipped on ice and hurt his hip", "hurt his hip"),
        ("s p fall with hip fx", "hip fx"),
        ("mvc with neck pain", "neck pain"),
        ("fell and landed", "fell and landed"),
        ("i can t stop coughing", "coughing"),
        ("is", "is"),
    ],
)
def test_the_condition_is_what_stays(phrase: str, condition: str) -> None:
    assert plainly(phrase) == condition


def test_a_long_text_is_no_phrase() -> None:
    note = "a week ago i have had a pain today " * 40
    assert plainly(note) == note
    assert all(len(head) < 400 for head in heads(f"{note} with pain " * 9))


def test_circumstances_are_cut_off_one_by_one() -> None:
    assert list(heads("hip pain after fall on ice")) == ["hip pain after fall", "hip pain"]
    assert list(heads("hip pain")) == []


def test_a_part_of_a_text_keeps_its_letters() -> None:
    assert as_written("Pt has ALL", "all") == "ALL"
    assert as_written("ALL/AML", "all aml") == "all aml"
