"""What is only asked is not claimed; the answer decides."""

from __future__ import annotations

import pytest

from nlp import dialogue, document
from nlp.types import Assertion


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Doctor: Do you have any fever?\nPatient: No, not at all.", Assertion.NEGATED),
        ("[doctor] and is there a fever ?\n[patient] yeah , since monday .", Assertion.PRESENT),
        (
            "Doctor: Have you ever had a fever with it?\nPatient: Since Monday.",
            Assertion.HYPOTHETICAL,
        ),
        ("Early fever?", Assertion.POSSIBLE),
        ("[doctor] good that you asked any rash or fever\n[patient] no", Assertion.NEGATED),
        ("[doctor] have you ever had a fever\n[patient] nobody told me", Assertion.NEGATED),
        ("[doctor] have you ever had a fever\n[patient] i told them", Assertion.HYPOTHETICAL),
        ("[doctor] so any fever numb feet\n[patient] they burn", Assertion.HYPOTHETICAL),
        (
            "[doctor] any cough , fever or rash ?\n[patient] a little bit of cough",
            Assertion.HYPOTHETICAL,
        ),
        ("The patient has a fever. Any cough?", None),
        ("[doctor] a fever ?\n[patient] no , but i had it last week", Assertion.HISTORICAL),
        ("[doctor] a fever ?\n[patient] no , but my sister did", Assertion.NEGATED),
        ("[doctor] a fever ?\n[patient] no , but a cough", Assertion.POSSIBLE),
        ("[doctor] hi\n[patient] is it a fever\n[doctor] i'm afraid so", Assertion.PRESENT),
        ("[doctor] hi\n[patient] is it a fever\n[doctor] i doubt it", Assertion.NEGATED),
        ("[doctor] hi\n[patient] is it a fever\n[doctor] we'll see", Assertion.HYPOTHETICAL),
        ("[doctor] any fever ?\n[patient] absolutely not", Assertion.NEGATED),
        ("[doctor] did you have a fever ?\n[patient] i would n't say that", Assertion.NEGATED),
        ("[doctor] how long was the fever ?\n[patient] two days", Assertion.PRESENT),
        ("[doctor] and for the fever ?\n[patient] two days", Assertion.PRESENT),
        (
            "Doctor: When did the fever start?\nPatient: I have never had a fever.",
            Assertion.NEGATED,
        ),
        ("Doctor: When did the fever start?\nPatient: There was no fever.", Assertion.NEGATED),
        ("[doctor] when did the fever start\n[patient] i never had fever", Assertion.NEGATED),
        ("Doctor: When did the fever start?\nPatient: No idea.", Assertion.PRESENT),
        ("Doctor: Do you have a fever?\nPatient: I would, if I drank.", Assertion.HYPOTHETICAL),
        ("Doctor: Do you have a fever?\nPatient: I would.", Assertion.HYPOTHETICAL),
        ("Doctor: Would you call it a fever?\nPatient: I would.", Assertion.PRESENT),
        ("Doctor: Do you have a fever?\nPatient: Right, no.", Assertion.NEGATED),
        ("Doctor: Do you have a fever?\nPatient: Yes, no doubt.", Assertion.PRESENT),
        ("[doctor] you had a fever don't you\n[patient] no that was him", Assertion.NEGATED),
    ],
)
def test_asked(text: str, said: Assertion | None) -> None:
    read = document.read(text)
    at = text.index("fever")
    assert dialogue.questioned(read, read.span(at, at + 5)) is said


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("You don't have gout, do you?\nYes, I do.", True),
        ("You don't have gout , do you ?\n[patient] yes", True),
        ("You don't have gout, do you?\nNo.", False),
        ("You don't have gout.\nYes.", False),
    ],
)
def test_owned_up(text: str, claimed: bool) -> None:
    read = document.read(text)
    at = text.index("gout")
    assert dialogue.owned_up(read, read.span(at, at + 4)) is claimed


OPENING = "[doctor] hello\n[patient] hi\n"


@pytest.mark.parametrize(
    ("text", "lasting", "said"),
    [
        ("[patient] my mother came . she had a stroke from it", False, Assertion.FAMILY),
        ("[mother] no that's me . i'm the one with a stroke", True, Assertion.FAMILY),
        ("[doctor] does he\n[mother] no i had a stroke", True, Assertion.FAMILY),
        ("[patient] i had a stroke once", False, Assertion.HISTORICAL),
        ("[patient] i had a stroke once", True, None),
        ("[patient] she said i had the stroke at night", True, None),
        ("[doctor] she had a stroke", False, None),
        ("[doctor] does she take it\n[patient] she had a stroke", False, None),
        ("[doctor] okay and stroke\n[patient] no that was my sister", True, Assertion.NEGATED),
        ("[doctor] okay and stroke\n[patient] as a kid , yes", True, Assertion.HISTORICAL),
        ("[doctor] that was a stroke\n[patient] no problem", True, None),
        ("[doctor] and your stroke\n[patient] no trouble", True, None),
        ("[doctor] so it was a stroke .\n[patient] oh no .", True, None),
        ("[doctor] on aspirin for the stroke\n[patient] no i quit that", True, None),
    ],
)
def test_told(text: str, lasting: bool, said: Assertion | None) -> None:
    read = document.read(OPENING + text)
    at = read.text.index("stroke")
    assert dialogue.implied(read, read.span(at, at + 6), lasting) is said


def test_a_note_tells_nothing_by_its_speakers() -> None:
    read = document.read("She had a stroke.")
    assert dialogue.implied(read, read.span(10, 16), lasting=False) is None
