"""What a title is called: its canonical key, by one table and a small grammar."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

from nlp.tables import rows

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


def _table() -> dict[str, tuple[str, ...]]:
    """Each key with its titles, in the order of the table."""
    by_key = groupby(rows("section_titles.tsv"), lambda row: row[0])
    return {key: tuple(title for _, title in told) for key, told in by_key}


_TITLES = _table()
# Titles of parts: inside a section they open a part of it (key "other") and never end it.
PARTS = frozenset(map(fold, _TITLES["part"]))
SECTIONS = {key: titles for key, titles in _TITLES.items() if key != "part"}
LISTS = frozenset({"medications", "discharge_medications"})  # sections that list drugs
_KEYS = {fold(title): key for key, titles in SECTIONS.items() for title in titles}


@lru_cache(maxsize=1024)
def key(title: str) -> str:
    """The canonical key of a title; "" where the table and the grammar don't know it."""
    words = fold(title)
    if words in _KEYS:
        return _KEYS[words]
    if words in PARTS:
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
