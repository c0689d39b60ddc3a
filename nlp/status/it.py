"""What words say of a drug that they only call "it": that it was stopped, held, is kept on.

They follow the drug: in an answer, in the next turn, or further on in its own sentence.
"""

from __future__ import annotations

import re

from nlp.dialogue import FILLER, SPEAKER
from nlp.places import Place, between, sentence_at
from nlp.turns import spoken
from nlp.types import Document, MedicationStatus

S = MedicationStatus
# What one stops that is no drug, or a drug by its name.
_HABIT = r"(?! (?!tak|us)\w+ing\b| (?:by|the|my|his|her|your|their|a|an|alcohol|tobacco)\b)"
# Who stops a drug: "my kidney doctor", "dr. chu", "the hospital".
_WHO = r"(?:he|she|they|we|(?:my|the)(?: \w+){1,2}|(?:dr\.?|doctor)(?: \w+)?)"
_IT = r"(?:it|that|this|them|those|these|(?:my|the|those|these) (?:pills?|tablets?|meds|shots?))\b"
_QUIT = (
    r"(?:stopped|quit|dropped|discontinued|dumped|ditched|abandoned|gave up|came off|got off"
    r"|went off|(?:weaned|tapered)(?: myself| himself| herself)? off)"
)
_HAS = r"(?:(?:have|has|had|['’](?:ve|d|s)|just|kind of|already|then|since|\w+ly) ?)*"
_NOT = r"(?:\bnot|\bnever|n['’]t| n't)"
_OFF = r"(?:off(?: of)?|(?:all )?(?:done|finished|through) with)"
# What ended is told as it was: who stopped, what was stopped, who is off it, who has none of it.
ENDED = re.compile(
    rf"\b(?:i|we|he|she|they) {_HAS}{_QUIT}\b{_HABIT}(?: {_IT})?"
    rf"|\b(?:{_QUIT}|took (?:me|him|her) off)(?: (?:taking|using|of|on))? {_IT}"
    rf"|\b(?:took|take[ns]?) (?:it out|(?:me|him|her|it|that) off)\b"
    rf"|\b(?:gave|given|threw|throw|thrown|put|left?|leave) {_IT} (?:up|away|out|off)\b"
    r"|\bbut (?:it|that|this|they) (?:made|caused|gave|upset|knocked)\b"
    r"|\bbut (?:i|we|she|he|mom|mum|dad) (?:said|told (?:him|her|them)) (?:absolutely )?not?\b"
    rf"|\bhad it (?:removed|taken out)\b|\b(?:made|had|told) (?:me|him|her) (?:to )?stop\b"
    rf"|\b(?:it|that|those|they) (?:\w+ )?(?:got|was|were|has been|had to be) (?:\w+ly )?"
    r"(?:stopped|discontinued|cancell?ed|pulled)\b"
    rf"|\b(?:been|am|is|['’]?m|['’]s|are) (?:now )?{_OFF} {_IT}"
    rf"|\b(?:you(?:['’]ve)?|i|he|she|they) {_HAS}(?:finished|completed)\b"
    rf"|{_NOT} (?:really |been |ever )?(?:tak(?:e|en|ing)|us(?:e|ed|ing)|touch(?:ed)?"
    rf"|refill(?:ed)?|tolerated?) {_IT}"
    r"(?! (?:every|all|as|daily|when|unless|much|often|for granted))"
    rf"|\b(?:could|can)(?:n['’]t| n't|not| not) (?:afford|get|tolerate) {_IT}"
    r"|\btoo (?:expensive|costly)\b|\bnever (?:filled|started|took|got|picked|used|tried)\b"
    r"|\bso no\b|(?:\b(?:quit|stopped|not)|n['’]t) cover(?:ing|ed)?\b",
    re.I,
)
# What is to end is advised.
_TO_END = re.compile(
    rf"\b(?<!not to )(?<!n't )(?<!never )(?:stop|drop|toss|lose) (?:that|it)\b"
    r"|\bthat (?:one )?(?:we|you) can (?:drop|stop|lose|skip)\b"
    r"|\bdo(?:n['’]t| n't) need (?:that|it)\b"
    rf"|\blet['’]?\s?s not (?:do|take|use) {_IT}",
    re.I,
)
# A patient's answer that a drug is no longer taken.
_NO_LONGER = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:no|nope|well|yeah|so|honestly"
    rf"|actually)[\s,.]+)*(?:not any ?more\b|i was\b(?! n)"
    rf"|(?:that|it|this) was (?:before|then|back|years|a (?:long|while))\b"
    rf"|i (?:took|tried|used) (?:it|that|them|those)\b[^.?!\n]{{0,80}}\b(?:quit|stopped|upset"
    rf"|sick)"
    rf"|i (?:actually |kind of |just )?(?:{_QUIT}|ran out|used to)\b{_HABIT}"
    rf"|{_WHO} (?:stopped|took (?:me|him|her|it|that) off"
    rf"|said (?:no more|to stop|not\b(?! to (?:stop|quit|change)))"
    rf"|(?:changed|switched)(?= (?:it|that|this|me|them|to)\b|[.,;\n]|$))(?!\w)"
    rf"|(?:switched|swapped|changed|finished|stopped|quit)\b{_HABIT}"
    rf"|i(?:['’ ]?m| am) not (?:taking|on|using)\b"
    r"|i (?:do|have|did)(?: n't|n['’]t| not) (?:take|use|taken"
    r"|been(?! (?:(?:so|very|too|that|real|really) )?(?:good|great|perfect|regular|consistent)\b))"
    rf"|(?:i|he|she|they) did,? (?:but|until|for)\b)",
    re.I,
)
# "Never took it.": of what was never begun nothing ended.
_NEVER = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:no|nope|well|actually|honestly)[\s,.]+)*"
    r"(?:(?:i|he|she|they|we)(?:['’](?:ve|s)|\s(?:have|has))?\s(?:(?:actually|even|just)\s)?)?"
    r"never (?:even |actually |really )?"
    r"(?:took|taken?|tried|used|started|filled|picked|got|gotten|began|touched)\b"
    r"(?![^.?!\n]{0,30}\b(?:again|since|after|any ?more|regularly|every)\b)",
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
    rf"\s*{SPEAKER}{FILLER}(?:i['’]?d (?:rather|prefer) (?:you did)?(?:not|n['’]t| n't)|no,? thank"
    r"|i['’]?m not keen|(?:they|he|she) (?:wanted|offered) to,? but)\b",
    re.I,
)
_CHANGED = re.compile(
    r"\b(?:doubled|increased|upped|raised|lowered|halved|cut|reduced) (?:it|that)\b", re.I
)
_TAKES = re.compile(
    r"\bi (?:do |still |just |am to )*(?:take|use) (?:it|that|them|those)\b|\bi['’]m to take it\b"
    r"|\bi(?:['’]m| am) still \w+ing (?:it|that|them|those)\b",
    re.I,
)
# Another drug, called by its class: "told to take a statin but never filled it".
_ANOTHER = re.compile(r"\b(?:take|taking|start\w*|prescrib\w*|gave me) (?:an?|some) \w", re.I)
_IF = re.compile(r"\b(?:if|in case|unless)\b[^.?!\n]*$", re.I)


def _ends(text: str, start: int, stop: int) -> re.Match[str] | None:
    """An end that is told there, and is none that may come."""
    told = ENDED.search(text, start, stop)
    if told is None or _IF.search(text[start : told.start()]):
        return None
    return None if _ANOTHER.search(text, start, told.start()) else told


# What an answer says of the drug before it, in this order.
OF_IT = (
    (S.NOT_TAKING, _NEVER.match),
    (S.STOPPED, _NO_LONGER.match),
    (S.HELD, _TOLD_TO_HOLD.match),
    (S.HELD, _HOLD_OFF.search),
    (S.ACTIVE, _STAYS.search),
    (S.NOT_TAKING, _REFUSES.match),
    (S.STOPPED, _ends),
    (S.STOPPED, _TO_END.search),
    (S.CHANGED, _CHANGED.search),
    (S.ACTIVE, _TAKES.search),
)
# Words before an end that make it none, or one of another drug.
_UNSAID = re.compile(
    r"\?|\b(?:if|when|whenever|unless|until|till|before|once|whether|other|another|one|not"
    r"|never|while|and (?:an?|the|my|his|her|(?:i|he|she) (?:was|am|is)))\b|n['’]t\b",
    re.I,
)
_AGAIN = re.compile(r"\b(?:re-?start\w*|resum\w+|re-?initiat\w+|back(?: on)?)\b", re.I)
_BACK_ON_IT = re.compile(
    r"\b(?:back on|restarted|resumed|re-?started|(?:start|tak|us)\w+ (?:it )?again)\b", re.I
)
# What of an end names the drug, or leaves nothing else to name: "quit it", "never filled."
_NAMES_IT = re.compile(r"\b(?:it|that|this|them|those|these|pills?|tablets?|meds|shots?)\b", re.I)
_CLOSES = re.compile(r"\s*(?:[.,;)!\n]|$|(?:because|due\sto|since|last|when|years?)\b)", re.I)
# Every end that ENDED knows holds one of these, and few sentences do.
_STEMS = (
    "stop", "quit", "drop", "discontinu", "dump", "ditch", "abandon", "off", "away", " out", " up",
    "but ", "remov", "cancel", "pull", "done with", "finish", "through with", "complet", "not",
    "never", "n't", "n’t", "expensive", "costly", "so no",
)  # fmt: skip
_LEFT = 60  # code points before a drug in which it is taken up again
_REACH = 160  # code points behind it in which its end is told


def ended(document: Document, drug: Place, drugs: list[Place]) -> bool:
    """Whether its own sentence goes on to tell that "it" ended: "but I felt ill so I quit it"."""
    text, (start, end) = document.text, drug
    last = min(len(text), end + _REACH)
    stop = text.find("\n", end, last) if spoken(document) else sentence_at(document, end - 1)[1]
    stop = min(stop if stop >= 0 else last, last)
    others = between(drugs, end, stop)
    stop = drugs[others[0]][0] if others else stop
    low = document.low[end:stop]
    told = ENDED.search(text, end, stop) if any(map(low.__contains__, _STEMS)) else None
    if told is None or _UNSAID.search(text, end, told.start()):
        return False
    if not _NAMES_IT.search(told[0]) and not _CLOSES.match(text, told.end()):
        return False  # "he has finished school", "so no stroke since"
    if others and told.end() + 1 >= stop:
        return False  # the next drug is what was stopped
    if _AGAIN.search(text, max(0, start - _LEFT), start):
        return False
    return _BACK_ON_IT.search(text, told.end(), stop) is None
