"""Dose forms, routes and release of drugs, read alike from RxNorm's names and from orders."""

from __future__ import annotations

import re

from kernels.text import normalise, words

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
injection injectable inj iv ivp im sc subq sq subcut subcutaneous intravenous intramuscular \
subcutaneously intravenously intramuscularly inject
syringe pfs
pen flexpen kwikpen solostar flextouch sureclick clickject sensoready
autoinjector
cartridge penfill
patch patches transdermal td ptch
spray sprays
inhaler hfa mdi metered diskus respimat
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
topical top topically external externally skin
ophthalmic ophthalmically oph ophth eye eyes ou od os
otic ear ears
nasal nose intranasal nasally nostril nostrils
vaginal vag vaginally
rectal pr rectally
sublingual sl sublingually
buccal
inhalation inhalant neb nebs nebulizer nebulization nebulized nebulize inh inhl inhale puff puffs
mucous mucosal
extended er xr sr cr la xl cd xt sa tr cap24 12hr 24hr
delayed dr ec en enteric gastro entab entabs
chewable chew chewtab
disintegrating odt dispersible rapidly melt zydis soltab mtab mtabs
effervescent
intrauterine iud
granules granule
"""
# what order systems call forms in four letters
_ORDERED = """
cpsp=capsule cpdr=capsule,delayed cpep=capsule,delayed cpcr=capsule,extended cp12=capsule,extended
cp24=capsule,extended tbec=tablet,delayed tbdr=tablet,delayed tbcr=tablet,extended
tb12=tablet,extended tb24=tablet,extended ter=tablet,extended tbdp=tablet,disintegrating
tbso=tablet subl=sublingual solr=solution conc=solution liqd=solution elix=solution syrp=solution
susr=suspension sosy=syringe sopn=pen soaj=autoinjector soct=cartridge nebu=inhalation aers=inhaler
aero=inhaler aepb=powder,inhalation powd=powder crea=cream lotn=lotion ptwk=patch pt24=patch
pt72=patch lozg=lozenge ij=injection ivpb=injection viscous=solution,mucous
"""
FORMS = {
    word: 1 << bit for bit, line in enumerate(_FORMS.strip().splitlines()) for word in line.split()
}
for _pair in _ORDERED.split():
    _code, _, _names = _pair.partition("=")
    FORMS[_code] = sum(FORMS[_name] for _name in _names.split(","))
SPECIAL = FORMS["extended"] | FORMS["delayed"] | FORMS["chewable"] | FORMS["disintegrating"]
# what a text says beside these words, where it names no route; no shape
_HINTS = {
    **dict.fromkeys(("apply", "rub", "affected", "rash", "lather"), FORMS["topical"]),
    **dict.fromkeys(("tsp", "teaspoon", "teaspoons", "teaspoonful", "tbsp"), FORMS["solution"]),
    **dict.fromkeys(("ec", "enteric"), FORMS["tablet"]),
    **dict.fromkeys(("vial", "vials", "ampule", "ampules"), FORMS["injection"]),
}
ROUTES = 0
for _word in ("oral", "topical", "ophthalmic", "otic", "nasal", "vaginal", "rectal", "inhalation"):
    ROUTES |= FORMS[_word]
ORAL = FORMS["oral"] | FORMS["tablet"] | FORMS["capsule"]
# further bits: how long a drug is released, and that it is released at once
PERCENT, HOURS_12, HOURS_24, AT_ONCE = 1 << 59, 1 << 60, 1 << 61, 1 << 62
HOURS = HOURS_12 | HOURS_24
RELEASE = FORMS["extended"] | FORMS["delayed"]
_LASTING = {"sr": HOURS_12, **dict.fromkeys(("xl", "xr", "la", "cd", "xt", "cap24"), HOURS_24)}
_HOURS = re.compile(
    # "every 24 hours" tells when a drug is taken
    r"(?<!every )(?<!q )(?<!q)(?<!per )(?<!in )(?<!for )(?<!x )(?<!/)(?<!/ )"
    r"\b(12|24)[ -]?(?:hr|hours?)\b"
)
# once daily, where what is swallowed is told; elsewhere the right eye
_DAILY = re.compile(r"\d ?(?:mg|mcg|micrograms?|gm?|units?|tab\w*|cap\w*)\b(?! ?/)")
_EYES = ("od", "os")
_DROPS = ("drop", "drops", "gtt", "gtts")  # of a suspension as well
_AT_ONCE = re.compile(r"\b(?:ir|immediate[ -]release)\b")
_PERCENT = re.compile(r"\d ?(?:%|percent\b)")
_RATE = re.compile(r"\d ?(?:ml|cc)/(?:hr?|hour)\b")
SAID = ~(HOURS | AT_ONCE | PERCENT)
_LIQUID = FORMS["solution"]
_WAYS = ROUTES | FORMS["injection"]
CONTRADICTED = 0.3  # what a product loses whose form is another
_SLIP = 0.12
# shapes that may stand for each other when people speak of them
_CLASSES = tuple(
    sum(FORMS[word] for word in line.split())
    for line in (
        "tablet capsule lozenge",
        "solution suspension",
        "cream ointment gel lotion foam shampoo pad",
        "injection syringe pen autoinjector cartridge",
        "patch",
        "spray",
        "inhaler powder",
        "suppository",
        "film",
        "implant",
        "granules",
    )
)
_SHAPES = sum(_CLASSES)
# what is sprayed into the nose is called by any of these
_SPRAYED = FORMS["spray"] | FORMS["solution"] | FORMS["suspension"] | FORMS["powder"]
_SPRAYED |= FORMS["inhaler"]
# and what is dabbed on the skin by any of these
_DABBED = FORMS["solution"] | FORMS["suspension"] | FORMS["lotion"]
# what a drug loses by its shape where none is told: the commonest lose nothing
_COMMON = {
    FORMS["tablet"]: 0.0,
    FORMS["capsule"]: 0.008,
    FORMS["pen"]: 0.018,
    FORMS["cartridge"]: 0.022,
    FORMS["syringe"]: 0.014,
    FORMS["injection"]: 0.01,
    FORMS["solution"]: 0.012,
    FORMS["suspension"]: 0.016,
    FORMS["granules"]: 0.07,
}
# grains that pass the stomach are mostly sold in capsules: omeprazole, duloxetine
_COMMON_DELAYED = {FORMS["capsule"]: 0.0, FORMS["tablet"]: 0.008}
# what has its strength in percent is mostly for the skin
_COMMON_PERCENT = {
    FORMS["cream"]: 0.0,
    FORMS["ointment"]: 0.004,
    FORMS["gel"]: 0.006,
    FORMS["lotion"]: 0.008,
    FORMS["injection"]: 0.009,
    FORMS["solution"]: 0.01,
    FORMS["suspension"]: 0.012,
    FORMS["foam"]: 0.02,
    FORMS["shampoo"]: 0.025,
}
# and what is for the eye or the ear, mostly drops
_COMMON_DROPS = {
    FORMS["solution"]: 0.0,
    FORMS["suspension"]: 0.004,
    FORMS["ointment"]: 0.01,
    FORMS["gel"]: 0.015,
}
_DROPPED = FORMS["ophthalmic"] | FORMS["otic"]
_OTHER_SHAPE = 0.045
# forms that only some routes have: a tablet is taken by mouth unless it says otherwise
_IMPLIED = {
    FORMS["tablet"]: FORMS["oral"],
    FORMS["capsule"]: FORMS["oral"],
    FORMS["granules"]: FORMS["oral"],
    FORMS["inhaler"]: FORMS["inhalation"],
    **{FORMS[each]: FORMS["injection"] for each in ("syringe", "pen", "autoinjector")},
}
_IN_MOUTH = FORMS["sublingual"] | FORMS["buccal"]
_INNER = FORMS["rectal"] | FORMS["vaginal"]  # of a cream, meant only where it is said
_PENS = FORMS["pen"] | FORMS["autoinjector"]


def read_forms(text: str) -> int:
    """The bits of FORMS that a text names."""
    bits, plain = 0, normalise(text)
    said = _telling(text, plain)
    for word in said:
        bits |= FORMS.get(word, 0) | _LASTING.get(word, 0)
        if word in ("cd", "xt"):  # only capsules are called so
            bits |= FORMS["capsule"]
    for form, route in _IMPLIED.items():
        if bits & form and not bits & (ROUTES | _IN_MOUTH):
            bits |= route
    for word in said:
        hint = _HINTS.get(word, 0)
        if not bits & (_WAYS if hint & _WAYS else _SHAPES):
            bits |= hint
    if not bits & _WAYS and _RATE.search(plain):
        bits |= FORMS["injection"]
    bits |= PERCENT if _PERCENT.search(plain) else 0
    for hours in _HOURS.findall(plain):
        bits |= FORMS["extended"] | (HOURS_12 if hours == "12" else HOURS_24)
    if bits & FORMS["patch"]:
        bits &= ~(FORMS["extended"] | HOURS)  # as every patch is
    return bits | (AT_ONCE if _AT_ONCE.search(plain) else 0)


def _telling(text: str, plain: str) -> list[str]:
    """The words of a text that may tell forms, those that hyphens part also as one."""
    said = words(text)
    if "-" in text:
        said += [word for word in words(text.replace("-", "")) if word in FORMS]
    if any(each in said for each in _EYES) and _DAILY.search(plain):
        said = [word for word in said if word not in _EYES]
    if any(FORMS.get(word, 0) & FORMS["suspension"] for word in said):
        said = [word for word in said if word not in _DROPS]
    return said


def form_cost(asked: int, has: int, *, by_brand: bool = False) -> float:
    """What a product with these forms loses where a text asks for those; bits of FORMS.

    Where its brand is named, another form or route is rather a slip than another product.
    """
    missing = asked & ~has & SAID
    if missing & _LIQUID and asked & has & FORMS["injection"]:
        # "injectable solution" was the name of what is an injection now
        missing &= ~_LIQUID
        cost = 0.01
    else:
        cost = 0.0
    if missing & _LIQUID and asked & has & _DROPPED and has & FORMS["suspension"]:
        missing &= ~_LIQUID  # drops
        cost += 0.01
    if asked & has & _IN_MOUTH:
        missing &= ~FORMS["oral"]  # "SL tab, 1 po"
    if has & _PENS:
        missing &= ~_PENS
    cost += 0.05 * missing.bit_count() + 0.06 * (missing & SPECIAL).bit_count()
    extra = has & ~asked & SAID
    cost += 0.01 * bool(extra & _IN_MOUTH)
    cost += 0.008 * extra.bit_count() + 0.03 * (extra & SPECIAL).bit_count()
    cost += 0.02 * (asked & HOURS & ~has).bit_count()
    if not asked & ROUTES and not has & ORAL:
        cost += 0.024 if has & _INNER else 0.02
    if not asked & _SHAPES:
        common = _COMMON_DELAYED if has & FORMS["delayed"] else _COMMON
        common = _COMMON_PERCENT if asked & PERCENT else common
        common = _COMMON_DROPS if asked & _DROPPED else common
        cost += next((each for shape, each in common.items() if has & shape), _OTHER_SHAPE)
    release = asked & RELEASE
    if (release and not has & release and has & ORAL) or (asked & AT_ONCE and has & RELEASE):
        cost += CONTRADICTED
    routes, own = asked & _WAYS, has & _WAYS
    other_way = routes and own and not routes & own
    if other_way or (asked & _SHAPES and has & _SHAPES and not _shared_shape(asked, has)):
        injected = (asked ^ has) & FORMS["injection"]
        cost += _SLIP if by_brand and not injected else CONTRADICTED
    return cost


def _shared_shape(asked: int, has: int) -> bool:
    for route, shapes in ((FORMS["nasal"], _SPRAYED), (FORMS["topical"], _DABBED)):
        if asked & has & route and asked & shapes and has & shapes:
            return True
    return any(asked & shapes and has & shapes for shapes in _CLASSES)
