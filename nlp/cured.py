"""What says behind an illness that its treatment ended it: a course, a remission, a repair."""

from __future__ import annotations

import re

from nlp.cues.classes import CLASSES

_GONE = rf"\b(?:{'|'.join(sorted(CLASSES['<gone>']))})\b"
# "Pneumonia, treated with Levaquin, resolved", "breast cancer 2012, s/p chemo, N.E.D.".
_TREATED_AWAY = re.compile(
    r",?\s(?:(?:was|were)\s)?(?:treated|tx'?d|rx'?d)\s(?:with|w/)\s[^,;.\n]{2,40}(?:,|\sand)\s"
    rf"(?:(?:is|has|have|now|since)\s)*{_GONE}",
    re.I,
)
_CANCERS = (
    "cancer", "carcinoma", " ca", "lymphoma", "leukemia", "leukaemia", "melanoma", "sarcoma",
    "seminoma", "hcv", "hep c", "hepatitis c",
)  # fmt: skip
# What is free of disease, unless it is so in part or is yet to be: "not yet at SVR".
_FREE = re.compile(
    r"(?:(?!\b(?:not|never|yet|will|until|unless|if|await\w*|pending|checks?|checking|goal|aim\w*"
    r"|hop\w+|expect\w*|plan\w*|repeat|surveillance)\b)[^.;\n]){0,80}?"
    r"\b(?:N\.?E\.?D\b|SVR(?:-?\d\d)?\b(?!\s(?:pending|check|labs?|due|tests?|not|in|at)\b)"
    r"|disease[\s-]free\b|no\sevidence\sof\srecurren\w+"
    r"|no\sevidence\sof\sdisease\b(?!\s(?:progress\w*|activity|outside|beyond|spread\w*|elsewhere)))",
    re.I,
)
# A whole course of what cures: "UTI, completed 5 d of cefpodoxime", "(finished antibiotics)".
_COURSE = re.compile(
    r"[^,.;()\n]{0,40}(?:,\s|\s\()(?:completed|finished)\s"
    r"(?:(?:a|an|the|his|her|full|entire|whole|iv|oral|po)\s)*(?:\d+[\s-]?(?:d|days?|wks?|weeks?)\s"
    r"(?:course\s)?(?:of\s)?|course\sof\s)?(?:(?:a|an|the|his|her|full|iv|oral|po)\s)*"
    r"(?:antibiotics?|abx|antivirals?|antifungals?|treatment|tx|course|therapy"
    r"|[a-z]+(?:cillin|mycin|micin|cycline|oxacin|azole|ovir|amivir|furantoin)"
    r"|(?:cef|ceph|sulfa)[a-z]+|[a-z]+penem"
    r"|augmentin|bactrim|tmp|keflex|levaquin|cipro|flagyl|macrobid|doxy|zithromax|z-?pak"
    r"|vanc|vanco|zosyn|paxlovid|tamiflu|prednisone|steroids?)\b"
    r"(?![^.;\n]{0,60}\b(?:still|persist\w*|ongoing|but|not|without|worse\w*|continu\w*|recur\w*)\b)",
    re.I,
)
_TREATED = re.compile(r",?\s(?:status[\s-]post|s/p)\b", re.I)
# "Distal radius fx s/p reduction": a bone that was set has yet to heal, unless that is long ago.
_BROKEN = re.compile(r"\b(?:fractures?|fxs?|dislocations?)$", re.I)
_YEAR = re.compile(r"[^.;,\n]{0,40}?(?<![/\d-])(?:19|20)\d\d\b(?![/-])")


def cured(text: str, start: int, end: int) -> bool:
    """Whether what follows in the sentence says that a treatment ended the illness."""
    if text[start:end].lower().endswith(_CANCERS) and _FREE.match(text, end):
        return True
    return _TREATED_AWAY.match(text, end) is not None


def completed(text: str, end: int) -> bool:
    """Whether a whole course of a curing treatment is told of behind what ends there."""
    return _COURSE.match(text, end) is not None


def treated(text: str, start: int, end: int) -> bool:
    """Whether it is told with its treatment behind it: "Crohn's, status post resection"."""
    if not (behind := _TREATED.match(text, end)):
        return False
    broken = _BROKEN.search(text, start, end)
    return not broken or _YEAR.match(text, behind.end()) is not None
