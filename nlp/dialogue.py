"""Questions and their answers: what is only asked is not claimed.

"Any fever?" — "No." negates, "Yes." confirms, and a question without either claims nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp import speech
from nlp.turns import LABEL, LONGEST_TURN, speaker, spoken
from nlp.types import Assertion, Document, Span

SPEAKER = rf"(?:{LABEL}\s+)?"
FILLER = (
    r"(?:(?:um+|uh|er|well|oh|so|i mean|hmm|ah|okay|ok|n-"
    r"|(?:right|yeah)(?=,?\sno(?:\s*(?:[,.!]|\n|$)|\si\b)))(?![\w'-])[\s,.]*)*"
)
_YES = (
    r"(?:yes|yeah|yep|yup|mm-?hmm|uh-?huh|correct|exactly|right|sure|definitely|absolutely"
    r"|of course|certainly|by all means|that(?:\s?['’]s| is) (?:right|correct|it\b|the one)"
    r"|i (?:do|have|am|(?P<would>would)(?!,? (?:if|but|except|unless)\b))(?=\s*(?:[,.!]|\n|$))"
    r"|(?:you do|it is|it does)(?=\s*(?:[,.!]|\n|$))"
    r"|i (?:think|believe|guess|suppose) so|i['’]?m afraid so|a little|a bit|sometimes|some)"
    r"(?!,?\s(?:not|n['’]t|no(?=\s*(?:[,.!]|\n|$|i\b)))\b)"
)
_I_NOT = (
    r"i (?:really |honestly |actually )?(?:(?:do|have|did|would) ?n['’]?t"
    r"|['’]?m not|am not)(?! sure| certain)"
)
_NO = (
    rf"(?:no|nope|nah|never|(?:(?:absolutely|definitely|certainly|of course|probably|hopefully)\s)?"
    rf"not(?! (?:so |too |really )?(?:sure|certain))|nobody|no one|{_I_NOT}|i doubt it|i hope not"
    r"|it(?:['’]?s| is) not|it is ?n['’]t"
    r"|i['’]?d rather (?:you did)?(?:not| ?n['’]t)|i would rather not|i['’]?d prefer not"
    r"|(?:i )?can(?:not|['’]?t)(?=\s*(?:[,.]|\n|$|with\b|take\b))"
    r"|not for me|don't think so|do n't think so|none|nothing|negative)"
)
ANSWER = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?P<yes>{_YES})\b|(?P<no>{_NO})\b|(?P<cut>n-))(?![-'])", re.I
)
BUT = re.compile(
    r"[^.?!\n]{0,12}?[\s,]+but\b(?:(?P<once>\s(?:i|he|she|we)\s(?:had|did|was|used\sto)\b)"
    r"|(?P<another>\s(?:my|our|his|her)\s))?",
    re.I,
)
# A question by its words: transcripts lose the mark.
_ASKS = re.compile(
    r"(?:^|[\],.]\s"
    r"|\b(?:and|so|but|or|okay|now|well|then)\s)(?:(?:have|has|do|does|did|are|is|were"
    r"|was)\s(?:you|he|she|they|there|your|his|her)"
    r"|(?:have\syou\s(?:had|noticed|been\shaving)\s)?any|what\sabout|how\sabout)\b",
    re.I,
)
_TOLD = re.compile(
    r"\bi(?:['’]m|\sam)?\s(?:already\s|still\s)?(?:take|on|taking)\s$"
    r"|(?:^|[\],.:]\s|\b(?:because|since|and|but|well)\s)(?:i|we|he|she)\s?(?:['’]ve\sgot"
    r"|['’]ve\shad|have|has|['’]ve|['’]s\sgot)\s(?:[\w-]+\s){0,3}$",
    re.I,
)
# What only a patient asks: "is it diabetes", "do i have gout".
_WONDERS = re.compile(
    r"(?:^|[\],.:]\s|\b(?:and|so|but|or|okay|well|then|um|uh)\s)(?:is|was|could|can|might|would|do|does|did"
    r"|am|have|has)\s(?:it|this|that|i)\b",
    re.I,
)
# "How long have you had the cough?" takes it for granted.
_GRANTS = re.compile(
    r"\b(?:how\s(?!about)|when|where|why|what(?!\sabout|\sif))(?:(?!\b(?:if|last|any|time|do)\b)"
    r"[^.?!\n])*\b(?:the|that|this|these|those)\s(?:[\w-]+\s)?$|\bfor\s(?:the|his|her)\s$",
    re.I,
)
# "You have asthma, right?": a statement, unless the answer denies it.
_KNOWN = re.compile(
    r"\byou(?:['’]ve|\s['’]ve)?\s(?:also\s|still\s)?(?:have|got|had)\s(?:[\w-]+\s){0,3}$", re.I
)
# "And you take metformin for that, is it 500?": what is taken is known.
_TAKES = re.compile(
    r"(?:^|[\],.:]\s|\b(?:and|so|but|okay|well|think|know|see)\s)you(?:\s?['’]re|\sare)?\s"
    r"(?:(?:also|still|just|currently)\s)?(?:take|taking|on|using|use)\s(?:[\w-]+\s){0,3}$"
    r"|\byou(?:\s?['’]ve|\shave)\sgot\s(?:the|your)\s(?:[\w,-]+\s){0,8}$",
    re.I,
)
# "You still have the diabetes, are you on metformin?" asks for the metformin alone.
_ASKED_NEXT = re.compile(r"\s?,\s(?:and\s|so\s)?(?:are|do|did|have|is|how|what)\s", re.I)
_ABOUT = re.compile(
    r"\b(?:how\sabout|how\shave|how(?:\sis|\s?['’]s)|what\sabout)\s(?:the|that|this)\s$", re.I
)
# "You don't have asthma, do you?": what is denied, unless the answer claims it.
_DO_YOU = re.compile(
    r"[^.?!\n]{0,40}?[\s,]+(?:do|did|have|has|does|are|is|was|were)\s(?:you|he|she|they|there|it)"
    r"\s*\?",
    re.I,
)
_TAG = re.compile(
    r"[\s,]*(?:right|correct|is\sthat\sright|(?:do|have|are)\s?n?['’]?\s?t\syou)"
    r"\s*(?:\?|[.]?\s?(?=\n))",
    re.I,
)
_TURN = re.compile(rf"\s*{LABEL}", re.I)
_OWNED = re.compile(r"\b(?:my|your)\s(?:[\w-]+\s)?$", re.I)
# "On omeprazole for the reflux" — "no, I quit that": it is the drug that is taken back.
_GRANTED = re.compile(r"\b(?:(?:my|your)\s(?:[\w-]+\s)?|for\s(?:the|his|her)\s)$", re.I)
# What denies having what the question takes for granted: "your asthma?" — "I don't have asthma.".
_WHO = r"(?:i|we|he|she|they)"
_HAS_NONE = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?:no|nope|but|actually)[\s,.]+)*"
    rf"(?:(?:{_WHO}(?:['’](?:ve|s))?\s)?(?:(?:really|actually)\s)?"
    r"(?:(?:do|does|did|have|has|had)(?:\s?n['’]?t|\snot)|(?:(?:have|has|had)\s)?never)"
    r"\s(?:(?:really|actually|even|ever)\s)?(?:have|had|got)"
    rf"|{_WHO}(?:['’](?:ve|s)|\s(?:have|has|had))\s(?:got\s|had\s)?no"
    r"|there(?:['’]s|\s(?:is|was|are|were|has\sbeen|have\sbeen))\s(?:no|never\s(?:been|was))"
    r"|there\s(?:is|was|are|were)(?:\s?n['’]?t|\snot)(?:\sever)?|no)\s(?:(?:any|an?|the)\s)?"
    r"(?P<what>[\w' -]{2,60}?)(?:\s(?:at\sall|ever|whatsoever))?\s?(?:[.,;!]|\n|$)",
    re.I,
)
_PRONOUNS = ("it", "that", "one", "any", "those", "them")
# "Do you have it?" — "I would" is no yes, as it is to "would you say so?".
_WOULD = re.compile(r"\bwould(?:\s?n['’]t)?\s(?:you|he|she|they)\b", re.I)
_POSSESSED = 30  # code points before a mention in which "your" or "for the" stands
# The last question of a turn that transcripts run together: "… good any black stools".
_ANY = re.compile(r"\bany\s(?:[\w'-]+\s|,\s){0,14}$", re.I)
_EVER = re.compile(
    r"\b(?:have|has|do|does|did|are|is)\s(?:you|he|she|they)\s(?:ever\s)?(?:[\w'-]+\s){0,5}$", re.I
)
# A yes to a part of what was asked: "a little bit of congestion".
_PARTLY = re.compile(r"[^.?!\n]{0,40}?\b(?:a little|a bit|some|just|only|sometimes)\s\w", re.I)
# What the other speaker takes back of a statement that ends a turn: "and asthma" — "as a kid".
_TAKEN_BACK = re.compile(
    rf"\s*{SPEAKER}{FILLER}(?:(?P<no>(?<!oh )(?<!oh, )(?:no|nope|nah)\b(?![ ,.]*(?:problem|worries"
    rf"|question|thanks))"
    r"|not (?:any ?more|really|me)\b|i do(?:n't| n't| not) have)"
    r"|(?P<past>(?:when i was|as a (?:kid|child|teenager)|years ago|i (?:used to|outgrew)"
    r"|a long time ago)\b))",
    re.I,
)
_LAST_WORDS = re.compile(r"[\s.,]*(?:[\w'-]+[\s.,]+){0,4}(?=\n)")
_OF_ANOTHER = re.compile(r"\b(?:is|has|does|did|was|can|how['’]?s?)\s(?:he|she)\b", re.I)
_VERB = re.compile(r"(?:had|has|have)\s(?:an?\s)?", re.I)
CLAUSE = 160  # code points before a mention in which its subject stands
ASKED = 320  # code points before a mention in which what asks for it stands
REACH = 80  # code points after a question in which its answer begins
ANSWERED = 300  # code points in which the answer's own words are looked for
_TERSE = 4  # words: "PE?" and "? early pneumonia" are doubts of an author, no questions


def questioned(document: Document, span: Span) -> Assertion | None:
    """What a question claims of the mention in it; None where the sentence is no question.

    A sentence that ends a turn and asks by its words ("any fever") is a question if the next turn
    answers it.
    """
    text = document.text
    at = bisect_right(document.begins, span.start) - 1
    if at < 0:
        return None
    start, end = document.sentences[at].start, document.sentences[at].end
    before = text[max(start, span.start - ASKED) : span.start]
    if _OWNED.search(before):
        # "how is your gout?" asks not whether it is there
        return _denied_or(None, text, span, end)
    if _ABOUT.search(before) and _disowned(text, span, end):
        return Assertion.NEGATED
    if _KNOWN.search(before) and _TAG.match(text, span.end):
        return _denied(text, end)
    marked = text.endswith("?", start, end)
    open_ended = _open_ended(document, span, before)
    asks = open_ended or _ASKS.search(before) or _GRANTS.search(before)
    if not marked and not (asks and _TURN.match(text, end)):
        return None
    if _stated(before, text[span.end : min(end, span.end + CLAUSE)]):
        return _denied_or(Assertion.PRESENT if marked else None, text, span, end)
    if span.quote.lower() in _reply(text, end).lower():
        return Assertion.HYPOTHETICAL  # the answer's own words decide
    answer = ANSWER.match(text, end, min(len(text), end + REACH))
    if answer:
        return _replied(text, max(start, span.start - ASKED), answer)
    if not marked:
        return Assertion.HYPOTHETICAL if open_ended or _EVER.search(before) else None
    terse = end - start < CLAUSE and len(text[start:end].split()) <= _TERSE
    return Assertion.POSSIBLE if terse and not _TURN.match(text, start) else Assertion.HYPOTHETICAL


def _disowned(text: str, span: Span, end: int) -> bool:
    """Whether the answer behind the sentence that ends there denies having the mention at all."""
    none = _HAS_NONE.match(text, end, min(len(text), end + ANSWERED))
    if none is None:
        return False
    what = none["what"].lower()
    return what in _PRONOUNS or what.removesuffix("s") == span.quote.lower().removesuffix("s")


def _denied_or(taken: Assertion | None, text: str, span: Span, end: int) -> Assertion | None:
    """NEGATED where the answer denies what the question takes for granted, else as it is taken."""
    return Assertion.NEGATED if _disowned(text, span, end) else taken


def _replied(text: str, start: int, answer: re.Match[str]) -> Assertion:
    """What a yes or no claims of what the question from `start` on asks."""
    if answer["would"] and not _WOULD.search(text, start, answer.start()):
        return Assertion.HYPOTHETICAL
    if answer["yes"]:
        # Of several only what the answer names.
        part = text.find(",", start, answer.start()) >= 0 and _PARTLY.match(
            text, answer.start("yes")
        )
        return Assertion.HYPOTHETICAL if part else Assertion.PRESENT
    but = BUT.match(text, answer.end())
    if but is None or but["another"]:
        return Assertion.NEGATED
    return Assertion.HISTORICAL if but["once"] else Assertion.POSSIBLE


def owned_up(document: Document, span: Span) -> bool:
    """Whether a yes claims what the question denies: "you don't have asthma, do you?"."""
    tag = _DO_YOU.match(document.text, span.end)
    end = tag.end() if tag else 0
    answer = ANSWER.match(document.text, end, end + REACH) if tag else None
    return bool(answer and answer["yes"])


def _denied(text: str, end: int) -> Assertion | None:
    """NEGATED or HISTORICAL where the next turn takes back what was stated; else None."""
    back = _TAKEN_BACK.match(text, end)
    if back and back["past"]:
        return Assertion.HISTORICAL
    answer = ANSWER.match(text, end, min(len(text), end + REACH))
    return Assertion.NEGATED if answer and answer["no"] and _TURN.match(text, end) else None


def _stated(before: str, behind: str) -> bool:
    """Whether the question takes its mention for granted: "I've got asthma, is that all right?"."""
    another = _KNOWN.search(before) and _ASKED_NEXT.match(behind)
    return bool(another or any(rule.search(before) for rule in (_TOLD, _TAKES, _ABOUT, _GRANTS)))


def _open_ended(document: Document, span: Span, before: str) -> bool:
    """Whether the words before the mention only ask, answered or not: "any rash", "is it gout"."""
    if not spoken(document):
        return False
    by_patient = speaker(document.text, span.start) in ("patient", "relative")
    return bool(_ANY.search(before) or (by_patient and _WONDERS.search(before)))


def _reply(text: str, end: int) -> str:
    """The turn that follows a question."""
    return text[end : end + ANSWERED].lstrip().partition("\n")[0]


def implied(document: Document, span: Span, lasting: bool) -> Assertion | None:
    """What the way of speaking tells of a mention that no cue decides; None in writing.

    A patient's "she had a stroke" is of another; "i had a kidney stone" is over unless the
    condition is `lasting`; what ends a turn may be taken back by the other speaker.
    """
    if not spoken(document):
        return None
    text = document.text
    verb = _VERB.match(text, span.start, span.end)  # of a phrase such as "had a stroke"
    start = verb.end() if verb else span.start
    by = speaker(text, span.start)
    match speech.said(document, (start, span.end), "condition"):
        case "family" if by == "relative" or not _asked_of_another(text, span.start):
            return Assertion.FAMILY
        case "historical" if not lasting:
            return Assertion.HISTORICAL
        case "possible" | "hypothetical" as doubt:
            return Assertion(doubt)
    if by == "patient":
        return None
    ends = _LAST_WORDS.match(text, span.end)
    back = _TAKEN_BACK.match(text, ends.end()) if ends else None
    if back is None or _GRANTED.search(text, max(0, span.start - _POSSESSED), span.start):
        return None
    return Assertion.NEGATED if back["no"] else Assertion.HISTORICAL


def _asked_of_another(text: str, offset: int) -> bool:
    """Whether the turn is answered for somebody: "Does she take anything?" — "She takes …"."""
    line = text.rfind("\n", max(0, offset - LONGEST_TURN), offset)
    return line >= 0 and _OF_ANOTHER.search(text, max(0, line - CLAUSE), line) is not None
