"""Named facilities: hospitals, clinics, schools; the name before their noun, or after "of"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.deid.lexicon import UPPER, Lexicon, lexicon
from nlp.deid.types import Category, Phi

_CAP = rf"[{UPPER}][\w'’-]*"
_HEAD = re.compile(
    r"\b(?:(?:Medical|Health|Cancer|Heart|Surgical|Surgery|Rehabilitation|Rehab|Nursing|Care|"
    r"Trauma|"
    r"Imaging|Dialysis|Treatment|Wellness|Healthcare|Eye|Birth|Recovery|Community Health|"
    r"Convalescent|Specialty|Family Practice|Counseling|Living|Retirement|Senior|Women's)[ ]+)?"
    r"(?:Hospitals?|Clinics?|Cent(?:er|re)|Infirmary|Sanatorium|Hospice|Pharmacy|Health[ ]System|"
    r"Healthcare|HealthCare|Nursing[ ]Home|Medical[ ]Group|Medical[ ]Associates|Physicians[ ]Group|"
    r"Institute|Polyclinic|Manor|Home[ ]Health|Family[ ]Practice|Medical[ ]School|Associates|"
    r"University|College|High[ ]School|Middle[ ]School|Elementary(?:[ ]School)?|Academy|"
    r"Laborator(?:y|ies)|Labs|Health[ ]Network|"
    r"(?:Women['’]s|Family|Behavioral|Mental|Community|Sexual|Children['’]s)[ ]Health|"
    r"Jail|Prison|Correctional[ ]Facility|Shelter|"
    r"Assisted[ ]Living|Genomics|Diagnostics|Ward|Pavilion|"
    r"Nursing[ ]Facility|Rest[ ]Home|Care[ ]Home|Medical[ ]Practice|Urgent[ ]Care|"
    r"(?:Road|Street|Lane|Park|Green)[ ]Surgery|Rehab|Health[ ]Department|VAMC|Church|"
    r"Hotel|Motel|Inn|Hostel|"
    # A practice by its specialty: "at Riverstone Gastroenterology".
    r"(?P<specialty>Cardiology|Dermatology|Endocrinology|Gastroenterology|Nephrology|Neurology|"
    r"Neurosurgery|Obstetrics|Gynecology|OB[/-]?GYN|Oncology|Ophthalmology|Orthop(?:a)?edics|"
    r"Otolaryngology|P(?:a)?ediatrics|Podiatry|Psychiatry|Psychology|Pulmonology|Radiology|"
    r"Rheumatology|Urology|Dental|Physical[ ]Therapy|Medicine|Physicians))\b"
)
_BEFORE = re.compile(
    rf"(?:(?:[{UPPER}][\w'’&-]*|St\.|Mt\.|Ft\.|&)(?:[ ]+(?:of|the|de|and|"
    rf"for)(?:[ ]+the)?)?[ ]+){{1,6}}$"
)
_TAIL = re.compile(rf"[ ]+(?:of|at)(?:[ ]+the)?(?:[ ]+{_CAP}){{1,4}}|(?:[ ]+[-–][ ]+{_CAP}){{1,2}}")
_TOWN_AFTER = re.compile(rf",[ ](?P<t>{_CAP}(?:[ ]{_CAP})?)(?=[.;)]|,[ ]|$|\n)")
_ONE_CASE = re.compile(
    r"(?i)(?:\b(?:at|to|from|in|of|called)[ ]+(?:the[ ]+)?|:[ ]*)(?P<n>(?:[\w'’.-]+[ ]+){1,4}?"
    r"(?:(?:medical|health|cancer|heart|nursing|rehab(?:ilitation)?|surgery|surgical|"
    r"community health)[ ]+)?(?:hospital|clinic|center|infirmary|pharmacy|nursing home|"
    r"medical group|health system|hospice|university|institute))\b"
)
_GENERIC = frozenset(
    """the a an our your my this that local outside our pain wound outpatient inpatient urgent
    primary acute emergency family medical health surgical surgery care cancer heart dialysis
    coumadin anticoagulation cardiology neurology oncology urology orthopedic orthopaedic
    pediatric psychiatric dental eye sleep diabetes diabetic trauma burn stroke birth birthing day
    free walk-in retail transfer referring admitting receiving nursing rehab rehabilitation
    skilled home house assisted hospital clinic center private public state federal teaching
    tertiary mental behavioral occupational physical speech infusion chemotherapy radiation
    imaging surgery ambulatory call data command control fitness senior adult women's children's
    child mens women clinical research blood bank donor specialty transplant fertility breast foot
    hand spine back allergy asthma skin weight loss wellness student employee travel methadone
    suboxone memory fracture hearing vision operating recovery poison detox psychiatry medicine
    internal general office in at to from by of and for with via per on continue call see via
    follow up discharge discharged transferred admitted seen visited contact new old other another
    same any each every nearest community county city university college high middle school
    elementary graduated attended physicians associates respiratory arterial venous germinal
    interventional
    reference pathology laboratory lab labs vision cell vasomotor speech motor language pontine
    department unit pharmacy hospice shelter jail church dr doctor mr mrs ms patient pt when while
    after before if then she he they her his their procedures procedure
    operations hospital's""".split()  # noqa: SIM905
)

# A line of its own among the first of a text: who wrote it.
_LETTERHEAD = re.compile(
    r"(?im)^[ \t*#]*(?P<n>(?:[\w'’.&-]+[ ]+){1,6}?(?:medicine|clinics?|hospitals?|associates|"
    r"medical[ ]group|group|partners|cent(?:er|re)|practice|physicians|pediatrics|paediatrics|"
    r"cardiology|orthop(?:a)?edics|oncology|dermatology|neurology|obstetrics|gynecology|"
    r"radiology|imaging|surgery|specialists|health|healthcare|health[ ]system|urgent[ ]care|"
    r"primary[ ]care|laborator(?:y|ies)|pharmacy|hospice|infirmary|institute)"
    r"(?:,?[ ]+(?:llc|llp|inc|pc|pllc|pa|ltd)\.?)?)[ \t]*$"
)
_SMALL = frozenset(("of", "and", "the", "for", "at", "&"))
HEAD_LINES = 6  # that a letterhead may take
_DOCUMENT = frozenset(
    """note notes summary progress consult consultation report history visit service services
    division section admission encounter evaluation assessment plan record chart letter review
    past present current daily brief initial date reason order orders results procedure""".split()  # noqa: SIM905
)

_SPECIALTY = re.compile(
    r"(?:olog(?:y|ic|ical|ist)s?|iatr(?:y|ic|ics|ist)|surgery|surgical|therapy|otics)$"
)
_OF = frozenset(
    ("university", "hospital", "college", "school", "institute", "church", "lady", "sisters")
)


def find(text: str, lower: bool) -> Iterator[Phi]:
    """Facilities that have a name; "the pain clinic" has none. `lower`: text without capitals."""
    lex = lexicon()
    yield from _named(text, lex)
    yield from _one_case(text, lower, lex)
    yield from _letterhead(text)


def _named(text: str, lex: Lexicon) -> Iterator[Phi]:
    for head in _HEAD.finditer(text):
        at = max(0, head.start() - 70)
        name = _BEFORE.search(text[at : head.start()])
        start = head.start()
        words: list[tuple[int, str]] = []
        if name is not None:
            words = [
                (at + name.start() + m.start(), m.group()) for m in re.finditer(r"[^ ]+", name[0])
            ]
        words = _proper(words)
        if head["specialty"] and (not words or any(lex.ordinary(w.casefold()) for _, w in words)):
            continue
        end = head.end()
        tail = _TAIL.match(text, end)
        town = _TOWN_AFTER.match(text, end)
        if words and town is not None and not _all_plain(town["t"].split(), lex):
            end = town.end()
        elif tail is not None and not _all_plain(tail[0].split()[1:], lex):
            end = tail.end()
        elif not words:
            continue
        if words:
            start = words[0][0]
        yield Phi(start, end, Category.LOCATION)


def _proper(words: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The words from the first that is no generic one of clinics and departments."""
    plain = [word.strip(".,'’").casefold() for _, word in words]
    for n, word in enumerate(plain):
        opens = plain[n + 1 : n + 2] == ["of"] and word not in _OF and lexicon().ordinary(word)
        if word in _GENERIC or len(word) < 2 or opens or _SPECIALTY.search(word):
            continue
        return words[n - (word == "lady" and plain[n - 1 : n] == ["our"]) :]
    return []


def _all_plain(words: list[str], lex: Lexicon) -> bool:
    folded = [w.strip(".,'’-–").casefold() for w in words]
    return all(lex.ordinary(w) or w in lex.states or w in lex.wide or not w for w in folded)


def _one_case(text: str, lower: bool, lex: Lexicon) -> Iterator[Phi]:
    """In small letters, where the text has no others, or in capitals: words decide, not case."""
    for match in _ONE_CASE.finditer(text):
        if not (match["n"].isupper() or (lower and match["n"].islower())):
            continue
        words = [w.strip(".'’") for w in match["n"].casefold().split()[:-1]]
        proper = [w for w in words if w not in _GENERIC and not _SPECIALTY.search(w)]
        if proper and all(w in lex.facility or not lex.ordinary(w) for w in proper):
            yield Phi(*match.span("n"), Category.LOCATION)


def _letterhead(text: str) -> Iterator[Phi]:
    """The practice that stands over a text, in capitals or with a capital to every word."""
    starts = [m.end() for m in re.finditer(r"\S[^\n]*", text[:2000])][:HEAD_LINES]
    for match in _LETTERHEAD.finditer(text, 0, starts[-1] if starts else 0):
        words = match["n"].replace(",", "").split()
        folded = [w.strip(".&'’").casefold() for w in words]
        titled = all(w[:1].isupper() or w in _SMALL or not w[:1].isalpha() for w in words)
        if not titled or not _DOCUMENT.isdisjoint(folded):
            continue
        if any(len(w) > 1 and w not in _GENERIC and not _SPECIALTY.search(w) for w in folded[:-1]):
            yield Phi(*match.span("n"), Category.LOCATION)
