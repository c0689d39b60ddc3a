"""Routes of administration as notes write them, by canonical name; tried by their first letters."""

from __future__ import annotations

import re

from nlp.sig.element import Element

ROUTES: dict[str, str] = {
    "oral": r"p\.?\s?o\b\.?|by\s(?:mouth)|orally|oral|per\sos|per\soral",
    "intravenous": r"i\.?\s?v\b\.?(?:\s?(?:push|piggyback))?|ivpb?\b|intravenous(?:ly)?",
    "intramuscular": r"i\.?m\b\.?|intramuscular(?:ly)?",
    "subcutaneous": r"s\.?q\b\.?|s\.c\.|(?-i:SC)\b|sub-?\s?q\b\.?|sub-?cu\b\.?|sub-?cut\b\.?"
    r"|subcutaneous(?:ly)?",
    "sublingual": r"s\.l\.|(?-i:SL)\b|sublingual(?:ly)?|under\s(?:the|your|his|her)\stongue",
    "rectal": r"p\.r\.|(?-i:PR)\b|per\srectum|rectal(?:ly)?",
    "vaginal": r"per\svagina|vaginal(?:ly)?|intravaginal(?:ly)?|(?-i:PV)\b",
    "topical": r"topical(?:ly)?|to\s(?:the\s)?(?:affected\s(?:areas?|skin)|skin|area)"
    r"|apply\slocally",
    "transdermal": r"transdermal(?:ly)?",
    "nasal": r"(?:in(?:to)?\s|to\s)?(?:each|both|every|per|either)\s(?:nostrils?|nares)"
    r"|intranasal(?:ly)?|nasally|(?:each|per)\snaris|in\sthe\snose|nasal(?=\sspray"
    r"|ly|\s\d)",
    "ophthalmic": r"(?:in(?:to)?\s|to\s)?(?:each|both|the|the\sright|the\sleft|right|left"
    r"|affected)\seyes?|ophthalmic(?:ally)?|(?-i:O\.?[UDS]\b\.?)",
    "otic": r"(?:in(?:to)?\s|to\s)?(?:each|both|the\sright|the\sleft|right|left"
    r"|affected)\sears?|otic(?:ally)?|(?-i:A\.?[UDS]\b\.?)",
    "inhalation": r"inhaled|by\sinhalation|via\sinhalation|inhalation|(?:by|via"
    r"|per)\s(?:hand-?held\s)?(?:nebuli[sz]er|inhaler|mdi|neb)|nebuli[sz]ed",
    "buccal": r"buccal(?:ly)?",
    "intradermal": r"intradermal(?:ly)?",
    "intrathecal": r"intrathecal(?:ly)?",
    "intra-articular": r"intra-?articular(?:ly)?",
    "epidural": r"epidural(?:ly)?",
    "intraperitoneal": r"intraperitoneal(?:ly)?",
    "gastrostomy": r"(?:per|via|by|through|down)\s(?:the\s|his\s|her\s)?(?:g-?tube|peg(?:\stube)?"
    r"|gastrostomy(?:\stube)?|feeding\stube)|per\s?peg",
    "nasogastric": r"(?:per|via|by|through|down)\s(?:the\s)?(?:n\.?g\.?-?(?:\stube)?"
    r"|nasogastric(?:\stube)?|dobhoff)",
}
# The letters that each route may begin with, in lower case.
_ROUTE_FIRST = """
    pbo i i s su pr pvi ta t itebpn itebrlao itebrlao ibvpn b i i i e i pvbtd pvbtd
""".split()  # noqa: SIM905
RULES = tuple(
    (first, code, re.compile(rf"(?:{p})(?!\w)", re.I))
    for first, (code, p) in zip(_ROUTE_FIRST, ROUTES.items(), strict=True)
)
BY_LETTER = {
    letter: tuple((code, rule) for first, code, rule in RULES if letter in first)
    for letter in frozenset("".join(_ROUTE_FIRST))
}
_SIDE = r"(?:each|both|every|either|per|the\s(?:right|left)|the|right|left|affected)"
# How a route may begin, in lower case: the rules are tried only where this matches.
GATE = re.compile(
    rf"(?<![\w./-])(?=p\.?\s?[or]\b|pv\b|per\s|by\s|via\s|through\s|down\s|oral|i\.?\s?[vm]\b"
    rf"|ivpb?\b|in(?:tra|hal)|s\.?\s?[qcl]\b|sub|under\s|rectal|vagin|topical|apply\s|trans"
    rf"|nasal|nebu|ophth|otic|buccal|epidural|to\s(?:the\s)?(?:affected|skin|area)"
    rf"|(?:in(?:to)?\s|to\s)?{_SIDE}\s(?:eye|ear|nostril|nar|nose)|in\sthe\snose"
    rf"|[oa]\.?[uds]\b)"
)


def find(text: str, low: str, places: list[int]) -> list[Element]:
    """The routes that begin at those places of the text, which is `low` in lower case."""
    return [
        Element("route", m.start(), m.end(), code=code)
        for at in places
        if GATE.match(low, at)
        for code, rule in BY_LETTER.get(low[at], ())
        if (m := rule.match(text, at))
    ]
