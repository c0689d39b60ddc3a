"""Which dictionary hits are mentions: abbreviations, everyday words, analytes, titles."""

from __future__ import annotations

import re
from bisect import bisect_left

from nlp import sig
from nlp.places import in_title, key_at
from nlp.readings import ANALYTES, EVERYDAY, HABITS, MEASURED, OTHER_READING, VAGUE
from nlp.sections import LISTS
from nlp.types import Document
from terminology.types import ICD10CM, RXNORM, Hit, Term, TermKind

_VALUE = re.compile(
    r"\s(?:(?:level|is|was|of|at|=|:)\s){0,3}(?:low\s(?:at\s)?)?\d+(?:,\d{3})*(?:\.\d+)?"
    r"(?![\d.,]*\s?(?:mg|mcg|g\b|iu|unit|u\b|tab|cap|puff|ml|%|daily|bid|tid|po|x\b|/))(?=[\s,.;)]|$)"
    r"|\slevels?\b",
    re.I,
)
_READING = {word: re.compile(pattern, re.I) for word, pattern in OTHER_READING.items()}
# Drug sections and cues that make an analyte's or food's name a drug.
_TAKES = re.compile(
    r"\b(?:tak(?:e|es|ing)|start(?:ed|ing)?|prescribed?|supplement\w*"
    r"|continue[ds]?|replet\w+|given|gave|add(?:ed)?|(?:switched|swapped|changed)\sto)\s"
    r"(?:(?:on|with|her|his|the|oral|p\.?o\.?|iv)\s)*$",
    re.I,
)
# What shows that letters are a drug, where they could be anything: "metop 25", "held metop".
_AMOUNT = re.compile(
    r"\s(?:(?:succ\w*|tart\w*|er|xl|xr|sr|cr|la|cd|ec|dr)\s)?(?:(?:@\s?)?\.?\d+(?:[.-]\d+)?(?![\d/%:])|gtt|drip|prn|held|hold\b"
    r"|stopped|added|(?:re)?started|resumed|off\b|cont\b|cont'd|d/c|dc'?d|iv\b|po\b|ppx"
    r"|load|bolus|on[ ]hold|to\s\w+\s\d|infusion|nebs?\b"
    r"|d(?:ay)?\s?#?\d|at\shome|patch|cream|gel\b|for\ssedation|for\s\w+\s(?:ppx|prophylaxis))",
    re.I,
)
_DAY = re.compile(r"\sd(?:ay)?\s?#?\d", re.I)  # of a course: "CTX d4/7"
_STROKE = re.compile(r"/[A-Za-z-]{3,}")
_STROKEN = re.compile(r"(?<![A-Za-z-])(?:[A-Za-z-]{3,}/)+$")
_VERB = re.compile(
    r"(?:\b(?:on|off|takes|taking|cont|continued?|(?:re)?start(?:ed|ing)?|resumed?|hold(?:ing)?|held|stop(?:ped)?"
    r"|add(?:ed)?|d/c|dc|d/c'd|dc'd|home|given|gave|got|rx|switch(?:ed)?\sto|consider|initially|(?:tx|txt|tx'd|treated)\s?(?:w/?|with)"
    r"|w/|iv|po|s/p)\s|[+>→]\s?)(?:home\s|her\s|his\s|the\s|your\s|my\s)?$",
    re.I,
)
# A drug that a test is done with: "the dexamethasone suppression test".
_TESTS = re.compile(
    r"\s(?:suppression|stimulation|challenge|tolerance|provocation)\s(?:tests?|testing|stud\w+|scans?)\b",
    re.I,
)
# What is given to immunize is an Immunization, no drug that a patient takes.
_VACCINE = len(" vaccination")
_IMMUNIZES = re.compile(r"(?:vaccin\w+|toxoids?|flu\sshots?)\b", re.I)
_JOINT = re.compile(r"[a-z][/ -][a-z]", re.I)
# After a condition's name: an instrument, a specimen, a service, no patient's condition.
_PART_OF_TEST = re.compile(
    r"\s?-?\s?like\b|\s(?:\w+\s)?(?:inventory|scale|questionnaire|index|swab|cultures?|pcr|antigen|antibod(?:y|ies)"
    r"|titers?|tests?|testing|panel|screen|screening|vaccin\w*|shots?|jabs?|clinic|society|association"
    r"|precautions|prophylaxis|protocol|cautery|areas?|criteria|scores?|maneuver|forceps|aphasia|beverages?|drinks?|education|serolog\w*|(?:non-?)?immune)\b",
    re.I,
)
# "PCN allergy (anaphylaxis)": what an allergy is like.
_REACTION = re.compile(r"\b(?:allerg|intoleran)\w*[^.;,\n]{0,20}(?:\(|->|→)\s?$", re.I)
_ASKING = re.compile(r"(?:any|no|some|other)\s", re.I)
_POISONED = re.compile(r"T(?:3[6-9]|4\d|50|5[1-9]|6[0-5])")
_POISON = re.compile(
    r"poison|overdos|toxic|intoxicat|adverse|effect|ingest|\bOD\b|exposure|bite", re.I
)
_EVENTS = ("O80", "O82", "Z38")  # deliveries, births: events of a history, no conditions
_REPORTS = frozenset({"physical_exam", "results", "procedure"})
_HABITUAL = re.compile(r"\b(?:vap(?:es?|ing)|smok\w+|chew(?:s|ing))\s$", re.I)
_SUPPLEMENT = re.compile(
    r"\s(?:supplement\w*|tab(?:let)?s?|pills?|gluconate|citrate|carbonate|sulfate"
    r"|(?:was\s|is\s)?(?:continued|stopped|held|(?:re)?started|added)\b"
    r"|(?:and|with|plus|\+)\svit(?:amin)?\s?d)",
    re.I,
)
# What one eats: "Diet: diabetic, 2 g sodium", "a 2 gram sodium diet".
_DIET_LINE = re.compile(
    r"(?:^|[.;]\s)[ \t]*(?:\d+\.\s+)?(?:discharge\s)?diet(?:ary\s\w+)?\s?:[^.;\n]*$", re.I | re.M
)
_DIETARY = re.compile(
    r"(?:[\s-](?:restrict\w+|controlled|modified|free))?\s(?:cardiac\s)?diet\b", re.I
)
_REASON = re.compile(r"\b(?:for|with|of|to)\s(?:[\w-]+\s){0,2}$", re.I)
_INFECTIONS = ("A", "B", "J09", "J1", "Z23")
_VACCINATED = re.compile(r"\b(?:immuni[sz]|vaccin)\w*(?:(?!\bbut\b)[^.;\n])*$", re.I)
_UP_TO_DATE = re.compile(
    r"[\s:]+(?:[<>]|(?:is\s|was\s)?(?:up[\s-]to[\s-]date|utd|updated|current)\b|status\b"
    r"|boosters?\b|immuni|series\b)",
    re.I,
)
# "ED was 20": letters with a value are a measure's.
_MEASURE = re.compile(
    r"\s(?:was|is|of|=)\s\d+(?:\.\d+)?%?(?=[\s,.;)])(?!\s(?:years?|yrs?|months?|weeks?|days?)\b)"
)
_ZIP = re.compile(r",?\s\d{5}(?:-\d{4})?\b")  # behind the letters of a state
_VOWEL = re.compile(r"[aeiouAEIOU]")
_WORD_BEFORE = re.compile(r"([A-Za-z]+) $")
_WORD_AFTER = re.compile(r" ([A-Za-z]+)")
_NAME_BEFORE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Doctor|Nurse)\.?\s(?:[A-Z](?:\.|\w*)\s)?$")
_NAME_AFTER = re.compile(
    r",?\s(?:M\.?D\b|D\.?O\.?\b|R\.?N\.?\b|Ph\.?D|N\.?P\.?\b|P\.?A\.?-?C?\b"
    r"|Hospital|Clinic|Medical\sCenter|Street|St\.|Ave)"
)
_BY_PROBLEM = frozenset({"assessment", "plan", "assessment_plan", "hospital_course", "diagnosis"})
# What an examination names as a sign, though the classification has it as a disease.
_SIGNS = """
    abrasion abrasions callus contusion contusions deformity dermatitis hematoma hematomas
    laceration lacerations synovitis cyanosis effusion erythema exudate exudates hernia
    hernias hypertrophy lesion
    lesions redness scoliosis stenosis
"""
EXAM_SIGNS = frozenset((*_SIGNS.split(), "bone bruise", "bone bruises"))
_CONTEXT = 40  # code points of context that tell readings apart


def terms(document: Document, hit: Hit) -> tuple[Term, ...]:
    """The terms of a hit that it may mean here; empty where it is no mention at all."""
    text = document.text
    quote = text[hit.start : hit.end]
    if (
        (in_title(document, hit.start, hit.end) and not _is_subject(document, hit))
        or _is_name(text, hit)
        or not any(c.isalpha() for c in quote)
    ):
        return ()
    conditions = [t for t in hit.terms if t.system == ICD10CM and _condition(document, hit, t)]
    # A drug's term without a code names several products: nlp.unlisted reads it.
    drugs = [t for t in hit.terms if t.system == RXNORM and t.code and _drug(document, hit, t)]
    if conditions and drugs:
        return tuple(drugs if _in_list(document, hit) or has_sig(document, hit) else conditions)
    return tuple(conditions or drugs)


def _is_subject(document: Document, hit: Hit) -> bool:
    """A title that names one of the problems told ("Gout: start allopurinol"), or a drug."""
    section = document.sections[bisect_left(document.titles, hit.end) - 1]
    if document.text[max(0, section.title.start - 1) : section.title.start + 1].startswith("#"):
        return True  # "#OSA: CPAP"
    named = section.title.end == hit.end and all(t.system == RXNORM for t in hit.terms)
    return section.key == "other" and (named or key_at(document, hit.start) in _BY_PROBLEM)


def _in_list(document: Document, hit: Hit) -> bool:
    return key_at(document, hit.start) in LISTS


def _is_name(text: str, hit: Hit) -> bool:
    """A person's or place's name: "Dr. Graves", "Parkinson Clinic"."""
    if not text[hit.start].isupper():
        return False
    before = text[max(0, hit.start - _CONTEXT) : hit.start]
    return bool(_NAME_BEFORE.search(before) or _NAME_AFTER.match(text, hit.end))


def _condition(document: Document, hit: Hit, term: Term) -> bool:
    quote = document.text[hit.start : hit.end]
    key = key_at(document, hit.start)
    if term.code.startswith(_EVENTS) or _ASKING.match(quote):
        return False
    if _POISONED.match(term.code) and not _POISON.search(quote):
        return False  # "flu vaccine": what may poison is named, no poisoning
    if key == "allergies" or (key in _REPORTS and term.ambiguous):
        return False  # what stands there is a reaction; letters there are measures and instruments
    if quote.lower() in EVERYDAY and not quote.isupper():
        return False
    of_drug = term.code.startswith("T78") and document.text.startswith(" to ", hit.end)
    reaction = _REACTION.search(document.text, max(0, hit.start - _CONTEXT), hit.start)
    if of_drug or reaction or _eaten(document.text, hit):
        return False  # it tells of the drug that is named, or of a meal
    if _PART_OF_TEST.match(document.text, hit.end) or _is_vaccine(document.text, hit, term):
        return False
    if term.kind is TermKind.ABBREVIATION or quote.upper().replace(".", "") in _READING:
        return _abbreviation(document.text, hit, term.text)
    if quote.lower() in EVERYDAY or quote.lower() in HABITS or VAGUE.search(quote):
        return False
    if quote.lower() in EXAM_SIGNS and key in _REPORTS:
        return False
    return len(quote) > 2 and not (term.code[:1] in "VWXY" and " " not in quote)


def _eaten(text: str, hit: Hit) -> bool:
    """What a diet is made of or restricted by, unless it is said to be the diet's reason."""
    start = max(0, hit.start - _CONTEXT)
    if "iet" not in text[start : hit.end + _CONTEXT].lower():
        return False
    asked = _DIETARY.match(text, hit.end) or _DIET_LINE.search(text, start, hit.start)
    return asked is not None and not (
        _REASON.search(text, start, hit.start) or _SUPPLEMENT.match(text, hit.end)
    )


def _is_vaccine(text: str, hit: Hit, term: Term) -> bool:
    """An infection that immunizations are told by: "Tetanus > 5 years"."""
    if not term.code.startswith(_INFECTIONS):
        return False
    before = text[max(0, hit.start - 2 * _CONTEXT) : hit.start]
    return bool(_VACCINATED.search(before) or _UP_TO_DATE.match(text, hit.end))


def _abbreviation(text: str, hit: Hit, written: str) -> bool:
    """Whether letters stand for the term that is `written` so: DM2, a-fib, CoA."""
    quote = text[hit.start : hit.end]
    if not _cased(text, hit, written) or _is_defined(text, hit):
        return False
    if quote.isupper() and (_MEASURE.match(text, hit.end) or _ZIP.match(text, hit.end)):
        return False
    other = _READING.get(quote.upper().replace(".", ""))
    return not (other and other.search(_around(text, hit)))


def _around(text: str, hit: Hit) -> str:
    """What stands beside a hit in its line, parted by a bar."""
    left = text[max(0, hit.start - _CONTEXT) : hit.start].rpartition("\n")[2]
    return left + "|" + text[hit.end : hit.end + _CONTEXT].partition("\n")[0]


def _is_defined(text: str, hit: Hit) -> bool:
    """Letters in brackets behind the words that they stand for: "Mood Assessment Scale (MAS)"."""
    quote = text[hit.start : hit.end]
    if not quote.isupper() or text[hit.start - 1 : hit.start] != "(":
        return False
    words = re.split(
        r"[\s-]+", text[max(0, hit.start - 1 - 20 * len(quote)) : hit.start - 1].strip()
    )
    return "".join(word[:1] for word in words[-len(quote) :]).upper() == quote


def _cased(text: str, hit: Hit, written: str) -> bool:
    """Capitals are needed where the letters could be a word: "did" is not DID, "htn" is HTN."""
    quote = text[hit.start : hit.end]
    letters = "".join(c for c in quote if c.isalpha())
    if written.isupper() and len(letters) < sum(c.isalpha() for c in written):
        return False  # "aid" is no AIDS
    if written[:-1].isupper() and written.endswith("s") and not quote[:-1].isupper():
        return False  # "pads" are no PADs
    if quote == written or not letters:
        return bool(letters) and not _shouted(text, hit)
    if not written.isupper() and any(c in " -" for c in written):
        return True
    if letters.isupper():
        return not _shouted(text, hit)
    wordlike = _VOWEL.search(letters) is not None and len(letters) < 4
    return len(letters) > 2 and not wordlike and letters.lower() not in EVERYDAY


def _shouted(text: str, hit: Hit) -> bool:
    """A short word among capitals: "HE IS ALLERGIC" says nothing of hepatic encephalopathy."""
    if hit.end - hit.start > 3 or not _VOWEL.search(text, hit.start, hit.end):
        return False
    beside = (
        _WORD_BEFORE.search(text, max(0, hit.start - _CONTEXT), hit.start),
        _WORD_AFTER.match(text, hit.end),
    )
    words = [m[1] for m in beside if m]
    return bool(words) and all(len(w) > 1 and w.isupper() for w in words)


def _drug(document: Document, hit: Hit, term: Term) -> bool:
    text = document.text
    quote = text[hit.start : hit.end]
    key = re.sub(r"\s+", "-", quote.lower())
    measured = key_at(document, hit.start) == "results"
    if (key in MEASURED and _VALUE.match(text, hit.end)) or (key in ANALYTES and _eaten(text, hit)):
        return False
    if _TESTS.match(text, hit.end) or _IMMUNIZES.search(text, hit.start, hit.end + _VACCINE):
        return False
    unsure = key in ANALYTES or measured or term.ambiguous
    other = _READING.get(quote.upper())
    if term.ambiguous and other and other.search(_around(text, hit)):
        return False
    if _HABITUAL.search(text, max(0, hit.start - _CONTEXT), hit.start):
        return False
    if unsure or (quote.islower() and key in EVERYDAY):
        if key in EVERYDAY and term.kind is not TermKind.BRAND:
            return False
        before = text[max(0, hit.start - _CONTEXT) : hit.start]
        taken = _TAKES.search(before) or _SUPPLEMENT.match(text, hit.end)
        if term.kind is TermKind.ABBREVIATION and (
            used(document, hit.start, hit.end)
            if len(quote) > 3
            else _verb(text, hit.start) or _DAY.match(text, hit.end)
        ):
            return _abbreviation(text, hit, term.text)
        return bool(taken) or _in_list(document, hit) or has_sig(document, hit)
    if term.kind is TermKind.ABBREVIATION or (len(quote) <= 3 and not quote.isupper()):
        # Clipped names ("metop 25 mg") are drugs by what stands beside them.
        sure = sum(c.isupper() for c in quote) >= 2 or _JOINT.search(quote) is not None
        clipped = len(quote) > 2 and key not in EVERYDAY
        if clipped and quote.upper() == term.text.upper() and used(document, hit.start, hit.end):
            return True
        return sure and _abbreviation(text, hit, term.text)
    return len(quote) > 2


def used(document: Document, start: int, end: int) -> bool:
    """Whether what stands beside letters shows a drug: a list, a sig, an amount, a verb.

    Of names that strokes join it is told once: "Vanc/Zosyn held".
    """
    text = document.text
    while text.startswith("/", end) and (more := _STROKE.match(text, end)):
        end = more.end()
    if text.startswith("/", start - 1) and (
        before := _STROKEN.search(text, max(0, start - _CONTEXT), start)
    ):
        start = before.start()
    return (
        key_at(document, start) in LISTS
        or _AMOUNT.match(text, end) is not None
        or _verb(text, start)
        or _sig_beside(text, start, end)
    )


def _verb(text: str, start: int) -> bool:
    return _VERB.search(text, max(0, start - _CONTEXT), start) is not None


def has_sig(document: Document, hit: Hit) -> bool:
    """A strength, dose, route or frequency directly follows or precedes the hit."""
    return _sig_beside(document.text, hit.start, hit.end)


def _sig_beside(text: str, start: int, end: int) -> bool:
    near = sig.find(text, end, min(len(text), end + 25))
    follows = any(not text[end : e.start].strip(" ,") for e in near if e.part != "form")
    before = sig.find(text, max(0, start - 25), start)
    return follows or any(
        text[e.end : start].strip() in ("", "of") and e.part != "as_needed" for e in before
    )
