"""What orders write in short, spelled out before drugs are looked for: "K+", "MS 15 mg"."""

from __future__ import annotations

import re

from kernels.text import normalise
from terminology.coding.drugs.fluids import in_substances
from terminology.coding.drugs.inhalers import inhaled
from terminology.coding.drugs.insulins import in_parts
from terminology.coding.drugs.nodrug import without_classes
from terminology.coding.drugs.units import NUMBER, value_of

_IONS = {"k": "potassium", "na": "sodium", "ca": "calcium", "mg": "magnesium", "li": "lithium"}
_ION = re.compile(r"(?<![\w.] )(?<!\w)(k|na|ca|mg|li)\+{1,2}(?!\w)")
# letters that only before a strength are a drug
_LETTERS = {
    "ms": "morphine sulfate",
    "gg": "guaifenesin",
    "dm": "dextromethorphan",
    "pe": "phenylephrine",
    "bpm": "brompheniramine",
    "cpm": "chlorpheniramine",
    "inh": "isoniazid",
}
_LETTERED = re.compile(rf"(?:^|(?<=/)|(?<=/ ))({'|'.join(_LETTERS)})(?= \d*\.?\d+ ?mg\b)")
# what these mean where no strength is told
_DOUBLE = re.compile(r"\b(bactrim|septra|sulfatrim|smx|smz|tmp|sulfa\w+|trimeth\w+) ds\b")
_CODEINE = {"2": 15, "3": 30, "4": 60}  # mg of Tylenol's numbers
_NUMBERED = re.compile(
    r"\b(?P<name>tylenol|apap|acetaminophen)(?:[ /-](?:with |w/ ?)?codeine)?"
    r" ?# ?(?P<number>[234])\b"
)
_COATED = re.compile(r"\becasa\b")
# 108 (90 base) mcg/act: what a salt weighs, and what its base
_OF_BASE = re.compile(
    rf"(?<![\w.])({NUMBER}) ?\(({NUMBER}) ?[a-z]+\) ?((?:mg|mcg|g|gm)\b(?:/[a-z]+)?)"
)
_SLASHED = re.compile(r"(?<![\w/])(?:e/c|m/r|s/[lcr]|i/[mv]|p/[or]|o/d|b/d)(?![\w/])")
_MILLIONS = re.compile(rf"(?<![\w.])({NUMBER}) ?(?:million|mill|miu|mu)\b(?: ?(?:units?|iu)\b)?")
_THOUSANDS = re.compile(r"(?<![\w.])(\d{1,3})k\b")


def spelled_out(text: str) -> str:
    """The normalised text with this shorthand in full."""
    plain = normalise(text)
    if "+" in plain:
        plain = _ION.sub(lambda found: f"{_IONS[found[1]]} ", plain)
    plain = _LETTERED.sub(lambda found: _LETTERS[found[1]], plain)
    plain = _COATED.sub("aspirin ec", without_classes(plain))
    if ("#" in plain or " ds" in plain) and " mg" not in plain:
        plain = _NUMBERED.sub(_with_codeine, _DOUBLE.sub(r"\1 800-160 mg", plain))
    plain = _OF_BASE.sub(r"\1 \3 (\2 \3)", plain)
    plain = _SLASHED.sub(lambda found: found[0].replace("/", ""), plain)
    plain = _THOUSANDS.sub(r"\g<1>000", _MILLIONS.sub(_in_units, plain))
    return in_parts(inhaled(in_substances(plain)))


def _with_codeine(found: re.Match[str]) -> str:
    return f"{found['name']} with codeine 300-{_CODEINE[found['number']]} mg"


def _in_units(found: re.Match[str]) -> str:
    return f"{value_of(found[1]) * 1e6:.0f} units"
