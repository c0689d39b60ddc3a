"""What is said of a drug across the turns of a dialogue: asked for, and answered.

"And the lisinopril?" — "I quit that one." stops it; "Did they restart it?" — "No." leaves it off.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from nlp.dialogue import ANSWER, ANSWERED, BUT, CLAUSE, FILLER, LONGEST_TURN, REACH, SPEAKER, spoken
from nlp.places import Place, between
from nlp.types import Document, MedicationStatus

# Who stops a drug: "my kidney doctor", "dr. chu", "the hospital".
_HABIT = r"(?! (?:smok|drink|eat|work|vap)\w*)"  # what one stops that is no drug
_WHO = r"(?:he|she|they|we|(?:my|the)(?: \w+){1,2}|(?:dr\.?|doctor)(?: \w+)?)"
# A patient's answer that a drug is no longer taken.
_QUIT = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:no|nope|well|yeah|so|honestly"
    rf"|actually)[\s,.]+)*(?:not any ?more\b|i was\b(?! n)"
    rf"|i (?:took|tried|used) (?:it|that|them|those)\b[^.?!\n]{{0,80}}\b(?:quit|stopped|upset"
    rf"|sick)"
    rf"|i (?:actually |kind of |just )?(?:quit|stopped|ran out|gave up|came off|got off"
    rf"|used to)\b{_HABIT}"
    rf"|{_WHO} (?:stopped|took (?:me|him|her|it|that) off"
    rf"|said (?:no more|to stop|not\b(?! to (?:stop|quit|change)))"
    rf"|(?:changed|switched)(?= (?:it|that|this|me|them|to)\b|[.,;\n]|$))(?!\w)"
    rf"|(?:switched|swapped|changed|finished|stopped|quit)\b{_HABIT}"
    rf"|i(?:['’ ]?m| am) not (?:taking|on|using)\b"
    rf"|i (?:do|have|did)(?: n't|n['’]t| not) (?:take|use|taken|been)"
    rf"|(?:i|he|she|they) did,? (?:but|until|for)\b)",
    re.I,
)
_TOLD_TO_HOLD = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:no|nope|well)[\s,.]+)*{_WHO} (?:told|asked|said|wanted)(?: me)?"
    r" to (?:hold|stop|skip|wait|stay off)\b",
    re.I,
)
_HOLD_OFF = re.compile(r"\bhold (?:off )?(?:on )?(?:that|it)\b|\bnot that one\b", re.I)
_STAYS = re.compile(
    r"\b(?:stay|keep) (?:on|taking|using) (?:it|that|those)\b|\bkeep (?:it|that) (?:going|up)\b"
    r"|\bcontinue (?:it|that|with)\b",
    re.I,
)
_REFUSES = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:i['’]?d (?:rather|prefer) not|no,? thank|i['’]?m not keen)\b", re.I
)
_STOP_THAT = re.compile(r"\b(?:stop|drop|hold|toss) (?:that|it)\b|\bcome off (?:that|it)\b", re.I)
_BACK_ON = re.compile(
    r"\b(?:go|get) back on (?:it|that)\b|\b(?:restart|resume) (?:it|that)\b", re.I
)
_GAVE_UP = re.compile(
    r"\b(?:i|he|she|they) (?:\w+ly |just )?(?:stopped|quit|dropped|discontinued|gave up|came off"
    r"|took it off)\b(?! (?:smoking|drinking|eating|working|by))"
    r"|\b(?:made|had|told) me (?:to )?stop\b"
    r"|\b(?:you(?:['’]ve)?|i|he|she|they) (?:already )?(?:finished|completed)\b"
    r"|(?:\bnot|n['’]t| n't) (?:really |been )?(?:take|taking|use|using) (?:it|that|them|those)\b"
    r"(?! (?:every|all|as|daily|when|unless|much|often))"
    r"|\b(?:put|threw|throw|leave) (?:that|it|those|them) (?:away|out|off)\b"
    r"|\b(?<!not to )(?<!n't )(?<!never )(?:stop|drop|toss|lose) (?:that|it)\b"
    r"|\b(?:could|can)(?:n['’]t| n't|not| not) (?:afford|get|tolerate) (?:it|that|them)\b"
    r"|\bdid(?:n['’]t| n't| not) tolerate (?:it|that|them)\b|\btoo (?:expensive|costly)\b"
    r"|\btook it out\b|\bhad it (?:removed|taken out)\b"
    r"|\bgave (?:it|that) up\b|\b(?:discontinued|stopped) (?:it|that)\b|\btook (?:me|him|her) off\b"
    r"|\b(?:it|that|those) (?:got|was|were|has been) (?:stopped|discontinued)\b"
    r"|\b(?:been|am|['’]?m) off (?:of )?(?:it|that|those|them)\b"
    r"|\bthat (?:one )?(?:we|you) can (?:drop|stop|lose|skip)\b"
    r"|\bnever (?:filled|started|took|got|picked|used|tried)\b"
    r"|\bdo(?:n['’]t| n't) need (?:that|it)\b|\bso no\b"
    r"|(?:\b(?:quit|stopped|not)|n['’]t) cover(?:ing|ed)?\b"
    r"|\blet['’]?\s?s not (?:do|take|use) (?:that|it|those|them)\b",
    re.I,
)
# A question for whether a drug is taken: "Plavix?", "are you still taking the flomax".
_IF_TAKEN = re.compile(
    r"(?:\b(?:tak(?:e|en|ing)|on|us(?:e|ing)|doing|(?:re)?start(?:ed)?|still"
    r"|getting)\s(?:[\w']+\s){0,3}|\b(?:what|how)\sabout\s(?:[\w']+\s){0,3}"
    r"|\bhow(?:['’]s|\s['’]s|\sis)\s(?:the|your)\s|\band\s(?:the|your)\s"
    r"|(?:^[ \t]*(?:\[[\w ]+\]|\w+[ \t]?:)|[.!?])\s*(?:and\s)?)$",
    re.I,
)
_ASKS_IF = re.compile(
    r"\b(?:are|do|did|have|has|does)\s(?:you|they|she|he|we)\b|\b(?:what|how)\sabout\b"
    r"|^[ \t]*(?:\[[\w ]+\]|\w+[ \t]?:)\s*(?:and\s)?(?:the\s|your\s)?$",
    re.I,
)
_CHANGED_IT = re.compile(
    r"\b(?:doubled|increased|upped|raised|lowered|halved|cut|reduced) (?:it|that)\b", re.I
)
_TAKES_IT = re.compile(
    r"\bi (?:do |still |just |am to )*(?:take|use) (?:it|that|them|those)\b|\bi['’]m to take it\b",
    re.I,
)
# "Good. Allopurinol?" goes through a list of what is taken.
_BARE = re.compile(r"(?:\]|:|[.!?])\s*(?:and\s)?(?:(?:the|your|my)\s)?$", re.I)
_NO_MORE = re.compile(r"(?:(?!\byou\b)[^.?!\n]){0,30}\?\s*", re.I)
# The question behind the drug that it is for: "the Lasix, you still taking that?".
_STILL = re.compile(
    r"\s?,?\s(?:are\s)?(?:you\s)?(?:still\s)?(?:taking|on|using|doing)\s(?:that|it|those|them)\b",
    re.I,
)
_OF_EFFECT = re.compile(
    r"\b(?:problems?|troubles?|issues?|side|effects?|difficult\w*|miss\w*|forg[eo]t\w*|allerg\w*"
    r"|questions?|should|any|since|when|why)\b",
    re.I,
)
_DOSED = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:just|about|maybe) )*(?:only (?:if|when|as|at|in)|once|twice"
    rf"|every|as needed|when(?:ever)? i|if i|still|mostly|most days|i think so"
    rf"|at (?:night|bedtime)|in the (?:morning|evening)|it['’]s (?:fine|good|great|okay|helping)"
    rf"|(?:\d+|one|two|three|four) (?:times|a day|at|in|pills?|tablets?|puffs?|units?))\b",
    re.I,
)
_ALLERGIES = re.compile(r"\ballerg[^.?!\n]{0,40}[?.!\s]*$", re.I)
# The words before what an answer names.
_NAMES = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:yes|yeah|yep|just|only|to|i'm|i am|allergic|the|and|or"
    rf"|penicillin"
    r"|sulfa)[\s,.]*)*",
    re.I,
)
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
_CLOSES = re.compile(r"(?:\s(?:now|then|too|or\snot|for\snow))?\s?[.?]")
# Another question in the same turn: "on the lisinopril. Any cough with that?"
_FURTHER = re.compile(r"[.?!]\s+(?:[\w',]+\s+){2}")
# What a turn says of the drug before it, in this order.
OF_IT = (
    (MedicationStatus.STOPPED, _QUIT.match),
    (MedicationStatus.HELD, _TOLD_TO_HOLD.match),
    (MedicationStatus.HELD, _HOLD_OFF.search),
    (MedicationStatus.ACTIVE, _STAYS.search),
    (MedicationStatus.NOT_TAKING, _REFUSES.match),
    (MedicationStatus.STOPPED, _GAVE_UP.search),
    (MedicationStatus.CHANGED, _CHANGED_IT.search),
    (MedicationStatus.ACTIVE, _TAKES_IT.search),
)
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
    if between(drugs, end, stop):
        return None
    if whether := _WHETHER_IT.match(text, stop, line):
        return _advice(text, whether)
    line = drugs[others[0]][0] if others else line
    for said, found in OF_IT:
        if found(text, stop, line):
            return _next(text, line) or said
    before = text[text.rfind("\n", max(0, start - CLAUSE), start) + 1 : start]
    if not asks(before, text[end:stop]):
        return None
    bare = _BARE.search(before) is not None and _NO_MORE.fullmatch(text, end, stop) is not None
    said_so = _answer(text, stop, bare)
    return (_next(text, line) or said_so) if said_so else None


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
    """Of two drugs asked for ("A or B?") the one that the answer names first is taken."""
    low, at = document.low, bisect_left(drugs, drug)
    rivals = [
        low[slice(*drugs[i])]
        for i, gap in (
            (at - 1, low[drugs[at - 1][1] : drug[0]] if at else ""),
            (at + 1, low[drug[1] : drugs[at + 1][0]] if at + 1 < len(drugs) else ""),
        )
        if _OR.fullmatch(gap)
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


def asks(before: str, behind: str) -> bool:
    """Whether the words of a turn beside a drug ask if it is taken, not what it does."""
    if _STILL.match(behind):
        return True
    if _FURTHER.search(behind):
        return False
    question = "?" in behind or _ASKS_IF.search(before)
    return bool(question and _IF_TAKEN.search(before) and not _OF_EFFECT.search(before))


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


def allergic(document: Document, start: int) -> bool:
    """Whether a drug answers the question for allergies: "Any allergies?" — "Trimethoprim"."""
    if not spoken(document):
        return False
    text = document.text
    line = text.rfind("\n", max(0, start - LONGEST_TURN), start)
    if line < 0 or not _NAMES.fullmatch(text, line, start):
        return False
    return bool(_ALLERGIES.search(text[max(0, line - REACH) : line]))
