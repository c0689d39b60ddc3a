"""Forms of drugs as sigs write them: "tablets", "nasal spray", "XR"."""

from __future__ import annotations

import re

from nlp.sig.element import Element
from nlp.tables import compiled

RULE = compiled(
    r"(?:(?:extended|sustained|delayed|immediate|controlled)[\s-]release"
    r"(?:\s(?:tablets?|capsules?))?"
    r"|(?:chewable|enteric[\s-]coated|disintegrating|film[\s-]coated|oral|vaginal"
    r"|sublingual)\s(?:tablets?|capsules?)"
    r"|(?:oral|nasal|topical|ophthalmic|otic|eye|ear|inhalation)\s(?:<form-by-route>)"
    r"|metered[\s-]dose\sinhaler|auto-?injector|<form>)\b"
    r"|(?-i:<release>)\b",
    re.I,
)
GATE = re.compile(
    r"(?<![\w-])"
    r"(?=e(?:xt|nte|ye|ar|lix|nem|[rc]\b)|s(?:ust|ubl|olu|usp|hamp|yru|upp|wish|pray|r\b)"
    r"|d(?:elay|isi|isk|rop|r\b)|i(?:mm|nhal|r\b)|cream"
    r"|c(?:ont|hew|aps?\b|apl|apsu|[rd]\b)|film|o(?:ral|pht|tic|int|dt)|v(?:agi)|nas"
    r"|nebs?\b|nebu|top|met|mdi|mouth|auto|tab|respi|handi|hfa|gel|lo(?:ti|ze)|foam"
    r"|p(?:atch|owd|ast|en\b)|flex|x[rlt]\b|la\b)"
)


def find(text: str, low: str, places: list[int]) -> list[Element]:
    """The forms that begin at those places of the text, which is `low` in lower case."""
    return [
        Element("form", m.start(), m.end())
        for at in places
        if GATE.match(low, at) and (m := RULE.match(text, at))
    ]
