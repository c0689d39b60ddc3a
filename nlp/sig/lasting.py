"""When a drug is needed and for what, and how long it is taken: "prn pain", "for 7 days"."""

from __future__ import annotations

import re

from nlp.sig.element import COUNTS, NUM, TO, Element, amount, matches

_PRN = re.compile(
    r"(?<!\w)(?:p\.\s?r\.\s?n\b\.?|prn\b|s\.?o\.?s\b"
    r"|(?:only\s)?(?:as|when|if|whenever|where)\s(?:needed|necessary|required)"
    r"|on\san\sas[\s-]needed\sbasis|as-needed)"
)
_REASON = re.compile(
    r"[\s,]{1,2}(?:basis\s)?(?:for\s(?:the\s|his\s|her\s|any\s|severe\s|mild\s|moderate\s)?"
    r"|to\s(?:help\s|treat\s|control\s)?)?(?P<why>[a-z][\w/'-]*"
    r"(?:\s(?!and\s(?:is|was|has|he|she|I)\b|which|that|but|then|x\s?\d|he|she|I\b|is\b"
    r"|was\b|with\b)[\w>][\w/'>%-]*){0,5})",
    re.I,
)
_NEXT_ITEM = re.compile(r"\n\s*(?:\n|[-*•]|\d+[.)]|[A-Z])")
_NOT_REASON = re.compile(
    r"(?:\d|days?|weeks?|months?|up\sto|he|she|it|the\spatient|one|two|a)\b", re.I
)
_PERIOD = r"(?:days?|d|weeks?|wks?|wk|w|months?|mos?|hours?|hrs?|h|years?|yrs?|doses?|cycles?)"
_DURATION = re.compile(
    r"(?<![\w])(?:(?:for|over)\s"
    r"(?:(?:a\stotal\sof|the\snext|another|about|approximately|at\sleast|up\sto"
    r"|an\sadditional|a\sfull|a\sfurther|the\sfirst|additional)\s)*"
    rf"(?P<n1>{NUM}|{COUNTS}|an?|fourteen|twenty|thirty)(?:{TO}(?P<h1>{NUM}|{COUNTS}))?"
    r"(?:\s?\(\d+\))?[\s-](?:more\s|additional\s|full\s|consecutive\s|total\s)?"
    rf"(?P<u1>{_PERIOD})"
    rf"|(?:x|×|times)\s?(?P<n2>{NUM}|{COUNTS})(?:{TO}(?P<h2>{NUM}|{COUNTS}))?(?:\s?|-)"
    rf"(?:more\s)?(?P<u2>{_PERIOD})"
    rf"|(?:(?:a|an)\s)?(?P<n3>\d{{1,3}}|{COUNTS})(?:\s|-)(?P<u3>days?|weeks?|months?)\s"
    r"(?:course|supply|taper))\b"
)


def as_needed(text: str, low: str, places: list[int]) -> list[Element]:
    """ "As needed" where it begins at those places, with the span of what it is for."""
    out = []
    for m in matches(_PRN, low, places):
        line = _NEXT_ITEM.search(text, m.end(), m.end() + 200)
        why = _REASON.match(text, m.end(), line.start() if line else len(text))
        # "prn pain" needs no "for"; "as needed pain" is another clause.
        linked = why and (why.start("why") > m.end() + 1 or m[0].startswith("p"))
        reason = why.span("why") if why and linked and not _NOT_REASON.match(why["why"]) else None
        out.append(Element("as_needed", m.start(), m.end(), reason=reason))
    return out


def durations(low: str, places: list[int]) -> list[Element]:
    """How long it is taken, where that begins at those places of a text in lower case."""
    out = []
    for m in matches(_DURATION, low, places):
        n = m["n1"] or m["n2"] or m["n3"]
        quantity = amount(n, m["h1"] or m["h2"], m["u1"] or m["u2"] or m["u3"])
        out.append(Element("duration", m.start(), m.end(), quantity=quantity))
    return out
