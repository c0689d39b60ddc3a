"""What the words of a clause behind a drug say of it: the first cue of the table."""

from __future__ import annotations

import re

from nlp.places import Place, between
from nlp.status.clause import CLAUSE, masked
from nlp.status.cues import STEMS, after
from nlp.types import Document, MedicationStatus

S = MedicationStatus
# "rasagiline: stop": a colon or a point of a leader line behind the drug ends no clause.
_LED = re.compile(
    r"[\s_\d]*(?:(?:[a-z]{2}|(?:on|in|per|for|at)(?:\s\w+){1,3})\b[\s_]*)?(?::\s|\.{2,}\s?)"
)
_LISTED = re.compile(
    r"^[\s,_]*(?:(?:concentrate|drops|drip|gtt|infusion|cream|tablets?)[\s,]*)?"
    r"(?:and|or|as\swell\sas|plus|&|/|,)?\s*$"
)
# What may stand between a verb and the drug that it takes: "albuterol, stopped her sertraline".
_NEXT = re.compile(r"(?:\s(?:taking|using|the|his|her|my|home|all))*\s")
_OBJECT = re.compile(r"\s(?:the|his|her|my)\s(?!\w+\s(?:before|ago)\b)")
# "… daily and has discontinued potassium": the verb has an object of its own.
_ACTIVE_VOICE = re.compile(r"(?:has|have|had)\s(?!been\b)|never\sused")
WHAT = re.compile(
    r"\s(?!(?:due|because|since|on|in|for|after|by|and|but|with|at|it|last|this|him|me|them"
    r"|her(?!\s\w))\b)\w"
)
# Of drugs in a list only a plural verb speaks of all: "A and B were stopped".
_PLURAL = re.compile(
    r"(?:given|used|administered)\s\w+\s|which|before|neither|were|have|are|both|all|cause|caused"
    r"|(?:(?:to|will|may|can|might|must|should) )?be\b|provoke|made no|(?:from\s)?(?:19|20)\d\d"
)
_RATHER = re.compile(r"\brather than (?:being )?\Z")  # "lowered rather than stopped"
_ALL = re.compile(r"\b(?:all|both|each)\s$")  # "Lipitor, Crestor all -> myalgia"
# "Ramipril, digoxin & furosemide withheld" speaks of all, "… and furosemide was" of one.
_AND = re.compile(r"(?:,\s)?\s*(?:&|and)\s*")
_PARTICIPLE = re.compile(
    r"\w+ed\b|held|withheld|on\s|off\b|d/?c|quit|given|begun|withdrawn|initially"
)
# Another subject than the drug; "and was stopped" goes on with it.
_OTHER_SUBJECT = re.compile(
    r"\band\b(?!\s+(?:(?:was|were|is|are|has|had|been|then|later|subsequently)\s+)*\Z)"
    r"|\b(?:that|which)\s(?:he|she|they|i|we|the)\b"
)
_ASIDE = re.compile(r",\s(?:which|that)\s[^,;.]{1,90},")
_OF_IT = re.compile(r"\w+\s(?:it|this|that|these|them)$")
_THEY = re.compile(r"\band\s(?:(?:he|she|they|i)\s)?(?:\w+ly\s|then\s)*\Z")
# "IV Lasix -> PO torsemide": a route may stand before the new drug.
_ARROW = re.compile(
    r"(?!\sbridg)[^.;,()>→\n]{0,40}?(?:-+>|=>|→)[^\S\n]*(?:(?:now|then|on)\s)*(?:_{2,4}\s)?"
)
_TO_ANOTHER = re.compile(
    r"[\s_\d]*(?:\bto|,\s(?:hence|thus|therefore|so)(?:\s(?:now|on|switched|changed|put|to))*)"
    r"\s(?:_+\s)?"
)
# "A, then B, now C": what went before is over.
_SEQUENCE = re.compile(
    r"[\s_\d]*,?\s(?:and\s)?then\s[^.;]{2,60}?,?\s(?:and\s|but\s)?(?:\w+\s)?now\b"
)
_NOW = re.compile(r"[\s_\d]*,\s(?:and\s|but\s)?(?:\w+\s)?now\s(?:\w+\s){0,2}on\s")
_TOWARD = re.compile(
    r"(?:[^.;,()]*(?:\b(?:for|of|to|with|on|from|before|about)|w/))?\s(?:(?:the|his|her)\s)?"
)
_BEGUN = (S.NEW, S.ACTIVE, S.CHANGED, S.HELD, S.COMPLETED)
_THEN = r"(?:\band|\bthen|\bbut|,|->|→)\s(?:\w+\s){0,4}?"
_AHEAD = r"(?!(?:\w+\s){0,3}?(?:will|to|can|may|should|would|if|when|once)\b)"
_GOES_ON = r"(?:restarted|resumed|continued|reintroduced|reinstated|recommenced)"
_LATER = tuple(
    (re.compile(pattern), status)
    for pattern, status in (
        (rf"{_THEN}(?:discontinued|stopped|d/c'?d|turned\soff)\b", S.STOPPED),
        (rf"{_THEN}(?:held|withheld)\b", S.HELD),
        (rf"{_THEN}(?:finished|completed)\b", S.COMPLETED),
        (r"\bbut\s(?:(?:it|that|this|they)\s)?(?:made|caused|gave)\b", S.STOPPED),
        (r"(?:,|\band|\bbut)\s(?:\w+\s){0,3}?back\son\s(?:it|that|the|now|_|\d)", S.ACTIVE),
        (r",\s(?:\w+\s){0,2}?given\s(?:this|today|again|at)\b", S.ACTIVE),
        (
            r"(?:\band|\bbut|,)\s(?:\w+\s){0,3}?(?:never|not|\w+n['’]t)\s(?:been\s)?"
            r"(?:picked\sup|filled|start|started|taken|took|take|collected)\b",
            S.NOT_TAKING,
        ),
        (rf"(?:\band|\bthen|\bbut|,|->|→)\s{_AHEAD}(?:\w+\s){{0,4}}?{_GOES_ON}\b", S.ACTIVE),
    )
)
_AGAIN = re.compile(
    rf"{_THEN}(?<!will\s)(?<!be\s)(?:restarted|resumed|reinstated|recommenced)\b(?!\son\b)"
    r"|\bbut\s(?:\w+\s){0,3}?(?:takes?|uses?|needs?|likes?)\s(?:it|this|that|them)\b"
)
_REACH = 75  # code points behind a drug in which a verb speaks of it, where no mark parts them
_GAP = 50  # code points between drugs of a list in which a sig stands


def status(document: Document, end: int, last: int, drugs: list[Place]) -> MedicationStatus | None:
    """The first cue to the right before another drug, unless that drug is joined in a list."""
    at, alone, paired, stop = end, True, False, last
    for i in between(drugs, end, last):
        a, b = drugs[i]
        joined = document.low[at:a]
        if not _LISTED.match(joined) and not (
            len(joined) < _GAP and _LISTED.match(masked(document, at, a))
        ):
            stop = a
            break
        at, alone = b, alone and joined == "/"
        paired = _AND.fullmatch(joined) is not None
    right = masked(document, at, stop)
    alone = alone or right.lstrip("_ ").startswith(")")  # "two SSRIs (A, B) without benefit"
    if stop < last and _ARROW.fullmatch(right):
        return S.STOPPED  # "lisinopril -> losartan"
    led = _LED.match(right)
    cut = CLAUSE.search(right, led.end() if led else 0)
    clause = (right[: cut.start()] if cut else right)[: 2 * _REACH]
    if not any(map(clause.__contains__, STEMS)):
        return None
    labelled = cut is not None and stop < last and cut[0].startswith(":")  # "held: metoprolol"
    plain = _ASIDE.sub(lambda aside: " " * len(aside[0]), clause) if "," in clause else clause
    far = _REACH + (plain.count(" ") - clause.count(" "))
    found = [
        (m.start(), -m.end(), s)
        for s, rule in after()
        for m in rule.finditer(clause)
        if m.start() < far
        and (
            alone
            or _PLURAL.match(m[0])
            or _ALL.search(clause, 0, m.start())
            or (paired and _PARTICIPLE.match(m[0]))
        )
        and not _RATHER.search(clause, 0, m.start())
        and (not _OTHER_SUBJECT.search(plain, 0, m.start()) or _of_it(plain, m))
        and not (" " not in m[0] and _OBJECT.match(clause, m.end()))
        and not (labelled and m.end() == len(clause))
        and not (
            (s in (S.PLANNED, S.ALLERGY) or m[0].startswith("before"))
            and stop < last
            and not cut
            and _TOWARD.fullmatch(clause, m.end())
        )
        and not (_ACTIVE_VOICE.match(m[0]) and WHAT.match(clause, m.end()))
        and not (
            (" " not in m[0] or _ACTIVE_VOICE.match(m[0]))
            and stop < last
            and cut is None
            and _NEXT.fullmatch(clause, m.end())
        )
    ]
    if not found:
        return None
    verb = min(found)[2]
    # "was started and discontinued on day 2": the last word counts.
    later = [s for rule, s in _LATER for m in rule.finditer(clause, -min(found)[1])]
    if verb is S.STOPPED and _AGAIN.search(clause, -min(found)[1]):
        return S.ACTIVE
    return later[-1] if verb in _BEGUN and later else verb


def gives_way(document: Document, end: int, drugs: list[Place]) -> bool:
    """Whether "to" alone joins it to the drug behind it: "Simva to atorva 80"; or "then … now"."""
    behind = between(drugs, end, end + _GAP)
    if not behind:
        return False
    gap = masked(document, end, drugs[behind[0]][0])
    if _TO_ANOTHER.fullmatch(gap):
        return True
    right = masked(document, end, min(len(document.text), end + 2 * _REACH))
    if gap.rstrip().endswith("then"):
        return _SEQUENCE.match(right) is not None
    so_far = document.low[max(0, end - _REACH) : end]
    return _NOW.fullmatch(gap) is not None and " then " in so_far


def _of_it(clause: str, cue: re.Match[str]) -> bool:
    """Whether a verb of another subject has the drug as its object: "and she stopped it"."""
    return _OF_IT.search(cue[0]) is not None and _THEY.search(clause, 0, cue.start()) is not None
