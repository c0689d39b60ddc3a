"""The terms that a dictionary hit may mean at its place."""

from __future__ import annotations

import re
from bisect import bisect_left

from nlp.mentions.conditions import condition
from nlp.mentions.drugs import drug, has_sig, in_list
from nlp.mentions.letters import CONTEXT
from nlp.mentions.readings import DRUG_FIRST
from nlp.places import in_title, key_at
from nlp.turns import speaks
from nlp.types import Document, Section
from terminology.types import ICD10CM, RXNORM, Hit, Term

_NAME_BEFORE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Doctor|Nurse)\.?\s(?:[A-Z](?:\.|\w*)\s)?$")
_NAME_AFTER = re.compile(
    r",?\s(?:M\.?D\b|D\.?O\.?\b|R\.?N\.?\b|Ph\.?D|N\.?P\.?\b"
    r"|P\.?A\.?-?C?\b(?!\s(?:pend|submit|sent|start|need|request|approv|deni|in\s))"
    r"|Hospital|Clinic|Medical\sCenter|Street|St\.|Ave)"
)
# What parts a problem from its drug, or says how it goes: "HTN: on lisinopril", "Asthma: stable".
_LEADS = re.compile(
    r"\s*(?:[-–—]\s*)?(?:(?:currently|now|remains|stays|is|has|been|stable|well|poorly|controlled"
    r"|continu\w+|cont|managed|treated|maintained|on|with|by|takes|taking|home|her|his|rx)[\s,-]+)*",
    re.I,
)
_COURSE = re.compile(
    r"\s*(?:[-–—]\s*)?(?:(?:currently|now|remains|stays|is|has|been)\s)*"
    r"(?:(?:well|poorly|fairly|better|not)[\s-])?(?:(?:un)?controlled|stable|at\sgoal)\b",
    re.I,
)
_BY_PROBLEM = frozenset({"assessment", "plan", "assessment_plan", "hospital_course", "diagnosis"})


def terms(document: Document, hit: Hit, begins: list[int]) -> tuple[Term, ...]:
    """The terms of a hit that it may mean here; empty where it is no mention at all.

    `begins` are the starts of all hits that name drugs, in order.
    """
    text = document.text
    quote = text[hit.start : hit.end]
    if (
        (in_title(document, hit.start, hit.end) and not _is_subject(document, hit, begins))
        or _is_name(text, hit)
        or speaks(document, hit.start, hit.end)
        or not any(c.isalpha() for c in quote)
    ):
        return ()
    conditions = [t for t in hit.terms if t.system == ICD10CM and condition(document, hit, t)]
    # A drug's term without a code names several products: nlp.unlisted reads it.
    drugs = [
        t for t in hit.terms if t.system == RXNORM and t.code and drug(document, hit, t, begins)
    ]
    if conditions and drugs:
        taken = in_list(document, hit) or has_sig(document, hit) or quote.lower() in DRUG_FIRST
        return tuple(drugs if taken else conditions)
    return tuple(conditions or drugs)


def _is_subject(document: Document, hit: Hit, begins: list[int]) -> bool:
    """A title that names one of the problems told ("Gout: start allopurinol"), or a drug."""
    section = document.sections[bisect_left(document.titles, hit.end) - 1]
    opens = document.text.rfind("\n", 0, section.title.start) + 1
    if document.text[opens : section.title.start].strip(" \t-*•") == "#":
        return True  # "#OSA: CPAP", "# Anemia, chronic, stable"
    if section.key != "other":
        return False
    whole = section.title.end == hit.end
    if whole and all(t.system == RXNORM for t in hit.terms):
        return True
    if (whole or section.title.start == hit.start) and not _is_symptom(hit):
        return _told(document, section, begins) or key_at(document, hit.start) in _BY_PROBLEM
    return key_at(document, hit.start) in _BY_PROBLEM


def _is_symptom(hit: Hit) -> bool:
    return any(t.system == ICD10CM and t.code.startswith("R") for t in hit.terms)


def _told(document: Document, section: Section, begins: list[int]) -> bool:
    """Whether a section opens with a drug, or with how the problem goes: "Asthma: stable"."""
    at = bisect_left(begins, section.start)
    if _COURSE.match(document.text, section.start, section.end):
        return True
    return (
        at < len(begins)
        and begins[at] < section.end
        and _LEADS.fullmatch(document.text, section.start, begins[at]) is not None
    )


def _is_name(text: str, hit: Hit) -> bool:
    """A person's or place's name: "Dr. Graves", "Parkinson Clinic"."""
    if not text[hit.start].isupper():
        return False
    before = text[max(0, hit.start - CONTEXT) : hit.start]
    return bool(_NAME_BEFORE.search(before) or _NAME_AFTER.match(text, hit.end))
