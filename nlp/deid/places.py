"""Places smaller than a state: addresses, towns with their ZIP, counties."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.deid.lexicon import UPPER, Lexicon, lexicon
from nlp.deid.types import Category, Phi
from nlp.deid.words import FUNCTION

STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|"
    "NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR|GU|AS|VI|FM|MH|MP|PW|AA|AE|AP"
)
# The street suffixes of USPS Publication 28; the second list are ordinary words as well.
_SUFFIX = (
    "Alley|Ave(?:nue)?|Av|Bayou|Blvd|Boulevard|Bluffs?|Burgs?|Bypass|Byp|Camp|Canyon|Causeway|"
    "Circles?|Cir|Cliffs?|Common|Commons|Corners?|Courts?|Ct|Coves?|Creek|Cres(?:cent)?|Crossing|"
    "Crossroads?|Drives?|Dr|Estates?|Expressway|Expy|Extensions?|Fields?|Flats?|Fords?|Forest|"
    "Forges?|Freeway|Gardens?|Gateway|Glens?|Greens?|Groves?|Harbors?|Haven|Heights|Highway|Hwy|"
    "Hills?|Hollow|Inlet|Islands?|Isle|Junctions?|Knolls?|Lakes?|Landing|Lane|Ln|Loaf|Lodge|Loop|"
    "Manors?|Meadows?|Mews|Mills?|Mission|Motorway|Mountains?|Orchard|Oval|Overpass|Parks?|"
    "Parkways?|Pkwy|Pines?|Plaza|Place|Pl|Prairie|Ranch|Rapids?|Ridges?|Rivers?|Road|Rd|Route|"
    "Row|Shoals?|Shores?|Skyway|Springs?|Spurs?|Square|Sq|Station|Stravenue|Streets?|St|Summit|"
    "Terrace|Ter|Throughway|Trafficway|Trail|Tunnel|Turnpike|Underpass|Valleys?|Viaduct|Views?|"
    "Villages?|Ville|Vista|Wells?"
)
_DOUBTFUL = (
    "Branch|Bridge|Brooks?|Bottom|Bend|Cape|Cent(?:er|ers|re)|Club|Course|Crest|Curve|Dale|Dam|Divide|"
    "Falls?|Ferry|Fork|Forks|Fort|Grove|Key|Keys|Land|Light|Lights|Locks?|Mall|Mount|Neck|Park|Pass|Passage|"
    "Path|Pike|Plains?|Points?|Ports?|Radial|Ramp|Rest|Run|Shoal|Spring|Stream|Trace|Track|"
    "Turn|Union|Unions|Via|Walks?|Wall|Ways?"
)
_CAP = rf"[{UPPER}][\w'’.-]*"
_CAPS = rf"[{UPPER}][\w'’-]+"
_UNIT = (
    r"(?:,?[ \n]+(?:(?:Apt|Apartment|Suite|Ste|Unit|Room|Rm|Floor|Fl|Bldg|Building|Lot|Trlr)\b\.?"
    r"[ #]*|#[ ]?)[\w-]+)?"
)
_STREET = re.compile(
    rf"(?<![\w./-])\d{{1,6}}[A-Za-z]?(?:-\d+)?[ ]+(?:(?:[NSEW]\.?|[NS][EW]\.?|{_CAP}|\d+(?:st|nd|"
    rf"rd|th))"
    rf"[ ]+){{1,4}}?(?:{_SUFFIX})\b\.?(?:[ ]+(?:[NS][EW]?|[EW]|North|South|East|West)\b\.?)?{_UNIT}"
    rf"|(?<![\w./-])\d{{2,6}}[ ]+(?:{_CAP}[ ]+){{1,3}}?(?:{_DOUBTFUL})\b(?:{_UNIT}(?=,? ?\n|"
    rf" *,[ \n]*"
    rf"{_CAP})|(?<=\w){_UNIT.removesuffix('?')})"
)
_ITS_TOWN = re.compile(rf",[ ](?P<t>{_CAPS}(?:[ ]{_CAPS}){{0,2}})(?=[.,;)\n]|$)")
_STREET_LOWER = re.compile(
    r"(?<![\w./-])\d{1,6}[ ]+(?:[a-z]+[ ]+){1,3}?(?:street|avenue|road|boulevard|drive|lane|"
    r"court)\b"
)
_STREET_CAPS = re.compile(
    rf"(?<![\w./-])\d{{1,6}}[ ]+(?:[A-Z0-9.]+[ ]+){{1,4}}?(?:{_SUFFIX.upper()})"
    r"\b(?:,?[ ]+(?:APT|SUITE|STE|UNIT|#)\.?[ #]*[\w-]+)?"
)
_BOX = re.compile(
    r"\bP\.?\s?O\.?\s?Box\s+\d+|\b(?:PSC|Unit|RR|HC|Rural\sRoute|Route|Rt\.?)\s*#?\d+,?\s+Box\s+\d+",
    re.IGNORECASE,
)
_TOWN = rf"[{UPPER}][\w'’.-]*(?:[ ]+(?:of[ ]+|de[ ]+|la[ ]+|del[ ]+)?[{UPPER}][\w'’.-]*){{0,3}}"
_ZIP = r"\d{5}(?:-\d{4})?(?![\w-])"
# Postcodes of the United Kingdom (whose second half has none of C I K M O V: "B12 5MG" is a drug),
# Ireland (Eircode) and Canada, with the address before them.
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]?[ ]\d[ABD-HJLNP-UW-Z]{2}"
    r"|[AC-FHKNPRTV-Y]\d[\dW][ ][0-9AC-FHKNPRTV-Y]{4}|[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]\d[A-Z]\d)(?!\w)"
)
_ADDRESS = re.compile(
    r"(?:(?:(?:Unit|Flat|Apt|Apartment|Suite)\.?[ ]\w+,?[ ])?\b\d{1,5}[A-Za-z]?(?:-\d+)?,?[ ]+"
    rf"(?:{_CAP},?[ \n]+){{1,6}}?)?{_TOWN},?[ \n]+$"
)
_ON_STREET = re.compile(
    rf"\b(?:on|off|at|near)[ ](?P<n>(?:{_CAP}[ ]){{1,3}}(?:Street|Avenue|Ave|Blvd|Boulevard|Road|"
    r"Rd|Lane|Drive|Highway|Hwy)\b)"
)
_SUITE = re.compile(r"\b(?:Suite|Ste|Apt|Apartment)\.?[ ]#?\d+[A-Z]?\b")
_TOWN_ZIP = re.compile(rf"\b{_TOWN}(?:,?[ \n]+(?:{STATES})\b\.?|,[ \n]+{_TOWN}),?[ ]+{_ZIP}")
_TOWN_STATE = re.compile(rf"\b(?P<t>{_TOWN}),[ ]+(?P<s>(?:{STATES})\b|{_TOWN})")
_STATE = re.compile(STATES)
_STATE_AFTER = re.compile(rf"(?<=[a-z])[ ](?:{STATES})\b")
_TOWN_BEFORE = re.compile(rf"(?:[{UPPER}][\w'’.-]*[ ]){{0,2}}[{UPPER}][\w'’-]*$")
_AFTER_COMMA = re.compile(
    rf", (?P<t>[{UPPER}][\w'’-]+(?:[ ][{UPPER}][\w'’-]+){{0,2}})(?=[.,;)\n]|$| on\b)"
)
# "(Galway)", "Durban;": nothing follows that it could be the name of.
_ALONE = re.compile(rf"(?<![\w'’.-])(?P<t>{_CAPS}(?:[ ]{_CAPS}){{0,2}})(?=[,;)]|\.?(?:\n|$)|\.[ ])")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?[ ]$")
_ZIP_ALONE = re.compile(
    rf"(?i:\bzip(?:[ -]?code)?|\bpostal code)\s*[:#]?\s*(?P<z>{_ZIP})|"
    rf"\b(?:{STATES})[ ]+(?P<y>{_ZIP})"
)
_COUNTY = re.compile(rf"\b(?P<c>(?:{_CAP}[ ]+){{1,2}})(?:County|Parish|Township|Borough)\b")
_MOVES = re.compile(
    r"\b(?:(?<=[.;)] )From|"
    r"(?:lives?|lived|living|resid(?:es|ed|ing)|moved|relocated|born|raised|grew up|native|"
    r"resident|hails|travel(?:s|l?ed|l?ing)?|trip|vacation(?:ed|ing)?|visit(?:ed|ing)?|flew|flight|"
    r"drove|driven|came|comes|transferred|referred|originally|home|house|work(?:s|ed|ing)?|"
    r"(?:drove|brought|driving) (?:me|him|her|us|them)(?: (?:here|in|over|up|down))*|stays?|"
    r"staying|incarcerated|stationed|"
    r"tourist|visitor|refugee|immigrant|immigrated|emigrated|"
    r"practices?|employed|is|was|person|family)[ ]+(?:in|from|to|of|at|near|outside|back|over to|"
    r"out "
    r"of|here from|in from|up from|down from|around)(?:[ ]+(?:of|to|from))?)[ ]+(?P<t>"
    rf"{_TOWN}|[a-z]+(?:[ ]+[a-z]+){{0,2}})"
)
_IN = re.compile(
    rf"\b(?:[Ii]n|[Ff]rom|[Tt]o|[Aa]t|[Nn]ear|[Oo]f|[Oo]utside|[Aa]round|(?i:through)|"
    rf"[Vv]ia)[ ]+(?P<t>{_TOWN})"
)
_IN_LOWER = re.compile(
    r"\b(?:in|from|to|near|at)[ ]+(?P<t>(?P<p>north|south|east|west|new|lake|port|fort|mount|"
    r"saint|st\.?|san|"
    r"santa)[ ]+(?P<w>[a-z]{3,}))\b"
)
_STATE_LOWER = re.compile(
    r"(?<=[a-z]),?[ ](?P<s>(?:new|north|south|west|rhode)[ ][a-z]+|[a-z]{4,})\b"
)
_TOWN_LOWER = re.compile(r"\b(?P<t>[a-z]{4,})$")
_DIRECTION = frozenset(
    """north south east west new lake port fort mount mt ft saint st san santa el los las
    la""".split()  # noqa: SIM905
)
# The last words of towns of two: "in Coos Harbor".
_SECOND = frozenset(
    """harbor harbour falls springs beach creek city hills lake valley grove heights island junction
    rapids bay ridge mills landing point cove park""".split()  # noqa: SIM905
)
_ENDING = re.compile(
    r"(?:ville|burgh?|borough|bury|stad|mouth|furt|shire|chester|haven|town|ton|land|view|port|"
    r"side|"
    r"fort|berg|field|ford|wood|dale|ham|worth|polis)$"
)

LEFT = 90  # characters before a postcode or a state that may hold the address


def find(text: str, lower: bool) -> Iterator[Phi]:
    """Places by shape and context; `lower` is for text without capitals."""
    lex = lexicon()
    for pattern in (_STREET, _STREET_CAPS, _BOX, _SUITE, _TOWN_ZIP):
        for match in pattern.finditer(text):
            town = _ITS_TOWN.match(text, match.end()) if pattern is _STREET else None
            end = town.end() if town and not lex.ordinary(town["t"].casefold()) else match.end()
            yield Phi(match.start(), end, Category.LOCATION)
    yield from (Phi(*m.span("n"), Category.LOCATION) for m in _ON_STREET.finditer(text))
    for match in _ZIP_ALONE.finditer(text):
        yield Phi(*match.span("z" if match["z"] else "y"), Category.LOCATION)
    yield from _towns(text, lex)
    yield from _bare(text, lex)
    yield from _coded(text)
    if lower:
        yield from _lower(text, lex)


def _towns(text: str, lex: Lexicon) -> Iterator[Phi]:
    for match in _TOWN_STATE.finditer(text):
        town, state = match["t"].casefold(), match["s"]
        unknown = state.casefold() not in lex.states and not _STATE.fullmatch(state)
        if unknown or town in lex.wide or town in lex.states:
            continue
        listed = town in lex.cities
        doubtful = match["t"].isupper() or _plain(town, lex) or _credential(text, match)
        if (listed and town not in lex.given) or not doubtful:
            yield Phi(*match.span("t"), Category.LOCATION)
    for match in _COUNTY.finditer(text):
        if not FUNCTION & set(match["c"].casefold().split()):
            yield Phi(*match.span(), Category.LOCATION)
    for pattern, strong in ((_MOVES, True), (_IN, False)):
        for match in pattern.finditer(text):
            length = _town_words(match["t"], strong, lex, text[match.end() :][:14])
            if length:
                yield Phi(match.start("t"), match.start("t") + length, Category.LOCATION)


def _bare(text: str, lex: Lexicon) -> Iterator[Phi]:
    """Towns of the tables that only a state or a comma stands beside, and that are nothing else."""
    found = [match.span("t") for match in _AFTER_COMMA.finditer(text)]
    found += [
        match.span("t")
        for match in _ALONE.finditer(text)
        if not (
            match["t"].isupper() or _TITLED.search(text, max(0, match.start() - 8), match.start())
        )
    ]
    for state in _STATE_AFTER.finditer(text):
        if before := _TOWN_BEFORE.search(text, max(0, state.start() - LEFT), state.start()):
            found.append(before.span())
    for start, end in found:
        town = text[start:end].casefold()
        other = lex.known(town) or lex.ordinary(town) or town in lex.eponyms
        if town in lex.cities and not other:
            yield Phi(start, end, Category.LOCATION)


def _coded(text: str) -> Iterator[Phi]:
    """Addresses that end in a postcode."""
    for code in _POSTCODE.finditer(text):
        if address := _ADDRESS.search(text, max(0, code.start() - LEFT), code.start()):
            yield Phi(address.start(), code.end(), Category.LOCATION)


def _plain(town: str, lex: Lexicon) -> bool:
    """No town's name: an ordinary word at its end, or a digit in it."""
    return lex.ordinary(town.split()[-1]) or any(c.isdigit() for c in town)


def _credential(text: str, match: re.Match[str]) -> bool:
    """ "Jones, MD": a person unless a preposition of place stands before."""
    return match["s"] in ("MD", "PA", "MA", "CT", "OR", "ME", "DC", "MS") and not re.search(
        r"\b(?:in|from|of|at|to|near)[ ]+$", text[max(0, match.start() - 10) : match.start()]
    )


def _townlike(words: list[str]) -> bool:
    return words[0].casefold().strip(".") in _DIRECTION and len(words) > 1


def _town_words(said: str, strong: bool, lex: Lexicon, after: str) -> int:
    """How much of the words after a preposition is a town: its length in characters, or 0."""
    words = re.sub(r"['’]s?$|[.'’-]+$", "", said).split(" ")
    listed = _listed(words, lex)
    if listed is not None or (said.islower() and not strong):
        return listed or 0
    first = words[0].casefold().strip(".'’")
    if len(words) == 2 and words[1].casefold() in _SECOND and not lex.ordinary(first):
        return len(said.rstrip(".'’-"))
    if _townlike(words):
        second = words[1].casefold().strip(".'’")
        free = not lex.ordinary(second) and second not in lex.eponyms
        sure = free or (strong and not said.islower())
        return len(" ".join(words[:2])) if sure and second not in lex.wide | lex.states else 0
    if lex.ordinary(first) or first in lex.eponyms or len(first) < 4 or not words[0][1:].islower():
        return 0
    dated = re.match(r",? on (?:\d|[A-Z])", after) is not None
    new = not lex.known(first) and (dated or (strong and not said.islower()))
    ends = _ENDING.search(first) is not None and (strong or not lex.known(first))
    return len(words[0]) if new or ends else 0


def _listed(words: list[str], lex: Lexicon) -> int | None:
    """The length of a town that the tables hold; 0 for a state or a country, None for neither."""
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).rstrip(".")
        low = name.casefold()
        if low in lex.wide or low in lex.states:
            return 0
        if low in lex.cities and (not name.islower() or not lex.ordinary(low)):
            return len(name)
    return None


def _lower(text: str, lex: Lexicon) -> Iterator[Phi]:
    yield from (Phi(*m.span(), Category.LOCATION) for m in _STREET_LOWER.finditer(text))
    for match in _IN_LOWER.finditer(text):
        if not lex.ordinary(match["w"]) and match["w"] not in lex.states:
            yield Phi(*match.span("t"), Category.LOCATION)
    for state in _STATE_LOWER.finditer(text):
        town = _TOWN_LOWER.search(text, max(0, state.start() - LEFT), state.start())
        if state["s"] in lex.states and town and town["t"] in lex.cities:
            yield Phi(*town.span("t"), Category.LOCATION)
