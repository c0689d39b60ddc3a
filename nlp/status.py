"""What the text says the patient does with a drug: active, new, changed, stopped, held …

The cue nearest to the mention within its clause decides; then the section; then ACTIVE.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp import answers, labels, sig, status_clause
from nlp.places import Place, key_at, sentence_at
from nlp.status_clause import NEAR
from nlp.types import Document, MedicationStatus

S = MedicationStatus

_ON_CONDITION = re.compile(
    r"\s(?:only\s)?if\s(?!needed|necessary|able|tolerated|indicated|possible|desired"
    r"|(?:pain|fever)\b(?!\s(?:persist|continu|worsen|recur|return)))",
    re.I,
)
# What opens a clause that only a later event makes true: "If not better, we will change to …".
_SHOULD = re.compile(
    r"\W*(?:(?:and|but|so|then|now|okay|again|also)\W+)*(?:if\s(?!you\s(?:could|can|would|don)|(?:that|it)(?:\s?['’]s|\sis)"
    r"\s(?:ok|all|fine)|needed|possible|necessary|tolerated)|unless\b|in\s(?:the\s)?(?:case|event)\b"
    r"|should\s(?!(?:be|have|take|continue|use|start|stop|return|follow|try|get)\b)\w)",
    re.I,
)
_STARTS = re.compile(r"[.;?!]\s|\n")
_LATER_ON = re.compile(
    r"(?:\s(?!daily|mg|as\b)[A-Za-z-]+|-[a-z]+){0,4}\s(?:if|once(?!\s(?:daily|a\b|weekly|monthly|nightly|per\b|every|in\b)))\s(?!needed|necessary|able|tolerated|indicated|possible|desired|you\b"
    r"|pain|fever|ok)",
    re.I,
)
_FOR_ANY = re.compile(
    r"\s(?:for|during|with)\s(?:any|an?|there|he|she|you|they)\b|\s(?:if|when|unless)\s", re.I
)
# What a drug did that no allergy does, in brackets, behind a dash or as a clause.
_SIDE_EFFECT = re.compile(
    r"\s(?:upset|bothered|irritated|hurt)\s\w+\s(?:stomach|guts?)\b"
    r"|\s?(?:\(|[-–—:=→]|,?\s?(?:(?:which|that|has|had|have)\s)*(?:causes?|caused|causing|gives?|gave|makes?|made)\b"
    r"|intoleran)(?:(?!rash|hives|itch|anaphyl|angioed|swell|throat|breath|urticari|allerg)[^().;,\n]){0,30}?"
    r"(?:nause|vomit|throw\sup|upset|cough|myalg|muscle|dizz|drows|sedat|sleepy|constipat|diarrh|headache|gi\b"
    r"|stomach|insomnia|ulcer|bleed|fatigue|palpitation|jitter|sick\b|cramp|tremor|weakness|intoleran"
    r"|weight\sgain|agitat|bruis|hypo\w+emia|hyperkalemia|\w+penia|pancreatitis)",
    re.I,
)
_RESCUE = re.compile(r"epi-?\s?pen|auvi-?q|epinephrine\sauto|adrenaclick|neffy", re.I)
_REACTS = re.compile(r"intoleran|allerg|anaphyl|reaction|sensitiv", re.I)
# "Samples of Lipitor given": to take home.
_SUPPLIED = re.compile(
    r"\b(?:samples?|prescriptions?|scripts?|refills?|rx)\s(?:of|for)\s(?:\w+\s)?$", re.I
)
_INTRAVENOUS = re.compile(r"[^\n,;]{0,30}?\b(?:iv|i\.v\.|intravenous(?:ly)?)(?!\w)", re.I)
_WHEN_LOW = re.compile(
    r"[^.\n;]{0,40}?\b(?:(?P<reason>for)|if|when)\s(?:the\s|his\s|her\s)?(?:sbp|hr|bp|systolic|map|rr|pulse"
    r"|heart\srate|blood\spressure|inr|glucose|bg|fsbs|sedat\w+)\s?(?:is\s)?(?:<|>|less|below|under|above|greater|(?(reason)(?!)|\d))",
    re.I,
)
_NOT_ON = re.compile(r"\bnot\s(?:currently\s)?(?:on|taking)\s(?:any\s)?\Z", re.I)
_WAS_HELD = re.compile(r"\b(?:held|stopped|withheld)\sfor\b", re.I)
_DATED = re.compile(
    r"\s(?:(?:back\s)?in\s(?:19|20)\d\d\b|last\s(?:year|spring|summer|fall|autumn|winter)\b"
    r"(?=[^.;]{0,30}\b(?:switched|changed|stopped|but))"
    r"|back\sin\sthe\s(?:spring|summer|fall|autumn|winter)\b)",
    re.I,
)
_AS_AT_HOME = re.compile(
    r"\b(?:home|outpatient|usual|prior|previous|regular|preadmission|pre-admission|same|other|chronic)"
    r"\s(?:med(?:ication)?s|medicines|drugs|regimen)\b(?!\s(?:stopped|changed))"
    r"|\b(?:same|unchanged)\s(?:as|from)\b|\bas\s(?:before|on\sadmission)\b",
    re.I,
)
_TREATED = re.compile(
    r"(?:prior|past|previous)\s(?:treatments?|therap\w+|medications?|meds)\b|(?:treatment|oncolog\w+)\shistory\b",
    re.I,
)
_IN_EMERGENCY = re.compile(r"(?:ed|er|emergency|preop\w*|intraop\w*|operative)\b", re.I)
_ANESTHESIA = re.compile(r"anesthe|procedure|operation", re.I)
_AT_TABLE = re.compile(r"description|technique|findings|details?\b|narrative", re.I)
_DOSE_GIVEN = re.compile(
    r"[^\n;]*?(?<!was\s)(?<!were\s)(?<!been\s)\bgiven\b(?!\s(?:for|x)\b)", re.I
)
# "With tacrolimus toxicity", "a lithium level": nothing is said of whether it is taken.
_SPOKEN_OF = re.compile(r"\s(?:toxicity|levels?|troughs?|concentrations?|side\seffects?)\b", re.I)
# A sentence below what a line of allergies lists: "Allergies: sulfa", "I have started …".
_PROSE = re.compile(
    r"\S[^\n]*\n(?:[^\n]*\n)*(?![^\n]*(?:allerg|react|intoleran))"
    r"[^\n]*\b(?:i|he|she|we|they|patient|pt)\s(?:(?:also|has|have|had)\s)?\w+[^\n]*",
    re.I,
)
_DOUBTED = re.compile(r"(?:^|[;,:.\n])\s*\?\s?$")  # "; ? levothyroxine"
_LINK = 6  # code points before a drug in which such a mark stands
_UNTIL = re.compile(r"\b(?:until|till?|once|when)\s(?:(?:the|your|his|her|my)\s)?$", re.I)
# "We can try modafinil, I'll send that to the pharmacy" is an order.
_ORDERED = re.compile(
    r"[^.?\n]{0,60}?\b(?:send|sent|call|called)\s(?:that|it|this)\s(?:in|to|over)\b"
    r"|[^.?\n]{0,60}?\b(?:accept(?:s|ed)|e-?prescribed|agree[sd]?\b(?!\sto\s(?:hold|wait|think|stop|defer)))",
    re.I,
)
_STOP_ONE = re.compile(r"\b(?:stop|d/c|discontinue|dc)\s$", re.I)
_ORDER = 30  # code points behind a drug in which its order stands
_ONCE = re.compile(
    r"[^.;\n]{0,30}?\b(?:iv|ivp|im|po|sq|sc|neb)\b[^.;\n]{0,12}?[x×]\s?1\b(?!\s?(?:d\b|day|wk|week|mo|\d))",
    re.I,
)
# "She may use Tylenol as needed" is advice, "may try Lyrica" is none yet.
_MAY = re.compile(r"\b(?:may|can)\s(?:also\s|continue\sto\s)?(?:use|take)\s(?:\w+\s)?$", re.I)
_SIG_OF_OWN = re.compile(
    r"[^.;,\n]{0,30}?\b(?:as\sneeded|prn|p\.r\.n|for\s(?:the\s|any\s|his\s|her\s)?(?:pain|fever|headache|sleep"
    r"|nausea|discomfort|symptoms?)|every|daily|twice|at\s(?:night|bedtime))",
    re.I,
)
_IS_TO_STOP = re.compile(
    r"(?:^|\b(?:will|should|to|please|must|and|is)\s|[.,:;]\s)(?:stop|hold|discontinue)\s(?:\w+\s)?$",
    re.I,
)
_FOR_SURGERY = re.compile(
    r"\s(?:[\w-]+\s){1,4}?(?:before|prior\sto|preceding)\s(?:the\s|his\s|her\s|your\s)?(?:\w+\s)?(?:surgery|procedure|operation"
    r"|biopsy|colonoscopy|endoscopy|cath\w*|injection|extraction)"
    r"|\s\w+\s(?:days?|weeks?)\s(?:before|prior|ahead|preop\w*)\b"
    r"|\s(?:the\s)?(?:day|morning|night)\s(?:of|before)\b",
    re.I,
)
# "Hold warfarin tonight, then resume 5 mg daily": the same drug, by its dose or day.
_RESUMED = re.compile(
    r"[^.\n]{0,80}?(?<!be\s)(?:restarted|resumed|reintroduced)\s(?:it|this|that)\b"
    r"|[^.;\n]{0,60}?(?:\bthen|\band|,|->|→)\s(?:resum|restart|continu)\w*(?=[,.;)\n]|\Z|\s(?:\d|at\b|tomorrow\b"
    r"|(?:on\s)?(?:mon|tue|wed|thu|fri|sat|sun)|(?:the\s)?(?:same|usual|home|prior|previous|normal)\b))",
    re.I,
)
_SOME_DAY = re.compile(
    r"\s(?:[\w.]+\s){0,4}?(?:(?:on\s)?(?:dol|pod|hd)\s?#?\d|next\s(?:week|month|visit)\b"
    r"|in\s\w+\s(?:weeks|months)\b)",
    re.I,
)
# "She used selenium for six months."
_USED = re.compile(r"\b(?<!has\s)(?<!have\s)(?:used|took|tried)\s(?:\w+\s)?$", re.I)
_A_WHILE = re.compile(
    r"[^.;,\n]{0,20}?\s(?:for\s(?:about\s|only\s|over\s)?[\w-]+\s(?:days?|weeks?|months?|years?)\b|until\b)",
    re.I,
)
# "No penicillin allergy", "not allergic to aspirin".
_DENIED = (
    r"\b(?:no|not|denies|denied|without|n['’]t)\s(?:(?:any|known|history\sof|have|an?|drug)\s){0,3}"
)
_NO_ALLERGY_TO = re.compile(
    rf"{_DENIED}(?:allerg\w+|intoleran\w+)\s(?:(?:to|of)\s)?(?:any\s)?$", re.I
)
_NO = re.compile(rf"{_DENIED}$", re.I)
_ALLERGY = re.compile(r"\s(?:allerg|intoleran)", re.I)
LISTS = frozenset({"medications", "discharge_medications"})
SECTION: dict[str, MedicationStatus] = {
    "allergies": S.ALLERGY,
    "procedure": S.COMPLETED,
    "hospital_course": S.ACTIVE,
    "immunizations": S.COMPLETED,
}


def status(document: Document, drug: Place, drugs: list[Place]) -> tuple[MedicationStatus, bool]:
    """The status of one of the document's `drugs` (in order), and whether a cue said so."""
    said, cued = _status(document, drug, drugs)
    if said is S.ALLERGY and _RESCUE.match(document.text, drug[0]):
        return S.ACTIVE, False  # it is carried for the allergy
    if said is S.ALLERGY and _no_allergy(document, drug):
        return S.NOT_TAKING, True
    if said is S.ALLERGY and _intolerance(document, drug):
        return S.INTOLERANCE, cued
    return said, cued


def _no_allergy(document: Document, drug: Place) -> bool:
    text, near = document.text, max(0, drug[0] - NEAR)
    if _ALLERGY.match(text, drug[1]):
        return _NO.search(text, near, drug[0]) is not None
    return _NO_ALLERGY_TO.search(text, near, drug[0]) is not None


def _status(document: Document, drug: Place, drugs: list[Place]) -> tuple[MedicationStatus, bool]:
    start = drug[0]
    key = key_at(document, start)
    if key == "allergies" and _NOT_ON.search(document.text, max(0, start - NEAR), start):
        return S.NOT_TAKING, True
    if (key == "allergies" and not _beyond(document, start)) or answers.allergic(document, start):
        return S.ALLERGY, True
    replied = answers.replied(document, drug, drugs)
    if replied is not None:
        return replied, True
    return _by_cue(document, key, drug, drugs) or _by_place(document, key, drug)


def _beyond(document: Document, start: int) -> bool:
    """Whether prose below a line of allergies names the drug."""
    title = document.sections[bisect_right(document.titles, start) - 1].title
    return _PROSE.fullmatch(document.text, title.end, start) is not None


def _intolerance(document: Document, drug: Place) -> bool:
    """Whether what the text calls a drug's allergy, or tells in its place, is a side effect."""
    text, (start, end) = document.text, drug
    if _SIDE_EFFECT.match(text, end):
        return True
    first, _ = sentence_at(document, start)
    told = [m[0] for m in _REACTS.finditer(text, max(first, start - NEAR), start)]
    return key_at(document, start) != "allergies" and bool(told) and told[-1].lower() == "intoleran"


def _by_cue(
    document: Document, key: str, drug: Place, drugs: list[Place]
) -> tuple[MedicationStatus, bool] | None:
    """What the words beside the drug say; None where they say nothing."""
    start, end = drug
    first, last = sentence_at(document, start)
    first, last = max(first, start - NEAR), min(last, end + NEAR)
    if _SPOKEN_OF.match(document.text, end):
        return S.ACTIVE, False
    low = _WHEN_LOW.match(document.text, end)
    if low and not _WAS_HELD.search(low[0]):
        return S.ACTIVE, False  # "hold if SBP < 100" is how it is taken
    given = key == "hospital_course" and _sent_home(document)
    first, last = status_clause.item(document, first, last, drug, drugs)
    left = status_clause.left(document, first, start)
    after = _following(document, left, end, last, drugs)
    if after is not None and not (given and after in (S.NEW, S.ACTIVE)):
        return after, True
    if _DOUBTED.search(document.text, max(0, start - _LINK), start):
        return S.PLANNED, True
    before = status_clause.exchanged(document, left, end)
    before = before or status_clause.before(left, start, drugs)
    if before is S.HELD and _FOR_ANY.match(document.text, end):
        return S.ACTIVE, False  # "hold it for any infection" tells how it is taken
    before = _qualified(document, first, drug, drugs, before)
    if given and before is S.ACTIVE and _home_goes_on(document):
        return S.ACTIVE, False
    if given and before in (None, S.NEW, S.ACTIVE):
        return S.IN_HOSPITAL, False  # the list of what the patient goes home on decides
    if before is not None and not (key in LISTS and before is S.COMPLETED):
        return before, True
    told = labels.governing(document, start)
    if told is not None:
        return told, True
    return (S.PLANNED, True) if _ON_CONDITION.match(document.text, end) else None


def _following(
    document: Document, left: str, end: int, last: int, drugs: list[Place]
) -> MedicationStatus | None:
    """What the cue behind the drug says, with what stands before the drug or the cue."""
    after = status_clause.after(document, end, last, drugs)
    if after in (S.COMPLETED, S.STOPPED) and _UNTIL.search(left):
        return S.ACTIVE  # "until the Lovenox is done" it goes on
    if after is S.COMPLETED and _SUPPLIED.search(left):
        return S.NEW
    return S.ACTIVE if after is S.COMPLETED and _scheduled(document.text, end, last) else after


def _scheduled(text: str, end: int, last: int) -> bool:
    """Whether what was given is a dose of what is given again: "40 mg IV q12h 0900 given"."""
    given = _DOSE_GIVEN.match(text, end, last)
    parts = {e.part for e in sig.find(text, end, given.end())} if given else set()
    return bool(parts & {"frequency", "as_needed"})


def _qualified(
    document: Document,
    first: int,
    drug: Place,
    drugs: list[Place],
    before: MedicationStatus | None,
) -> MedicationStatus | None:
    """What a verb says, with what its sentence says of it: a condition, a date, an order."""
    text, (start, end) = document.text, drug
    match before:
        case S.NEW:
            later = _SHOULD.match(_STARTS.split(text[first:start])[-1])
            later = later or _LATER_ON.match(text, end) or _SOME_DAY.match(text, end)
            return S.PLANNED if later else S.NEW
        case S.PLANNED:
            allowed = _MAY.search(text, first, start) and _SIG_OF_OWN.match(text, end)
            allowed = allowed or _ORDERED.match(text, end)
            return S.NEW if allowed else S.PLANNED
        case S.STOPPED | S.HELD:
            if _ON_CONDITION.match(text, end):
                return S.ACTIVE  # until then it is taken
            if _IS_TO_STOP.search(text, first, start) and _FOR_SURGERY.match(text, end):
                return S.ACTIVE  # until then it is taken
            if _RESUMED.match(text, end):
                return S.ACTIVE
            return S.NEW if _another(text, first, drug, drugs) else before
        case S.ACTIVE:
            return S.STOPPED if _DATED.match(text, end) else S.ACTIVE
        case None:
            used = _USED.search(text, first, start) and _A_WHILE.match(text, end)
            return S.STOPPED if used or status_clause.gives_way(document, end, drugs) else None
        case _:
            return before


def _another(text: str, first: int, drug: Place, drugs: list[Place]) -> bool:
    """Whether it is ordered behind a name alone: "stop cephalexin, doxycycline 100 mg bid"."""
    inside = [d for d in drugs if first <= d[0] < drug[0]]
    if not inside or not _STOP_ONE.search(text, first, inside[-1][0]):
        return False
    told = {e.part for e in sig.find(text, drug[1], min(len(text), drug[1] + _ORDER))}
    return text[inside[-1][1] : drug[0]].strip() == "," and "frequency" in told


def _by_place(document: Document, key: str, drug: Place) -> tuple[MedicationStatus, bool]:
    """What the title above says, else the section."""
    title = _title(document, drug[0])
    if _TREATED.match(title) and key not in LISTS:
        return S.STOPPED, False
    if _ANESTHESIA.match(title) or (_AT_TABLE.match(title) and _operative(document)):
        return S.COMPLETED, False
    if key == "hospital_course" and _IN_EMERGENCY.match(title):
        return S.IN_HOSPITAL, False
    if key not in LISTS and _ONCE.match(document.text, drug[1]):
        return S.COMPLETED, False
    if (
        key == "medications"
        and _at_procedure(document)
        and _INTRAVENOUS.match(document.text, drug[1])
    ):
        return S.COMPLETED, False  # sedation
    # What a patient is sent home on is the last word on it.
    return SECTION.get(key, S.ACTIVE), key == "discharge_medications"


def _title(document: Document, start: int) -> str:
    """The innermost title above; "" before the first."""
    at = bisect_right(document.titles, start) - 1
    return document.sections[at].title.quote if at >= 0 else ""


def _sent_home(document: Document) -> bool:
    return "discharge_medications" in document.keys


def _operative(document: Document) -> bool:
    """Whether an operation is told, and no visit: what its findings name was used for it."""
    keys = {section.key for section in document.sections}
    return "procedure" in keys and not keys & {"hpi", "hospital_course"}


def _at_procedure(document: Document) -> bool:
    """Whether a procedure is told and no stay: its medications are those that were given for it."""
    stays = ("hospital_course", "hpi", "discharge_medications")
    return "procedure" in document.keys and document.keys.isdisjoint(stays)


def _home_goes_on(document: Document) -> bool:
    """Whether the list of what the patient goes home on names drugs only as those of home."""
    return any(
        _AS_AT_HOME.search(document.text, section.start, section.end)
        for section in document.sections
        if section.key == "discharge_medications"
    )
