"""What touches a condition's name is read with it, and no more."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import document, qualifiers


def wide(text: str, name: str) -> str:
    at = text.index(name)
    start, end = qualifiers.extend(document.read(text), at, at + len(name))
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("He has severe acute pancreatitis today.", "pancreatitis", "severe acute pancreatitis"),
        ("Osteoarthritis of the right knee.", "Osteoarthritis", "Osteoarthritis of the right knee"),
        ("Asthma, moderate persistent.", "Asthma", "Asthma, moderate persistent"),
        ("Otitis media (left ear) today.", "Otitis media", "Otitis media (left ear)"),
        ("Rotator cuff tear, left", "Rotator cuff tear", "Rotator cuff tear, left"),
        ("Pain, right worse than left", "Pain", "Pain"),
        ("Asthma. Left knee swollen.", "Asthma", "Asthma"),
        ("Gout and hypertension", "Gout", "Gout"),
        ("Cellulitis of LLE.", "Cellulitis", "Cellulitis of LLE"),
        ("RUE cellulitis.", "cellulitis", "RUE cellulitis"),
    ],
)
def test_extend(text: str, name: str, whole: str) -> None:
    assert wide(text, name) == whole


def test_what_a_condition_comes_with_is_one_of_its_spans() -> None:
    text = "Type 2 diabetes with diabetic neuropathy: stable."
    here = text.index("diabetes") - 7, text.index(" with")
    after = text.index("diabetic"), text.index(":")
    spans = qualifiers.spans(document.read(text), *here, after)
    assert text[slice(*spans[0])] == "Type 2 diabetes with diabetic neuropathy"
    apart = qualifiers.spans(document.read("Diabetes. Neuropathy."), 0, 8, (10, 20))
    assert all(end <= 8 for _, end in apart)


@pytest.mark.parametrize(
    ("text", "plain", "side"),
    [
        ("knee pain (R)", "knee pain right", "right"),
        ("b/l cataracts", "bilateral cataracts", "bilateral"),
        ("both knees", "bilateral knees", "bilateral"),
        ("left and right knee", "left and right knee", ""),
        ("knee pain", "knee pain", ""),
    ],
)
def test_phrase_and_side(text: str, plain: str, side: str) -> None:
    assert qualifiers.phrase(text, (0, len(text))) == plain
    assert qualifiers.side(text, (0, len(text))) == side


BEFORE = """
    acute acute-on-chronic acute on chronic severe left left-sided right great toe b/l sided B/L R RT
    stage 3b IV type 2 iron deficiency end stage lower back mild, knee, and the of with 4 pain
""".split()  # noqa: SIM905


@given(st.lists(st.sampled_from(BEFORE), max_size=9), st.sampled_from((" ", ", ", "\n", "-")))
def test_left_qualifiers_are_those_that_a_plain_search_finds(words: list[str], mark: str) -> None:
    text = f"{' '.join(words)}{mark}disease"
    start = text.rindex("disease")
    low = max(0, start - qualifiers._NEAR)
    plain = qualifiers._BEFORE.search(text, low, start)
    assert qualifiers._left(text, low, start) == (plain.start() if plain else start)


@given(st.from_regex(re.compile(rf"{qualifiers._QUALIFIER}\Z", re.I | re.ASCII)))
def test_the_last_word_of_a_qualifier_is_known(said: str) -> None:
    assert re.findall(r"\w+", said, re.ASCII)[-1].lower() in qualifiers._LAST
