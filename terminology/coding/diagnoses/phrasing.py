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
_TAIL = re.compile(rf"(?: {_WHEN})+$")
_FAMILY = re.compile(
    rf"(?:my )?{_RELATIVE} (?:has|had|have|with|w|got|died (?:of|from)) (?:a |an )?(?P<had>.+)"
    rf"|(?:fam|family) {HISTORY}(?: of)? (?P<history>.+)|fhx?(?: of)? (?P<fh>.+)"
    r"|(?P<runs>.+?) (?:runs )?in (?:the|my) family"
)
_PAST = re.compile(
    rf"(?:(?:(?:personal|past|remote|prior) )?{HISTORY}(?: of)?|prior|previous|previously had"
    rf"|past(?! (?:{_NUMBER} )*{_UNIT}\b)|remote|resolved|healed|cured) (?:a |an )?(?P<had>.+)"
    rf"|(?:had )?(?:a |an )?(?P<ago>.+) {_AGO}"
    r"|(?P<over>.+?) (?:(?:has|have|is|are|was|now|since|completely|fully) )*(?:resolved|cured)"
)
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
_NEED = (
    "(?:(?:needs?|needed|due|encounter|enc|here|wants|requests|routine|prophylactic) (?:for )?)*"
)
_SHOT = r"(?:vaccin(?:es?|ations?)?|vacc?|immuni[sz]ations?|inoculation)"
# a vaccine that is given or asked for; not what it did, nor that it was not given
_VACCINE = re.compile(
    r"(?!.*\b(?:no|not|non|never|without|reaction|adverse|allerg\w+|fever|pain|rash|swelling"
    r"|refus\w+|declin\w+|defer\w+|complic\w+|injury|poisoning|overdose|underdosing|history|hx"
    r"|status|counsel\w+|contraindicat\w+|after|following|due to|from|failure|hesitan\w+|delayed"
    r"|behind|exempt\w+|un\w+|partial\w*|induced|associated|preventable)\b)"
    rf"{_NEED}(?:{_SHOT} (?:and {_SHOT} )?(?:for|against) .+"
    rf"|(?:\w+ ){{0,4}}{_SHOT}(?: (?:needed|need|due|given|administered|today|booster))*)"
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
