"""How often, as notes write it, row by row: Latin, English, week days and clock times.

Event codes are those of FHIR EventTiming (HS, MORN, AC …).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nlp.sig.element import TAKEN
from nlp.sig.numbers import UNITS, Unit, number
from nlp.types import Timing

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COUNT = r"(?:\d{1,3}(?:\.\d)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
RANGE = rf"(?P<low>{COUNT})(?:\s?(?:-|–|to|or)\s?(?P<high>{COUNT}))?"
UNIT = (
    r"(?P<unit>hours?|hourly|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?|minutes?|mins?|years?|yrs?)"
)
DAY_NAME = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
CLOCK = r"(?:[01]?\d|2[0-3])(?::[0-5]\d)?\s?(?:[ap]\.?m\b\.?)|(?:[01]\d|2[0-3]):[0-5]\d"


def _every(m: re.Match[str]) -> Timing:
    low, high = m["low"], m["high"]
    return Timing(
        frequency=1,
        period=number(low) if low else 1.0,
        period_max=number(high) if high else None,
        period_unit=UNITS.get((m["unit"] or "h").lower(), "h"),
    )


def _times(m: re.Match[str]) -> Timing:
    high = m["high"]
    return Timing(
        frequency=int(number(m["low"])),
        frequency_max=int(number(high)) if high else None,
        period=1.0,
        period_unit=UNITS[m["unit"].lower()],
    )


def _week_days(m: re.Match[str]) -> Timing:
    found = re.findall(r"mon|tu|wed|th|fri|sat|sun|[mwf]", m[0].lower())
    short = {"m": "mon", "w": "wed", "f": "fri", "tu": "tue", "th": "thu"}
    named = {short.get(day, day) for day in found}
    return Timing(day_of_week=tuple(day for day in DAYS if day in named))


def _clock(m: re.Match[str]) -> Timing:
    times = []
    for hour, minute, half in re.findall(r"(\d{1,2})(?::(\d\d))?\s?([ap])?", m[0].lower()):
        shown = int(hour) % 12 + 12 * (half == "p") if half else int(hour)
        times.append(f"{shown:02}:{minute or '00'}:00")
    return Timing(time_of_day=tuple(sorted(set(times))))


def _per(count: int, period: float, unit: Unit) -> Callable[[re.Match[str]], Timing]:
    timing = Timing(frequency=count, period=period, period_unit=unit)
    return lambda _: timing


def _when(*codes: str) -> Callable[[re.Match[str]], Timing]:
    timing = Timing(when=codes)
    return lambda _: timing


def _at_meals(m: re.Match[str]) -> Timing:
    """Of "1-0-1", so many in the morning, at noon and at night."""
    times = zip(("MORN", "NOON", "HS"), m[0].split("-"), strict=False)
    return Timing(when=tuple(code for code, count in times if count != "0"))


def _once(_: re.Match[str]) -> Timing:
    return Timing(count=1)


_EACH = r"(?:every|each|q\.?)\s?"
_A = r"(?:\s?/\s?|\s(?:a|per|each|every|in\sa)\s)"
# The letters that a row may begin with, in lower case (0 stands for every figure), its pattern, its
# timing. The earliest and longest match of all rows wins, ties go to the upper row.
PATTERNS: tuple[tuple[str, str, Callable[[re.Match[str]], Timing]], ...] = (
    (
        "o0dq",
        r"(?:once\s|one\stime\s|1\s?x\s?/?)?daily|q\.?\s?daily|q\.?\s?d(?:ay\b|\b\.?)",
        _per(1, 1, "d"),
    ),
    (
        "opea/",
        r"once" + _A + r"day|(?:per|each|every|a)\sday|/\s?day|every\s24\sh(?:ou)?rs?",
        _per(1, 1, "d"),
    ),
    (
        "bt0",
        r"b\.?\s?i\.?\s?d\b\.?|(?:twice|2x|two\stimes)(?:\sdaily|" + _A + r"day)",
        _per(2, 1, "d"),
    ),
    ("b", rf"(?-i:bd)\b|b\.d\.|{TAKEN}bd\b", _per(2, 1, "d")),
    ("t", r"t\.?d\.?s\b\.?", _per(3, 1, "d")),
    ("q", r"q\.?d\.?s\b\.?", _per(4, 1, "d")),
    ("o", rf"{TAKEN}o\.?d\b\.?", _per(1, 1, "d")),
    ("m", r"mane\b", _when("MORN")),
    ("n", r"nocte\b", _when("HS")),
    ("o", rf"{TAKEN}(?-i:OM)\b", _when("MORN")),
    ("o", rf"{TAKEN}(?-i:ON)\b(?!\s?\w)", _when("HS")),
    ("0", r"(?:1-[01]-[01]|0-1-[01]|0-0-1)(?![-/\d])", _at_meals),
    ("t", r"t\.?\s?i\.?\s?d\b\.?|thrice(?:\sdaily|" + _A + r"day)", _per(3, 1, "d")),
    ("q", r"q\.?\s?i\.?\s?d\b\.?", _per(4, 1, "d")),
    ("qe", r"q\.?\s?o\.?\s?d\b\.?|(?:every|q\.?)\s?(?:other|2nd|second)\sday", _per(1, 2, "d")),
    ("eqbf", r"(?:every|q\.?)\s?(?:other|2nd|second)\sweek|biweekly|fortnightly", _per(1, 2, "wk")),
    ("e", r"every\s(?:other|2nd|second)\smonth", _per(1, 2, "mo")),
    ("eq", r"(?:every|q\.?)\s?(?:other|2nd|second)\s(?:night|evening)", _per(1, 2, "d")),
    (
        "owpeq",
        r"(?:once\s)?weekly|once" + _A + r"week|(?:per|each|every)\sweek|q\.?\s?w(?:ee)?k\b\.?",
        _per(1, 1, "wk"),
    ),
    ("t0", r"(?:twice|2x|two\stimes)(?:\sweekly|" + _A + r"week)", _per(2, 1, "wk")),
    (
        "ompeq",
        r"(?:once\s)?monthly|once" + _A + r"month|(?:per|each|every)\smonth|q\.?\s?month\b",
        _per(1, 1, "mo"),
    ),
    ("t", r"(?:twice|two\stimes)(?:\smonthly|" + _A + r"month)", _per(2, 1, "mo")),
    ("oyae", r"(?:once\s)?(?:yearly|annually)|once" + _A + r"year|every\syear", _per(1, 1, "a")),
    ("q", r"quarterly", _per(1, 3, "mo")),
    (
        "hqepa",
        r"hourly|q\.?\s?h\b\.?(?!\s?s\b)|every\shour|each\shour|(?:per|an)\shour\b",
        _per(1, 1, "h"),
    ),
    (
        "0otfsen",
        RANGE + r"\s?(?:x|times)\s?(?:/\s?|a\s|per\s|each\s|every\s|in\sa\s|\s)?(?P<unit>day"
        r"|daily|week|weekly|wk|month|monthly|d)\b",
        _times,
    ),
    (
        "ot",
        r"(?P<low>once|twice)\s(?:or|to)\s(?P<high>twice|three(?=\stimes))(?:\stimes)?"
        + r"(?:\sa|\sper)?\s(?P<unit>day|daily|week|weekly)\b",
        _times,
    ),
    ("eq", r"(?:every|q\.?)\s?" + RANGE + r"\s?(?:°|" + UNIT + r"\b\.?)", _every),
    (
        "q",
        r"q\.?\s?(?P<low>[23468]|12|24|48|72)(?:\s?(?:-|–"
        r"|to)\s?(?P<high>\d\d?))?\b(?!\s?(?:mg|ml|tab|\d|/))(?P<unit>)",
        _every,
    ),
    (
        "qhenab",
        r"q\.?\s?h\.?\s?s\b\.?|h\.s\.|(?-i:\bHS\b)|(?:every\snight\s|nightly\s"
        r"|each\snight\s)?(?:at|before|near)\s(?:bed\s?time|bed|night)|nightly"
        r"|(?:every|each|q\.?)\s?(?:night|h\.?s\.?)(?:\sat\sbed\s?time)?|bedtime",
        _when("HS"),
    ),
    (
        "eqiom",
        _EACH + r"(?:a\.?\s?m\b\.?|morning)|(?:once\s)?in\sthe\s(?:a\.?m\b\.?|morning)|mornings",
        _when("MORN"),
    ),
    (
        "eqi",
        _EACH + r"(?:p\.?\s?m\b\.?|evening)|in\sthe\s(?:p\.?m\b\.?|evening)|evenings",
        _when("EVE"),
    ),
    ("eqia", _EACH + r"afternoon|in\sthe\safternoon|afternoons", _when("AFT")),
    ("aeq", r"at\snoon|" + _EACH + r"noon|at\slunch\s?time", _when("NOON")),
    (
        "abp",
        r"a\.\s?c\b\.?|before\s(?:each\s|every\s|all\s)?(?:meals?|eating)|(?-i:\bAC\b)"
        r"|prior\sto\smeals",
        _when("AC"),
    ),
    ("pa", r"p\.\s?c\b\.?|after\s(?:each\s|every\s)?(?:meals?|eating)|(?-i:\bPC\b)", _when("PC")),
    ("wa", r"with\s(?:each\s|every\s|all\s)?(?:meals?|food|snacks?)|at\smeal\s?times?", _when("C")),
    ("b", r"before\sbreakfast", _when("ACM")),
    ("b", r"before\slunch", _when("ACD")),
    ("b", r"before\s(?:dinner|supper)", _when("ACV")),
    ("a", r"after\sbreakfast", _when("PCM")),
    ("a", r"after\slunch", _when("PCD")),
    ("a", r"after\s(?:dinner|supper)", _when("PCV")),
    ("wa", r"with\sbreakfast|at\sbreakfast", _when("CM")),
    ("wa", r"with\slunch|at\slunch", _when("CD")),
    ("wa", r"(?:with|at)\s(?:dinner|supper)", _when("CV")),
    (
        "omtwfs",
        r"(?:on\s)?" + DAY_NAME + r"(?:(?:\s?[,/&-]\s?|,?\sand\s|,\s)" + DAY_NAME + r")+(?=\W|$)",
        _week_days,
    ),
    (
        "eo",
        r"(?:every|each)\s" + DAY_NAME + r"|on\s(?:mon|tues|wednes|thurs|fri|satur|sun)days",
        _week_days,
    ),
    ("omt", r"(?:on\s)?(?-i:MWF|M/W/F|TuThSat|TuTh|TThS|T/Th/Sat)\b", _week_days),
    ("a", r"at\s(?:" + CLOCK + r")(?:\s?(?:,|and|&)\s?(?:" + CLOCK + r"))*", _clock),
    (
        "oxs",
        r"once(?!\s(?:the|he|she|it|they|we|you|i|again|a|per|daily|every|his|her|this"
        r"|that)\b)|x\s?1(?!\d|\s?(?:day|week|month|wk|d\b|mo))(?:\sdose)?"
        r"|one[\s-]time(?:\sdose)?|stat\b|single\sdose",
        _once,
    ),
)
RULES = {
    letter: tuple((re.compile(p, re.I), build) for some, p, build in PATTERNS if letter in some)
    for letter in frozenset("".join(some for some, _, _ in PATTERNS))
}
# How a frequency may begin, in lower case: the rules are tried only where this matches.
GATE = re.compile(
    r"(?<![a-z0-9])(?=q|/\s?day|b\.?\s?i\.?\s?d|t\.?\s?i\.?\s?d|daily|once|twice|thrice|each\s"
    r"|bd\b|b\.d\.|t\.?d\.?s\b|o\.?d\b|o[mn]\b|mane\b|nocte\b|[01]-[01]-[01](?!\d)"
    r"|every\s"
    r"|(?:\d|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve)(?=[\s\S]{0,18}?(?:x|times?)(?:\b|/|[dw]))|per\s(?:day|week|month|hour)"
    r"|in\sthe\s(?:a\.?m|p\.?m|morn|aft|eve)"
    r"|at\s(?:\d|bed|night|noon|lunch|meal|breakfast|dinner|supper)"
    r"|a(?:n\shour|\sday|\.\s?c\b|c\b|fternoon|nnually)|biweekly|bedtime"
    r"|after\s(?:each|every|meal|eat|break|lunch|dinn|supp)"
    r"|before\s(?:each|every|all|meal|eat|bed|night|break|lunch|dinn|supp)|fortnight|weekly"
    r"|month|year|h(?:ourly|s\b|\.s\.)|nightly|near\s|morning|evening"
    r"|p(?:\.\s?c\b|c\b|rior\sto\smeals)"
    r"|with\s(?:each|every|all|meal|food|snack|breakfast|lunch|dinner|supper)"
    r"|(?:on\s)?(?:m(?:on|wf|/w)|t(?:ue|uth|hu|th[s]|/th)|wed|fri|sat|sun)|x\s?1|stat\b"
    r"|single)"
)
