"""Questions and their answers: what is only asked is not claimed.

"Any fever?" — "No." negates, "Yes." confirms, and a question without either claims nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp.types import Assertion, Document, Span

_SPEAKER = r"(?:\[?\w+(?:[_ ]\w+)?\]?\s?:?\s+)?"
_FILLER = r"(?:(?:um+|uh|er|well|oh|so|i mean|hmm|ah|okay|ok)\b[\s,.]*)*"
_YES = (
    r"(?:yes|yeah|yep|yup|mm-?hmm|uh-?huh|correct|exactly|right|sure|definitely|i do|i have|i am)"
)
_NO = r"(?:no|nope|nah|never|not|i don't|i do n't|i haven't|i have n't|don't think so|none|nothing)"
_ANSWER = re.compile(rf"\s*{_SPEAKER}{_FILLER}(?:(?P<yes>{_YES})|(?P<no>{_NO}))\b(?![-'])", re.I)
_REACH = 60  # code points after a question in which its answer begins
_TERSE = 4  # words: "PE?" and "? early pneumonia" are doubts of an author, no questions


def asked(document: Document, span: Span) -> Assertion | None:
    """What a question claims of the mention in it; None where the sentence is no question."""
    at = bisect_right(document.sentences, span.start, key=lambda s: s.start) - 1
    if at < 0:
        return None
    end = document.sentences[at].end
    sentence = document.text[document.sentences[at].start : end]
    if not sentence.rstrip().endswith("?"):
        return None
    answer = _ANSWER.match(document.text, end, min(len(document.text), end + _REACH))
    if answer:
        return Assertion.PRESENT if answer["yes"] else Assertion.NEGATED
    return Assertion.POSSIBLE if len(sentence.split()) <= _TERSE else Assertion.HYPOTHETICAL
