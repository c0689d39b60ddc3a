"""What flows into a vein, by its substances: "D5 1/2NS", "NS 1000 ml"; what dissolves a drug."""

from __future__ import annotations

import re

from terminology.coding.drugs.forms import SHAPES, WAYS, read_forms

_SALINE = {"": "0.9", "0.9": "0.9", "1/2": "0.45", "0.45": "0.45", "1/4": "0.225"}
_SALT_WATER = r"(?:normal saline|nss?)"
_FLUID = re.compile(
    r"\bd(?P<sugar>5|10|20|25|50|70)w?(?: ?[-/]? ?(?P<salt>(?:1/[24]|0\.45|0\.9)? ?ns))?\b(?!\.)"
    r"|(?<![\w./])(?P<alone>(?:1/[24]|0\.45) ?ns)\b"
)
_VOLUME = r"(?:\d[\d.,]* ?(?:ml|cc|l|liters?|litres?))"
# NS is no nasal spray where a volume or a vein is told
_POURED = re.compile(
    rf"^{_SALT_WATER}(?= ?@| (?:{_VOLUME}|bolus|iv|at|infusion|drip|flush)\b"
    r"| ?(?:with|w/|\+|and|/) ?[1-4]0 ?(?:meq)?(?: of)? ?(?:kcl|k)\b)"
    rf"|^(?P<much>(?:{_VOLUME}|bolus|iv)(?: of)?) {_SALT_WATER}\b"
)
_IN_PERCENT = re.compile(
    rf"(?P<share>\d ?%) ?(?:{_SALT_WATER}|saline|nacl)\b"
    rf"|\b(?:{_SALT_WATER}|saline|nacl)(?=,? ?\d[\d.]* ?%)"
)
_RINGER = re.compile(
    r"\b(?:lactated ringer'?s?|ringer'?s lactate|hartmann'?s|compound sodium lactate)\b"
    r"(?: solution)?"
    rf"|^lr(?= ?@| (?:{_VOLUME}|bolus|iv|at)\b)|^(?P<much>{_VOLUME}(?: of)?) lr\b"
)
# of a litre: D5NS with 20 KCl
_POTASSIUM = re.compile(
    r"(?<=injection)(?: ?(?:with|w/|\+|and|/))? (?P<meq>[1-4]0) ?(?:meq)?(?: of)? ?(?:kcl|k)\b"
)
# 20 mEq KCl in a litre of NS is a fluid that has it
_K = r"(?:kcl|potassium chloride|potassium)"
_IN_LITRE = re.compile(
    rf"^(?:{_K} (?P<meq>[1-4]0) ?meq|(?P<told>[1-4]0) ?meq(?: of)? {_K})"
    r" ?(?:in|/|to) ?(?:(?:a|1|one) ?(?:l|lit(?:er|re))|1,?000 ?(?:ml|cc))(?: of)? "
    rf"(?P<fluid>{_SALT_WATER}|1/2 ?ns|0\.45 ?ns|d5[^@]*)(?P<rest>$| .*)"
)
# 4 mg/250 ml D5W: there is no dextrose in the order
_DILUENT = re.compile(
    rf"(\d ?(?:mg|mcg|gm?|mmol|units?)\b(?:.{{0,40}}?\b{_VOLUME}| in)) (?:of |in )?"
    rf"(?:\d[\d.]* ?% ?)?(?:{_SALT_WATER}|saline|nacl|d5(?:w|ns)?|lr|dextrose(?: 5 ?%)?"
    r"|sodium chloride|sterile water)\b"
)
_SALINE_IN_MEQ = {"0.9": "0.154", "0.45": "0.0769", "0.225": "0.0385"}
_WITH_POTASSIUM = re.compile(r"(sodium chloride) ([\d.]+) %(?= injection / potassium)")


def dissolved(plain: str) -> bool:
    """Whether a normalised text tells of a drug in a fluid, and no other way to give it."""
    return bool(_DILUENT.search(plain)) and not read_forms(plain) & (WAYS | SHAPES)


def in_substances(plain: str) -> str:
    """The normalised text with fluids by their substances, without what dissolves a drug."""
    plain = _IN_LITRE.sub(r"\g<fluid> with \g<meq>\g<told> kcl\g<rest>", plain)
    plain = _DILUENT.sub(r"\1", plain)
    if "%" in plain:
        return _IN_PERCENT.sub(_salt, plain)
    plain = _FLUID.sub(_substances, _POURED.sub(_normal, _RINGER.sub(_lactated, plain)))
    plain = _POTASSIUM.sub(_with_potassium, plain)
    return _WITH_POTASSIUM.sub(lambda found: f"{found[1]} {_meq_of(found[2])}", plain)


def _meq_of(percent: str) -> str:
    return f"{_SALINE_IN_MEQ[percent]} meq/ml" if percent in _SALINE_IN_MEQ else f"{percent} %"


def _lactated(found: re.Match[str]) -> str:
    return f"{found['much'] or ''} lactated ringer's solution"


def _with_potassium(found: re.Match[str]) -> str:
    return f" / potassium chloride {int(found['meq']) / 1000} meq/ml"


def _salt(found: re.Match[str]) -> str:
    return f"{found['share'] or ''} sodium chloride"


def _normal(found: re.Match[str]) -> str:
    return f"{found['much'] or ''} sodium chloride 0.9 % injection"


def _substances(found: re.Match[str]) -> str:
    told = [f"dextrose {found['sugar']} %"] if found["sugar"] else []
    if saline := found["salt"] or found["alone"]:
        told.append(f"sodium chloride {_SALINE[saline.removesuffix('ns').strip()]} %")
    return f"{' / '.join(told)} injection"
