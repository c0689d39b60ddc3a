"""Sentences and list items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import sentences


def cut(text: str) -> list[str]:
    """The sentences as text."""
    return [text[s.start : s.end] for s in sentences.split(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Dr. Smith saw St. John.", "He left."],
        ["Take 5.5 mg p.o. b.i.d. with food.", "Return in 2 weeks."],
        ["Metformin 500 mg p.o. b.i.d.", "Lisinopril 10 mg q.d. 3 tabs."],
        ["Seen by J. Doe.", "No fever; no chills; no cough."],
        ["Is it sore?", "Yes!", "Why?"],
        ["He smokes.", "2 packs a day."],
    ],
)
def test_a_stop_ends_a_sentence_but_not_an_abbreviation(parts: list[str]) -> None:
    assert cut(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "lines",
    [
        ["1. Diabetes", "2. Hypertension"],
        ["1) Diabetes", "2) Hypertension"],
        ["- aspirin", "- metformin"],
        ["• Viral infection", "• Dandruff"],
        ["Aspirin 81 mg daily", "Metformin 500 mg twice daily"],
        ["[ ] Asthma", "[x] Diabetes"],
    ],
)
def test_each_item_of_a_list_stands_alone(lines: list[str]) -> None:
    assert cut("\n".join(lines)) == lines


def test_items_in_running_text_stand_alone() -> None:
    assert cut("1. Aspirin 81 mg q.d. 2. Follow up.") == ["1. Aspirin 81 mg q.d.", "2. Follow up."]


def test_a_wrapped_line_goes_on() -> None:
    text = "The patient is a 54 year old woman with a long history of\nhypertension. She is well."
    assert cut(text) == [text[: text.index(" She")], "She is well."]


def test_a_blank_line_ends_a_sentence() -> None:
    assert cut("no fever\n\nno cough") == ["no fever", "no cough"]


def test_breaks_are_kept() -> None:
    text = "PLAN: rest and fluids"
    assert [s.start for s in sentences.split(text, [6])] == [0, 6]


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                ["Dr.", "p.o.", "1.", "No", "fever", ".", "?", " ", "\n", "-", "é", "X"]
            )
        ).map("".join),
    )
)
def test_sentences_are_disjoint_in_order_and_cover_all_but_space(text: str) -> None:
    reached = 0
    for sentence in sentences.split(text):
        assert not text[reached : sentence.start].strip()
        assert reached <= sentence.start < sentence.end
        reached = sentence.end
    assert not text[reached:].strip()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("? PE", 1),
        ("Sent for CTPA ? PE", 1),
        ("Fell at home\n? Stroke", 2),
        ("Do you have asthma ? Yes", 2),
        ("He has asthma , COPD ? Mm-hmm . I see .", 3),
        ("Doctor: Chest pain ? Patient: Yes", 2),
        ("Any asthma? None.", 2),
    ],
)
def test_question_mark_behind_a_blank(text: str, pieces: int) -> None:
    assert len(sentences.split(text)) == pieces
