"""What is said of a drug across the turns of a dialogue: asked for, and answered.

"And the lisinopril?" — "I quit that one." stops it; "Did they restart it?" — "No." leaves it off.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from nlp.dialogue import (
    ANSWER,
    ANSWERED,
    BUT,
    CLAUSE,
    FILLER,
    REACH,
    SPEAKER,
)
from nlp.places import Place, between
from nlp.status.it import OF_IT
from nlp.status.questions import CALLED, asks
from nlp.turns import speaker, spoken
from nlp.types import Document, MedicationStatus

_STOP_THAT = re.compile(r"\b(?:stop|drop|hold|toss) (?:that|it)\b|\bcome off (?:that|it)\b", re.I)
_BACK_ON = re.compile(
    r"\b(?:go|get) back on (?:it|that)\b|\b(?:restart|resume) (?:it|that)\b", re.I
)
# "Good. Allopurinol?" goes through a list of what is taken.
_BARE = re.compile(rf"(?:\]|:|[.!?])\s*(?:and\s)?(?:(?:the|your|my)\s)?{CALLED}$", re.I)
_NO_MORE = re.compile(r"(?:(?!\byou\b)[^.?!\n]){0,30}\?\s*", re.I)
_DOSED = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:just|about|maybe) )*(?:only (?:if|when|as|at|in)|once|twice"
    rf"|every|as needed|when(?:ever)? i|if i|still|mostly|most days|i think so"
    rf"|at (?:night|bedtime)|in the (?:morning|evening)|it['’]s (?:fine|good|great|okay|helping)"
    rf"|(?:\d+|one|two|three|four) (?:times|a day|at|in|pills?|tablets?|puffs?|units?))\b",
    re.I,
)
_JUST = re.compile(rf"\n\s*{SPEAKER}{FILLER}(?:no\W+)?(?:just|only) (?:(?:the|my) )?$")
_OR = re.compile(r",?\sor\s(?:(?:the|your|is|it|are|you|on|taking)\s){0,4}")
# "Should I stop the aspirin?", "asks whether he should restart it".
_SHOULD = (
    r"\b(?:should|shall|do|does|can|could|must|would)\s(?:i|he|she|we|they|you\swant\sme\sto)"
    r"\s(?:(?:just|also|still|need\sto|have\sto)\s)*"
    r"(?:(?P<off>stop|quit|come\soff|go\soff|get\soff|hold|skip|drop|discontinue)|start|take"
    r"|continue|keep|restart|resume|use|go\sback\son|stay\son)\s(?:(?:taking|using|on)\s)?"
)
_WHETHER = re.compile(rf"{_SHOULD}(?:(?:the|my|his|her|our|their)\s)?$", re.I)
_WHETHER_IT = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:so\s)?{_SHOULD}(?:it|that|this|them|those)\b[\s?.]*", re.I
)
_CLOSES = re.compile(r"(?:\s(?:now|then|too|or\snot|for\s(?:\w+\s?){1,3}))?(?:\s?[.?]|(?=\n))")
_FINISHED = re.compile(
    r"\s?[,.?]?\s(?:and\s)?(?:did|have|has|are|is)\s(?:you|he|she|they)\s(?:\w+\s)?"
    r"(?:finish|complet|done|through)",
    re.I,
)
_ALL_DONE = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:all|they['’]?re|it['’]?s) (?:done|gone|finished)\b", re.I
)
# "Ibuprofen or aspirin": asked for in one breath.
_AND_OR = re.compile(r"(?:,|,?\s(?:and|or|&))\s(?:(?:the|your|any|some)\s)*", re.I)
_ABOUT = re.compile(r"\b(?:what|how)\sabout\s(?:(?:the|some|taking|using)\s)*$", re.I)
_TRAILING = 10  # words of a turn behind the drug that the answer still speaks of


def replied(document: Document, drug: Place, drugs: list[Place]) -> MedicationStatus | None:
    """What the next turn says of the drug that ended this one or was asked for in it.

    None where nothing of the kind is said.
    """
    text, (start, end) = document.text, drug
    if advised := _advised(text, start, end):
        return advised
    if not spoken(document):
        return None
    stop = text.find("\n", end, end + ANSWERED)
    if stop < 0 or len(text[end:stop].split()) > _TRAILING:
        return None
    line = text.find("\n", stop + 1, stop + ANSWERED)
    line = line if line >= 0 else min(len(text), stop + ANSWERED)
    others = between(drugs, stop, line)
    if chosen := _chosen(document, drug, drugs, others):
        return chosen
    (first, _), (_, last) = listed(document, drug, drugs)
    if between(drugs, last, stop):
        return None
    line = drugs[others[0]][0] if others else line
    before = text[text.rfind("\n", max(0, first - CLAUSE), first) + 1 : first]
    behind = text[last:stop]
    if _FINISHED.match(behind):
        return _finished(text, stop)
    if last > end:
        return _of_each(text, stop) if asks(before, behind) else None
    if _ABOUT.search(before) and speaker(text, start) in ("patient", "relative"):
        return _of_it(text, stop, line) or _granted(text, stop)
    return _of_it(text, stop, line) or _answered(text, before, behind, (stop, line))


def _of_it(text: str, stop: int, line: int) -> MedicationStatus | None:
    """What the turn at stop..line says of the drug that ended the one before it."""
    if whether := _WHETHER_IT.match(text, stop, line):
        return _advice(text, whether)
    said = next((said for said, found in OF_IT if found(text, stop, line)), None)
    return (_next(text, line) or said) if said else None


def _answered(
    text: str, before: str, behind: str, turn: tuple[int, int]
) -> MedicationStatus | None:
    """What the turn answers to whether the drug between those words is taken, if they ask it."""
    if not asks(before, behind):
        return None
    bare = _BARE.search(before) is not None and _NO_MORE.fullmatch(behind + "\n") is not None
    said = _answer(text, turn[0], bare)
    return (_next(text, turn[1]) or said) if said else None


def listed(document: Document, drug: Place, drugs: list[Place]) -> tuple[Place, Place]:
    """The first and the last drug of the list in which this one is told: "A, B or C"."""
    text, at = document.text, bisect_left(drugs, drug)
    if drugs[at : at + 1] != [drug]:
        return drug, drug  # a class, which no list of drugs holds
    near = between(drugs, drug[0] - CLAUSE, drug[1] + CLAUSE)
    first = last = at
    while first > near.start and _AND_OR.fullmatch(text, drugs[first - 1][1], drugs[first][0]):
        first -= 1
    while last + 1 < near.stop and _AND_OR.fullmatch(text, drugs[last][1], drugs[last + 1][0]):
        last += 1
    return drugs[first], drugs[last]


def _of_each(text: str, stop: int) -> MedicationStatus | None:
    """What is answered to a list of drugs: a no speaks of each of them."""
    answer = ANSWER.match(text, stop, min(len(text), stop + REACH))
    no = answer and answer["no"] and not BUT.match(text, answer.end())
    return MedicationStatus.NOT_TAKING if no else None


def _finished(text: str, stop: int) -> MedicationStatus | None:
    """What is answered to whether what the turn names was finished."""
    if _ALL_DONE.match(text, stop):
        return MedicationStatus.COMPLETED
    answer = ANSWER.match(text, stop, min(len(text), stop + REACH))
    if answer is None or answer["cut"]:
        return None
    return MedicationStatus.COMPLETED if answer["yes"] else MedicationStatus.ACTIVE


def _granted(text: str, stop: int) -> MedicationStatus:
    """What is answered to a patient's "what about …?": without a yes it is none yet."""
    answer = ANSWER.match(text, stop, min(len(text), stop + REACH))
    if answer is None or not (answer["yes"] or answer["no"]):
        return MedicationStatus.PLANNED
    return MedicationStatus.NEW if answer["yes"] else MedicationStatus.NOT_TAKING


def _advised(text: str, start: int, end: int) -> MedicationStatus | None:
    """What is answered to whether the drug at start..end should be stopped or taken."""
    closes = _CLOSES.match(text, end)
    if closes is None or not ANSWER.match(text, closes.end()):
        return None
    asks = _WHETHER.search(text, max(0, start - CLAUSE), start)
    return _advice(text, asks, closes.end()) if asks else None


def _advice(text: str, asks: re.Match[str], stop: int | None = None) -> MedicationStatus | None:
    """What the yes or no at the offset, else behind the question, makes of what was asked."""
    answer = ANSWER.match(text, asks.end() if stop is None else stop)
    if answer is None or answer["cut"]:
        return None
    off = asks["off"] is not None
    if answer["yes"]:
        return MedicationStatus.STOPPED if off else MedicationStatus.NEW
    return MedicationStatus.ACTIVE if off else MedicationStatus.NOT_TAKING


def _chosen(
    document: Document, drug: Place, drugs: list[Place], answered: range
) -> MedicationStatus | None:
    """Of two drugs asked for ("A or B?") the one that the answer names first is taken.

    Of "A and B?" it is the one that "just the A" names.
    """
    low, at = document.low, bisect_left(drugs, drug)
    parted = _AND_OR if answered and _JUST.search(low, drug[1], drugs[answered[0]][0]) else _OR
    rivals = [
        low[slice(*drugs[i])]
        for i, gap in (
            (at - 1, low[drugs[at - 1][1] : drug[0]] if at else ""),
            (at + 1, low[drug[1] : drugs[at + 1][0]] if at + 1 < len(drugs) else ""),
        )
        if parted.fullmatch(gap)
    ]
    mine = low[slice(*drug)]
    named = (low[slice(*drugs[i])] for i in answered)
    first = next((name for name in named if name == mine or name in rivals), None)
    if not rivals or first is None:
        return None
    return MedicationStatus.ACTIVE if first == mine else MedicationStatus.NOT_TAKING


def _next(text: str, line: int) -> MedicationStatus | None:
    """What the turn behind the answer, which ends at the offset, makes of the drug."""
    stop = text.find("\n", line + 1, line + REACH)
    stop = stop if stop >= 0 else line + REACH
    if _STOP_THAT.search(text, line, stop):
        return MedicationStatus.STOPPED
    return MedicationStatus.ACTIVE if _BACK_ON.search(text, line, stop) else None


def _answer(text: str, stop: int, bare: bool) -> MedicationStatus | None:
    """What the turn at the offset answers to that; a `bare` name stays taken, if nothing does."""
    if _DOSED.match(text, stop):
        return MedicationStatus.ACTIVE
    answer = ANSWER.match(text, stop, min(len(text), stop + REACH))
    if answer is None:
        return MedicationStatus.ACTIVE if bare else None
    if BUT.match(text, answer.end()):
        return None
    return MedicationStatus.ACTIVE if answer["yes"] else MedicationStatus.NOT_TAKING
