"""Turns that follow one another in one line are told apart; a note's labels are none."""

from __future__ import annotations

import pytest

from nlp import document, turns
from nlp.pipeline import Pipeline

RUN_ON = "DR: Any fever? PT: No. DR: Still on the metformin? PT: Every day. DR: Good."


def test_each_turn_has_its_line() -> None:
    lines = turns.apart(RUN_ON).split("\n")
    assert [line.split(":")[0] for line in lines] == ["DR", "PT", "DR", "PT", "DR"]


def test_offsets_stay() -> None:
    assert turns.apart(RUN_ON).replace("\n", " ") == RUN_ON


@pytest.mark.parametrize(
    "text",
    [
        "S: Cough. O: Clear. A: Bronchitis. P: Rest.",
        "FH: Mother: diabetes. Father: stroke. Son: asthma.",
        "Patient: J. Doe  Provider: Dr. Roe  Caller: wife",
        "Doctor: Any fever?\nPatient: No.\nDoctor: Good.\nPatient: Thanks.",
        "",
    ],
)
def test_other_texts_stay(text: str) -> None:
    assert turns.apart(text) == text


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("[doctor]", "doctor"),
        ("Dr. Kaur:", "doctor"),
        ("GP:", "doctor"),
        ("[patient]", "patient"),
        ("Mr. Alvarez:", "patient"),
        ("mrs o'hara:", "patient"),
        ("[patient_guest]", "relative"),
        ("Mum:", "relative"),
        ("Speaker 1:", ""),
    ],
)
def test_who_speaks(label: str, role: str) -> None:
    text = f"Doctor: Come in.\n{label} Hello there."
    assert turns.speaker(text, text.index("there")) == role


def test_named_speakers_make_a_transcript(pipeline: Pipeline) -> None:
    text = "Dr. Kaur: What does she take?\nDaughter: Losartan for the pressure.\nDr. Kaur: Good."
    (drug,) = [f for f in pipeline.extract(text).findings if f.kind == "medication"]
    assert drug.assertion == "present"
    assert not turns.spoken(document.read("Doctor notes: fine\nNurse comments: fine"))


def test_a_speaker_is_no_condition(pipeline: Pipeline) -> None:
    extraction = pipeline.extract(RUN_ON)
    assert {f.span.quote for f in extraction.findings} == {"fever", "metformin"}
    assert all(RUN_ON[f.span.start : f.span.end] == f.span.quote for f in extraction.findings)


@pytest.mark.parametrize(
    ("text", "is_dialogue"),
    [
        ("Doctor: Does he have asthma?\nMother: No, that's me.", True),
        ("Doctor: Dr Roe\nMother: diabetes\nFather: stroke", False),
    ],
)
def test_a_relative_who_answers_makes_a_transcript(text: str, is_dialogue: bool) -> None:
    assert turns.spoken(document.read(text)) is is_dialogue
