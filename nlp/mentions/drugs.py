"""Whether a hit is a drug that is taken, by the list, the sig, the amount or the verb beside it."""

from __future__ import annotations

import re
from bisect import bisect_left

from nlp import sig
from nlp.mentions.diet import SUPPLEMENT, eaten
from nlp.mentions.letters import CONTEXT, around, stands_for
from nlp.mentions.readings import ANALYTES, EVERYDAY, MEASURED, READING
from nlp.places import key_at
from nlp.sections import LISTS
from nlp.tables import compiled
from nlp.types import Document
from terminology.types import Hit, Term, TermKind

_VALUE = compiled(
    r"\s(?:(?:level|is|was|of|at|=|:)\s){0,3}(?:low\s(?:at\s)?)?\d+(?:,\d{3})*(?:\.\d+)?"
    r"(?![\d.,]*\s?(?:<behind-amount>|/))(?=[\s,.;)]|$)"
    r"|\slevels?\b",
    re.I,
)
# Drug sections and cues that make an analyte's or food's name a drug.
_TAKES = compiled(
    r"\b(?:<takes>)\s(?:(?:on|with|her|his|the|oral|p\.?o\.?|iv)\s)*$",
    re.I,
)
# What shows that letters are a drug, where they could be anything: "metop 25", "held metop".
_AMOUNT = compiled(
    r"\s(?:(?:succ\w*|tart\w*|er|xl|xr|sr|cr|la|cd|ec|dr)\s)?"
    r"(?:(?:@\s?)?\.?\d+(?:[.-]\d+)?(?![\d/%:])|<shown-behind>)",
    re.I,
)
_DAY = re.compile(r"\sd(?:ay)?\s?#?\d", re.I)  # of a course: "CTX d4/7"
_STROKE = re.compile(r"/[A-Za-z-]{3,}")
_STROKEN = re.compile(r"(?<![A-Za-z-])(?:[A-Za-z-]{3,}/)+$")
_VERB = compiled(
    r"(?:\b(?:<shown-before>)\s|[+>→]\s?)(?:home\s|her\s|his\s|the\s|your\s|my\s)?$",
    re.I,
)
# A drug that a test is done with: "the dexamethasone suppression test".
_TESTS = re.compile(
    r"\s(?:suppression|stimulation|challenge|tolerance|provocation)\s"
    r"(?:tests?|testing|stud\w+|scans?)\b",
    re.I,
)
# What is given to immunize is an Immunization, no drug that a patient takes.
_VACCINATION = len(" vaccination")
_IMMUNIZES = re.compile(r"(?:vaccin\w+|toxoids?|flu\sshots?)\b", re.I)
_JOINT = re.compile(r"[a-z][/ -][a-z]", re.I)
# "UDS + THC", "tox screen positive for benzodiazepines and amphetamines".
_FOUND_IN_URINE = re.compile(
    r"\b(?:uds|u-?tox|drug\sscreen|tox(?:icology)?(?:\sscreen)?)\b[^.;\n]{0,12}?"
    r"(?:\+|\b(?:positive|pos|negative|neg)\b|:)"
    r"(?:(?!\b(?:on|tak\w+|prescri\w+|from|gave|given)\b)[^.;\n])*$",
    re.I,
)
# What is bought in the street, by what it is told with in a clause: "injects heroin and fentanyl",
# "marijuana, THC gummies", but "smokes weed, on amphetamine salts".
_OF_STREET = frozenset(("fentanyl", "ketamine", "thc", "amphetamine", "amphetamines", "pcp"))
_STREET = (
    r"\b(?:heroin|marijuana|weed|cannabis|cocaine|meth|illicit|street|snort\w*|shoots|gumm(?:y|ies)"
    r"|edibles?|smok\w+\sjoints?|recreational\w*)\b"
)
_BESIDE = r"(?:(?!\b(?:on|tak\w+|prescri\w+|from|gave|given|for)\b)[^.;\n])*"
_BEHIND_STREET = re.compile(rf"{_STREET}{_BESIDE}$", re.I)
_BEFORE_STREET = re.compile(rf"{_BESIDE}{_STREET}", re.I)
_JOINED = re.compile(r"[A-Za-z-]{4,}(?:,\s|,?\s(?:&|and|\+)\s)")
_ABUSES = ("vap", "smok", "chew", "uds", "tox", "screen")  # what these patterns hold
_CLIPPED = 5  # letters from which on a clipped name is no word of another kind
_HABITUAL = re.compile(r"\b(?:vap(?:es?|ing)|smok\w+|chew(?:s|ing))\s$", re.I)


def in_list(document: Document, hit: Hit) -> bool:
    """Whether a hit stands in a list of drugs."""
    return key_at(document, hit.start) in LISTS


def drug(document: Document, hit: Hit, term: Term, begins: list[int]) -> bool:
    """Whether a hit means the drug of that term at its place; `begins` are the starts of all."""
    text = document.text
    quote = text[hit.start : hit.end]
    key = re.sub(r"\s+", "-", quote.lower())
    measured = key_at(document, hit.start) == "results"
    if (key in MEASURED and _VALUE.match(text, hit.end)) or (key in ANALYTES and eaten(text, hit)):
        return False
    if _TESTS.match(text, hit.end) or _IMMUNIZES.search(text, hit.start, hit.end + _VACCINATION):
        return False
    unsure = key in ANALYTES or measured or term.ambiguous
    other = READING.get(quote.upper())
    short = term.ambiguous or term.kind is TermKind.ABBREVIATION
    if short and other and other.search(around(text, hit)):
        return False
    before = text[max(0, hit.start - CONTEXT) : hit.start]
    if _of_street(document, hit, key) or (
        any(map(before.lower().__contains__, _ABUSES))
        and (_HABITUAL.search(before) or _FOUND_IN_URINE.search(before))
    ):
        return False
    if unsure or (quote.islower() and key in EVERYDAY):
        if key in EVERYDAY and term.kind is not TermKind.BRAND:
            return False
        taken = _TAKES.search(before) or SUPPLEMENT.match(text, hit.end)
        if term.kind is TermKind.ABBREVIATION and (
            used(document, hit.start, hit.end)
            if len(quote) > 3
            else _verb(text, hit.start) or _DAY.match(text, hit.end)
        ):
            return stands_for(text, hit, term.text)
        return bool(taken) or in_list(document, hit) or has_sig(document, hit)
    if term.kind is TermKind.ABBREVIATION or (len(quote) <= 3 and not quote.isupper()):
        # Clipped names ("metop 25 mg") are drugs by what stands beside them.
        sure = sum(c.isupper() for c in quote) >= 2 or _JOINT.search(quote) is not None
        clipped = len(quote) > 2 and key not in EVERYDAY
        if clipped and quote.upper() == term.text.upper() and _shown(document, hit, begins):
            return True
        return sure and stands_for(text, hit, term.text)
    return len(quote) > 2


def _of_street(document: Document, hit: Hit, key: str) -> bool:
    """Whether it is bought in the street; a sig makes a drug of what such words only follow."""
    if key not in _OF_STREET:
        return False
    text, first, last = document.text, max(0, hit.start - CONTEXT), hit.end + CONTEXT
    if _BEHIND_STREET.search(text, first, hit.start):
        return True
    followed = _BEFORE_STREET.match(text, hit.end, last) is not None
    return followed and not _TAKES.search(text, first, hit.start) and not has_sig(document, hit)


def _shown(document: Document, hit: Hit, begins: list[int]) -> bool:
    """Whether a clipped name is used as a drug or joined to one before it: "ramipril & rosuva"."""
    if used(document, hit.start, hit.end):
        return True
    at = bisect_left(begins, hit.start) - 1
    known = at >= 0 and hit.end - hit.start >= _CLIPPED
    return known and _JOINED.fullmatch(document.text, begins[at], hit.start) is not None


def used(document: Document, start: int, end: int) -> bool:
    """Whether what stands beside letters shows a drug: a list, a sig, an amount, a verb.

    Of names that strokes join it is told once: "Vanc/Zosyn held".
    """
    text = document.text
    while text.startswith("/", end) and (more := _STROKE.match(text, end)):
        end = more.end()
    if text.startswith("/", start - 1) and (
        before := _STROKEN.search(text, max(0, start - CONTEXT), start)
    ):
        start = before.start()
    return (
        key_at(document, start) in LISTS
        or _AMOUNT.match(text, end) is not None
        or _verb(text, start)
        or _sig_beside(text, start, end)
    )


def _verb(text: str, start: int) -> bool:
    return _VERB.search(text, max(0, start - CONTEXT), start) is not None


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
