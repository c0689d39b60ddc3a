"""Where dictionary hits end: one that runs over a sentence, or hides a condition, is cut there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from nlp.chronic import chronic
from nlp.places import Places
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM, Hit

_BREAK = re.compile(r"[.:;!?]\s+|\n\s*\n|,\s|\s(?:of|the|with|no|in|and)(?=$)")
_HISTORY = re.compile(r"(?:(?:personal|past|prior|known)\s)?(?:history|hx)\sof\s|h/o\s", re.I)
_ON_KIDNEY = re.compile(r"\son\s(?=ckd|esrd|chronic\s(?:kidney|renal))", re.I)
# Two conditions, unless a text joins them: "anxiety with depression".
_BOTH_MOODS = re.compile(r"\s?(?:\band\b|&|/|,)\s?(?=anxiety|depress)", re.I)
_DOSE = re.compile(r"\s\d+$")
_UNIT = re.compile(r"\s?(?:mc?g|g|ml|units?|iu)\b", re.I)
_OF_DRUGS = ("Z88", "Z79")
_ON = re.compile(r"on\W", re.I)
_ON_ONE = re.compile(r"\bon\s(?=[\w-]+$)", re.I)  # "OUD on Suboxone" names a drug, too
_COMMA = re.compile(r",")
_TRAIL = frozenset(("no", "not", "and", "or", "with", "without", "the", "in", "of"))
_STAGE = 12  # code points behind "AKI on CKD" in which a stage may stand


def whole(terminology: Terminology, text: str, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits, those that run over a sentence's end or a list's comma cut there and read again."""
    for hit in hits:
        dose = _DOSE.search(text, hit.start, hit.end)
        if dose and _UNIT.match(text, hit.end):  # "vitamin K 2 mg"
            yield from _read(terminology, text, hit.start, dose.start())
            continue
        if all(term.code.startswith(_OF_DRUGS) for term in hit.terms) and (
            hit.terms[0].code.startswith("Z88") or _ON.match(text, hit.start)
        ):
            continue  # "allergic to penicillin", "on Coumadin": the drug that it names is found
        if on := _ON_ONE.search(text, hit.start, hit.end):
            taken = _read(terminology, text, on.end(), hit.end)
            if any(h.terms[0].system == RXNORM for h in taken):
                yield from (*_read(terminology, text, hit.start, on.start()), *taken)
                continue
        inner = _told_apart(terminology, text, hit)
        if inner:
            yield from inner
            continue
        cut = _BREAK.search(text, hit.start, hit.end)
        if cut is None or any(_COMMA.search(t.text) for t in hit.terms):
            yield hit
            continue
        parts = [
            *_read(terminology, text, hit.start, cut.start()),
            *_read(terminology, text, cut.end(), hit.end),
        ]
        both = {bool(p.start >= cut.end()) for p in parts} == {True, False}
        if both or not _COMMA.match(cut[0]) or text[cut.end() : hit.end].lower() in _TRAIL:
            yield from parts
        else:
            yield hit


def _told_apart(terminology: Terminology, text: str, hit: Hit) -> list[Hit]:
    """The conditions in a phrase whose one code would hide them; empty where it hides none.

    "History of hypertension" is hypertension, which lasts; "AKI on CKD" is both.
    """
    told = _HISTORY.match(text, hit.start, hit.end)
    both = _ON_KIDNEY.search(text, hit.start, hit.end) or _BOTH_MOODS.search(
        text, hit.start, hit.end
    )
    if told and hit.terms[0].code.startswith("Z8"):
        found = _read(terminology, text, told.end(), hit.end)
        lasting = any(
            chronic(t.code) and not t.code.startswith("Z")
            for h in found
            for t in h.terms
            if t.system == ICD10CM
        )
        return found if lasting else []
    if both:
        return [
            *_read(terminology, text, hit.start, both.start()),
            *(
                second
                for second in _read(terminology, text, both.end(), hit.end + _STAGE)
                if second.start < hit.end
            ),
        ]
    return []


def _read(terminology: Terminology, text: str, start: int, end: int) -> list[Hit]:
    """The hits of a part of the text, at their places in the whole."""
    return [
        replace(hit, start=start + hit.start, end=start + hit.end)
        for hit in terminology.hits(text[start:end])
    ]


def apart(hits: Sequence[Hit]) -> list[Hit]:
    """Hits without those that a longer hit overlaps: no "iron" in "iron deficiency anemia"."""
    taken = Places()
    longest = sorted(hits, key=lambda h: (h.start - h.end, h.start))
    return sorted((h for h in longest if taken.add(h.start, h.end)), key=lambda h: h.start)
