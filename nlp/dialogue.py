"""Questions and their answers: what is only asked is not claimed.

"Any fever?" — "No." negates, "Yes." confirms, and a question without either claims nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp.types import Assertion, Document, Span

_SPEAKER = r"(?:\[[\w ]+\]\s?:?\s+|\w+\s?:\s+)?"
_FILLER = r"(?:(?:um+|uh|er|well|oh|so|i mean|hmm|ah|okay|ok|n-)(?![\w'-])[\s,.]*)*"
_YES = (
    r"(?:yes|yeah|yep|yup|mm-?hmm|uh-?huh|correct|exactly|right|sure|definitely|absolutely"
    r"|i (?:do|have|am)(?=\s*(?:[,.!]|\n|$))|a little|a bit|sometimes|some)"
)
_NO = (
    r"(?:no|nope|nah|never|not|i don't|i do n't|i haven't|i have n't|i didn't|i did n't|don't think"
    r" so|do n't think so|none|nothing|negative)"
)
_ANSWER = re.compile(
    rf"\s*{_SPEAKER}{_FILLER}(?:(?P<yes>{_YES})\b|(?P<no>{_NO})\b|(?P<cut>n-))(?![-'])", re.I
)
_BUT = re.compile(r"[^.?!\n]{0,12}?[\s,]+but\b", re.I)
# A question by its words: transcripts lose the mark.
_ASKS = re.compile(
    r"(?:^|[\],.]\s|\b(?:and|so|but|or|okay|now|well|then)\s)(?:(?:have|has|do|does|did|are|is|were|was)"
    r"\s(?:you|he|she|they|there|your|his|her)|(?:have\syou\s(?:had|noticed|been\shaving)\s)?any"
    r"|what\sabout|how\sabout)\b",
    re.I,
)
_TOLD = re.compile(
    r"(?:^|[\],.:]\s|\b(?:because|since|and|but|well)\s)(?:i|we|he|she)\s?(?:['’]ve\sgot|['’]ve\shad|have|has"
    r"|['’]ve|['’]s\sgot)\s(?:[\w-]+\s){0,3}$",
    re.I,
)
_SPEAKERS = re.compile(
    r"^[ \t]*(?:\[[\w ]{2,24}\]|(?:doctor|dr|clinician|patient|pt|d|p)[ \t]?:)", re.I | re.M
)
_TURN = re.compile(r"\s*(?:\[[\w ]+\]|\w+\s?:)")
_OWNED = re.compile(r"\b(?:my|your)\s(?:[\w-]+\s)?$", re.I)
_POSSESSED = 30  # code points before a mention in which its owner stands
_OPENING = 400  # code points in which a dialogue shows its turns
_REACH = 80  # code points after a question in which its answer begins
_TERSE = 4  # words: "PE?" and "? early pneumonia" are doubts of an author, no questions


def spoken(document: Document) -> bool:
    """Whether the document is a transcript: its first lines name their speakers."""
    return len(_SPEAKERS.findall(document.text, 0, _OPENING)) > 1


def asked(document: Document, span: Span) -> Assertion | None:
    """What a question claims of the mention in it; None where the sentence is no question.

    A sentence that ends a turn and asks by its words ("any fever") is a question if the next turn
    answers it.
    """
    text = document.text
    if _OWNED.search(text, max(0, span.start - _POSSESSED), span.start):
        return None  # "how is your gout?" asks not whether it is there
    at = bisect_right(document.begins, span.start) - 1
    if at < 0:
        return None
    start, end = document.sentences[at].start, document.sentences[at].end
    marked = text[start:end].rstrip().endswith("?")
    if not marked and not (_TURN.match(text, end) and _ASKS.search(text[start : span.start])):
        return None
    if _TOLD.search(text[start : span.start]):
        return None  # "I've got asthma, is that all right?"
    if span.quote.lower() in text[end : end + _REACH].lower():
        return Assertion.HYPOTHETICAL  # the answer's own words decide
    answer = _ANSWER.match(text, end, min(len(text), end + _REACH))
    if answer:
        said = Assertion.PRESENT if answer["yes"] else Assertion.NEGATED
        hedged = said is Assertion.NEGATED and _BUT.match(text, answer.end())
        return Assertion.POSSIBLE if hedged else said
    if not marked:
        return None
    terse = len(text[start:end].split()) <= _TERSE
    return Assertion.POSSIBLE if terse and not _TURN.match(text, start) else Assertion.HYPOTHETICAL
