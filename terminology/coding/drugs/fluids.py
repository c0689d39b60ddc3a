"""What flows into a vein, by its substances: "D5 1/2NS", "NS 1000 ml"; what dissolves a drug."""

from __future__ import annotations

import re

from terminology.coding.drugs.forms import SHAPES, WAYS, read_forms
from terminology.coding.drugs.units import NUMBER, value_of

_SALINE = {"": "0.9", "0.9": "0.9", "1/2": "0.45", "0.45": "0.45", "1/4": "0.225"}
_FRACTIONS = {"half": "1/2", "quarter": "1/4", "0.225": "1/4"}
_SALINE_IN_MEQ = {"0.9": "0.154", "0.45": "0.0769", "0.225": "0.0385"}
_SALT_WATER = r"(?:normal saline|nss?)"
_FLUID = re.compile(
    r"\bd(?P<sugar>5|10|20|25|50|70)w?(?: ?[-/]? ?(?P<salt>(?:1/[24]|0\.45|0\.9)? ?ns))?\b(?!\.)"
    r"|(?<![\w./])(?P<alone>(?:1/[24]|0\.45|0\.9) ?ns)\b"
)
_UNIT = r"(?:ml|cc|l|liters?|litres?)"
_AMOUNT = rf"(?<![\d.,]){NUMBER}"  # of 1.0.0 no part is one
_VOLUME = rf"(?:{_AMOUNT} ?{_UNIT})"
# NS is no nasal spray where a volume or a vein is told
_POURED = re.compile(
    rf"^{_SALT_WATER}(?= ?@| (?:{_VOLUME}|bolus|iv|at|infusion|drip|flush)\b)"
    rf"|^(?P<much>(?:{_VOLUME}|bolus|iv)(?: of)?) {_SALT_WATER}\b"
)
_IN_PERCENT = re.compile(
    rf"(?P<share>\d ?%) ?(?:{_SALT_WATER}|saline|nacl)\b"
    rf"|\b(?:{_SALT_WATER}|saline|nacl)(?=,? ?\d[\d.]* ?%)"
)
_RINGER = re.compile(
    r"\b(?P<sugar>d5 ?-?)?(?:lactated ringer'?s?|ringer'?s lactate|hartmann'?s"
    r"|compound sodium lactate|(?<=d5)lr|(?<=d5 )lr)(?!\w)(?: solution)?"
    rf"|^lr(?= ?@| (?:{_VOLUME}|bolus|iv|at|with)\b)|^(?P<much>{_VOLUME}(?: of)?) lr\b"
)
# salt or sugar in water by its share, as initials tell it
_SALT, _SUGAR = r"(?:sodium chloride|nacl|(?:normal )?saline|nss?)", r"(?:dextrose|glucose)"
_FRACTION = re.compile(rf"(?<![\d.])(0\.9|0\.45|0\.225|1/[24]|half|quarter)[ -]?%?[ -]?{_SALT}\b")
_SHARES = (
    (re.compile(rf"\b([\d.]+) ?% ?{_SALT}\b|\b{_SALT},? ([\d.]+) ?%"), r"\1\2 ns"),
    (re.compile(rf"\b(\d+) ?% ?{_SUGAR}\b|\b{_SUGAR},? (\d+) ?%(?: in water)?"), r"d\1\2w"),
)
# of potassium chloride alone; the acetate and phosphates are drugs of their own
_OTHER_SALT = r"(?![ -]?(?:acet|bicarb|citr|gluc|phos|p\b|po4|lact|sulf|iod))"
_KCL = rf"(?:kcl|potassium chloride|potassium\b{_OTHER_SALT})"
_PER_LITRE = r" ?(?:/|per) ?(?:l|lit(?:er|re))\b"
_POTASSIUM = re.compile(
    rf"(?P<meq>{_AMOUNT}) ?(?:meq|mmol)(?P<each>{_PER_LITRE})?(?: of)? {_KCL}\b"
    rf"|\b{_KCL} (?P<told>{_AMOUNT}) ?(?:meq|mmol)\b"
    rf"|\b(?P<bare>[1-4]0) ?(?:kcl|k)\b{_OTHER_SALT}"
)
_EACH = re.compile(_PER_LITRE)
_NORMAL = re.compile(rf"\b{_SALT_WATER}\b")
_MUCH = re.compile(rf"(?P<much>{_AMOUNT}|\b(?:a|one)\b) ?(?P<unit>{_UNIT})\b(?! ?(?:/|per\b|an\b))")
_UNREAD = re.compile(rf"\d ?{_UNIT}\b(?! ?(?:/|per\b|an\b))")
_OTHER = re.compile(r"\d ?(?:mg|mcg|gm?|units?)\b")
_MOST = 40  # mEq in a litre: what has more is no fluid but a dose in one
# 4 mg/250 ml D5W: there is no dextrose in the order; what a piggyback has tells no strength
_DILUENT = re.compile(
    rf"(\d ?(?:mg|mcg|gm?|mmol|meq|units?)\b(?:.{{0,40}}?\b{_VOLUME}"
    r"|(?: [a-z-]+){0,3} in)) (?:of |in )?"
    rf"(?:\d[\d.]* ?% ?)?(?:{_SALT_WATER}|saline|nacl|d5(?:w|ns)?|lr|dextrose(?: 5 ?%)?"
    r"|sodium chloride|sterile water|sw(?:fi)?)\b"
    rf"(?:,? \d[\d.]* ?%)?(?: {_VOLUME} (?:ivpb|piggyback|mini-?bag))?"
)


def dissolved(plain: str) -> bool:
    """Whether a normalised text tells of a drug in a fluid, and no other way to give it."""
    return bool(_DILUENT.search(plain)) and not read_forms(plain) & (WAYS | SHAPES)


def in_substances(plain: str) -> str:
    """The normalised text with fluids by their substances, without what dissolves a drug."""
    if with_potassium := _with_potassium(plain):
        return with_potassium
    plain = _DILUENT.sub(r"\1", plain)
    if "%" in plain:
        return _IN_PERCENT.sub(_salt, plain)
    return _FLUID.sub(_substances, _POURED.sub(_normal, _RINGER.sub(_lactated, plain)))


def _with_potassium(plain: str) -> str:
    """The substances of a fluid that has potassium, or nothing: "KCl 20 mEq in 500 ml NS"."""
    potassium = _POTASSIUM.search(plain)
    if potassium is None or _OTHER.search(plain):
        return ""
    rest = f"{plain[: potassium.start()]} with {plain[potassium.end() :]}"
    rest = _FRACTION.sub(lambda found: f"{_FRACTIONS.get(found[1], found[1])} ns", rest)
    for told, initials in _SHARES:
        rest = told.sub(initials, rest)
    fluid = _FLUID.search(rest)
    sugar, salt = _shares(fluid) if fluid else ("", "")
    if not fluid and _NORMAL.search(rest):
        salt = "0.9"
    meq = value_of(potassium["meq"] or potassium["told"] or potassium["bare"])
    each = potassium["each"] or _EACH.match(plain, potassium.end())
    volume = None if each else _MUCH.search(rest)
    if not each and not volume and _UNREAD.search(rest):
        return ""
    litres = _litres(volume) if volume else 1.0
    if not (sugar or salt) or not 0 < meq <= _MOST * litres:
        return ""
    parts = [f"dextrose {sugar} %"] if sugar else []
    parts += [f"sodium chloride {_SALINE_IN_MEQ[salt]} meq/ml"] if salt else []
    parts.append(f"potassium chloride {meq / litres / 1000:.4g} meq/ml injection")
    return " / ".join(parts)


def _litres(volume: re.Match[str]) -> float:
    much = volume["much"]
    value = 1.0 if much in ("a", "one") else value_of(much)
    return value / 1000 if volume["unit"] in ("ml", "cc") else value


def _shares(fluid: re.Match[str]) -> tuple[str, str]:
    """The percent of sugar and of salt in a fluid, "" where there is none."""
    saline = fluid["salt"] or fluid["alone"]
    salt = _SALINE[saline.removesuffix("ns").strip()] if saline else ""
    return fluid["sugar"] or "", salt


def _salt(found: re.Match[str]) -> str:
    return f"{found['share'] or ''} sodium chloride"


def _normal(found: re.Match[str]) -> str:
    return f"{found['much'] or ''} sodium chloride 0.9 % injection"


def _lactated(found: re.Match[str]) -> str:
    sugar = "dextrose / " if found["sugar"] else ""
    return f"{found['much'] or ''} {sugar}lactated ringer's solution"


def _substances(found: re.Match[str]) -> str:
    sugar, salt = _shares(found)
    told = [f"dextrose {sugar} %"] if sugar else []
    told += [f"sodium chloride {salt} %"] if salt else []
    return f"{' / '.join(told)} injection"
