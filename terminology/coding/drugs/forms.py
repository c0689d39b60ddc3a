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
inhaler hfa mdi metered respimat redihaler evohaler
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
extended er xr sr cr la xl cd xt sa tr retard cap24 12hr 24hr
delayed dr ec en enteric gastro entab entabs
chewable chew chewtab
disintegrating odt dispersible orodispersible rapidly melt melts mlt zydis soltab mtab mtabs
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
pt72=patch ptsw=patch lozg=lozenge aerb=powder,inhalation hfaa=inhaler spry=spray
sspr=spray drps=solution tbef=tablet,effervescent tber=tablet,extended tbpk=tablet
tbdl=tablet,disintegrating t12a=tablet,extended t24a=tablet,extended cper=capsule,extended
c12a=capsule,extended csdr=capsule,delayed cdrs=capsule,delayed suer=suspension,extended
srer=suspension,extended inpn=pen pnij=pen supn=pen pnkt=pen suaj=autoinjector
atin=autoinjector ajkt=autoinjector susy=syringe prsy=syringe syrg=syringe pskt=syringe
diskus=inhaler,powder handihaler=inhaler,powder accuhaler=inhaler,powder ellipta=inhaler,powder
turbuhaler=inhaler,powder twisthaler=inhaler,powder flexhaler=inhaler,powder
respiclick=inhaler,powder aerolizer=inhaler,powder pressair=inhaler,powder
ij=injection ivpb=injection viscous=solution,mucous
"""
FORMS = {
    word: 1 << bit for bit, line in enumerate(_FORMS.strip().splitlines()) for word in line.split()
}
for _pair in _ORDERED.split():
    _code, _, _names = _pair.partition("=")
    FORMS[_code] = sum(FORMS[_name] for _name in _names.split(","))
FORMS["aerosol"] = 0  # of no shape by itself
SPECIAL = FORMS["extended"] | FORMS["delayed"] | FORMS["chewable"] | FORMS["disintegrating"]
# what a text says beside these words, where it names no route; no shape
_HINTS = {
    **dict.fromkeys(("apply", "rub", "affected", "rash", "lather"), FORMS["topical"]),
    **dict.fromkeys(("tsp", "teaspoon", "teaspoons", "teaspoonful", "tbsp"), FORMS["solution"]),
    **dict.fromkeys(("ec", "enteric"), FORMS["tablet"]),
    **dict.fromkeys(
        ("neb", "nebs", "nebulizer", "nebulization", "nebulized", "nebulize"), FORMS["solution"]
    ),
    **dict.fromkeys(("vial", "vials", "ampule", "ampules"), FORMS["injection"]),
}
ROUTES = 0
for _word in ("oral", "topical", "ophthalmic", "otic", "nasal", "vaginal", "rectal", "inhalation"):
    ROUTES |= FORMS[_word]
ORAL = FORMS["oral"] | FORMS["tablet"] | FORMS["capsule"]
# further bits: how long a drug is released, and that it is released at once
POURED, PERCENT, HOURS_12, HOURS_24, AT_ONCE = (1 << bit for bit in (57, 59, 60, 61, 62))
HOURS = HOURS_12 | HOURS_24
_MODIFIED = 1 << 58  # MR, in whatever way
LASTS = HOURS | _MODIFIED
RELEASE = FORMS["extended"] | FORMS["delayed"]
_LASTING = {
    "sr": HOURS_12,
    "mr": _MODIFIED,
    **dict.fromkeys(("xl", "xr", "la", "cd", "xt", "cap24"), HOURS_24),
}
_HOURS = re.compile(
    # "every 24 hours" tells when a drug is taken
    r"(?<!every )(?<!q )(?<!q)(?<!per )(?<!in )(?<!for )(?<!x )(?<!/)(?<!/ )"
    r"\b(12|24)[ -]?(?:hr|hours?)\b"
)
# once daily, where what is swallowed is told; elsewhere the right eye
_DAILY = re.compile(r"\d ?(?:mg|mcg|micrograms?|gm?|units?|tab\w*|cap\w*)\b(?! ?/)|\d/\d")
_EYES = ("od", "os")
# sprayed on the skin or into the nose, as what is told in percent, elsewhere inhaled; never poured
_AEROSOL = "aerosol"
_LIQUIDS = FORMS["solution"] | FORMS["suspension"]
_SPRAYED = FORMS["topical"] | FORMS["nasal"]
_AEROSOLS = FORMS["foam"] | FORMS["spray"]
_DROPS = ("drop", "drops", "gtt", "gtts")  # of a suspension as well
# in the ears; "1 drop as needed" is in none
_EARS = re.compile(
    r"\b(?:gtts?|drops?)(?: (?:in|to|into))? "
    r"(?:au|ad|as(?! (?:need|direct|instruct|order|tol|per)))\b"
)
_THROAT = re.compile(r"\bmouth/throat\b", re.I)
_AT_ONCE = re.compile(r"\b(?:ir|immediate[ -]release)\b")
_PERCENT = re.compile(r"\d ?(?:%|percent\b)")
_VOLUME = re.compile(r"(?<![\d./])\d[\d.,]* ?(?:ml|cc|l|lit(?:er|re)s?)\b")
_RATE = re.compile(r"\d ?(?:ml|cc)/(?:hr?|hour)\b")
SAID = ~(LASTS | AT_ONCE | PERCENT | POURED)
WAYS = ROUTES | FORMS["injection"]
# shapes that may stand for each other when people speak of them
CLASSES = tuple(
    sum(FORMS[word] for word in line.split())
    for line in (
        "tablet capsule lozenge",
        "solution suspension",
        "cream ointment gel lotion foam shampoo pad",
        "injection syringe pen autoinjector cartridge",
        "patch",
        "spray",
        "inhaler powder capsule",
        "suppository",
        "film",
        "implant",
        "granules",
    )
)
SHAPES = 0
for _shape in CLASSES:
    SHAPES |= _shape
# forms that only some routes have: a tablet is taken by mouth unless it says otherwise
_IMPLIED = {
    FORMS["inhaler"]: FORMS["inhalation"],
    FORMS["tablet"]: FORMS["oral"],
    FORMS["capsule"]: FORMS["oral"],
    FORMS["granules"]: FORMS["oral"],
    **{FORMS[each]: FORMS["injection"] for each in ("syringe", "pen", "autoinjector")},
}
IN_MOUTH = FORMS["sublingual"] | FORMS["buccal"]


def read_forms(text: str) -> int:
    """The bits of FORMS that a text names."""
    bits, plain = 0, normalise(text)
    said = _telling(text, plain)
    for word in said:
        bits |= FORMS.get(word, 0) | _LASTING.get(word, 0)
        if word in ("cd", "xt"):  # only capsules are called so
            bits |= FORMS["capsule"]
    for form, route in _IMPLIED.items():
        if bits & form and not bits & (ROUTES | IN_MOUTH):
            bits |= route
    for word in said:
        hint = _HINTS.get(word, 0)
        if not bits & (WAYS if hint & WAYS else SHAPES):
            bits |= hint
    if not bits & ROUTES and _EARS.search(plain):
        bits |= FORMS["otic"]
    if not bits & WAYS and _RATE.search(plain):
        bits |= FORMS["injection"]
    bits |= _measures(plain)
    if bits & FORMS["patch"]:
        bits &= ~(FORMS["extended"] | HOURS)  # as every patch is
    # "IR and ER" is what has a part of each
    return bits | (AT_ONCE if not bits & RELEASE and _AT_ONCE.search(plain) else 0)


def _measures(plain: str) -> int:
    """The bits of a strength in percent, of a volume beside it, of the hours that a drug lasts."""
    bits = 0
    if _PERCENT.search(plain):
        bits |= PERCENT | (POURED if _VOLUME.search(plain) else 0)
    for hours in _HOURS.findall(plain):
        bits |= HOURS_12 if hours == "12" else HOURS_24
    return bits


def _telling(text: str, plain: str) -> list[str]:
    """The words of a text that may tell forms, those that hyphens part also as one."""
    said = words(_THROAT.sub("mucous", text))
    if "-" in text:
        said += [word for word in words(text.replace("-", "")) if word in FORMS]
    if any(each in said for each in _EYES) and _DAILY.search(plain):
        said = [word for word in said if word not in _EYES]
    if any(FORMS.get(word, 0) & FORMS["suspension"] for word in said):
        said = [word for word in said if word not in _DROPS]
    if _AEROSOL in said:
        said = [word for word in said if not FORMS.get(word, 0) & _LIQUIDS]
        if not any(FORMS.get(word, 0) & _AEROSOLS for word in said):
            sprayed = any(FORMS.get(word, 0) & _SPRAYED for word in said)
            said.append("spray" if sprayed or _PERCENT.search(plain) else "inhaler")
    return said
