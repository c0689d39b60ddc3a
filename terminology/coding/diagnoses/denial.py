"""What a phrase says is not there: that nobody has it, that it was never, that nothing is wrong.

"Denies chest pain" tells of nothing, "sepsis without shock" of a sepsis, "no appetite" is a name.
All take phrases as phrase_of makes them, and give such.
"""

from __future__ import annotations

import re

from terminology.coding.canonical import lexemes
from terminology.coding.diagnoses.sides import SIDES
from terminology.coding.lexicon import EVERYDAY, MEASURED, NORMAL, PARTS, STOP
from terminology.index import phrase_of


def any_of(words: str) -> str:
    """An expression for any of the phrases that commas part."""
    return "(?:" + "|".join(" ".join(each.split()) for each in words.split(",")) + ")"


CHILD = any_of("son, daughter, child, kid, baby, toddler, infant, boy, girl, newborn")
SUBJECT = rf"(?:(?:the )?(?:pt|patient|client)|he|she|they|it|i|we|(?:(?:my|our|his|her) )?{CHILD})"
HISTORY = "(?:hx|h o|hist|history|pmhx?|past medical history)"
# of no one's blood: what these have is nobody's history
_COMPANION = any_of(
    """wife, husband, spouse, partner, girlfriend, boyfriend, fiancee?, friend, neighbou?r,
    roommate, housemate, coworker, colleague, boss"""
)
_SUBSTANCE = any_of(
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
    rf"(?:{SUBJECT} )?(?:denies|denied|denying|never had"
    rf"|(?:did|do(?:es)?) ?(?:not|n ?t) have) {_ALL}"
    rf"|(?:{SUBJECT} )?(?:(?:is|was|are) )?(?:free (?:from|of)|neither) {_ALL}"
    rf"|(?:negative|neg) for {_ALL}|(?:ruled out|doubt|unlikely|excluded|excludes) {_ALL}"
    rf"|(?:fam|family) {HISTORY} (?:is |was )?(?:negative|neg|unremarkable)(?: {_ALL})?"
    rf"|(?:negative|neg) (?:fam|family) {HISTORY}(?: {_ALL})?"
    rf"|no (?:evidence|signs?|symptoms?|complaints?|known|{HISTORY})(?: of)? {_ALL}"
    rf"|{_ALL} (?:denied|denies|ruled out|(?:is |was |been )?(?:excluded|(?:very )?unlikely)|none"
    r"|non ?reactive|free)"
    rf"|(?:my |his |her )?{_COMPANION} (?:has|had|have|with|w|got|is having|tested positive for)"
    rf" {_ALL}|(?:{SUBJECT} )?(?:is )?(?:at )?"
    rf"(?:(?:high|increased|low|moderate|elevated) )*risk (?:of|for) {_ALL}"
    rf"|(?:{SUBJECT} )?(?:(?:do|does|did|has|have|is|was) ?)?(?:not|n ?t|never|no)"
    rf" (?:(?:ever|currently) )?{_HABIT}(?: {_ALL})?"
    r"|not (?:currently |now )?pregnant|no (?:acute |apparent |obvious )*distress"
)
_DENIED = re.compile(_DENIAL)
_BESIDE_DENIED = re.compile(
    rf"(?P<there>\w.*?)(?: (?:and|but|who|however))?(?: {SUBJECT})?"
    r" (?:denies|denied|denying|(?:negative|neg) for|not having"
    r"|(?:with )?no (?:evidence|complaints?) of) \w.*"
)
CLAUSES = re.compile(r"[,;]\s+(?:(?:and|but)\s+)?")
_NO = re.compile(r"(?:no|neg|negative)\b|.* (?:neg|negative)$")
CONTRAST = re.compile(rf"(?:{_DENIAL}) (?:but|however)(?: positive for)? (?P<there>.+)")
_ABSENT = re.compile(
    rf"(?:{SUBJECT} )?(?:(?:has|have|having|had|there is|is|was|w|does|do|did) )?"
    r"(?:no|not|without|w o(?:ut)?|never|lacks?|lacking)\b|(?:absence|lack) of\b"
    r"|(?:(?:lifelong|lifetime|current) )?non ?\w+$"
    r"|(?:negative|neg)\b|.* (?:negative|neg)$"
)
_LACKS = re.compile(
    r"\b(?:no|not(?! elsewhere| otherwise| specified| associated| applicable)|non|never"
    r"|without|none|nothing|loss|lacks?|lacking|absent|absence|cannot|can t|won ?t|doesn ?t"
    r"|stopped|missed|missing|negative)\b"
)
_BUT_FOR = re.compile(
    r"\w (?:without|w o(?:ut)?) "
)  # a disorder is there, and something else is not
_THERE_BUT = re.compile(
    r"(?P<there>\w.*?)(?: with or)? (?:(?:(?:but|and) )?(?:without|w o(?:ut)?|wo)"
    r"|(?:(?:but|and|with) )?no)"
    r" (?:(?:any|mention of|evidence of|signs? of|acute|current|associated) )*(?P<missing>\w.*)"
)
_OF_A_SIDE = re.compile(
    rf"(?P<what>\w.*?) (?:(?:of|in|on|to) )?(?:the )?(?P<where>(?:{'|'.join(SIDES)})\b.*)"
)
_TEST = re.compile(r"\b(?:tests?|results?|screen(?:ing)?|swab|culture)\b")
LONGEST = 400  # letters: what is longer is a note, of which no one phrase tells
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


def denied(normal: str) -> bool:
    """Whether a phrase says that there is no such condition: "negative for flu"."""
    return len(normal) <= LONGEST and _DENIED.fullmatch(normal) is not None


def _is_denied(normal: str) -> bool:
    return denied(normal) or _NO.match(normal) is not None


def undenied(text: str) -> str:
    """What a text tells of before what it denies: "asthma, denies wheezing" tells of asthma."""
    if len(text) > LONGEST:
        return text
    clauses = CLAUSES.split(text)
    gone = (place for place, said in enumerate(clauses) if place and _is_denied(phrase_of(said)))
    if (end := next(gone, 0)) > 0:
        text = ", ".join(clauses[:end])
    found = _BESIDE_DENIED.fullmatch(phrase_of(text))
    return found["there"] if found else text


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
