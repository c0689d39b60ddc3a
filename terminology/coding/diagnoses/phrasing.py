"""What people say around a condition: who has it, since when, how bad it is, how it came.

"My son has had a bad cough for 3 days" tells of a cough, "dad had a stroke" of a family history.
All take phrases as phrase_of makes them, and give such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from terminology.coding.diagnoses.denial import CONTRAST, HISTORY, LONGEST, SUBJECT, any_of

_COMES = any_of(
    "presents, presented, presenting, comes in, came in, here, in, seen, suffers, suffering"
)
_HAS = any_of(
    rf"""think (?:i|he|she) ha(?:ve|s), complain(?:s|ing|ed|t|ts) of, symptoms of, c o, cc,
    {_COMES} (?:with|w|for|from), (?:dx|diagnosed) with, has, have, had, having, got, gets, getting,
    is, are, am, was, been, feel, feels, feeling, felt, reports, reporting, states,
    noticed, woke up with, experiencing, keeps, keep, can t stop, started, developed, developing,
    known(?: case of)?, case of, (?:eval|evaluation) (?:of|for), (?:f u|follow ?up)(?: for)?"""
)
_DEGREE = any_of(
    """a lot of, lots of, a bit of, a little, kind of, kinda, some, a, an, the, this, these, my,
    his, her, really, very, so, super, extremely, terrible, terribly, awful, horrible, bad, badly,
    worst, constantly, always, ongoing, possible, poss, probable, prob, likely, suspected, suspect,
    concern for, worried about, r o, rule out"""
)
_NUMBER = any_of(
    r"\d+, a, one, two, three, four, five, six, seven, ten, few, couple, several, many"
)
_UNIT = any_of("h, hrs?, hours?, d, days?, nights?, wks?, weeks?, mos?, months?, yrs?, years?")
_SPAN = rf"(?:{_NUMBER} (?:of )?)*{_UNIT}"
_SINCE = any_of("yesterday, birth, childhood, this morning, last night, last week, monday")
_FOR = r"(?:for|x|times|over|in|within|since|during)(?: (?:the|about|almost|over|past|last))*"
_AFEBRILE = r"(?:and )?(?:currently )?(?:afebrile|normotensive|ha?emodynamically stable)"
_WHEN = any_of(
    rf"""{_AFEBRILE}, {_FOR} {_SPAN}, x\d+ ?{_UNIT}, since {_SINCE}, today,
    this (?:morning|week), yesterday, again, now, lately, recently, currently, all day, all night,
    all the time, at night, at times,
    sometimes, often, a lot, on and off, off and on, (?:that )?comes? and goes?,
    (?:that )?won ?t (?:go away|stop), (?:and )?getting worse, worsening, please,
    (?:really|very|so) bad, noted, (?:for )?(?:initial|subsequent) encounter"""
)
_RELATIVE = any_of(
    """mom, mum, mother, dad, father, parents?, sister, brother, siblings?,
    grand(?:ma|pa|mother|father), aunt, uncle, cousin"""
)
_AGO = rf"(?:last year|in (?:19|20)\d\d|{_SPAN} ago|years ago|as a (?:child|kid)|in the past)"
# up to four weeks ago one still has it
_FEW = "one, two, three, four, a, couple, a couple"
_DAYS = any_of(rf"{_FEW}, five, six, seven, ten, several, few, a few, an, 1?\d, 2[0-8]")
_WEEKS = any_of(rf"{_FEW}, [1-4]")
_LATELY = (
    rf"(?:(?:{_DAYS} (?:of )?|(?<!\d\s))(?:h|hrs?|hours?|d|days?|nights?)"
    rf"|{_WEEKS} (?:of )?(?:wks?|weeks?)) ago"
)
_LEAD = re.compile(
    rf"(?:{_SPAN} (?:{HISTORY} )?of )?"
    rf"(?:{SUBJECT} (?:s|m|ve|{_HAS}) )?(?:{_HAS} )*(?:{_DEGREE} )*"
    # the 7th character tells of these
    r"(?:(?:sequelae?|late effects?) of )?(?:closed (?=.*\b(?:fracture|fx)))?"
)
# how one was hurt, before what it did: "fell off my bike and broke my arm", "MVC with neck pain"
_CAUSE = re.compile(
    rf"(?:{SUBJECT} )?(?:fell|slipped|tripped|crashed|jumped|collided|was hit)\b"
    r"(?: \w+){0,6}? and (?:i |he |she )?"
    r"(?=(?:br[eo]\w+|hurt|hit|cut|twist\w+|injur\w+|bang\w*|sprain\w+|fractur\w+|dislocat\w+"
    r"|bruis\w+|scrap\w+|burn\w*|land\w+|roll\w+|tore|smash\w*|crack\w*|split) )"
    r"|(?:(?:s p|status post|after) )?(?:a )?(?:(?:mechanical|ground level) )?"
    r"(?:falls?|glf|mv[ac]|rta|mcc|assault|foosh|collision|accident) (?:with|w|and) "
)
_TAIL = re.compile(rf"(?: (?:{_WHEN}|{_LATELY}))+$")
_FAMILY = re.compile(
    rf"(?:my )?{_RELATIVE} (?:has|had|have|with|w|got|died (?:of|from)) (?:a |an )?(?P<had>.+)"
    rf"|(?:fam|family) {HISTORY}(?: of)? (?P<history>.+)|fhx?(?: of)? (?P<fh>.+)"
    r"|(?P<runs>.+?) (?:runs )?in (?:the|my) family"
)
_PAST = re.compile(
    rf"(?:(?:(?:personal|past|remote|prior) )?{HISTORY}(?: of)?|prior|previous|previously had"
    rf"|past(?! (?:{_NUMBER} )*{_UNIT}\b)|remote|resolved|healed|cured) (?:a |an )?(?P<had>.+)"
    rf"|(?:had )?(?:a |an )?(?!.* {_LATELY}$)(?P<ago>.+?) {_AGO}"
    r"|(?P<over>.+?) (?:(?:has|have|is|are|was|now|since|completely|fully) )*(?:resolved|cured)"
)
_TITLE = re.compile(r"\s*h(?:x|ist(?:ory)?)-", re.IGNORECASE)
_OVER = re.compile(r"^personal |\b(?:resolved|healed|cured)\b")
# what one may fear without having it; one who worries about a cough has a cough
_DREADED = (
    r".*\b(?:cancer|tumou?rs?|malignancy|leuk\w+|\w{3,}oma|dementia|alzheimer \w+|alzheimers?"
    r"|parkinson\w*|stroke|heart attack|mi|hiv|aids|stds?|stis?|diabetes|disease|death|dying)\b.*"
)
_FEARED = re.compile(
    rf"(?:{SUBJECT} )?(?:(?:{_HAS}|s|m) )?(?:{_DEGREE} )*"
    r"(?:worr(?:y|ies|ied|ying)|scared|afraid|anxious|concerned|fearful|fear(?:s|ing)?)"
    rf" (?:about|of|that) {_DREADED}"
)
_VACCINATION = (
    r"(?:(?:vaccin(?:es?|ations?)?|immuni[sz]ations?|inoculation)"
    r"(?: (?:and|or) (?:vaccin\w+|immuni[sz]ations?|inoculation))?)"
)
_SHOT = r"(?:shots?|jabs?|boosters?|vacc?)"  # of other things too, where nothing says against what
# what one is vaccinated against, as it is called there
_AGAINST = any_of(
    """flu, influenza, covid(?: 19)?, covid19, mmr, mmrv, measles, mumps, rubella, varicella,
    chicken ?pox, shingles, zoster, herpes zoster, hpv, human papilloma ?virus, tdap?, td, dt,
    dtap, dtp, dpt, tetanus, diphtheria, pertussis, whooping cough, tetanus diphtheria,
    pneumonia, pneumo, pneumococc(?:al|us), pcv\\d*, ppsv\\d*, mening(?:itis|ococc(?:al|us)),
    hep(?:atitis)? (?:a|b|c), viral hepatitis, hepatitis, hep, hib, polio(?:myelitis)?, ipv, opv,
    rota(?: ?virus)?, rsv, rabies, typhoid, cholera, yellow fever, japanese encephalitis, bcg,
    tb, tuberculosis, small ?pox, mpox, anthrax, viral disease, viral diseases, bacterial disease,
    single disease, combinations?, disease, haemophilus, h influenzae? b, h influenza,
    streptococcus pneumoniae, arthropod viral, virus, encephalitis, plague, tularemia"""
)
_WHICH = any_of(
    """annual, yearly, seasonal, routine, childhood, prophylactic, preventive, booster, first,
    second, third, next, travel, the, his, her, my, a, an, live, conjugate, combined, adult,
    catch ?up"""
)
_OF = rf"{_AGAINST}(?:(?: and| or)? {_AGAINST})*"
_ASKED = any_of(
    """needs?, needed, need for, due for, due, overdue for, encounter for, enc for, visit for,
    here for, wants, wanting, requests, requesting, requires, gets?, getting, got, given, received,
    receiving, prophylactic, administered, presents for, in for, comes in for"""
)
_DONE = any_of(
    """needed, need, due, given, administered, today, booster, visit, encounter, appointment,
    update, series, dose, only, nec, nos, required, requested"""
)
# a vaccine that is given, needed or due, and no more: not what it did, nor that it was not given
_VACCINE = re.compile(
    rf"(?:{SUBJECT} (?:is )?)?(?:{_ASKED} )*(?:{_WHICH} )*"
    rf"(?:{_OF} (?:{_WHICH} )*(?:{_VACCINATION}|{_SHOT})"
    rf"|{_VACCINATION}|(?:{_VACCINATION}|{_SHOT}) (?:for|against) (?:the )?{_OF})"
    rf"(?: (?:is |was )?{_DONE})*"
)
_BESIDE = re.compile(
    r" (?:after|when|while|with|w|on|from|for|because|and|during|since|due to|secondary to|2 2|d t"
    r"|caused by|if|upon) "
)


def plainly(normal: str) -> str:
    """A phrase without what is said around the condition; the phrase itself where nothing is."""
    if len(normal) > LONGEST:
        return normal
    if contrast := CONTRAST.fullmatch(normal):
        return _bare(contrast["there"])
    if _VACCINE.fullmatch(normal):
        return "encounter for immunization"
    if _FEARED.fullmatch(normal):
        return "feared health complaint"
    if family := _FAMILY.fullmatch(normal):
        return f"family history of {_bare(family[family.lastgroup or 0])}"
    if past := _PAST.fullmatch(normal):
        return f"history of {_bare(past[past.lastgroup or 0])}"
    return _bare(normal)


def is_over(text: str, normal: str) -> bool:
    """Whether a text, and what matters of it, call a history that of something that is over.

    Claims write "Hx-psoriasis" for the title of a code of a personal history.
    """
    return _TITLE.match(text) is not None or _OVER.search(normal[:LONGEST]) is not None


def heads(normal: str) -> Iterator[str]:
    """What stands before words that only tell of circumstances, the longest first."""
    for found in reversed(list(_BESIDE.finditer(normal[:LONGEST]))):
        yield normal[: found.start()]


def _bare(normal: str) -> str:
    lead = _LEAD.match(normal)
    rest = normal[lead.end() :] if lead else normal
    cause = _CAUSE.match(rest)
    rest = rest[cause.end() :] if cause else rest
    return _TAIL.sub("", rest) or rest or normal


def as_written(text: str, normal: str) -> str:
    """What a normalised part of a text is in its own letters, where the text has it."""
    at = text.lower().find(normal)
    return text[at : at + len(normal)] if at >= 0 else normal
