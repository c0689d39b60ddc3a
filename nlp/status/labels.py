"""What the label over or before drugs says of them: "Prior meds: A, B", "STOP:", "On hold:".

A label is a few words up to a colon, or a section's title. It governs what follows to the next
label: within its line where more words stand before it, else down to a blank line.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp.places import sentence_at
from nlp.status.cues import STEMS, after
from nlp.types import Document, MedicationStatus

S = MedicationStatus

_DRUGS = (
    r"(?:med(?:ication|icine)?s?|drugs?|treatments?|therap(?:y|ies)|agents?|regimens?|rx|repeats?"
    r"|prescriptions?|trials?|anti(?:depressant|psychotic|hypertensive|biotic)s?|abx|aeds?|dmards?"
    r"|biologics?|chemo\w*|inhalers|statins|triptans|preventi\w+|abortives?)"
)
_FILLER = rf"(?:please|the|these|following|all|home|his|her|your|their|taking|using|{_DRUGS})"
_SINCE = (
    r"(?:on|at|since|by|due|this|today|in|for|during|until|per|because|after|while|before|from"
    r"|pre-?op)"
)
_KINDS = {
    S.ALLERGY: r"allerg(?:y|ies|ic)(?: to)?|intoleran\w+(?: (?:to|of))?",
    S.NOT_TAKING: r"not (?:currently )?(?:taking|taken|on|using|started|continued|tolerated|given)"
    r"|contraindicated|(?:does|do|did|is|are) not (?:tak(?:e|ing)|us(?:e|ing)|on)"
    rf"|(?:{_DRUGS} )?to avoid|(?:best )?avoid(?:ed)?"
    r"|never (?:taken|started|filled)",
    S.STOPPED: rf"(?:{_DRUGS} )?to (?:stop|discontinue|cease)|stop(?:ped)?|discontinued?"
    r"|ceased?|d/?c'?d|dc|(?:now )?off|ended|withdrawn?|halt(?:ed)?|quit|drop(?:ped)?"
    r"|cancell?(?:ed)?|removed?|abandon(?:ed)?|terminated?|eliminated?|deprescribed?"
    r"|(?:tried and )?(?:failed|tried)"
    rf"|(?:prior|past|previous(?:ly)?|prev|failed|former|old)(?: (?:[\w-]+ ){{0,2}}?{_DRUGS})?"
    rf"|(?:{_DRUGS} )?(?:trials?|failures?)(?: (?:prior to|before) \w+)?",
    S.HELD: rf"(?:{_DRUGS} )?to (?:be )?(?:hold|held|withhold)|hold|held"
    r"|(?:currently )?on hold|with-?h[eo]ld|suspend(?:ed)?|paused?|omit(?:ted)?|interrupt(?:ed)?",
    S.COMPLETED: r"(?:recently )?(?:completed?|finished)",
    S.CHANGED: r"(?:dose )?(?:changed?|increased?|decreased?|reduced)",
    S.NEW: r"(?:re-?)?start(?:ed)?|begin|begun|add(?:ed)?|commenced?|new(?:ly started)?|resumed?",
    S.ACTIVE: r"cont|continue(?:d|s)?(?: to take)?|unchanged|same",
    S.PLANNED: r"consider(?:ed|ing)?|pending|planned|proposed|future",
}
_STATUS = re.compile(
    rf"(?:{_FILLER} )*(?:"
    + "|".join(f"(?P<{kind.name}>{words})" for kind, words in _KINDS.items())
    + rf")(?: {_FILLER})*(?: {_SINCE}(?: [\w/ ]+)?)?"
)
_SUBJECT = re.compile(rf"\b{_DRUGS}(?=\s\w+\s)")
# A title that says so among other words: "Medications discontinued on admission".
_TRIED = re.compile(r"\b(?:tried|failed|discontinued|stopped|former)\b")
_WITHIN = re.compile(
    r"(?:^[\s•*>-]*|[.;,|]\s{1,3}|\(\s?)(?P<label>[a-z][\w'/ -]{1,80}"
    r"(?:\([\w/ -]+\)\s?)?):(?=\s)",
    re.M,
)
_BLANK = re.compile(r"\S[^\n]*\n[ \t]*\n")


def governing(document: Document, start: int) -> MedicationStatus | None:
    """The status that the label of a drug at `start` gives; None where it has none or says none."""
    text = document.low
    first = min(sentence_at(document, start)[0], text.rfind("\n", 0, start) + 1)
    at = bisect_right(document.titles, start) - 1
    title = document.sections[at].title if at >= 0 else None
    if title:
        first = max(first, title.end + 1)
    if text.find(":", first, start) >= 0 and (within := list(_WITHIN.finditer(text, first, start))):
        governs = sentence_at(document, start)[0] <= within[-1].end()
        return _of_label(within[-1]["label"]) if governs else None
    if title is None or _left(document, title.end, start):
        return None
    over = title.quote.lower()
    return _of_label(over) or (S.STOPPED if _TRIED.search(over) else None)


def _left(document: Document, title: int, start: int) -> bool:
    """Whether a blank line, or one set further to the left, parts a drug from its title.

    What stands in the title's own line ends there, unless lines below are set in.
    """
    text, line = document.low, document.low.find("\n", title, start)
    if line < 0 or _BLANK.search(text, title, start):
        return line >= 0
    begins = text.rfind("\n", title, start) + 1
    own = text[title:line].strip(" :*") and sentence_at(document, start)[0] > line
    return bool(own) and not text[begins].isspace()


def _of_label(label: str) -> MedicationStatus | None:
    """What a label says, or what it has in brackets: "Home meds (held on admission)"."""
    name, _, aside = label.partition("(")
    return _status(aside.rstrip(" )")) or _status(name) or _predicate(name)


def _predicate(label: str) -> MedicationStatus | None:
    """What a statement up to a colon says of drugs: "All home meds were stopped on admission"."""
    subject = _SUBJECT.search(label)
    if subject is None or not any(stem in label for stem in STEMS):
        return None
    found = [(m.start(), said) for said, cue in after() if (m := cue.search(label, subject.end()))]
    return min(found)[1] if found else None


def _status(label: str) -> MedicationStatus | None:
    found = _STATUS.fullmatch(" ".join(label.split()))
    return MedicationStatus[found.lastgroup] if found and found.lastgroup else None
