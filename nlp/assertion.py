"""What a note claims of a mention: negation, time, experiencer, certainty, by cues in scope.

After NegEx (Chapman 2001) and ConText (Harkema 2009): a cue decides every mention in its scope,
which runs through lists to a stop such as "but"; phrases that only look like cues hide them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nlp import cured, scope, turns
from nlp.cues import Category
from nlp.cues.classes import CLASSES
from nlp.document import read
from nlp.places import Place
from nlp.tables import compiled, worded
from nlp.types import Assertion, Document, Kind, Section, Sentence, Span

_FURTHER = re.compile(
    r"^[ \t]*(?:tobacco|alcohol|smok|etoh|exercise|occupation|falls?\b|diet\b)[^:\n]{0,30}:",
    re.I | re.M,
)
# A list of what is there, and none of the past.
_PROBLEMS = re.compile(r"(?!past|previous)[^\n]*problem", re.I)
_OVER = re.compile(r"(?:resolved|inactive|former)\b", re.I)
_DIFFERENTIAL = re.compile(
    r"dif|ddx|possible|suspected|provisional|rule|r/o", re.I
)  # titles of what may be
_OWNERS = ("my ", "your ", "his ", "her ", "their ")
_OWNED = re.compile(r"\b(?:(?:my|your)\s(?:[\w-]+\s)?|(?:his|her|their)\s)$", re.I)
_TREATMENT = rf"\b(?:{'|'.join(sorted(CLASSES['<treatment>']))})\b"
# "No honey because of botulism", "eye exam for retinopathy": advice and screening, no disease.
_ADVICE = re.compile(
    rf"\b(?:avoid\w*|no\s(?!{_TREATMENT})\w+|don'?t\s\w+|do\s(?:not|n't)|should(?:\snot|n't)|never)"
    rf"\b(?:(?!{_TREATMENT})[^.]){{0,60}}\b(?:because\sof|due\sto\s(?:the\s)?risk)\s(?:[\w-]+\s){{0,3}}$"
    r"|\b(?:de?xa|bone\sdensity|eye\sexam\w*|ophthalmolog\w+|optometr\w+|podiatr\w+|mammogram"
    r"|colonoscopy|pap\ssmear)[^.]{0,30}\bfor\s(?:[\w-]+\s){0,3}$"
    r"|\b"
    r"(?:watch\w*|monitor\w*|keep\san\seye|check|look(?:ing)?|exam\w*|screen\w*|test(?:ing)?)"
    r"\s(?:(?!positive|pos\b|confirm)[\w-]+\s){1,8}for\s(?:[\w-]+\s){0,2}$"
    r"|\bfor\sany\s(?:[\w-]+\s){0,2}$"
    r"|\b(?:bring|return(?!\s\w*\s?visit)|call)\s(?:[\w-]+\s){0,4}(?:for|if)\s"
    r"(?:[\w-]+,?\s(?:or\s|and\s)?){0,6}$"
)
_CHILDHOOD = re.compile(r"childhood\b", re.I)  # which the name of the condition begins with
_SURGERY = worded(r"(?:<operation>)")
# "S/p hip fracture ORIF, POD 2": what was operated on is what the stay is for.
_DAY = r"\b(?:POD|post-?op(?:erative)?\sday)\s?#?\d"
_GONE = rf"\b(?:{'|'.join(sorted(CLASSES['<gone>']))})\b"
_JUST_NOW = re.compile(rf"(?:(?!{_GONE})[^.;\n]){{0,40}}?{_DAY}", re.I)
_JUST_AFTER = re.compile(rf"(?:{_DAY}|\bday\s?#?\d+\s(?:post|after|following|s/p))\b", re.I)
# "AKI on CKD resolved": what is acute is over, what it came upon stays.
_ACUTE_ON = re.compile(r"\b(?:aki|arf|acute(?:\s[\w-]+){0,3})\s(?:on|upon)\s(?:\w+\s)?$", re.I)
_HABIT = re.compile(
    r"\b(?:alcohol|tobacco|smoking|drinking|(?:illicit|recreational\s)?drug\suse)\b", re.I
)
_OPERATION = re.compile(rf"\s{_SURGERY}\b")
_OPERATED = re.compile(rf"{_SURGERY}\b[^.;]{{0,40}}\bfor\s(?:[\w-]+\s){{0,2}}$")
_FOR_IT = re.compile(r"for(?<!\wfor)\s(?:[\w-]+\s){0,2}$")  # what such words end with
_SINCE = re.compile(
    r"\b(?:since|after|following|s/p|status\spost|underwent|had)\s(?:[\w-]+\s){0,2}$", re.I
)
# Where an operation is one to come, by the section or by the words of its sentence.
_AHEAD = frozenset({"plan", "assessment_plan", "assessment", "procedure", "chief_complaint"})
_PLANNED = compiled(
    r"\b(?:<ahead>)",
    re.I,
)
# "Borrowed his wife's zolpidem for insomnia": the relative owns the drug, who takes it is ill.
_BORROWED = re.compile(
    r"\b(?:(?:tak(?:e|es|ing|en)|took|us(?:es|ed|ing)|tried|trying|borrow\w*|shar(?:es|ed|ing)"
    r"|swallow\w*|ingested|overdosed\son|given|finished)\s(?:[\w-]+\s){1,4}?[a-z]+['’]s"
    r"|borrow\w*\s[^;.,]*\sfrom\s(?:[\w-]+\s)?[a-z]+)\s"
    r"(?!got\b|been\b|on\b)(?:(?!\bwho(?:se)?\b|\bs?he\b)[^;.])*$",
    re.I,
)
# "His mother has migraines and she takes Imitrex": by its sex the pronoun is the relative's.
_THEIRS = re.compile(
    r"(?:\b(?:his|my)\s(?:\w+\s)?(?:mother|mom|mum|wife|sister|daughter|aunt|grandmother|girlfriend)"
    r"\b[^.?!\n]*\bshe|\b(?:her|my)\s(?:\w+\s)?(?:father|dad|husband|brother|son|uncle|grandfather"
    r"|boyfriend)\b[^.?!\n]*\bhe)(?:\s?['’]s|\s(?:also|has|had|is|was|been|now|still))*"
    r"\s(?:takes|taking|took|uses|using|on)\s(?:[\w-]+\s){0,3}$",
    re.I,
)
_WOMEN = "(?:mother|mom|mum|wife|sister|daughter|aunt|niece|grandmother|granddaughter|girlfriend)"
_MEN = "(?:father|dad|husband|brother|son|uncle|nephew|grandfather|grandson|boyfriend)"
# "Her son has asthma, and she has eczema": by its sex the pronoun is not the relative's.
_NOT_THEIRS = re.compile(
    rf"\b{_MEN}\b"
    rf"(?:(?!\b{_WOMEN}\b)[^.?!\n])*,\s(?:and|but|while)\sshe(?:\s(?!{_WOMEN}\b)[\w'’-]+){{1,6}},?\s$"
    rf"|\b{_WOMEN}\b(?:(?!\b{_MEN}\b)[^.?!\n])*,\s(?:and|but|while)\she"
    rf"(?:\s(?!{_MEN}\b)[\w'’-]+){{1,6}},?\s$",
    re.I,
)
# "If no PE, discharge", "until MI is ruled out": what would be denied isn't so yet.
_NOT_YET = re.compile(r"\b(?:if|until|unless|pending|provided)\b[^.;,]{0,40}$", re.I)
_AWAITED = 50  # code points that this takes at most
_AMOUNT = re.compile(r"\s2000\b")  # units, where a year would have a word before it
_LAST = re.compile(r"\blast\s(?:dose\sof\s)?$")  # "last Remicade infusion 3 weeks ago"
# "Last methotrexate 2 years ago": longer than any dose lasts.
_LONG_AGO = re.compile(
    r"[^.;,\n]{0,30}?\s(?:(?:in\s)?(?:19|20)\d\d\b(?![/-])|(?:\d+|\w+)\s(?:years?|yrs?)\s(?:ago|back)\b)",
    re.I,
)
_NEGATIVE = re.compile(r"[-−](?=[\s.,;)/]|$)")  # "HER2-, HIV-"
# Signs set before what they speak of: "+ cough, -fever"; a minus alone opens an item of a list.
_MINUS = re.compile(r"(?<![\w)-])-\s?")
_SIGNS = re.compile(r"(?<!\w)\+\s?[a-z]|[,;:]\s?-\s?[a-z][^.;\n]*[,;]\s?-\s?[a-z]", re.I)
_POSSESSED = 30  # code points before a mention in which its owner stands
_ITEMS = 4000  # code points above a mention in which a template's further items are looked for
_WIDE = 1000  # characters beside a mention that are read, however long its sentence is


@dataclass(frozen=True, slots=True)
class Assessment:
    """ConText's four judgements; `past` tells what is over from what is only told as history."""

    negation: Literal["affirmed", "negated"] = "affirmed"
    temporality: Literal["recent", "historical"] = "recent"
    experiencer: Literal["patient", "other"] = "patient"
    certainty: Literal["stated", "possible", "hypothetical"] = "stated"
    past: bool = False


# What can be said of a drug; its other cues speak of what it is given for.
_OF_DRUGS: frozenset[Category] = frozenset(("negated", "conditional", "past", "dated", "family"))


def judge(document: Document, start: int, end: int, kind: Kind = "condition") -> Assessment:
    """The assessment of the mention at start..end of a document."""
    sentence = _sentence(document, start)
    left, right = (
        max(_spoken_from(document, sentence), start - _WIDE),
        min(max(sentence.end, end), end + _WIDE),
    )
    found = scope.categories(document.text[left:right], start - left, end - left)
    if kind == "medication":
        found &= _OF_DRUGS
        last = _LAST.search(document.low, left, start) and not _LONG_AGO.match(document.text, end)
        if last or _AMOUNT.match(document.text, end):
            found -= {"dated"}
    elif _signed(document.text, (start, end), left, right):
        found |= {"negated"}
    section = document.section_at(start)
    key = section.key if section else ""
    own = key != "family_history" or _own(document, section, start, left)
    relative = not own or ("family" in found and not _BORROWED.search(document.text, left, start))
    if kind == "medication" and not relative and "he " in document.low[left:start]:
        relative = _THEIRS.search(document.text, left, start) is not None
    if relative and own and "he " in document.low[left:start]:
        relative = _NOT_THEIRS.search(document.text, left, start) is None
    past = "past" in found or (key == "psh" and kind == "condition")
    dated = "dated" in found or (kind == "condition" and cured.completed(document.text, end))
    if past and _ACUTE_ON.search(document.text, left, start):
        past = False
    past = past or (kind == "condition" and cured.cured(document.text, start, end))
    past = past or _over(document, start) or bool(_CHILDHOOD.match(document.text, start))
    past = past or bool(
        _operated(document.low, start, end, left)
        and (
            dated
            or _SINCE.search(document.text, left, start)
            or (key not in _AHEAD and not _PLANNED.search(document.text, left, right))
        )
    )
    treated = cured.treated(document.text, start, end)
    if (past or treated) and (
        _JUST_NOW.match(document.text, end, right) or _JUST_AFTER.search(document.text, left, start)
    ):
        past = treated = False
    listed = key == "pmh" and section and not _PROBLEMS.match(section.title.quote)
    told = past or dated or listed or "history" in found
    told = told or treated or ("negated" in found and _is_habit(document.text, start, end))
    unsure: Literal["stated", "possible", "hypothetical"] = "stated"
    if found & {"hypothetical", "conditional"}:
        unsure = "hypothetical"
    elif (
        "possible" in found
        or ("opinion" in found and not turns.spoken(document))
        or (section and _DIFFERENTIAL.match(section.title.quote))
    ):
        unsure = "possible"
    return Assessment(
        "negated" if "negated" in found else "affirmed",
        "historical" if told else "recent",
        "other" if relative else "patient",
        unsure,
        past or (dated and kind == "medication"),
    )


def _signed(text: str, place: Place, left: int, right: int) -> bool:
    """Whether a sign denies what stands there, in left..right: "HER2-", "+ cough, -fever"."""
    start, end = place
    if _NEGATIVE.match(text, end) and text[start:end].isupper():
        return True
    minus = start - 1 - (text[start - 1 : start] == " ")
    if minus < left or not _MINUS.fullmatch(text, minus, start):
        return False
    line = text[left:minus].rpartition("\n")[2]
    opens = not line.strip(" -")  # a bullet, save where it stands close: "ROS: -fever"
    return not (opens and minus < start - 1) and _SIGNS.search(text, left, right) is not None


def _spoken_from(document: Document, sentence: Sentence) -> int:
    """Where a sentence begins behind the relative who speaks: "Daughter: she has asthma"."""
    speaker = turns.RELATIVE.match(document.text, sentence.start, sentence.end)
    return speaker.end() if speaker and turns.spoken(document) else sentence.start


def _is_habit(text: str, start: int, end: int) -> bool:
    """Whether it is an item of social history: what is denied is told as history."""
    return bool(_HABIT.search(text, start, end))


def _own(document: Document, section: Section | None, start: int, left: int) -> bool:
    """Whether a mention below a family history's title is the patient's: what tells of the patient,
    or a template's further items, whose titles are no sections ("Tobacco: never")."""
    if "patient" in document.low[left:start]:
        return True
    first = max(section.start, start - _ITEMS) if section else 0
    return bool(section and _FURTHER.search(document.text, first, start))


def _over(document: Document, start: int) -> bool:
    """Whether the innermost title above says that what it lists is over."""
    at = bisect_right(document.titles, start) - 1
    return at >= 0 and bool(_OVER.match(document.sections[at].title.quote))


def _operated(text: str, start: int, end: int, left: int) -> bool:
    """Whether the mention is what an operation was for: "cataract surgery", "surgery for …"."""
    if _OPERATION.match(text, end):
        return True
    return bool(_FOR_IT.search(text, left, start) and _OPERATED.search(text, left, start))


def _sentence(document: Document, offset: int) -> Sentence:
    at = bisect_right(document.begins, offset) - 1
    if at >= 0:
        return document.sentences[at]
    return Sentence(0, len(document.text))


def classify(text: str, start: int, end: int) -> Assessment:
    """The assessment of the mention text[start:end] of a text that is no Document yet."""
    return judge(_document(text), start, end)


@lru_cache(maxsize=4)
def _document(text: str) -> Document:
    return read(text)


def assess(document: Document, span: Span, kind: Kind, chronic: bool = True) -> Assertion:
    """What the document claims of a mention, as a problem list or a medication list takes it.

    A `chronic` condition told as history ("history of hypertension", past medical history) is
    PRESENT and only what is over is HISTORICAL; where it is not chronic, both are.
    """
    found = judge(document, span.start, span.end, kind)
    if found.negation == "negated":
        begin = max(_sentence(document, span.start).start, span.start - _AWAITED)
        awaited = _NOT_YET.search(document.text, begin, span.start)
        return Assertion.HYPOTHETICAL if awaited else Assertion.NEGATED
    if found.experiencer == "other":
        return Assertion.FAMILY
    near = max(0, span.start - _POSSESSED)
    owned = (
        chronic
        and any(map(document.low[near : span.start].__contains__, _OWNERS))
        and _OWNED.search(document.text, near, span.start)
    )
    if owned and not found.past:
        return Assertion.PRESENT  # "your asthma" is there, whatever is thought of it
    before = document.low[
        max(_sentence(document, span.start).start, span.start - _WIDE) : span.start
    ]
    if found.certainty == "hypothetical" or _advised(before):
        return Assertion.HYPOTHETICAL
    if found.certainty == "possible":
        return Assertion.POSSIBLE
    if found.past or (not chronic and found.temporality == "historical"):
        return Assertion.HISTORICAL
    return Assertion.PRESENT


def _advised(before: str) -> bool:
    """Whether the words before a mention are advice; the search is long, its last words few."""
    ending = any(word in before for word in ("for", "if", "because", "due"))
    return ending and _ADVICE.search(before) is not None
