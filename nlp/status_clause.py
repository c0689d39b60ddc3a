"""What the words of one clause say of a drug: the cues of its tables, to the left and to the right.

A clause is read in lower case with its sigs masked ("_" for each code point), so that "p.o." ends
no clause. A place is a half-open range of code points into the text.
"""

from __future__ import annotations

import re

from nlp import sig
from nlp.places import Place, between
from nlp.status_cues import AFTER, BEFORE, STEMS
from nlp.types import Document, MedicationStatus

S = MedicationStatus

NEAR = 400  # code points to either side in which a cue is looked for
# A mask may stand before a cue, another word or a hyphen may not.
_BEFORE = tuple((s, re.compile(rf"(?<![a-z0-9-])(?:{p})(?!\w)")) for s, p in BEFORE)
_AFTER = tuple((s, re.compile(rf"(?<![a-z0-9-])(?:{p})")) for s, p in AFTER)
_CLAUSE = re.compile(
    r";|\n\s*\n|(?<!\bi\.e)(?<!\be\.g)[.:?!]\s|\bbut\b(?!\s(?:not|(?:(?:she|he|they|(?:the\s)?patient)\s)?(?:declined|refused"
    r"|deferred|never|developed|experienced|could\snot|couldn't|stopped|discontinued|quit|ceased)\b|(?:(?:mom|mum|mother|dad|father|we|i|(?:the|her|his|my)\s\w+)\s)?(?:ceased|stopped|discontinued|quit|held)\s(?:it|this|that)\b|(?:that|this|it|they)\s(?:was|were|got"
    r"|had|made|caused|gave|did|stopped))\b)|\bhowever\b|\balthough\b"
    r"|\bthen\b(?!\s(?:was\s)?(?:switched|changed|transitioned|converted|discharged|turned|stopped|discontinued|held|withdrawn|tapered|weaned|restarted|resumed)\b)"
)
# What lies to the left of a further subject speaks of another drug.
_AND_THEY = re.compile(r",\sand\s(?=(?:she|he|they|i|we|the\spatient)\s)")
# "rasagiline: stop": a colon or a point of a leader line behind the drug ends no clause.
_LED = re.compile(r"[\s_\d]*(?:[a-z]{2}\b[\s_]*)?(?::\s|\.{2,}\s?)")
_LISTED = re.compile(
    r"^[\s,_]*(?:(?:concentrate|drops|drip|gtt|infusion|cream|tablets?)[\s,]*)?(?:and|or|as\swell\sas|plus|&|/|,)?\s*$"
)
# What may stand between a verb and the drug that it takes: "albuterol, stopped her sertraline".
_NEXT = re.compile(r"(?:\s(?:taking|using|the|his|her|my|home|all))*\s")
_OBJECT = re.compile(r"\s(?:the|his|her|my)\s(?!\w+\s(?:before|ago)\b)")
# "… daily and has discontinued potassium": the verb has an object of its own.
_ACTIVE_VOICE = re.compile(r"(?:has|have|had)\s(?!been\b)")
_WHAT = re.compile(
    r"\s(?!(?:due|because|since|on|in|for|after|by|and|but|with|at|it|last|this)\b)\w"
)
# Of drugs in a list only a plural verb speaks of all: "A and B were stopped".
_PLURAL = re.compile(
    r"(?:given|used|administered)\s\w+\s|which|were|have|are|both|all|cause|caused"
    r"|(?:to|will|may|can|might|must|should) be|provoke|made no|(?:from\s)?(?:19|20)\d\d"
)
# "Ramipril, digoxin & furosemide withheld" speaks of all, "… and furosemide was" of one.
_AND = re.compile(r"(?:,\s)?\s*(?:&|and)\s*")
_PARTICIPLE = re.compile(
    r"\w+ed\b|held|withheld|on\s|off\b|d/?c|quit|given|begun|withdrawn|initially"
)
# Another subject than the drug; "and was stopped" goes on with it.
_OTHER_SUBJECT = re.compile(
    r"\band\b(?!\s+(?:(?:was|were|has|had|been|then|later|subsequently)\s+)*\Z)|\b(?:that|which)\s(?:he|she|they|i|we|the)\b"
)
_ASIDE = re.compile(r",\s(?:which|that)\s[^,;.]{1,90},")
_OF_IT = re.compile(r"\w+\s(?:it|this|that|these|them)$")
_THEY = re.compile(r"\band\s(?:(?:he|she|they|i)\s)?(?:\w+ly\s|then\s)*\Z")
_SWITCH = re.compile(
    r"(?P<only>\b(?:would|could|might|may|consider|if)\s(?:\w+\s)?)?\b(?:switch|chang|transition|convert|replac|swap|substitut|wean|drop"
    r"|rotat)(?:e|es|ed|ing|ped|ping)?"
    r"(?:\s(?:him|her|himself|herself|them|you|me|the\spatient|from|over|the|his|her|your|my|out)){0,3}\s$"
)
_TO = re.compile(
    r"[\s_,]{1,40}(?:to|with|for|by|over\sto)\s(?!(?:once|twice|every|daily|a\b|the\b)|[\d_])"
)
_TO_DOSE = re.compile(r"\s(?:from\s[_\s\d]+)?to\s[\d_]")
# "IV Lasix -> PO torsemide": a route may stand before the new drug.
_ARROW = re.compile(
    r"(?!\sbridg)[^.;,()>→\n]{0,40}?(?:-+>|=>|→)[^\S\n]*(?:(?:now|then|on)\s)*(?:_{2,4}\s)?"
)
_TO_ANOTHER = re.compile(r"[\s_\d]*\bto\s(?:_+\s)?")
_BEGUN = (S.NEW, S.ACTIVE, S.CHANGED, S.HELD, S.COMPLETED)
_THEN = r"(?:\band|\bthen|\bbut|,|->|→)\s(?:\w+\s){0,4}?"
_AHEAD = r"(?!(?:\w+\s){0,3}?(?:will|to|can|may|should|would|if|when|once)\b)"
_LATER = (
    (re.compile(rf"{_THEN}(?:discontinued|stopped|d/c'?d|turned\soff)\b"), S.STOPPED),
    (re.compile(rf"{_THEN}(?:held|withheld)\b"), S.HELD),
    (
        re.compile(
            rf"(?:\band|\bthen|\bbut|,|->|→)\s{_AHEAD}(?:\w+\s){{0,4}}?(?:restarted|resumed|continued|reintroduced)\b",
        ),
        S.ACTIVE,
    ),
)
_AGAIN = re.compile(rf"{_THEN}(?<!will\s)(?<!be\s)(?:restarted|resumed)\b(?!\son\b)")
_REACH = 75  # code points behind a drug in which a verb speaks of it, where no mark parts them
_GAP = 50  # code points between drugs of a list in which a sig stands
_GOVERNING = (S.NOT_TAKING, S.PLANNED)
_GOVERNS = 6  # code points between a governing cue and the verb it governs
# A verb behind a drug is that one's, though another drug follows: "A held, B 10 mg".
_POSTPOSED = re.compile(r"[\s_]*(?:[(:]|-+>?|=>|→|–)?\s*(?:(?:was|were|is|are|been|has|have)\s)*")
_SET_APART = re.compile(r"[^,;)\n]{0,25}?(?:[,;)\n/&+]|\band\b)")
_UNTIL = re.compile(r"\b(?:until|till|til)\b")
_OPENS = re.compile(r"[\s\d.)•*#>|\[\]x_-]*")


def item(document: Document, first: int, last: int, drug: Place, drugs: list[Place]) -> Place:
    """The part of first..last that speaks of the drug, where lines of a list open with drugs."""
    text, (start, end) = document.low, drug
    if text.find("\n", first, last) < 0:
        return first, last
    around = [drugs[i][0] for i in between(drugs, first, last)]
    opens = [at for at in around if _OPENS.fullmatch(text, _line(text, at, first), at)]
    if start in opens and opens[0] < start:
        first = _line(text, start, first)
    following = [_line(text, at, first) for at in opens if at > end]
    return first, min([last, *(line for line in following if line > end)])


def _line(text: str, at: int, first: int) -> int:
    """Where the line of an offset begins, not before `first`."""
    return max(first, text.rfind("\n", first, at) + 1)


def masked(document: Document, start: int, end: int) -> str:
    """The low text[start:end] without the sigs in it, whose points ("p.o. q.d.") end no clause."""
    text, out, at = document.low, [], start
    for part in sig.find(document.text, start, end):
        out += [text[at : part.start], "_" * (part.end - part.start)]
        at = part.end
    return "".join(out) + text[at:end]


def left(document: Document, first: int, start: int) -> str:
    """The clause to the left."""
    words = masked(document, first, start)
    cuts = [m.end() for m in _CLAUSE.finditer(words)]
    cuts += [m.end() for m in _AND_THEY.finditer(words)]
    return words[max(cuts) :] if cuts else words


def exchanged(document: Document, clause: str, end: int) -> MedicationStatus | None:
    """A drug that is left for another ("switch omeprazole to famotidine") or for another dose."""
    switch = _SWITCH.search(clause)
    if switch is None:
        return None
    right = masked(document, end, min(len(document.text), end + NEAR))
    if _TO.match(right):
        return S.ACTIVE if switch["only"] else S.STOPPED
    return S.CHANGED if _TO_DOSE.match(right) else None


def before(clause: str, start: int, drugs: list[Place]) -> MedicationStatus | None:
    """The cue nearest to the drug that begins at `start`, in the clause that ends there."""
    if not clause.strip(" \n-"):
        return None
    cues = [(s, m) for s, rule in _BEFORE for m in rule.finditer(clause)]
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
    if not found:
        return None
    # Of cues that end together the longer one is the more specific.
    _, begins, said = max(found, key=lambda f: (f[0], -f[1]))
    # "consider adding", "refused to start": what governs the verb decides.
    governs = [
        s
        for e, _, s in found
        if 0 <= begins - e <= _GOVERNS and s in _GOVERNING and "," not in clause[e:begins]
    ]
    if governs and governs[0] is S.PLANNED and said in (S.STOPPED, S.HELD):
        return S.ACTIVE  # "consider stopping" it
    return governs[0] if governs and said in (S.NEW, S.CHANGED, S.ACTIVE) else said


def _in_brackets(clause: str, cue: re.Match[str]) -> bool:
    """Whether brackets close behind the cue that open before it: "Ozempic (holding), metformin"."""
    opened = clause.rfind("(", 0, cue.start())
    return opened > clause.rfind(")", 0, cue.start()) and clause.find(")", cue.end()) >= 0


def _of_another(clause: str, cue: re.Match[str], others: list[int]) -> bool:
    """Whether a cue stands right behind another drug and is set apart from what follows."""
    owner = max((end for end in others if end <= cue.start()), default=None)
    return (
        owner is not None
        and _POSTPOSED.fullmatch(clause, owner, cue.start()) is not None
        and _SET_APART.match(clause, cue.end()) is not None
    )


def after(document: Document, end: int, last: int, drugs: list[Place]) -> MedicationStatus | None:
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
    if stop < last and _ARROW.fullmatch(right):
        return S.STOPPED  # "lisinopril -> losartan"
    led = _LED.match(right)
    cut = _CLAUSE.search(right, led.end() if led else 0)
    clause = (right[: cut.start()] if cut else right)[: 2 * _REACH]
    if not any(stem in clause for stem in STEMS):
        return None
    labelled = cut is not None and stop < last and cut[0].startswith(":")  # "held: metoprolol"
    plain = _ASIDE.sub(lambda aside: " " * len(aside[0]), clause) if "," in clause else clause
    far = _REACH + (plain.count(" ") - clause.count(" "))
    found = [
        (m.start(), -m.end(), s)
        for s, rule in _AFTER
        for m in rule.finditer(clause)
        if m.start() < far
        and (alone or _PLURAL.match(m[0]) or (paired and _PARTICIPLE.match(m[0])))
        and (not _OTHER_SUBJECT.search(plain, 0, m.start()) or _of_it(plain, m))
        and not (" " not in m[0] and _OBJECT.match(clause, m.end()))
        and not (labelled and m.end() == len(clause))
        and not (_ACTIVE_VOICE.match(m[0]) and _WHAT.match(clause, m.end()))
        and not (
            " " not in m[0] and stop < last and cut is None and _NEXT.fullmatch(clause, m.end())
        )
    ]
    if not found:
        return None
    said = min(found)[2]
    # "was started and discontinued on day 2": the last word counts.
    later = [s for rule, s in _LATER for m in rule.finditer(clause, -min(found)[1])]
    if said is S.STOPPED and _AGAIN.search(clause, -min(found)[1]):
        return S.ACTIVE
    return later[-1] if said in _BEGUN and later else said


def gives_way(document: Document, end: int, drugs: list[Place]) -> bool:
    """Whether "to" alone joins it to the drug behind it: "Simva to atorva 80"."""
    behind = between(drugs, end, end + _GAP)
    return bool(behind) and bool(_TO_ANOTHER.fullmatch(masked(document, end, drugs[behind[0]][0])))


def _of_it(clause: str, cue: re.Match[str]) -> bool:
    """Whether a verb of another subject has the drug as its object: "and she stopped it"."""
    return _OF_IT.search(cue[0]) is not None and _THEY.search(clause, 0, cue.start()) is not None
