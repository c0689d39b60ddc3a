"""Strengths and dose forms of drugs, read alike from RxNorm's names and from what people write.

A strength becomes keys that two ways of writing one strength share: 50 mcg and 0.05 MG, 250 mg/5 ml
and 50 MG/ML, 1 % and 10 MG/ML. RxNorm's grammar: techdoc section 5 (semantic clinical drugs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from kernels.text import normalise, words

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_STRENGTH = re.compile(
    rf"(?<![\w.])(?P<numbers>(?:{_NUMBER})(?:\s*(?:-|/)\s*(?:{_NUMBER}))*)\s*-?\s*"
    r"(?P<unit>mg|mcg|ug|micrograms?|milligrams?|grams?|gms?|g|meq|mmol|unt|units?|iu|u|%|percent"
    r"|ml|cells|hr)(?![a-z])"
    # 5 mg/325 mg are two strengths, 50 mg/5 ml and 0.05 mg/mg are one
    rf"(?:\s*(?:/|per|in)\s*(?:(?P<of>{_NUMBER})?\s*"
    r"(?P<per>ml|gm|g|hr|hour|h|day|actuat|actuation|act|puff|inh|inhalation|spray|dose|l)"
    r"|(?P<mass>mg))(?![a-z]))?"
)
_BARE = re.compile(
    rf"(?<![\w.])({_NUMBER})(?![\w.%])(?!\s*(?:tab|cap|puff|drop|gtt|spray|pill|appl|times?\b|x\b"
    r"|day|daily|week|month|hour|hr|h\b|am\b|pm\b|by\b|po\b|q\b|qd\b|qhs\b|bid\b|tid\b|qid\b))"
)
_UNITS = {
    **dict.fromkeys(("mcg", "ug", "microgram", "micrograms"), ("mg", 0.001)),
    **dict.fromkeys(("g", "gm", "gms", "gram", "grams"), ("mg", 1000.0)),
    **dict.fromkeys(("mg", "milligram", "milligrams"), ("mg", 1.0)),
    **dict.fromkeys(("unt", "unit", "units", "iu", "u"), ("unt", 1.0)),
    **dict.fromkeys(("%", "percent"), ("%", 1.0)),
}
_PER = {
    **dict.fromkeys(("actuat", "actuation", "act", "puff", "inh", "inhalation", "spray"), "actuat"),
    **dict.fromkeys(("hr", "hour", "h"), "hr"),
    "dose": "actuat",
}

# The parts of a dose form, each a bit: words that name it in RxNorm, in orders and in notes.
_FORMS = """
tablet tablets tab tabs caplet caplets tbl
capsule capsules cap caps softgel softgels
solution soln sol drop drops gtt gtts liquid elixir syrup
suspension susp
cream crm
ointment oint ung
gel jelly
lotion
injection injectable inj iv im sc subq sq subcutaneous intravenous intramuscular vial ampule
syringe prefilled
pen flexpen kwikpen solostar
autoinjector
cartridge penfill
patch patches transdermal system td ptch
spray
inhaler hfa mdi metered inhalant diskus
powder dpi
suppository supp suppositories
lozenge troche
film strip
foam
shampoo
pack kit
implant
pad swab
oral po mouth orally
topical top topically skin
ophthalmic oph ophth eye eyes ou od os
otic ear ears
nasal nose intranasal
vaginal vag
rectal pr
sublingual sl
buccal
inhalation neb nebulizer nebulization nebulized inh
mucous mucosal
extended er xr sr cr la xl cd xt sa cap24 12hr 24hr
delayed dr ec enteric coated gastro
chewable chew chewtab
disintegrating odt rapidly melt
effervescent
"""
FORMS = {
    word: 1 << bit for bit, line in enumerate(_FORMS.strip().splitlines()) for word in line.split()
}
SPECIAL = FORMS["extended"] | FORMS["delayed"] | FORMS["chewable"] | FORMS["disintegrating"]
ROUTES = 0
for _word in ("oral", "topical", "ophthalmic", "otic", "nasal", "vaginal", "rectal", "inhalation"):
    ROUTES |= FORMS[_word]
ORAL = FORMS["oral"] | FORMS["tablet"] | FORMS["capsule"]
# forms that only some routes have: a tablet is taken by mouth unless it says otherwise
_IMPLIED = {FORMS["tablet"]: FORMS["oral"], FORMS["capsule"]: FORMS["oral"]}


@dataclass(frozen=True, slots=True)
class Strengths:
    """Each strength as the keys it may go by, its own first; and the bare numbers of the text."""

    keys: tuple[tuple[int, ...], ...]
    numbers: frozenset[int]


def read_strengths(text: str) -> Strengths:
    """The strengths in a text. Volumes and hours alone are no strengths."""
    plain = normalise(text)
    keys = tuple(key for found in _STRENGTH.finditer(plain) for key in _keys(found))
    numbers = frozenset(_key(float(each.replace(",", "")), "") for each in _BARE.findall(plain))
    return Strengths(keys, numbers)


def numbers_in(name: str) -> frozenset[int]:
    """The numbers of an RxNorm name, as a text that names no unit may have them: 0.25 MG is 250."""
    values = [float(each) for each in re.findall(r"\d+(?:\.\d+)?", name)]
    values += [value * 1000 for value in values if value < 1]
    return frozenset(_key(value, "") for value in values)


def _keys(found: re.Match[str]) -> Iterator[tuple[int, ...]]:
    unit, factor = _UNITS.get(found["unit"], (found["unit"], 1.0))
    per = found["per"] or found["mass"] or ""
    if unit in ("ml", "hr") and not per:
        return
    of = float((found["of"] or "1").replace(",", ""))
    if per in ("g", "gm"):
        per, of = "mg", of * 1000
    elif per == "l":
        per, of = "ml", of * 1000
    elif per == "day":
        per, of = "hr", of * 24
    per = _PER.get(per, per)
    for number in re.findall(_NUMBER, found["numbers"]):
        value = float(number.replace(",", "")) * factor / (of or 1)
        if unit == "%":
            yield _key(value, "%"), _key(value * 10, "mg/ml"), _key(value / 100, "mg/mg")
            continue
        also = []
        if per and of != 1:
            also.append(_key(value * of, unit))  # 60 MG per 3 ML is also written 60 MG
        if not per:  # of an inhaler or of insulin, what it is per often goes unsaid
            also += [_key(value, f"{unit}/actuat"), *([_key(value, "unt/ml")] * (unit == "unt"))]
        yield _key(value, f"{unit}/{per}" if per else unit), *also


def _key(value: float, unit: str) -> int:
    return crc32(f"{value:.4g} {unit}".encode())


def read_forms(text: str) -> int:
    """The bits of FORMS that a text names."""
    bits = 0
    for word in words(text.replace("-", "")):
        bits |= FORMS.get(word, 0)
    for word in words(text):
        bits |= FORMS.get(word, 0)
    for form, route in _IMPLIED.items():
        if bits & form and not bits & (ROUTES | FORMS["sublingual"] | FORMS["buccal"]):
            bits |= route
    if re.search(r"\b(?:12|24) ?(?:hr|hour)", normalise(text)):
        bits |= FORMS["extended"]
    return bits
