"""What tells of a drug's status where no cue does: title above, section, count, tense."""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp import sig
from nlp.places import Place
from nlp.sections import LISTS
from nlp.tables import compiled
from nlp.types import Document, MedicationStatus

S = MedicationStatus
_INTRAVENOUS = re.compile(r"[^\n,;]{0,30}?\b(?:iv|i\.v\.|intravenous(?:ly)?)(?!\w)", re.I)
_AS_AT_HOME = compiled(
    r"\b(?:<of-home>)\s(?:med(?:ication)?s|medicines|drugs|regimen)\b(?!\s(?:stopped|changed))"
    r"|\b(?:same|unchanged)\s(?:as|from)\b"
    r"|\bas\s(?:before|on\sadmission)\b",
    re.I,
)
_TREATED = re.compile(
    r"(?:prior|past|previous)\s(?:treatments?|therap\w+|medications?|meds)\b"
    r"|(?:treatment|oncolog\w+)\shistory\b",
    re.I,
)
_IN_EMERGENCY = re.compile(r"(?:ed|er|emergency|preop\w*|intraop\w*|operative)\b", re.I)
_ANESTHESIA = re.compile(
    r"ana?esthe(?!.*\b(?:pre|eval|assess|consult|clinic|history))|procedure|operation", re.I
)
_AT_TABLE = re.compile(r"description|technique|findings|details?\b|narrative", re.I)
_ONCE = re.compile(
    r"[^.;\n]{0,30}?\b(?:iv|ivp|im|po|sq|sc|neb)\b[^.;\n]{0,12}?[x×]\s?1\b"
    r"(?!\s?(?:d\b|day|wk|week|mo|\d))",
    re.I,
)
# "Ketorolac was a godsend": what is told of a drug as past, and not of its use, tells of its past.
_TOLD_OF = re.compile(
    r"\s(?:\w+ly\s|also\s)?(?:was|were|did|had)\s"
    r"(?!\d|well\b|good|fine|ok|unchanged|at\b|tolerated|helpful|effective|only\b|recently\b)",
    re.I,
)
# "Cytoxan x6 at induction": so often it was given, and not for so long.
_TIMES = re.compile(
    r"\s?[x×]\s?(?!1\b)\d+(?![\d/%-]|\s?(?:[dhwm]|hrs?|days?|wks?|weeks?|mos?|months?|doses?|more|mc?g"
    r"|puffs?|tabs?|sprays?|drops?|caps?)\b)",
    re.I,
)
_BESIDE = 30  # code points behind a drug in which its sig begins
SECTION: dict[str, MedicationStatus] = {
    "allergies": S.ALLERGY,
    "procedure": S.COMPLETED,
    "hospital_course": S.ACTIVE,
    "immunizations": S.COMPLETED,
}


def by_place(document: Document, key: str, drug: Place) -> tuple[MedicationStatus, bool]:
    """What the title above says, else the section."""
    title = _title(document, drug[0])
    if _TREATED.match(title) and key not in LISTS:
        return S.STOPPED, False
    if _ANESTHESIA.match(title) or (_AT_TABLE.match(title) and _operative(document)):
        return S.COMPLETED, False
    if key == "hospital_course" and _IN_EMERGENCY.match(title):
        return S.IN_HOSPITAL, False
    if key not in LISTS and (over := _over(document.text, drug[1])):
        return over, False
    if (
        key == "medications"
        and _at_procedure(document)
        and _INTRAVENOUS.match(document.text, drug[1])
    ):
        return S.COMPLETED, False  # sedation
    if key == "immunizations" and _regular(document, drug[1]):
        return S.ACTIVE, False
    # What a patient is sent home on is the last word on it.
    return SECTION.get(key, S.ACTIVE), key == "discharge_medications"


def _over(text: str, end: int) -> MedicationStatus | None:
    """How the words right behind a drug that ends at the offset tell of its past."""
    if _ONCE.match(text, end) or _TIMES.match(text, end):
        return S.COMPLETED
    return S.STOPPED if _TOLD_OF.match(text, end) else None


def _regular(document: Document, end: int) -> bool:
    """Whether a frequency, or "as needed", follows right behind a drug: no vaccine is so given."""
    parts = sig.find(document.text, end, min(len(document.text), end + _BESIDE))
    return not {"frequency", "as_needed"}.isdisjoint(part.part for part in parts)


def _title(document: Document, start: int) -> str:
    """The innermost title above; "" before the first."""
    at = bisect_right(document.titles, start) - 1
    return document.sections[at].title.quote if at >= 0 else ""


def sent_home(document: Document) -> bool:
    """Whether the document lists what the patient goes home on."""
    return "discharge_medications" in document.keys


def _operative(document: Document) -> bool:
    """Whether an operation is told, and no visit: what its findings name was used for it."""
    keys = {section.key for section in document.sections}
    return "procedure" in keys and not keys & {"hpi", "hospital_course"}


def _at_procedure(document: Document) -> bool:
    """Whether a procedure is told and no stay: its medications are those that were given for it."""
    stays = ("hospital_course", "hpi", "discharge_medications")
    return "procedure" in document.keys and document.keys.isdisjoint(stays)


def home_goes_on(document: Document) -> bool:
    """Whether the list of what the patient goes home on names drugs only as those of home."""
    return any(
        _AS_AT_HOME.search(document.text, section.start, section.end)
        for section in document.sections
        if section.key == "discharge_medications"
    )
