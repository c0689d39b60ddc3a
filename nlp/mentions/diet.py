"""What one eats: "Diet: diabetic, 2 g sodium", "a 2 gram sodium diet"."""

from __future__ import annotations

import re

from nlp.mentions.letters import CONTEXT
from terminology.types import Hit

SUPPLEMENT = re.compile(
    r"\s(?:supplement\w*|tab(?:let)?s?|pills?|gluconate|citrate|carbonate|sulfate"
    r"|(?:drip|gtt|infusion)\b|weaned\soff\b"
    r"|(?:was\s|is\s)?(?:continued|stopped|held|(?:re)?started|added|discontinued|d/c'?d|dc'?d)"
    r"(?!\s(?:\w+ing|stead\w*|stable)\b)(?!\w)"
    r"|(?:and|with|plus|\+)\svit(?:amin)?\s?d)",
    re.I,
)
# What one eats: "Diet: diabetic, 2 g sodium", "a 2 gram sodium diet".
_DIET_LINE = re.compile(
    r"(?:^|[.;]\s)[ \t]*(?:\d+\.\s+)?(?:discharge\s)?diet(?:ary\s\w+)?\s?:[^.;\n]*$", re.I | re.M
)
_DIETARY = re.compile(
    r"(?:[\s-](?:restrict\w+|controlled|modified|free))?\s(?:cardiac\s)?diet\b"
    r"(?!\s?-?\s?(?:controlled|treated|managed|alone))",
    re.I,
)
_REASON = re.compile(r"\b(?:for|with|of|to)\s(?:[\w-]+\s){0,2}$", re.I)


def eaten(text: str, hit: Hit) -> bool:
    """What a diet is made of or restricted by, unless it is said to be the diet's reason."""
    start = max(0, hit.start - CONTEXT)
    if "iet" not in text[start : hit.end + CONTEXT].lower():
        return False
    asked = _DIETARY.match(text, hit.end) or _DIET_LINE.search(text, start, hit.start)
    return asked is not None and not (
        _REASON.search(text, start, hit.start) or SUPPLEMENT.match(text, hit.end)
    )
