"""Sections of a clinical note: titles found by layout, keys by one table and a small grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from nlp.types import Section, Span

# Canonical key: titles as `fold` leaves them (lower case, singular, abbreviations spelt out, "&"
# and "/" are "and"); MODIFIERS before and ENDING after a title need no row of their own.
SECTIONS: dict[str, str] = {
    "chief_complaint": """
        chief complaint; cc; complaint; presenting complaint; presenting problem; presenting
        symptom; presenting concern; chief concern; reason for visit; reason for consultation;
        reason for admission; reason for referral; reason for evaluation; reason for
        hospitalization; reason for encounter; reason for appointment; reason for presentation;
        purpose of visit""",
    "hpi": """
        history of present illness; hpi; hopi; present illness; history of presenting illness;
        history of presenting problem; history present illness; history of presenting complaint;
        history of current illness; history of present condition; history of present complaint;
        history of injury; history of illness; history of present injury; subjective; subjective
        complaint; interval history; interim history; clinical history; history; history and
        physical; clinical summary; history of problem; history of current problem; history of
        presentation; subjective finding; subjective data; subjective history; history and
        physical examination; brief history; patient history; pertinent history; brief clinical
        history; present history; brief hpi; history of event; reason for visit and history""",
    "pmh": """
        past medical history; pmh; pmhx; medical history; past history; medical problem; problem
        list; past medical and surgical history; past medical surgical history; medical and
        surgical history; past medical history and past surgical history; past medical history
        and surgical history; problem; psychiatric history; history of past illness; past
        illness; medical condition; medical illness; chronic condition; chronic problem; chronic
        illness; comorbidity; comorbid condition; ocular history; cardiac history; oncologic
        history; oncology history; oncological history; health history; cardiovascular history;
        past obstetric history; past gynecologic history; pmh and psh; illness; past problem;
        past diagnosis""",
    "psh": """
        past surgical history; psh; pshx; surgical history; past surgery; past operation; past
        surgical procedure; past procedure; history of surgery; operative history; procedure
        history; surgical and procedure history; surgical procedure history""",
    "medications": """
        medication; medicine; drug; medication list; prescription; rx; medication history;
        outpatient prescription; medication prior to admission; drug history; drug therapy;
        medical therapy; medication taken; medication and dosage; prescription medication;
        medication and supplement""",
    "discharge_medications": """
        discharge medication; medication on discharge; medication at discharge; medication upon
        discharge; medication at time of discharge; medication for discharge; discharge
        medication list; discharge prescription; medication to go home on""",
    "allergies": """
        allergy; drug allergy; medication allergy; medicine allergy; allergy list; food allergy;
        allergy to medication; allergy to drug; allergic history; allergy history; drug
        sensitivity; sensitivity; allergy and intolerance; allergy and adverse reaction; drug
        intolerance; intolerance; allergy and sensitivity; adverse reaction; adverse drug
        reaction; allergy and reaction; allergy and drug reaction; drug reaction; medication
        intolerance; all; allergen""",
    "social_history": """
        social history; soc history; shx; sh; personal history; habit; psychosocial history;
        social and developmental history; personal and social history; developmental and social
        history; social and family history; family and social history; tobacco history; alcohol
        history; smoking history; substance use history; substance abuse history; occupational
        history; lifestyle; substance use; social situation; socioeconomic history; social and
        occupational history; work history; personal habit; social and personal history""",
    "family_history": """
        family history; fh; fhx; fam history; family medical history; fmh; familial history;
        family psychiatric history; family ocular history; family health history; genetic
        history; genetic psychiatric history; family history of illness; family cardiac history;
        hereditary history""",
    "ros": """
        review of system; ros; system review; review of symptom; systemic review; system
        inquiry; review of body system; functional inquiry; symptom review; review of organ
        system""",
    "physical_exam": """
        physical examination; pe; px; examination; objective; physical finding; physical;
        clinical examination; on examination; mental status examination; mse; objective finding;
        objective data; physical examination finding; general examination; general physical
        examination; physical assessment; vital sign and physical examination; examination
        finding; physical evaluation; o and e; pex""",
    "results": """
        result; laboratory data; laboratory; laboratory study; laboratory result; laboratory
        finding; laboratory value; laboratory test; laboratory evaluation; laboratory
        examination; laboratory work; laboratory investigation; test result; diagnostic study;
        diagnostic data; diagnostic test; study; test; diagnostic result; diagnostic testing;
        diagnostic; data; investigation; data reviewed; ancillary data; laboratory and
        diagnostic data; laboratory and diagnostic study; laboratory and x ray data; laboratory
        and radiology data; laboratory and imaging; laboratory and imaging data; ancillary
        study; laboratory and imaging study; laboratory and x ray; laboratory and study;
        imaging; imaging study; imaging result; imaging data; radiology; radiology result;
        radiologic data; radiologic study; radiographic data; radiographic study; radiographic
        finding; radiographic examination; radiograph; x ray; x ray finding; ekg;
        electrocardiogram; echocardiogram; chest x ray; pathology result; microbiology; blood
        work; laboratory and radiographic data""",
    "hospital_course": """
        hospital course; course in hospital; course in the hospital; clinical course; course;
        course in ed; course in the ed; course in emergency department; course in the emergency
        department; ed course; emergency department course; emergency room course; er course;
        course in the er; course in emergency room; course in the emergency room; summary of
        hospital course; hospital stay; hospital course by problem; hospital course by system;
        hospital course and treatment; course of hospitalization; hospital course summary;
        hospitalization course; treatment course; inpatient course; hospital summary; summary of
        hospitalization; course while in hospital""",
    "assessment": """
        assessment; impression; clinical impression; formulation; case formulation; conclusion;
        diagnostic impression; assessment and diagnosis; assessment and impression; overall
        impression; impression and assessment; diagnostic assessment; diagnostic formulation;
        summary and impression; impression and diagnosis; clinical assessment; medical decision
        making; mdm; clinical formulation; summary and assessment; imp; assessment and formulation;
        assessment and summary; differential diagnosis; ddx; differential; suspected diagnosis""",
    "plan": """
        plan; recommendation; treatment plan; plan of care; care plan; discharge plan; plan of
        treatment; treatment and plan; plan and treatment; recommendation and plan; plan and
        recommendation; disposition and plan; plan of action; plan and disposition; treatment
        recommendation; management plan; plan and discussion; treatment plan and recommendation;
        goal and plan; discussion and plan; suggestion; discharge planning; plan for treatment;
        follow up plan; plan and follow up; follow up""",
    "assessment_plan": """
        assessment and plan; a and p; ap; impression and plan; impression and recommendation;
        assessment and recommendation; assessment plan; impression recommendation; impression
        plan; plan and assessment; diagnosis and plan; assessment and treatment plan; problem
        and plan; assessment and treatment; impression and treatment plan; summary and plan;
        summary and recommendation; assessment and plan of care; medical decision making and
        plan; conclusion and recommendation""",
    "diagnosis": """
        diagnosis; pre op diagnosis; post op diagnosis; preop diagnosis; postop diagnosis; pre
        operative diagnosis; post operative diagnosis; diagnosis on admission; diagnosis on
        discharge; pre procedure diagnosis; post procedure diagnosis; preprocedure diagnosis;
        postprocedure diagnosis; preoperative and postoperative diagnosis; pre and postoperative
        diagnosis; dsm iv diagnosis; pre and post operative diagnosis; multiaxial diagnosis;
        psychiatric diagnosis; visit diagnosis""",
    "procedure": """
        procedure; operation; operative procedure; surgery; surgical procedure; title of
        operation; procedure and operation; operation and procedure; title of procedure; name of
        procedure; name of operation; description of procedure; description of operation;
        procedure description; procedure note; description of the procedure; detail of
        procedure; detail of the procedure; detail of operation; procedure detail; procedure and
        finding; operative description; operative note; operative detail; operative report;
        description of the operation; description of operative procedure; operative technique;
        surgical technique; procedure and technique; procedure report; procedure summary;
        detailed description of procedure; operative course; operative narrative; technique of
        procedure; description of technique; detail of the operation; operation note; operative
        procedure in detail""",
    "immunizations": """
        immunization; vaccination; vaccine; immunization history; vaccination history;
        immunization status; vaccination status; immunization record""",
}  # fmt: skip

# Titles of parts: inside a section they open a part of it (key "other") and never end it.
PARTS = """
    abdomen; affect; appearance; attitude; attention; back; behavior; blood pressure; breast;
    cardiac; cardiorespiratory; cardiovascular; cardiovascular system; chest; chest and lung; cn;
    cns; cognition; cor; cv; concentration; constitutional; constitutional symptom; cranial nerve;
    cva; dental; dermatologic; ear; eye; ear nose and throat; ear nose throat; eeg; eent;
    endocrine; ent; extremity; ext; eye ear nose throat; face; gait; gastrointestinal; gen;
    general; general appearance; genitalia; genitourinary; gi; gu; gyn; head; heart; heent;
    hematologic; hematology; hematologic and lymphatic; hent; heme; height; insight; integument;
    integumentary; judgment; lung; lymph; lymph node; lymphatic; memory; mental status; mood;
    motor; mouth; ms; msk; musculoskeletal; neck; neuro; neurologic; neurological; neurologically;
    nose; oral; oropharynx; orientation; pelvic; pelvis; psych; psychiatric; psychiatry;
    psychomotor; pulmonary; pulse; rectal; reflex; resp; respiration; respiratory; rectum;
    respiratory system; sensation; sensory; sinus; skeletal; skin; speech; skin and breast; spine;
    temperature; thought content; thought process; throat; thorax; thyroid; urologic; vascular;
    vital sign; vital; vs; weight; allergic and immunologic; immunologic; hemodynamic;
    coordination; axis i; axis ii; axis iii; axis iv; axis v; allergy and immunology;
    allergy and asthma"""  # fmt: skip

WORDS = {
    "exam": "examination", "exams": "examination", "hx": "history", "dx": "diagnosis",
    "diagnoses": "diagnosis", "meds": "medication", "med": "medication", "lab": "laboratory",
    "labs": "laboratory", "consult": "consultation", "laboratories": "laboratory", "ecg": "ekg",
    "neurologic": "neurological", "followup": "follow up",
}  # fmt: skip
MODIFIERS = frozenset(
    """a active acute additional admission admitting all associated brief chronic clinical complete
    current detailed directed discharge final focused general home initial inpatient known
    limited list new ongoing other outpatient overall past patient patients pertinent
    postoperative preadmission preliminary preoperative present previous primary principal prior
    provisional recent relevant reported secondary significant summary the today todays updated
    working""".split()  # noqa: SIM905
)  # fmt: skip
ENDING = re.compile(
    r" (?:(?:on|at|upon|prior to|before|for|during|from|after|in|of|by|to|per)"
    r"(?: (?:the|time|of|this|date|patient|current))* "
    r"(?:admission|discharge|presentation|arrival|hospitalization|visit|transfer|surgery|home|"
    r"present|consultation|procedure|detail|exam|examination|patient|hospital stay|office|"
    r"clinic|today|er|ed)|performed|done|list|section|summary|today|obtained|reviewed|as follow|"
    r"detail|include|are|is|(?:and|or) (?:reaction to hospitalization|"
    r"hospital course|review of system)|i{1,3}|\d{1,2})$"
)
ALONE = frozenset(
    ("history", "course", "data", "study", "test", "problem", "drug", "illness")
)  # never after a modifier
WEAK = ALONE - {"history"}  # titles only in capitals, in markup or on a line of their own


@lru_cache(maxsize=1024)
def fold(title: str) -> str:
    """The title as SECTIONS writes it."""
    plain = re.sub(r"\([^)]*\)|['’.]", "", title.casefold()).replace("and/or", "and")
    words = [word for word in re.findall(r"[a-z0-9]+|[&/+]", plain) if word != "the"]
    return " ".join(_singular(WORDS.get(w, w)) if w not in "&/+" else "and" for w in words)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def _rows(table: str) -> Iterator[str]:
    return (fold(title) for title in table.split(";"))


_KEYS = {title: key for key, table in SECTIONS.items() for title in _rows(table)}
_PARTS = frozenset(_rows(PARTS))


@lru_cache(maxsize=1024)
def key(title: str) -> str:
    """The canonical key of a title; "" where the table and the grammar don't know it."""
    words = fold(title)
    if words in _KEYS:
        return _KEYS[words]
    if words in _PARTS:
        return ""
    while (shorter := ENDING.sub("", words)) != words:
        if shorter in _KEYS:
            return _KEYS[shorter]
        words = shorter
    while (first := words.partition(" "))[0] in MODIFIERS and first[2]:
        words = first[2]
        if words in _KEYS and words not in ALONE:
            return _KEYS[words]
    words = fold(title)
    lead = words.partition(" and ")[0]
    if lead != words and lead in _KEYS and lead not in ALONE:
        return _KEYS[lead]
    return "pmh" if re.fullmatch(r"past [a-z ]{3,30}history", words) else ""


# A title is markup, or a short run of words up to a colon or a dash, or a whole line. Gaps are
# taken whole (*+), else a line of spaces would cost the square of its length.
_TITLE = r"[A-Za-z][\w&/'’,.()+ -]{0,70}?"
_LINE = re.compile(
    r"[ \t]*(?P<mark>#{1,6}[ \t]+|\d{1,2}[.)][ \t]+|[-*•][ \t]+)?(?:"
    r"(?P<bold>\*\*|__)(?P<strong>[A-Za-z][^*_:\n]{0,78}?)[ \t]*+"
    r"(?::[ \t]*+(?P=bold)|(?P=bold)[ \t]*+(?::|$))"
    rf"|(?P<title>{_TITLE})[ \t]*+(?P<stop>:+(?![/\d])|(?<=[ \t])[-–—]{{1,2}}(?=[ \t])"
    r"|#*[ \t]*+$))",
    re.M,
)
# Within a line: a known title after the end of a sentence, a gap or a bar.
_INLINE = re.compile(r"(?P<title>[A-Z](?:(?<=[.;)|] .)|(?<=[ \t|]{2}.))[A-Za-z&/ ]{1,40}):(?!\d)")

# The letters of a SOAP note, where both what is told and what is found have one.
_SOAP = {"s": "hpi", "o": "physical_exam", "a": "assessment", "p": "plan"}
_LETTERS = re.compile(r"[ \t]*(S|O|A|P)[:.)/][ \t]")
# What follows the colon of a template's item: "Glaucoma: Yes", "Reflux: (x) yes ( ) no".
_FILLED = re.compile(
    r"[ \t]*(?:[(\[][ \t]*[xX✓✔]?[ \t]*[)\]]|[☐☒☑✓✔]|(?:yes|no|y|n|positive|negative|pos|neg"
    r"|present|absent|\+|-)[ \t]*(?:[,;.(|]|$))",
    re.I | re.M,
)

# A sentence up to its colon: "Patient refused: …", "She reports:".
_STATED = re.compile(
    r"\b(?:patient|pt|he|she|mother|mom|father|they|we)\s(?:also\s|has\s|had\s)?"
    r"(?:refus|declin|den(?:y|ie)|stat|report|endors|complain|agree|request|verbali[sz]|understood)\w*$",
    re.I,
)
_INK = re.compile(r"\S")

_Level = Literal["known", "part", "unknown"]


@dataclass(frozen=True, slots=True)
class _Header:
    start: int
    end: int
    body: int
    key: str
    level: _Level
    capitals: bool
    spaced: bool


def find(text: str) -> tuple[Section, ...]:
    """The sections in order of their titles; `start..end` is the body, `title` has no colon.

    Unknown titles get the key "other". A part ("LUNGS:" in an examination) lies inside its
    section, which goes on to the next one's title: `Document.section_at` gives the section.
    """
    headers = sorted(_headers(text), key=lambda h: h.start)
    tops = _tops(headers)
    found: list[Section] = []
    top_end = part_end = len(text)
    for header in reversed(headers):
        end = top_end if header.start in tops else part_end
        title = Span(header.start, header.end, text[header.start : header.end])
        found.append(Section(header.key or "other", title, header.body, end))
        part_end = header.start
        if header.start in tops:
            top_end = header.start
    return tuple(reversed(found))


def _tops(headers: list[_Header]) -> set[int]:
    """Where sections start that are no parts: unknown titles count if set like the known."""
    known = [h for h in headers if h.level == "known"]
    capitals = 2 * sum(h.capitals for h in known) >= len(known)
    spaced = 2 * sum(h.spaced for h in known) > len(known)
    tops: set[int] = set()
    for header in headers:
        alike = header.capitals >= capitals and header.spaced >= (spaced or not header.capitals)
        if header.level == "known" or (header.level == "unknown" and alike) or not tops:
            tops.add(header.start)
    return tops


def _headers(text: str) -> Iterator[_Header]:
    taken: list[range] = []
    lines = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))[:-1]
    soap = {"S", "O"} <= {m[1] for at in lines if (m := _LETTERS.match(text, at))}
    for match in [m for at in lines if (m := _LINE.match(text, at))]:
        name = "title" if match["title"] else "strong"
        title = match[name].rstrip()
        letter = _SOAP.get(title.lower(), "") if soap else ""
        level = "known" if letter else _level(text, match, title)
        if level:
            taken.append(range(match.start(name), match.end(name)))
            yield _header(text, match, name, level, letter)
    covered = {offset for title in taken for offset in title}
    for match in _INLINE.finditer(text):
        title = match["title"]
        if match.start("title") not in covered and key(title) and fold(title) not in WEAK:
            yield _header(text, match, "title", "known")


def _header(text: str, match: re.Match[str], name: str, level: _Level, letter: str = "") -> _Header:
    title = match[name].rstrip()
    start = match.start(name)
    spaced = name == "strong" or _blank_above(text, match.start())
    known = (letter or key(title)) if level == "known" else ""
    return _Header(start, start + len(title), match.end(), known, level, title.isupper(), spaced)


def _level(text: str, match: re.Match[str], title: str) -> _Level | None:
    """What kind of title the line opens with; None for running text, list items and values."""
    words, count = fold(title), len(title.split())
    marked = bool(match["bold"]) or (match["mark"] or "").startswith("#")
    stop = (match["stop"] or "")[:1]
    listed = bool(match["mark"]) and not marked
    shaped = title[0].isupper() or marked
    alone = stop in ("", "#")
    if key(title) and (shaped or stop == ":") and not (listed and stop != ":"):
        weak = words in WEAK and not (title.isupper() or marked or alone)
        return None if weak else "known"
    if words in _PARTS and shaped and not listed:
        return "part"
    if stop == ":" and not title.isupper() and _FILLED.match(text, match.end()):
        return None
    if stop == ":" and _STATED.search(title):
        return None
    if marked or (stop == ":" and shaped and not listed and count <= 9 and title.isupper()):
        return "unknown"
    if stop == ":" and shaped and not listed:
        return "unknown" if count <= 4 and not re.search(r"[,.\d]", title) else None
    heading = alone and title.isupper() and count <= 6 and len(title) > 3 and not listed
    if heading and title.replace(" ", "").isalpha() and _blank_above(text, match.start()):
        return "unknown" if _INK.search(text, match.end()) else None
    return None


def _blank_above(text: str, start: int) -> bool:
    """Whether the line that starts there is the first one or follows a blank one."""
    above = max(0, start - 1)
    return not text[text.rfind("\n", 0, above) + 1 : above].strip()
