"""Routes of administration as notes write them, by canonical name; tried by their first letters."""

from __future__ import annotations

import re

from nlp.sig.element import TAKEN, Element

# Canonical name, the letters that it may begin with, its pattern.
ROUTES: tuple[tuple[str, str, str], ...] = (
    ("oral", "pbo", r"p\.?\s?o\b\.?|by\s(?:mouth)|orally|oral|per\sos|per\soral"),
    ("intravenous", "i", r"i\.?\s?v\b\.?(?:\s?(?:push|piggyback))?|ivpb?\b|intravenous(?:ly)?"),
    ("intramuscular", "i", r"i\.?m\b\.?|intramuscular(?:ly)?"),
    (
        "subcutaneous",
        "s",
        rf"s\.?q\b\.?|s\.c\.|s/c\b|(?-i:SC)\b|{TAKEN}sc\b|sub-?\s?q\b\.?|sub-?cu\b\.?|sub-?cut\b\.?"
        r"|subcutaneous(?:ly)?",
    ),
    (
        "sublingual",
        "su",
        rf"s\.l\.|(?-i:SL)\b|{TAKEN}sl\b|sublingual(?:ly)?|under\s(?:the|your|his|her)\stongue",
    ),
    ("rectal", "pr", rf"p\.r\.|(?-i:PR)\b|{TAKEN}pr\b|per\srectum|rectal(?:ly)?"),
    ("vaginal", "pvi", r"per\svagina|vaginal(?:ly)?|intravaginal(?:ly)?|(?-i:PV|pv)\b"),
    (
        "topical",
        "ta",
        r"topical(?:ly)?|to\s(?:the\s)?(?:affected\s(?:areas?|skin)|skin|area)"
        r"|apply\slocally",
    ),
    ("transdermal", "t", r"transdermal(?:ly)?"),
    (
        "nasal",
        "itebpn",
        r"(?:in(?:to)?\s|to\s)?(?:each|both|every|per|either)\s(?:nostrils?|nares)"
        r"|intranasal(?:ly)?|nasally|(?:each|per)\snaris|in\sthe\snose|nasal(?=\sspray"
        r"|ly|\s\d)",
    ),
    (
        "ophthalmic",
        "itebrlao",
        r"(?:in(?:to)?\s|to\s)?(?:each|both|the|the\sright|the\sleft|right|left"
        r"|affected)\seyes?|ophthalmic(?:ally)?|(?-i:O\.?[UDS]\b\.?)",
    ),
    (
        "otic",
        "itebrlao",
        r"(?:in(?:to)?\s|to\s)?(?:each|both|the\sright|the\sleft|right|left"
        r"|affected)\sears?|otic(?:ally)?|(?-i:A\.?[UDS]\b\.?)",
    ),
    (
        "inhalation",
        "ibvpn",
        r"inhaled|by\sinhalation|via\sinhalation|inhalation|(?:by|via"
        r"|per)\s(?:hand-?held\s)?(?:nebuli[sz]er|inhaler|mdi|neb)|nebuli[sz]ed",
    ),
    ("buccal", "b", r"buccal(?:ly)?"),
    ("intradermal", "i", r"intradermal(?:ly)?"),
    ("intrathecal", "i", r"intrathecal(?:ly)?"),
    ("intra-articular", "i", r"intra-?articular(?:ly)?"),
    ("epidural", "e", r"epidural(?:ly)?"),
    ("intraperitoneal", "i", r"intraperitoneal(?:ly)?"),
    (
        "gastrostomy",
        "pvbtd",
        r"(?:per|via|by|through|down)\s(?:the\s|his\s|her\s)?(?:g-?tube|peg(?:\stube)?"
        r"|gastrostomy(?:\stube)?|feeding\stube)|per\s?peg",
    ),
    (
        "nasogastric",
        "pvbtd",
        r"(?:per|via|by|through|down)\s(?:the\s)?(?:n\.?g\.?-?(?:\stube)?"
        r"|nasogastric(?:\stube)?|dobhoff)",
    ),
)
RULES = tuple((some, code, re.compile(rf"(?:{p})(?!\w)", re.I)) for code, some, p in ROUTES)
BY_LETTER = {
    letter: tuple((code, rule) for some, code, rule in RULES if letter in some)
    for letter in frozenset("".join(some for _, some, _ in ROUTES))
}
_SIDE = r"(?:each|both|every|either|per|the\s(?:right|left)|the|right|left|affected)"
# How a route may begin, in lower case: the rules are tried only where this matches.
GATE = re.compile(
    rf"(?<![\w./-])(?=p\.?\s?[or]\b|pv\b|per\s|by\s|via\s|through\s|down\s|oral|i\.?\s?[vm]\b"
    rf"|ivpb?\b|in(?:tra|hal)|s[./]?\s?[qcl]\b|sub|under\s|rectal|vagin|topical|apply\s|trans"
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
