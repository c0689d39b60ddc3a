"""What orders write in short, spelled out before drugs are looked for: "K+", "MS 15 mg"."""

from __future__ import annotations

import re

from kernels.text import normalise
from terminology.coding.drugs.fluids import in_substances
from terminology.coding.drugs.nodrug import without_classes

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
# U-100: a hundred units in a millilitre
_UNITS_IN_ML = re.compile(r"\bu ?- ?(100|200|300|500)\b|\bu(100|200|300|500)\b")
# 70/30, 100 units/ml: the parts of a hundred units of two insulins
_MIXED = re.compile(r"\b(\d\d)[/-](\d\d)\b(.*?)\b100 ?(?:unt|units?|iu|u)/ml\b")
_MIX = re.compile(r"\b(\d\d)[/-](\d\d)\b()(?! ?%)")
_BIPHASIC = re.compile(
    r"\b(?:human )?insulin(?: human)?(?! ?(?:aspart|lispro|degludec|novo|isophane|nph|reg))"
    r"(?=.*\b(?:70[/-]30|30[/-]70)\b)(?!.*\b(?:aspart|lispro|degludec|nph|isophane|regular|mix)\b)"
)
_INSULIN = re.compile(r"\b(?:insulin|humalog|novolog|humulin|novolin)\b")
_SLASHED = re.compile(r"(?<![\w/])(?:e/c|m/r|s/[lcr]|i/[mv]|p/[or]|o/d|b/d)(?![\w/])")
_MILLIONS = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?) ?(?:million|mill|miu|mu)\b(?: ?(?:units?|iu)\b)?"
)
_THOUSANDS = re.compile(r"(?<![\w.])(\d{1,3})k\b")
# outside the United States inhalers are labelled by what leaves the valve, there by what is inhaled
_INHALED = re.compile(
    r"^(?!.*\b(?:ipratropium.*(?:salbutamol|albuterol)|(?:salbutamol|albuterol).*ipratropium)\b)"
    r"(?=.*\b(?:inhalers?|puffs?|inh|mdi|evohaler)\b)(?P<head>.*?)"
    r"\b(?P<name>salbutamol|albuterol|ipratropium)\b(?P<between>\D*)"
    r"(?P<amount>100|20) ?(?:mcg|ug|micrograms?)\b(?!/)"
)
_OF_VALVE = {"salbutamol100": 90, "albuterol100": 90, "ipratropium20": 17}


def spelled_out(text: str) -> str:
    """The normalised text with this shorthand in full."""
    plain = normalise(text)
    if "+" in plain:
        plain = _ION.sub(lambda found: f"{_IONS[found[1]]} ", plain)
    plain = _LETTERED.sub(lambda found: _LETTERS[found[1]], plain)
    plain = _COATED.sub("aspirin ec", without_classes(plain))
    plain = _UNITS_IN_ML.sub("" if "/ml" in plain else r"\1\2 unt/ml", plain)
    if ("#" in plain or " ds" in plain) and " mg" not in plain:
        plain = _NUMBERED.sub(_with_codeine, _DOUBLE.sub(r"\1 800-160 mg", plain))
    plain = _SLASHED.sub(lambda found: found[0].replace("/", ""), plain)
    plain = _THOUSANDS.sub(r"\g<1>000", _MILLIONS.sub(_in_units, plain))
    plain = _INHALED.sub(_of_mouthpiece, in_substances(plain))
    plain = _BIPHASIC.sub("insulin isophane human / insulin regular human", plain)
    plain = _MIXED.sub(_parts_of_hundred, plain)
    if "/ml" not in plain and _INSULIN.search(plain):
        plain = _MIX.sub(_parts_of_hundred, plain)
    return plain


def _with_codeine(found: re.Match[str]) -> str:
    return f"{found['name']} with codeine 300-{_CODEINE[found['number']]} mg"


def _parts_of_hundred(found: re.Match[str]) -> str:
    one, other = int(found[1]), int(found[2])
    return f"{one} unt/ml / {other} unt/ml{found[3]}" if one + other == 100 else found[0]


def _of_mouthpiece(found: re.Match[str]) -> str:
    amount = _OF_VALVE.get(found["name"] + found["amount"], found["amount"])
    return f"{found['head']}{found['name']}{found['between']}{amount} mcg"


def _in_units(found: re.Match[str]) -> str:
    return f"{float(found[1]) * 1e6:.0f} units"
