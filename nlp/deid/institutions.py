"""Facilities and employers that no English noun tells: by fame, patron, language or work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.deid.lexicon import UPPER, Lexicon, lexicon
from nlp.deid.types import Category, Phi

_CAP = rf"[{UPPER}][\w'’-]*"
_FAMOUS = re.compile(
    r"\b(?:Johns Hopkins|Mass(?:achusetts)? General|MGH|Mayo|Kaiser(?: Permanente)?|"
    r"Cedars[- ]Sinai|"
    r"(?:Mount|Mt\.?) Sinai|Memorial Sloan[- ]Kettering|MSKCC|M\.?D\.? Anderson|Beth Israel(?: "
    r"Deaconess)?|BIDMC|Brigham(?: and Women['’]s)?|Geisinger|Dana[- ]Farber|UCSF|UCLA|UPMC|"
    r"NYU Langone|DaVita(?: [A-Z]\w+)*|Fresenius(?: Kidney| Medical)? Care|Addenbrooke['’]s|"
    r"Great Ormond Street|GOSH|"
    r"Guy['’]s and St Thomas['’]|Royal Free|Royal Marsden|Moorfields|John Radcliffe|Karolinska|"
    r"SickKids|Groote Schuur)"
    r"\b(?! (?:scissors|stand|clip|retractor|procedure))"
)
# "Hôpital Saint-Louis", "Klinikum Großhadern", "Sint Lucas Ziekenhuis", "St. Josef Krankenhaus".
_ABROAD = re.compile(
    r"\b(?:(?:Hôpital|Clínica|Clinique|Klinikum|Universitätsklinikum|Ospedale|Policlinico|Szpital|"
    r"Centre[ ]Hospitalier|Hospital[ ](?=de|del|San|Santa|Universitario))"
    rf"(?:[ ](?:de|del|della|di|du|la|las|los|des|{_CAP})){{1,5}}"
    r"|Ziekenhuis|Krankenhaus|Sykehus|Sjukhus)"
)
_CAPITALISED = re.compile(rf"(?:{_CAP}[ ]){{1,3}}$")

# "At Queen Charlotte's", "to St Vincent's": a place of care by its patron alone.
_PATRON = re.compile(
    r"\b(?:at|to|from|in)[ ](?:the[ ])?(?P<n>(?:St\.?|Saint|Queen|King|Prince(?:ss)?|Our[ ]Lady)"
    rf"(?:[ ]{_CAP})?(?:['’]s)?)"
    r"(?=[.,;)\n]|$|[ ](?:on|in|for|and|with|by|after|where|last)\b)"
)
# "At Cedar Falls Memorial", "to Mercy West": what hospitals are called for short.
_SHORT = re.compile(
    rf"\b(?:at|to|from)[ ](?:the[ ])?(?P<n>(?:{_CAP}[ ]){{1,3}}(?:Memorial|Regional|General|"
    rf"Methodist|Baptist|Presbyterian|Lutheran)|(?:Mercy|Providence|Sacred Heart|"
    rf"Holy Cross|Good Samaritan)(?:[ ](?:East|West|North|South))?)(?![ ]{_CAP})\b"
)
_ROOM = re.compile(
    r"\b(?:[Rr]oom|ROOM|[Rr]m)[ #:.]*(?P<n>\d{2,4}(?:-?[A-Z])?)(?![\w.-]| ?(?:ml|°))"
)
# A ward: "to 4 West", "bed MICU-09", "on Ward 7B".
_WARD = re.compile(
    r"(?P<n>\d{1,2}[ ]?(?:[NSEW]\b|(?i:north|south|east|west)\b"
    r"(?![ ]\w+[ ](?i:st|street|ave\w*|road|rd)\b)))"
    r"|(?P<u>(?:[MSCNPT]?ICU|CCU|PACU)-\d{1,3}[A-Z]?)\b"
    r"|[Ww]ard[ ](?P<w>\d{1,2}[A-Z]?|[A-Z]\d?)\b"
)
_TO_WARD = re.compile(r"(?i)\b(?:to|on|from|unit|floor|ward:?)[ ]$")
# "Employer: Tidewater Cannery", "Kindergarten: Little Kauri".
_LABELLED = re.compile(
    r"(?:Employer|Workplace|School|Kindergarten|Day[ ]?care|Church|Hotel|Shelter|Facility)"
    r"[ ]?:[ ]*"
    rf"(?P<n>{_CAP}(?:[ ](?:&[ ]|of[ ]|and[ ]|the[ ])?{_CAP}){{0,5}})"
)
# "From Fort Lyle", "at Camp Dorset".
_MILITARY = re.compile(rf"(?P<n>(?:Fort|Camp|Naval[ ]Base|Air[ ]Base)[ ]{_CAP})")
_EMPLOYER = re.compile(
    r"\b(?:(?:[Ww]orks?|worked|working|job|employed|engineer|clerk|driver|manager|teacher|welder|nurse|"
    r"cashier|labou?rer|foreman|cook|worker|operator|carrier|"
    r"mechanic|technician)[ ](?:at|for|by|with)|employee[ ]of)[ ](?:the[ ])?"
    rf"(?P<n>{_CAP}(?:[ ](?:&[ ]|of[ ]|and[ ]|on[ ])?{_CAP}){{0,4}}"
    r"(?:[ ](?:plant|store|warehouse|factory|post[ ]office))?)"
)


def find(text: str) -> Iterator[Phi]:
    """Institutions by name, rooms by number, and where somebody works."""
    yield from (Phi(*m.span(), Category.LOCATION) for m in _FAMOUS.finditer(text))
    for match in _ABROAD.finditer(text):
        before = _CAPITALISED.search(text, max(0, match.start() - 40), match.start())
        start = before.start() if before and " " not in match.group() else match.start()
        yield Phi(start, match.end(), Category.LOCATION)
    for pattern in (_PATRON, _SHORT, _ROOM, _MILITARY):
        yield from (Phi(*m.span("n"), Category.LOCATION) for m in pattern.finditer(text))
    for match in _LABELLED.finditer(text):
        if not all(lexicon().ordinary(word) for word in match["n"].casefold().split()):
            yield Phi(*match.span("n"), Category.LOCATION)
    for match in _WARD.finditer(text):
        if not match["n"] or _TO_WARD.search(text, max(0, match.start() - 8), match.start()):
            yield Phi(*match.span(match.lastgroup or 0), Category.LOCATION)
    yield from _employers(text, lexicon())


def _employers(text: str, lex: Lexicon) -> Iterator[Phi]:
    """ "A job at Boeing": no country, no state, no kind of work."""
    for match in _EMPLOYER.finditer(text):
        name = match["n"]
        first = name.split()[0].casefold()
        alone = " " not in name
        if first in lex.wide or first in lex.states or (alone and lex.ordinary(first)):
            continue
        if not name.isupper() or alone:
            yield Phi(*match.span("n"), Category.LOCATION)
