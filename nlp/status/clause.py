"""The clause that speaks of a drug: its part of a list, its sigs masked, where it begins and ends.

A clause is read in lower case with its sigs masked ("_" for each code point), so that "p.o." ends
no clause. A place is a half-open range of code points into the text.
"""

from __future__ import annotations

import re

from nlp import sig
from nlp.places import Place, between
from nlp.tables import compiled
from nlp.types import Document

NEAR = 400  # code points to either side in which a cue is looked for
CLAUSE = compiled(
    r";"
    r"|\n\s*\n"
    r"|[.:?!](?<!\bi\.e\.)(?<!\be\.g\.)(?<!\bdr\.)(?<!\bmr\.)(?<!\bmrs\.)(?<!\bms\.)\s"
    r"|\bbut\b(?!\s(?:not|(?:(?:she|he|they|(?:the\s)?patient)\s)?(?:<but-goes-on>)\b"
    r"|(?:(?:<who>)\s)?(?:ceased|stopped|discontinued|quit|held)\s(?:it|this|that)\b"
    r"|(?:(?:that|this|it|they)\s(?:was|were|got|had|did|stopped)"
    r"|(?:(?:that|this|it|they)\s)?(?:made|caused|gave)))\b)"
    r"|\bhowever\b"
    r"|\b(?:okay|alright)\b(?<!is okay)(?<!are okay)(?<!be okay)(?<!s okay)"
    r"(?!\s(?:to|for|with|on|if)\b)"
    r"|\balthough\b"
    r"|\bthen\b(?!\s(?:was\s)?(?:<then-goes-on>)\b)"
)
# What lies to the left of a further subject speaks of another drug.
_AND_THEY = re.compile(r",\sand\s(?=(?:she|he|they|i|we|the\spatient)\s)")
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
    cuts = [m.end() for m in CLAUSE.finditer(words)]
    cuts += [m.end() for m in _AND_THEY.finditer(words)]
    return words[max(cuts) :] if cuts else words
