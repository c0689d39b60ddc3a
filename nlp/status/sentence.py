"""What a sentence says of the verb before a drug: a condition, a date, an order."""

from __future__ import annotations

import re

from nlp import sig
from nlp.places import Place, between, sentence_at
from nlp.status import after
from nlp.status.clause import masked
from nlp.tables import compiled
from nlp.types import Document, MedicationStatus

S = MedicationStatus
ON_CONDITION = compiled(
    r"\sonce\s(?:the|his|her|he|she|they|we|bp|cr|renal|inr)\b|\s\(?(?:only\s)?if\s(?!<if-able>"
    r"|(?:pain|fever)\b(?!\s(?:persist|continu|worsen|recur|return)))",
    re.I,
)
# What opens a clause that only a later event makes true: "If not better, we will change to …".
_SHOULD = compiled(
    r"\W*(?:(?:and|but|so|then|now|okay|again|also)\W+)*(?:if\s(?!you\s(?:could|can|would|don)"
    r"|(?:that|it)(?:\s?['’]s|\sis)\s(?:ok|all|fine)|needed|possible|necessary|tolerated)"
    r"|unless\b|in\s(?:the\s)?(?:case|event)\b|should\s(?!(?:<should-advise>)\b)\w)",
    re.I,
)
# "Once this settles we'll …", "next week I am going to …".
_IN_TIME = re.compile(
    r"\W*(?:(?:and|but|so|then)\W+)*(?:once|when|as\ssoon\sas|after"
    r"|next\s(?:week|month|visit|appointment|time))\b[^.;]*(?:\b(?:will|shall|going\sto"
    r"|plan(?:s|ning)?\sto|like\sto|wants?\sto|hopes?\sto)|['’]ll)\b",
    re.I,
)
# What is done when something has come, wherever that stands in a turn: "when … we'll stop X".
_THEN = re.compile(
    r"\b(?:when|once(?!\sa\b|\sdaily)|as\ssoon\sas|if)\s(?:[\w'’]+\s){2,12}?(?:we|you|i|he|she)(?:\s?['’]ll|\s(?:will|can))"
    r"\s(?:\w+\s){1,4}$",
    re.I,
)
# "If insurance denies the Nurtec": nothing is said yet.
_IF_DENIED = re.compile(
    r"\b(?:if|unless|in\scase)\s(?:[\w']+\s){1,4}?(?:den|refus|reject|declin)\w+\s(?:the\s)?$", re.I
)
_BACK_ON = re.compile(
    r"(?:\b(?:will|going\sto|plan\sis\sto|plans?\sto|like\sto|wants?\sto|hopes?\sto)|['’]ll)"
    r"\s(?:get|put|have)\s(?:\w+\s){1,2}back\son\s(?:\w+\s)?$",
    re.I,
)
_STARTS = re.compile(r"[.;?!]\s|\n")
_LATER_ON = compiled(
    r"(?:\s(?!daily|mg|as\b)[A-Za-z-]+|-[a-z]+){0,4}\s(?:if"
    r"|once(?!\s(?:daily|a\b|weekly|monthly|nightly|per\b|every|in\b)))\s(?!<if-able>|you\b"
    r"|pain|fever|ok)"
    r"|[^.;\n]{0,30}?\swhen\s(?:the\s|his\s|her\s)?"
    r"(?:e?gfr|cr|creatinine|renal|kidney|aki|potassium|bp|inr|platelets|wbc|anc|lfts?|bloods?|labs?|bleeding|eating|stable|discharged)\b",
    re.I,
)
_DATED = compiled(
    r"\s(?:(?:back\s)?in\s(?:19|20)\d\d\b"
    r"|last\s(?:year|<season>)\b(?=[^.;]{0,30}\b(?:switched|changed|stopped|but))"
    r"|back\sin\sthe\s(?:<season>)\b)",
    re.I,
)
# "We can try modafinil, I'll send that to the pharmacy" is an order.
_ORDERED = re.compile(
    r"[^.?\n]{0,60}?\b(?:send|sent|call|called)\s(?:that|it|this)\s(?:in|to|over)\b"
    r"|[^.?\n]{0,60}?\b(?:accept(?:s|ed)|e-?prescribed"
    r"|agree[sd]?\b(?!\sto\s(?:hold|wait|think|stop|defer)))",
    re.I,
)
_STOP_ONE = re.compile(r"\b(?:stop|d/c|discontinue|dc)\s$", re.I)
_ORDER = 30  # code points behind a drug in which its order stands
# "She may use Tylenol as needed" is advice, "may try Lyrica" is none yet.
_MAY = re.compile(r"\b(?:may|can)\s(?:also\s|continue\sto\s)?(?:use|take)\s(?:\w+\s)?$", re.I)
_SIG_OF_OWN = compiled(
    r"[^.;,\n]{0,30}?\b(?:as\sneeded|prn|p\.r\.n"
    r"|for\s(?:the\s|any\s|his\s|her\s)?(?:<needed-for>)|every|daily|twice"
    r"|at\s(?:night|bedtime))",
    re.I,
)
_IS_TO_STOP = re.compile(
    r"(?:^|\b(?:will|should|to|please|must|and|is)\s|[.,:;]\s)(?:stop|hold"
    r"|omit|withhold|discontinue)\s(?:\w+\s)?$",
    re.I,
)
_FOR_SURGERY = compiled(
    r"\s(?:[\w-]+\s){1,4}?(?:before|prior\sto|preceding)\s(?:the\s|his\s|her\s"
    r"|your\s)?(?:\w+\s)?(?:<procedure>)"
    r"|\s\w+\s(?:days?|weeks?)\s(?:before|prior|ahead|preop\w*)\b"
    r"|\s(?:on\s)?(?:the\s)?(?:day|morning|night)\s(?:of|before)\b",
    re.I,
)
# "Hold warfarin tonight, then resume 5 mg daily": the same drug, by its dose or day.
_RESUMED = re.compile(
    r"[^.\n]{0,120}?\b(?:(?:she|he|they|i|pt|patient)\s)?(?:still|kept|keeps|continue[sd]?)\s"
    r"(?:on\s|to\s)?(?:tak|us)(?:e|es|ing)\b(?=\s(?:it|them|that|anyway)\b|[.,;)\n]|\Z)"
    r"|[^.\n]{0,80}?(?<!be\s)(?:restarted|resumed|reintroduced)\s(?:it|this|that)\b"
    r"|[^.;\n]{0,40}?\bthen\s(?:at\s)?\d[\d.]*\s?(?:mg|mcg|units?)\b"
    r"|[^.\n]{0,60}?[;,-]\s?(?:refilled|renewed|reissued|resupplied)\b"
    r"|[^.;\n]{0,60}?\bbut\s(?:has|have|had|was|were|then|since)\s"
    r"(?:\w+ly\s|now\s|since\s|been\s)*(?:resumed|restarted|reinstated)"
    r"(?=[.,;)\n]|\Z|\s(?:in|on|at|by|last|this|since)\b)"
    r"|(?:(?!\b(?:until|till?)\b)[^.;\n]){0,60}?(?:\bthen|\band|,|->|→)\s"
    r"(?:resum|restart|continu)\w*(?=[,.;)\n]|\Z"
    r"|\s(?:\d|at\b|tomorrow\b|(?:on\s)?(?:mon|tue|wed|thu|fri|sat|sun)"
    r"|(?:the\s)?(?:same|usual|home|prior|previous|normal)\b))",
    re.I,
)
_SOME_DAY = re.compile(
    r"\s(?:[\w.]+\s){0,4}?(?:(?:on\s)?(?:dol|pod|hd)\s?#?\d|next\s(?:week|month|visit)\b"
    r"|in\s\w+\s(?:weeks|months)\b|post-?\s?op(?:eratively)?\b(?!\sday)|after\s(?:the\s)?surgery\b)",
    re.I,
)
# "Restarted aspirin post-op": what is told as done waits for no day.
_DONE = re.compile(
    r"(?<!\bbe\s)(?<!\bto\s)\b(?:re)?(?:started|initiated|began|begun|commenced|resumed|introduced|gave"
    r"|given|added|placed|put)\s(?:back\s)?(?:on\s)?(?:[\w-]+\s)?$",
    re.I,
)
_VERB = 40  # code points before a drug in which that verb stands
# "She used selenium for six months."
_USED = re.compile(r"\b(?<!has\s)(?<!have\s)(?:used|took|tried|(?P<had>had))\s(?:\w+\s)?$", re.I)
_LINK = 40  # code points before a drug in which that verb stands, or between drugs
# What joins drugs, with the sig of the first masked; what of a sig precedes a condition.
_JOINED = re.compile(r"[\s_]*(?:,|/|&|\b(?:and|or|to|with|for|by)\b)?[\s_]*")
_SIG = re.compile(r"(?:\s?_+)*,?(?=\s)")
# "He had gentamicin x2 on admission."
_ONCE = compiled(
    r"[^.;,\n]{0,20}?\s"
    r"(?:x\s?\d+\b|(?:last|at)\s(?:week|month|year|<season>|christmas|easter|new\syear)\b"
    r"|in\s(?:jan|feb|mar|apr|may\b|june?\b|july?\b|aug|sept?|oct|nov|dec|(?:19|20)\d\d)"
    r"|on\s(?:admission|arrival)\b)",
    re.I,
)
_A_WHILE = re.compile(
    r"[^.;,\n]{0,20}?\s(?:for\s(?:about\s|only\s|over\s)?[\w-]+\s(?:days?|weeks?|months?"
    r"|years?)\b|until\b)",
    re.I,
)


def qualified(
    document: Document,
    first: int,
    drug: Place,
    drugs: list[Place],
    verb: MedicationStatus | None,
) -> MedicationStatus | None:
    """What a verb says, with what its sentence says of it: a condition, a date, an order."""
    text, (start, end) = document.text, drug
    match verb:
        case S.NEW:
            later = awaited(text, first, start) or bool(_LATER_ON.match(text, end))
            later = later or bool(_SOME_DAY.match(text, end) and not _done(text, first, start))
            later = later or _conditioned(document, end, drugs)
            return S.PLANNED if later else S.NEW
        case S.PLANNED:
            allowed = _MAY.search(text, first, start) and _SIG_OF_OWN.match(text, end)
            allowed = allowed or _ORDERED.match(text, end)
            return S.NEW if allowed else S.PLANNED
        case S.STOPPED | S.HELD:
            waits = awaited(text, first, start) or _THEN.search(text, first, start)
            if waits or _conditioned(document, end, drugs):
                return S.ACTIVE  # until then it is taken
            if _IS_TO_STOP.search(text, first, start) and _FOR_SURGERY.match(text, end):
                return S.ACTIVE  # until then it is taken
            if _RESUMED.match(text, end):
                return S.ACTIVE
            return S.NEW if _another(text, first, drug, drugs) else verb
        case S.NOT_TAKING:
            return None if _IF_DENIED.search(text, first, start) else verb
        case S.ACTIVE:
            return S.STOPPED if _DATED.match(text, end) else _going_on(text, first, drug)
        case None:
            over = _used(text, first, drug) or after.gives_way(document, end, drugs)
            return S.STOPPED if over else None
        case _:
            return verb


def _conditioned(document: Document, end: int, drugs: list[Place]) -> bool:
    """Whether a condition follows the drug, or those that it is named or exchanged with:
    "switch A to B (if insurance approves)", "start A 5 mg or B if …"."""
    for i in between(drugs, end, end + _LINK):
        if not _JOINED.fullmatch(masked(document, end, drugs[i][0])):
            break
        end = drugs[i][1]
    skipped = _SIG.match(masked(document, end, max(end, sentence_at(document, end - 1)[1])))
    return ON_CONDITION.match(document.text, end + (skipped.end() if skipped else 0)) is not None


def _used(text: str, first: int, drug: Place) -> bool:
    """Whether it was taken for a time that is over: "used it for six months", "had it x2"."""
    used = _USED.search(text, max(first, drug[0] - _LINK), drug[0])
    if used is None:
        return False
    once = used["had"] is not None and _ONCE.match(text, drug[1])
    return bool(once or _A_WHILE.match(text, drug[1]))


def awaited(text: str, first: int, start: int) -> bool:
    """Whether the sentence that reaches to a drug opens with a condition or a time to come."""
    before = text[first:start]
    return _later(before) or _in_time(before)


def _later(before: str) -> bool:
    """Whether the sentence that reaches to a drug opens with what only a later event makes true."""
    return _SHOULD.match(_STARTS.split(before)[-1]) is not None


def _going_on(text: str, first: int, drug: Place) -> MedicationStatus:
    """What is told as taken is planned where it waits for something: "once …, back on X"."""
    start, end = drug
    back = _BACK_ON.search(text, first, start) and _someday(text, end)
    return S.PLANNED if back or _in_time(text[first:start]) else S.ACTIVE


def _in_time(before: str) -> bool:
    """Whether it tells, up to a drug, of what will be done once something else has come."""
    return _IN_TIME.match(_STARTS.split(before)[-1]) is not None


def _done(text: str, first: int, start: int) -> bool:
    """Whether the verb before a drug tells what was done: "started", "was given"."""
    return _DONE.search(text, max(first, start - _VERB), start) is not None


def _someday(text: str, end: int) -> bool:
    """Whether what is done with a drug waits for something, or for a day to come."""
    return bool(_LATER_ON.match(text, end) or _SOME_DAY.match(text, end))


def _another(text: str, first: int, drug: Place, drugs: list[Place]) -> bool:
    """Whether it is ordered behind a name alone: "stop cephalexin, doxycycline 100 mg bid"."""
    inside = between(drugs, first, drug[0])
    if not inside or not _STOP_ONE.search(text, first, drugs[inside[-1]][0]):
        return False
    told = {e.part for e in sig.find(text, drug[1], min(len(text), drug[1] + _ORDER))}
    return text[drugs[inside[-1]][1] : drug[0]].strip() == "," and "frequency" in told
