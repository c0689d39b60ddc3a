"""What people say around a condition: who has it, since when, how bad it is; that it is absent.

"My son has had a bad cough for 3 days" tells of a cough, "dad had a stroke" of a family history,
"denies chest pain" of nothing. All take phrases as phrase_of makes them, and give such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from terminology.coding.canonical import lexemes
from terminology.coding.diagnoses.sides import SIDES
from terminology.coding.lexicon import EVERYDAY, MEASURED, NORMAL, PARTS, STOP


def _any(words: str) -> str:
    """An expression for any of the phrases that commas part."""
    return "(?:" + "|".join(" ".join(each.split()) for each in words.split(",")) + ")"


_CHILD = _any("son, daughter, child, kid, baby, toddler, infant, boy, girl, newborn")
_SUBJECT = (
    rf"(?:(?:the )?(?:pt|patient|client)|he|she|they|it|i|we|(?:(?:my|our|his|her) )?{_CHILD})"
)
_COMES = _any(
    "presents, presented, presenting, comes in, came in, here, in, seen, suffers, suffering"
)
_HAS = _any(
    rf"""think (?:i|he|she) ha(?:ve|s), complain(?:s|ing|ed|t|ts) of, symptoms of, c o, cc,
    {_COMES} (?:with|w|for|from), (?:dx|diagnosed) with, has, have, had, having, got, gets, getting,
    is, are, am, was, been, feel, feels, feeling, felt, reports, reporting, states,
    noticed, woke up with, experiencing, keeps, keep, started, developed, developing,
    known(?: case of)?, case of, (?:eval|evaluation) (?:of|for), (?:f u|follow ?up)(?: for)?"""
)
_DEGREE = _any(
    """a lot of, lots of, a bit of, a little, kind of, kinda, some, a, an, the, this, these, my,
    his, her, really, very, so, super, extremely, terrible, terribly, awful, horrible, bad, badly,
    worst, constantly, always, ongoing, possible, poss, probable, prob, likely, suspected, suspect,
    concern for, worried about, r o, rule out"""
)
_NUMBER = _any(r"\d+, a, one, two, three, four, five, six, seven, ten, few, couple, several, many")
_UNIT = _any("h, hrs?, hours?, d, days?, nights?, wks?, weeks?, mos?, months?, yrs?, years?")
_SPAN = rf"(?:{_NUMBER} (?:of )?)*{_UNIT}"
_SINCE = _any("yesterday, birth, childhood, this morning, last night, last week, monday")
_FOR = r"(?:for|x|times|over|in|within|since|during)(?: (?:the|about|almost|over|past|last))*"
_WHEN = _any(
    rf"""{_FOR} {_SPAN}, x\d+ ?{_UNIT}, since {_SINCE}, today, this (?:morning|week), yesterday,
    again, now, lately, recently, currently, all day, all night, all the time, at night, at times,
    sometimes, often, a lot, on and off, off and on, (?:that )?comes? and goes?,
    (?:that )?won ?t (?:go away|stop), (?:and )?getting worse, worsening, please,
    (?:really|very|so) bad, noted, (?:for )?(?:initial|subsequent) encounter"""
)
_RELATIVE = _any(
    """mom, mum, mother, dad, father, parents?, sister, brother, siblings?,
    grand(?:ma|pa|mother|father), aunt, uncle, cousin"""
)
# of no one's blood: what these have is nobody's history
_COMPANION = _any(
    """wife, husband, spouse, partner, girlfriend, boyfriend, fiancee?, friend, neighbou?r,
    roommate, housemate, coworker, colleague, boss"""
)
_HISTORY = "(?:hx|h o|hist|history|pmhx?|past medical history)"
_AGO = rf"(?:last year|in (?:19|20)\d\d|{_SPAN} ago|years ago|as a (?:child|kid)|in the past)"
_LEAD = re.compile(
    rf"(?:{_SPAN} (?:{_HISTORY} )?of )?"
    rf"(?:{_SUBJECT} (?:s|m|ve|{_HAS}) )?(?:{_HAS} )*(?:{_DEGREE} )*"
    # the 7th character tells of these
    r"(?:(?:sequelae?|late effects?) of )?(?:closed (?=.*\b(?:fracture|fx)))?"
)
_TAIL = re.compile(rf"(?: {_WHEN})+$")
_FAMILY = re.compile(
    rf"(?:my )?{_RELATIVE} (?:has|had|have|with|w|got|died (?:of|from)) (?:a |an )?(?P<had>.+)"
    rf"|(?:fam|family) {_HISTORY}(?: of)? (?P<history>.+)|fhx?(?: of)? (?P<fh>.+)"
    r"|(?P<runs>.+?) (?:runs )?in (?:the|my) family"
)
_PAST = re.compile(
    rf"(?:(?:(?:personal|past|remote|prior) )?{_HISTORY}(?: of)?|prior|previous|previously had|past"
    rf"|remote|resolved|healed|cured) (?:a |an )?(?P<had>.+)"
    rf"|(?:had )?(?:a |an )?(?P<ago>.+) {_AGO}"
    r"|(?P<over>.+?) (?:(?:has|have|is|are|was|now|since|completely|fully) )*(?:resolved|cured)"
)
# what one may fear without having it; one who worries about a cough has a cough
_DREADED = (
    r".*\b(?:cancer|tumou?rs?|malignancy|leuk\w+|\w{3,}oma|dementia|alzheimer \w+|alzheimers?"
    r"|parkinson\w*|stroke|heart attack|mi|hiv|aids|stds?|stis?|diabetes|disease|death|dying)\b.*"
)
_FEARED = re.compile(
    rf"(?:{_SUBJECT} )?(?:(?:{_HAS}|s|m) )?(?:{_DEGREE} )*"
    r"(?:worr(?:y|ies|ied|ying)|scared|afraid|anxious|concerned|fearful|fear(?:s|ing)?)"
    rf" (?:about|of|that) {_DREADED}"
)
_SUBSTANCE = _any(
    """alcohol, etoh, tobacco, nicotine, cigarettes, cannabis, marijuana, cocaine, heroin, opioids,
    drugs"""
)
_HABIT = (
    r"(?:smok(?:e|es|ed|ing)|vap(?:e|es|ed|ing)"
    r"|(?:us(?:e|es|ed|ing)|abuse|chew|drink|drinks|drank|drinking)"
    rf"(?: (?:any|illicit|recreational))* {_SUBSTANCE})"
)
_ALL = r"(?:(?!\b(?:but|however)\b).)+"  # with nothing that is there after all
_DENIAL = (
    rf"(?:{_SUBJECT} )?(?:denies|denied|denying|never had"
    rf"|(?:did|do(?:es)?) ?(?:not|n ?t) have) {_ALL}"
    rf"|(?:{_SUBJECT} )?(?:(?:is|was|are) )?(?:free (?:from|of)|neither) {_ALL}"
    rf"|(?:negative|neg) for {_ALL}|(?:ruled out|doubt|unlikely|excluded|excludes) {_ALL}"
    rf"|(?:fam|family) {_HISTORY} (?:is |was )?(?:negative|neg|unremarkable)(?: {_ALL})?"
    rf"|(?:negative|neg) (?:fam|family) {_HISTORY}(?: {_ALL})?"
    rf"|no (?:evidence|signs?|symptoms?|complaints?|known|{_HISTORY})(?: of)? {_ALL}"
    rf"|{_ALL} (?:denied|denies|ruled out|(?:is |was |been )?(?:excluded|(?:very )?unlikely)|none"
    r"|non ?reactive|free)"
    rf"|(?:my |his |her )?{_COMPANION} (?:has|had|have|with|w|got|is having|tested positive for)"
    rf" {_ALL}|(?:{_SUBJECT} )?(?:is )?(?:at )?"
    rf"(?:(?:high|increased|low|moderate|elevated) )*risk (?:of|for) {_ALL}"
    rf"|(?:{_SUBJECT} )?(?:(?:do|does|did|has|have|is|was) ?)?(?:not|n ?t|never|no)"
    rf" (?:(?:ever|currently) )?{_HABIT}(?: {_ALL})?"
    r"|not (?:currently |now )?pregnant|no (?:acute |apparent |obvious )*distress"
)
_DENIED = re.compile(_DENIAL)
_CONTRAST = re.compile(rf"(?:{_DENIAL}) (?:but|however)(?: positive for)? (?P<there>.+)")
_ABSENT = re.compile(
    rf"(?:{_SUBJECT} )?(?:(?:has|have|having|had|there is|is|was|w|does|do|did) )?"
    r"(?:no|not|without|w o|never|lacks?|lacking)\b|(?:absence|lack) of\b"
    r"|(?:(?:lifelong|lifetime|current) )?non ?\w+$"
    r"|(?:negative|neg)\b|.* (?:negative|neg)$"
)
_LACKS = re.compile(
    r"\b(?:no|not(?! elsewhere| otherwise| specified| associated| applicable)|non|never"
    r"|without|none|nothing|loss|lacks?|lacking|absent|absence|cannot|can t|won ?t|doesn ?t"
    r"|stopped|missed|missing|negative)\b"
)
_BUT_FOR = re.compile(r"\w (?:without|w o) ")  # a disorder is there, and something else is not
_THERE_BUT = re.compile(
    r"(?P<there>\w.*?)(?: with or)? (?:(?:(?:but|and) )?(?:without|w o|wo)"
    r"|(?:(?:but|and|with) )?no)"
    r" (?:(?:any|mention of|evidence of|signs? of|acute|current|associated) )*(?P<missing>\w.*)"
)
_OF_A_SIDE = re.compile(
    rf"(?P<what>\w.*?) (?:(?:of|in|on|to) )?(?:the )?(?P<where>(?:{'|'.join(SIDES)})\b.*)"
)
_TEST = re.compile(r"\b(?:tests?|results?|screen(?:ing)?|swab|culture)\b")
_BESIDE = re.compile(
    r" (?:after|when|while|with|w|on|from|for|because|and|during|since|due to|secondary to|2 2|d t"
    r"|caused by|if|upon) "
)
_LONGEST = 400  # letters: what is longer is a note, of which no one phrase tells
_CAPITALS = re.compile(r"[A-Z]{2}")
_MEASURE = re.compile(rf"\b(?:{'|'.join(sorted(MEASURED))})\b", re.IGNORECASE)
_BESIDE_PARTS = PARTS.union(SIDES, STOP, ("a", "his", "her", "upper", "lower"))
_AS_IT_SHOULD_BE = _BESIDE_PARTS.union(NORMAL, MEASURED)
_NOT = re.compile(r"\b(?:non|not) (?=[a-z])")  # "non tender" is "nontender"


def empty(text: str, normal: str) -> bool:
    """Whether a text has only words that name no disorder: "hello", "left knee", "lungs clear".

    Letters that stand out of it are not among these: "AS of the spine".
    """
    said = normal.split()
    if _CAPITALS.search(_MEASURE.sub("", text)) and not text.isupper():
        return False
    if len(normal) == 1 or EVERYDAY.issuperset(said) or _BESIDE_PARTS.issuperset(said):
        return True
    found = _NOT.sub("non", normal).split()
    return _AS_IT_SHOULD_BE.issuperset(found) and not NORMAL.isdisjoint(found)


def plainly(normal: str) -> str:
    """A phrase without what is said around the condition; the phrase itself where nothing is."""
    if len(normal) > _LONGEST:
        return normal
    if contrast := _CONTRAST.fullmatch(normal):
        return _bare(contrast["there"])
    if _FEARED.fullmatch(normal):
        return "feared health complaint"
    if family := _FAMILY.fullmatch(normal):
        return f"family history of {_bare(family[family.lastgroup or 0])}"
    if past := _PAST.fullmatch(normal):
        return f"history of {_bare(past[past.lastgroup or 0])}"
    return _bare(normal)


def heads(normal: str) -> Iterator[str]:
    """What stands before words that only tell of circumstances, the longest first."""
    for found in reversed(list(_BESIDE.finditer(normal[:_LONGEST]))):
        yield normal[: found.start()]


def denied(normal: str) -> bool:
    """Whether a phrase says that there is no such condition: "negative for flu"."""
    return len(normal) <= _LONGEST and _DENIED.fullmatch(normal) is not None


def absent(normal: str) -> bool:
    """Whether it begins or ends with a negation, which may be a part of a name: "no appetite"."""
    return _ABSENT.match(normal) is not None


def lacks(name: str, missing: str) -> bool:
    """Whether a name says that what a phrase misses is not there: "loss of appetite"."""
    if _LACKS.search(name) is None or _BUT_FOR.search(name):
        return False
    what = frozenset(lexemes(_TEST.sub("", _LACKS.sub("", missing))))
    both = what.intersection(lexemes(_LACKS.sub("", name)))
    return len(both) * 2 >= len(what) > 0


def but_for(normal: str) -> tuple[str, frozenset[str]]:
    """What is there, and the canonical words of what is not beside it: "DVT without PE"."""
    found = _THERE_BUT.fullmatch(normal)
    if found is None:
        return "", frozenset()
    said, missing = found["there"], found["missing"]
    if SIDES.keys().isdisjoint(said.split()) and (where := _OF_A_SIDE.fullmatch(missing)):
        said, missing = (
            f"{said} {where['where']}",
            where["what"],
        )  # of the left leg is what is there
    return said, frozenset(lexemes(missing)).difference(lexemes(said))


def claims(name: str, words: frozenset[str]) -> bool:
    """Whether a name says that any of the words is there: "asthma with exacerbation"."""
    return not words.isdisjoint(lexemes(_LACKS.split(name, maxsplit=1)[0]))


def _bare(normal: str) -> str:
    lead = _LEAD.match(normal)
    rest = normal[lead.end() :] if lead else normal
    return _TAIL.sub("", rest) or rest or normal
