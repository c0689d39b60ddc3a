"""What a turn answers of the drug that the one before it named."""

from __future__ import annotations

import pytest

from nlp import document
from nlp.status import answers, questions
from nlp.types import MedicationStatus

OPENING = "[doctor] hello\n[patient] hi\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[doctor] and the lisinopril ten\n[patient] well i quit that", MedicationStatus.STOPPED),
        ("[doctor] on lisinopril , right ?\n[patient] i was .", MedicationStatus.STOPPED),
        ("[doctor] on lisinopril , right ?\n[patient] i was n't sure .", None),
        ("[doctor] and the lisinopril\n[patient] yes twenty", MedicationStatus.ACTIVE),
        (
            "[doctor] how about the lisinopril\n[patient] my kidney doctor took me off it",
            MedicationStatus.STOPPED,
        ),
        ("[doctor] and the lisinopril ?\n[patient] i'd rather not", MedicationStatus.NOT_TAKING),
        ("Doctor: Good. Lisinopril?\nPatient: When I think of it.", MedicationStatus.ACTIVE),
        (
            "[doctor] still on lisinopril ?\n[patient] yes for my skin\n[doctor] go ahead and stop that",
            MedicationStatus.STOPPED,
        ),
        ("[doctor] there's lisinopril\n[patient] i'd rather not", MedicationStatus.NOT_TAKING),
        (
            "[patient] should i quit the lisinopril ?\n[doctor] no stay on that .",
            MedicationStatus.ACTIVE,
        ),
        (
            "Doctor: You took lisinopril.\nPatient: You had me hold it.\nDoctor: Go back on it.",
            MedicationStatus.ACTIVE,
        ),
        (
            "Doctor: Good. Lisinopril?\nPatient: Too dear, so never filled.",
            MedicationStatus.STOPPED,
        ),
        ("Doctor: The lisinopril, you like it?\nPatient: When I think of it.", None),
        ("[doctor] and lisinopril\n[patient] i cough so i don't use it", MedicationStatus.STOPPED),
        (
            "[patient] do i still need the lisinopril\n[doctor] you can put that away",
            MedicationStatus.STOPPED,
        ),
        (
            "[patient] what about lisinopril ?\n[doctor] i'd hold off on that one",
            MedicationStatus.HELD,
        ),
        (
            "[doctor] still the lisinopril ?\n[patient] switched to losartan",
            MedicationStatus.STOPPED,
        ),
        (
            "[doctor] and the lisinopril , you still taking that ?\n[patient] every morning",
            MedicationStatus.ACTIVE,
        ),
        ("[doctor] did they restart your lisinopril or\n[patient] no", MedicationStatus.NOT_TAKING),
        (
            "[doctor] did they restart your lisinopril\n[patient] no they told me to hold it",
            MedicationStatus.HELD,
        ),
        (
            "[doctor] the lisinopril ten . any cough with it ?\n[patient] no just a cold",
            None,
        ),
        (
            "[doctor] still on the lisinopril\n[patient] should i stop it\n[doctor] no keep on",
            MedicationStatus.ACTIVE,
        ),
        (
            "[doctor] what about the lisinopril ?\n[patient] they quit covering that so no",
            MedicationStatus.STOPPED,
        ),
        (
            "[doctor] did you ever start the lisinopril ?\n[patient] i did but it made me cough",
            MedicationStatus.STOPPED,
        ),
        ("[doctor] lisinopril ?\n[patient] once a day now", MedicationStatus.ACTIVE),
        (
            "[doctor] is the lisinopril helping ?\n[patient] not sure i take it at night",
            MedicationStatus.ACTIVE,
        ),
        (
            "[doctor] lisinopril , did the dose change ?\n[patient] they doubled it",
            MedicationStatus.CHANGED,
        ),
        (
            "[doctor] is he still on the lisinopril\n[patient] no we took him off that",
            MedicationStatus.STOPPED,
        ),
        ("[doctor] how's the lisinopril ?\n[patient] honestly i ran out", MedicationStatus.STOPPED),
        ("[doctor] you do n't take lisinopril do you\n[patient] yes ten", MedicationStatus.ACTIVE),
        ("[doctor] you do n't take lisinopril do you\n[patient] no", MedicationStatus.NOT_TAKING),
        (
            "[doctor] on lisinopril did you finish those\n[patient] all done",
            MedicationStatus.COMPLETED,
        ),
        (
            "[doctor] did they put you on lisinopril\n[patient] they wanted to but mom said no",
            MedicationStatus.NOT_TAKING,
        ),
        (
            "[patient] can i take lisinopril for that\n[doctor] i'd rather you did n't",
            MedicationStatus.NOT_TAKING,
        ),
        ("[patient] what about lisinopril\n[doctor] that's for later", MedicationStatus.PLANNED),
        ("[patient] what about lisinopril\n[doctor] sure", MedicationStatus.NEW),
        ("[patient] i take lisinopril\n[doctor] if you can't tolerate it call me", None),
        ("[doctor] any trouble with the lisinopril ?\n[patient] no", None),
        ("[doctor] so i put you on lisinopril\n[patient] no worries", None),
    ],
)
def test_replied(text: str, said: MedicationStatus | None) -> None:
    read = document.read(OPENING + text)
    start = read.low.index("lisinopril")
    place = (start, start + len("lisinopril"))
    assert answers.replied(read, place, [place]) is said


@pytest.mark.parametrize(
    ("text", "allergic"),
    [
        ("Doctor: Any allergies?\nPatient: Lisinopril. It gave me a rash.", True),
        ("Doctor: Any allergies?\nPatient: No. I take my pills daily, it is lisinopril.", False),
        ("Doctor: What do you take?\nPatient: Lisinopril.", False),
        ("Doctor: Any allergies?\nPatient: No. Oh, lisinopril, sorry.", True),
        ("Doctor: What do you take for your allergies?\nPatient: Lisinopril.", False),
        ("Doctor: You're not allergic to latex?\nPatient: No. I take lisinopril.", False),
    ],
)
def test_a_drug_may_answer_for_an_allergy(text: str, allergic: bool) -> None:
    read = document.read(text)
    assert questions.allergic(read, read.text.lower().index("lisinopril")) is allergic


_QUESTIONS = (
    "[doctor] are you still taking the lisinopril ?",
    "Doctor: And the lisinopril?",
    "[doctor] how are you doing with the lisinopril",
    "Doctor: You're on lisinopril, right?",
)
_ANSWERED = {
    "taken": "yes; yeah , every morning; i am; twice a day; that's right; i take that one",
    "not": "no; i quit taking that; not any more; they stopped it; i never filled it; i'm off that now; "
    "i couldn't afford it; it was too expensive; i gave it up; you took me off that; that got stopped; "
    "they told me to hold it; i've been off it since june; the other doctor discontinued it",
}


@pytest.mark.parametrize("question", _QUESTIONS)
@pytest.mark.parametrize("said", _ANSWERED)
def test_every_answer_to_every_question(question: str, said: str) -> None:
    for answer in _ANSWERED[said].split("; "):
        read = document.read(f"{OPENING}{question}\n[patient] {answer} .\n[doctor] good .\n")
        start = read.low.index("lisinopril")
        place = (start, start + len("lisinopril"))
        status = answers.replied(read, place, [place])
        assert (status is MedicationStatus.ACTIVE) == (said == "taken"), (answer, status)
        assert status is not None


def test_of_several_asked_for_just_the_one_that_is_named_is_taken() -> None:
    text = OPENING + "[doctor] still the nexium and the pepcid\n[patient] just the nexium .\n"
    nexium, pepcid = text.index("nexium"), text.index("pepcid")
    drugs = [(at, at + 6) for at in (nexium, pepcid, text.rindex("nexium"))]
    said = [answers.replied(document.read(text), drug, drugs) for drug in drugs[:2]]
    assert said == [MedicationStatus.ACTIVE, MedicationStatus.NOT_TAKING]


def test_a_no_speaks_of_every_drug_of_a_list() -> None:
    text = OPENING + "[doctor] do you take any pills, nexium, pepcid or tums?\n[patient] no.\n"
    drugs = [(text.index(n), text.index(n) + len(n)) for n in ("nexium", "pepcid", "tums")]
    read = document.read(text)
    said = {answers.replied(read, drug, drugs) for drug in drugs}
    assert said == {MedicationStatus.NOT_TAKING}


@pytest.mark.parametrize(
    ("question", "recalled"),
    [("What did you have the last time?", True), ("What do you take?", False)],
)
def test_a_drug_may_answer_what_was_taken_before(question: str, recalled: bool) -> None:
    read = document.read(f"Doctor: {question}\nPatient: Lisinopril.")
    assert questions.recalled(read, read.low.index("lisinopril")) is recalled


def test_of_two_asked_for_the_one_that_is_named_is_taken() -> None:
    text = OPENING + "[doctor] is it nexium or pepcid ?\n[patient] the pepcid .\n"
    names = ("nexium", "pepcid", "pepcid")
    drugs: list[tuple[int, int]] = []
    for name in names:
        start = text.index(name, drugs[-1][1] if drugs else 0)
        drugs.append((start, start + len(name)))
    read = document.read(text)
    said = [answers.replied(read, drug, drugs) for drug in drugs[:2]]
    assert said == [MedicationStatus.NOT_TAKING, MedicationStatus.ACTIVE]
