"""What speaking does with a drug or a condition, by the rows of its table."""

from __future__ import annotations

import pytest

from nlp import document, speech

OPENING = "[doctor] hello\n[patient] hi\n"


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("[doctor] before that they had you on x", "stopped"),
        ("[doctor] you had trouble with the x , so now it's another", "stopped"),
        ("[doctor] have you had any trouble with the x", ""),
        ("[doctor] there are tablets , things like x", "planned"),
        ("[doctor] there's one called x , i'll start you on that", ""),
        ("[doctor] x is one of them , we'll go with another , it's better", "planned"),
        ("[doctor] we'll give you an antibiotic called x", ""),
        ("[doctor] for a fever we just give x", "planned"),
        ("[doctor] some people use x for this", "planned"),
        ("[doctor] x is one of them , yes", "planned"),
        ("[doctor] the alternative would be x", "planned"),
        ("[patient] can i take x for it", "planned"),
        ("[patient] can i keep taking the x", ""),
        ("[patient] my mate said to ask for x", "planned"),
        ("[patient] my doctor told me to take x", ""),
        ("[patient] i did the x one time", "stopped"),
        ("[patient] i took x once a day", ""),
        ("[patient] they put me on x for about six months", "stopped"),
        ("[patient] they put me on x for my nerves", ""),
        ("[wife] i'm the one on x", "not-taking"),
        ("[wife] he's the one on x", ""),
    ],
)
def test_of_a_drug(turn: str, said: str) -> None:
    assert _said(turn, "medication") == said


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ("[doctor] it could've been x", "possible"),
        ("[patient] i was so scared it was x", "possible"),
        ("[patient] i'm worried about my x", ""),
        ("[doctor] they checked you for x", "hypothetical"),
        ("[patient] she had x", "family"),
        ("[patient] she x", "family"),
        ("[doctor] she had x", ""),
        ("[patient] i had x", "historical"),
        ("[patient] and it gave me really bad x", "historical"),
        ("[patient] it gives me bad x", ""),
        ("[wife] i had x", "family"),
        ("[doctor] that's more for x", "hypothetical"),
        ("[doctor] that's for your x", ""),
    ],
)
def test_of_a_condition(turn: str, said: str) -> None:
    assert _said(turn, "condition") == said


def test_nothing_is_done_in_writing() -> None:
    written = "It could've been x"  # of what any speaker says
    read = document.read(written)
    at = read.text.index(" x") + 1
    assert speech.said(read, (at, at + 1), "condition") == ""
    assert _said(f"[doctor] {written}", "condition") == "possible"


def _said(turn: str, kind: speech.Kind) -> str:
    read = document.read(OPENING + turn)
    at = (read.text + " ").index(" x") + 1
    return speech.said(read, (at, at + 1), kind)
