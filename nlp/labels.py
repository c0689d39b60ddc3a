"""What the label over or before drugs says of them: "Prior meds: A, B", "STOP:", "On hold:".

A label is a few words up to a colon, or a section's title. It governs what follows to the next
label: within its line where more words stand before it, else down to a blank line.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp.places import sentence_at
from nlp.types import Document, MedicationStatus

_DRUGS = (
    r"(?:med(?:ication|icine)?s?|drugs?|treatments?|therap(?:y|ies)|agents?|regimens?|prescriptions?|rx|repeats?|trials?"
    r"|antidepressants?|antipsychotics?|antihypertensives?|antibiotics?|abx|aeds?|dmards?|biologics?|chemo\w*|inhalers|statins|triptans"
    r"|preventi\w+|abortives?)"
)
_FILLER = rf"(?:the|these|following|all|home|his|her|your|their|{_DRUGS})"
_KINDS = {
    MedicationStatus.ALLERGY: r"allerg(?:y|ies|ic)(?:\sto)?|intoleran\w+(?:\s(?:to|of))?",
    MedicationStatus.NOT_TAKING: r"not\s(?:currently\s)?(?:taking|taken|on|using|started)|avoid|never\s(?:taken|started|filled)",
    MedicationStatus.STOPPED: r"(?:please\s)?(?:stop(?:ped)?|discontinued?|ceased?|d/?c'?d|dc)(?:\staking|\susing)?|(?:now\s)?off"
    r"|(?:tried\sand\s)?(?:failed|tried)|ended"
    rf"|(?:prior|past|previous(?:ly)?|prev|failed|former)(?:\s(?:[\w-]+\s){{0,2}}?{_DRUGS})?",
    MedicationStatus.HELD: r"(?:please\s)?hold|held|(?:currently\s)?on\shold|with-?held|suspended|paused",
    MedicationStatus.COMPLETED: r"(?:recently\s)?(?:completed?|finished)",
    MedicationStatus.CHANGED: r"(?:dose\s)?(?:changed?|increased?|decreased?|reduced)",
    MedicationStatus.NEW: r"(?:please\s)?(?:start(?:ed)?|begin|begun|add(?:ed)?|commenced?)(?:\staking)?|new(?:ly\sstarted)?|re-?start(?:ed)?|resumed?",
    MedicationStatus.ACTIVE: r"(?:please\s)?(?:cont|continue(?:d|s)?)(?:\staking|\sto\stake)?|unchanged|same",
    MedicationStatus.PLANNED: r"consider(?:ed|ing)?|pending|planned|proposed|future",
}
_STATUS = re.compile(
    rf"(?:{_FILLER}\s)*(?:"
    + "|".join(f"(?P<{kind.name}>{words})" for kind, words in _KINDS.items())
    + rf")(?:\s{_FILLER})*",
    re.I,
)
# A title that says so among other words: "Medications discontinued on admission".
_TRIED = re.compile(r"\b(?:tried|failed|discontinued|stopped|former)\b", re.I)
_WITHIN = re.compile(r"(?:^|[.;,|(]\s{1,3})(?P<label>[a-z][\w'/ -]{1,40}):(?=\s)", re.I | re.M)
_BLANK = re.compile(r"\S[^\n]*\n[ \t]*\n")


def governing(document: Document, start: int) -> MedicationStatus | None:
    """The status that the label of a drug at `start` gives; None where it has none or says none."""
    text = document.text
    first = min(sentence_at(document, start)[0], text.rfind("\n", 0, start) + 1)
    at = bisect_right(document.titles, start) - 1
    title = document.sections[at].title if at >= 0 else None
    if title:
        first = max(first, title.end + 1)
    if text.find(":", first, start) >= 0:
        for within in reversed(list(_WITHIN.finditer(text, first, start))):
            return _said(within["label"]) if _same(document, within.end(), start) else None
    if title is None or _BLANK.search(text, title.end + 1, start):
        return None
    return _said(title.quote) or (MedicationStatus.STOPPED if _TRIED.search(title.quote) else None)


def _same(document: Document, label: int, start: int) -> bool:
    """Whether a label of a line's middle ends in the drug's own sentence."""
    return sentence_at(document, start)[0] <= label


def _said(label: str) -> MedicationStatus | None:
    found = _STATUS.fullmatch(" ".join(label.split()))
    return MedicationStatus[found.lastgroup] if found and found.lastgroup else None
