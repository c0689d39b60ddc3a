"""What the words of a clause before a drug say of it: the nearest cue of the table."""

from __future__ import annotations

import re

from nlp.places import Place, between
from nlp.sig.element import matches
from nlp.status.clause import NEAR, masked
from nlp.status.cues import before
from nlp.tables import compiled
from nlp.types import Document, MedicationStatus

S = MedicationStatus
_SWITCH = compiled(
    r"(?P<only>\b(?:would|could|might|may|consider|if)\s(?:\w+\s)?)?\b(?:<exchange-stem>)"
    r"(?:e|es|ed|ing|ped|ping)?(?:\s(?:<exchanged>)){0,3}\s$"
)
_TO = re.compile(
    r"[\s_,]{1,40}(?:to|with|for|by|over\sto)\s(?!(?:once|twice|every|daily|a\b|the\b)|[\d_])"
)
_TO_DOSE = re.compile(r"\s(?:from\s[_\s\d]+)?to\s[\d_]")
_GOVERNING = (S.NOT_TAKING, S.PLANNED)
_GOVERNS = 6  # code points between a governing cue and the verb it governs
# A verb behind a drug is that one's, though another drug follows: "A held, B 10 mg".
_POSTPOSED = re.compile(
    r"[\s_]*(?:(?:gtt|drip|infusion|patch(?:es)?|tablets?|taper|inhaler|injections?)\s)?"
    r"(?:[(:]|-+>?|=>|→|–)?\s*(?:(?:was|were|is|are|been|has|have)\s)*"
)
_SET_APART = re.compile(r"[^,;)\n]{0,25}?(?:[,;)\n/&+]|\s[-–—]\s|\band\b)")
_UNTIL = re.compile(r"\b(?:until|till|til)\b|\bbefore\s$")
_ENDS = (S.STOPPED, S.HELD, S.NOT_TAKING, S.COMPLETED, S.ALLERGY)
_OWN_VERB = re.compile(
    r"[\s_\d]*(?:(?:at|in)\s(?:the\s)?\w+\s)?"
    r"(?:is|are|does|do|helps?|works?|suits?|suffices?|carries|continues|remains|keeps?"
    r"|controls?|alone|only|since|instead|day\s[\d_]|d[\d_]+)\b"
)
_ALSO = re.compile(r"\s(?:and|or|&)\s")  # "off A and B since May" speaks of both
# What tells of the verb between two drugs: "off A since midnight, B 10 mg".
_PARTED = re.compile(
    r"\b(?:since|because|due|owing|for\s(?!_)\w+ing|after|when|from|last|ago|yesterday|today)\b[^,]*,\s*$"
)
_BEGINS = re.compile(r"(?<![a-z0-9-])[^\s_]")  # where a cue may begin
_OWN_SIG = re.compile(r"\s_{2,}")
_REACH = 60  # code points behind a drug in which that stands


def exchanged(document: Document, clause: str, end: int) -> MedicationStatus | None:
    """A drug that is left for another ("switch omeprazole to famotidine") or for another dose."""
    switch = _SWITCH.search(clause)
    if switch is None:
        return None
    right = masked(document, end, min(len(document.text), end + NEAR))
    if _TO.match(right):
        return S.ACTIVE if switch["only"] else S.STOPPED
    return S.CHANGED if _TO_DOSE.match(right) else None


def status(
    document: Document, clause: str, drug: Place, drugs: list[Place]
) -> MedicationStatus | None:
    """The cue nearest to the drug, in the clause that ends there."""
    start, end = drug
    if not clause.strip(" \n-"):
        return None
    places = [0, *(m.start() for m in _BEGINS.finditer(clause, 1))]
    cues = [(s, m) for s, rule in before() for m in matches(rule, clause, places)]
    if not cues:
        return None
    first = start - len(clause)
    others = [drugs[i][1] - first for i in between(drugs, first, start)]
    found = [
        (m.end(), m.start(), s)
        for s, m in cues
        if not _of_another(clause, m, others)
        and not _UNTIL.search(clause, m.end())
        and not _in_brackets(clause, m)
    ]
    if (
        others
        and any(e <= others[-1] for e, _, _ in found)
        and _by_itself(document, clause[others[-1] :], end)
    ):
        # "Came off omeprazole, famotidine is enough": what ends the one says nothing of the other.
        found = [f for f in found if f[0] > others[-1] or f[2] not in _ENDS]
    if not found:
        return None
    # Of cues that end together the longer one is the more specific.
    _, begins, verb = max(found, key=lambda f: (f[0], -f[1]))
    # "consider adding", "refused to start": what governs the verb decides.
    governs = [
        s
        for e, _, s in found
        if 0 <= begins - e <= _GOVERNS and s in _GOVERNING and "," not in clause[e:begins]
    ]
    if governs and governs[0] is S.PLANNED and verb in (S.STOPPED, S.HELD, S.CHANGED):
        return S.ACTIVE  # "consider stopping" it
    return governs[0] if governs and verb in (S.NEW, S.CHANGED, S.ACTIVE) else verb


def _by_itself(document: Document, gap: str, end: int) -> bool:
    """Whether the drug that ends at the offset is no item of a list with the one before the gap:
    it has a verb of its own, or words stand between them and it has a sig."""
    right = masked(document, end, min(len(document.text), end + _REACH))
    own = _OWN_VERB.match(right)
    if own and not (own[0].endswith("since") and _ALSO.fullmatch(gap)):
        return True
    return _PARTED.search(gap) is not None and _OWN_SIG.match(right) is not None


def _in_brackets(clause: str, cue: re.Match[str]) -> bool:
    """Whether brackets close behind the cue that open before it: "Ozempic (holding), metformin"."""
    opened = clause.rfind("(", 0, cue.start())
    return opened > clause.rfind(")", 0, cue.start()) and clause.find(")", cue.end()) >= 0


def _of_another(clause: str, cue: re.Match[str], others: list[int]) -> bool:
    """Whether a cue stands right behind another drug and is set apart from what follows."""
    owner = max((end for end in others if end <= cue.start()), default=None)
    return (
        owner is not None
        and not cue[0].endswith(" from")  # what is left follows
        and _POSTPOSED.fullmatch(clause, owner, cue.start()) is not None
        and _SET_APART.match(clause, cue.end()) is not None
    )
