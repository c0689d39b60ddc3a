"""What the text says the patient does with a drug: active, new, changed, stopped, held …

The cue nearest to the mention within its clause decides; then the section; then ACTIVE.
"""

from __future__ import annotations

import re

from nlp import sig, speech
from nlp.places import Place, key_at, sentence_at
from nlp.sections import LISTS
from nlp.status import after, answers, asked, before, clause, it, labels, questions, remark
from nlp.status.allergies import NOT_ON, RESCUE, beyond, denied, intolerance, past
from nlp.status.clause import NEAR
from nlp.status.cultures import susceptible, tested
from nlp.status.place import by_place, home_goes_on, sent_home
from nlp.status.sentence import ON_CONDITION, awaited, qualified
from nlp.tables import compiled
from nlp.types import Document, MedicationStatus

S = MedicationStatus
_TAKEN = (S.ACTIVE, S.NEW, S.CHANGED)
_FOR_ANY = re.compile(
    r"\s(?:for|during|with)\s(?:any|an?|there|he|she|you|they)\b|\s(?:if|when|unless)\s", re.I
)
# "Samples of Lipitor given": to take home.
_SUPPLIED = re.compile(
    r"\b(?:samples?|prescriptions?|scripts?|refills?|rx)\s(?:of|for)\s(?:\w+\s)?$", re.I
)
_WHEN_LOW = compiled(
    r"[^.\n;]{0,40}?\b(?:(?P<reason>for)|if|when)\s(?:the\s|his\s|her\s)?(?:<parameter>)\s?"
    r"(?:is\s)?(?:<|>|less|below|under|above|greater|(?(reason)(?!)|\d))",
    re.I,
)
_WAS_HELD = re.compile(r"\b(?:held|stopped|withheld)\sfor\b", re.I)
_DOSE_GIVEN = re.compile(
    r"[^\n;]*?(?<!was\s)(?<!were\s)(?<!been\s)\bgiven\b(?!\s(?:for|x)\b)", re.I
)
# "With tacrolimus toxicity", "a lithium level": nothing is said of whether it is taken.
_SPOKEN_OF = re.compile(r"\s(?:toxicity|levels?|troughs?|concentrations?|side\seffects?)\b", re.I)
_DOUBTED = re.compile(r"(?:^|[;,:.\n])\s*\?\s?$")  # "; ? levothyroxine"
# "For anti-D at 28 weeks": of a pregnancy, when it is to be given.
_TO_COME = re.compile(r"(?:^\W*for|\b(?:due|booked)(?:\sfor)?|\bto\shave|\bplan(?:s|ned)?:?)\W*$")
_AT_WEEKS = re.compile(
    r"\s(?:again\s)?at\s(?:[1-3]\d|4[0-2])(?:\s?[-–+/]\s?\d+)?\s?(?:weeks|wks?)\b"
    r"(?!\s(?:of\sage|old|ago))",
    re.I,
)
_PLANS = ("plan", "assessment_plan")
_LINK = 6  # code points before a drug in which such a mark stands
_IF = re.compile(r"\b(?:if|whether)\s(?:(?:the|your|his|her|my)\s)?$")
_UNTIL = re.compile(r"\b(?:until|till?|once|when)\s(?:(?:the|your|his|her|my)\s)?$", re.I)


def status(document: Document, drug: Place, drugs: list[Place]) -> tuple[MedicationStatus, bool]:
    """The status of one of the document's `drugs` (in order), and whether a cue said so."""
    said, cued = _status(document, drug, drugs)
    if said is S.NOT_TAKING and RESCUE.match(document.text, drug[0]):
        return S.ACTIVE, False  # "EpiPen not used" that time
    if said is S.ALLERGY and RESCUE.match(document.text, drug[0]):
        return S.ACTIVE, False  # it is carried for the allergy
    if said is S.ALLERGY and denied(document, drug):
        return S.NOT_TAKING, True
    if said is S.ALLERGY and intolerance(document, drug):
        return S.INTOLERANCE, cued
    return said, cued


def _status(document: Document, drug: Place, drugs: list[Place]) -> tuple[MedicationStatus, bool]:
    start = drug[0]
    key = key_at(document, start)
    if key == "allergies" and NOT_ON.search(document.text, max(0, start - NEAR), start):
        return S.NOT_TAKING, True
    taken = key == "allergies" and past(document, drug, drugs)
    listed = key == "allergies" and not taken and not beyond(document, start)
    if listed or questions.allergic(document, start):
        return S.ALLERGY, True
    replied = answers.replied(document, drug, drugs) or asked.answered(document, drug, drugs)
    if replied is not None:
        return replied, True
    if questions.recalled(document, start):
        return S.COMPLETED, True
    (first, _), (_, last) = answers.listed(document, drug, drugs)
    if act := speech.said(document, (first, last), "medication"):
        return S(act), True
    if susceptible(document, drug, drugs):
        return S.PLANNED, False  # what an organism can be treated with
    told = _by_cue(document, key, drug, drugs) or by_place(document, key, drug)
    if taken and told[0] is S.ALLERGY:
        return S.ACTIVE, False  # so the place says, which is past
    if told[0] not in _TAKEN:
        return told
    ended = remark.status(document, drug[1], drugs)
    if ended is None and it.ended(document, drug, drugs):
        ended = S.STOPPED
    return (ended, True) if ended else told


def _by_cue(
    document: Document, key: str, drug: Place, drugs: list[Place]
) -> tuple[MedicationStatus, bool] | None:
    """What the words beside the drug say; None where they say nothing."""
    start, end = drug
    first, last = sentence_at(document, start)
    first, last = max(first, start - NEAR), min(last, end + NEAR)
    low = _WHEN_LOW.match(document.text, end)
    if low and not _WAS_HELD.search(low[0]):
        return S.ACTIVE, False  # "hold if SBP < 100" is how it is taken
    given = key == "hospital_course" and sent_home(document)
    first, last = clause.item(document, first, last, drug, drugs)
    left = clause.left(document, first, start)
    behind = _behind(document, left, drug, (first, last), drugs)
    if behind is not None and not (given and behind in (S.NEW, S.ACTIVE)):
        return behind, True
    if _SPOKEN_OF.match(document.text, end):
        return S.ACTIVE, False
    if _DOUBTED.search(document.text, max(0, start - _LINK), start):
        return S.PLANNED, True
    told = _before(document, left, drug, drugs)
    if told is S.HELD and _FOR_ANY.match(document.text, end):
        return S.ACTIVE, False  # "hold it for any infection" tells how it is taken
    told = qualified(document, first, drug, drugs, told)
    if given and told is S.ACTIVE and home_goes_on(document):
        return S.ACTIVE, False
    if given and told in (None, S.NEW, S.ACTIVE):
        return S.IN_HOSPITAL, False  # the list of what the patient goes home on decides
    if told is not None and not (key in LISTS and told is S.COMPLETED):
        return told, True
    label = labels.governing(document, start)
    if label is not None:
        return label, True
    waits = ON_CONDITION.match(document.text, end) or (
        _AT_WEEKS.match(document.text, end)
        and (key in _PLANS or _TO_COME.search(document.low[first:start]))
    )
    return (S.PLANNED, True) if waits else None


def _before(
    document: Document, left: str, drug: Place, drugs: list[Place]
) -> MedicationStatus | None:
    """What the cue before the drug says of the patient."""
    told = before.exchanged(document, left, drug[1]) or before.status(document, left, drug, drugs)
    return None if told is S.ALLERGY and tested(document, drug) else told


def _behind(
    document: Document, left: str, drug: Place, part: Place, drugs: list[Place]
) -> MedicationStatus | None:
    """What the cue behind the drug in its part of the text says, with what stands before both."""
    (start, end), (first, last) = drug, part
    told = after.status(document, end, last, drugs)
    if told in (S.COMPLETED, S.STOPPED, S.HELD) and _UNTIL.search(left):
        return S.ACTIVE  # "until the Lovenox is done" it goes on
    if told in (S.ALLERGY, S.STOPPED, S.NOT_TAKING) and _IF.search(left):
        return S.ACTIVE  # "whether metoprolol causes it" is asked of what is taken
    if told in (S.NEW, S.STOPPED, S.HELD) and awaited(document.text, first, start):
        # "if it is still high, amlodipine will be added", "… argatroban can come off"
        return S.PLANNED if told is S.NEW else S.ACTIVE
    if told is S.COMPLETED and _SUPPLIED.search(left):
        return S.NEW
    return S.ACTIVE if told is S.COMPLETED and _scheduled(document.text, end, last) else told


def _scheduled(text: str, end: int, last: int) -> bool:
    """Whether what was given is a dose of what is given again: "40 mg IV q12h 0900 given"."""
    given = _DOSE_GIVEN.match(text, end, last)
    parts = {e.part for e in sig.find(text, end, given.end())} if given else set()
    return bool(parts & {"frequency", "as_needed"})
