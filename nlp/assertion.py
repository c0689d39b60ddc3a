"""What a note claims of a mention: negation, time, experiencer, certainty, by cues in scope.

After NegEx (Chapman 2001) and ConText (Harkema 2009): a cue decides every mention in its scope,
which runs through lists to a stop such as "but"; phrases that only look like cues hide them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from nlp import dialogue
from nlp.cues import CUES, Category, Cues
from nlp.document import read
from nlp.types import Assertion, Document, Kind, Section, Sentence, Span

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[^\w\s]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec"""
_KIN = frozenset(
    """mother father mom dad brother sister son daughter aunt uncle grandmother grandfather wife
    husband cousin friend neighbor roommate""".split()  # noqa: SIM905
)
_CLASSES = {"<month>": frozenset(_MONTHS.split()), "<end>": frozenset(("$", ".", ",", "<semi>"))}
_FURTHER = re.compile(
    r"^[ \t]*(?:tobacco|alcohol|smok|etoh|exercise|occupation|falls?\b|diet\b)[^:\n]{0,30}:",
    re.I | re.M,
)
_OVER = re.compile(r"(?:resolved|inactive|former)\b", re.I)
_DIFFERENTIAL = re.compile(r"dif|ddx|possible|suspected|rule", re.I)  # titles of what may be
_OWNED = re.compile(r"\b(?:my|your)\s(?:[\w-]+\s)?$", re.I)
# "No honey because of botulism", "eye exam for retinopathy": advice and screening, no disease.
_ADVICE = re.compile(
    r"\b(?:avoid\w*|no\s\w+|don'?t\s\w+|do\s(?:not|n't)|should(?:\snot|n't)|never)\b[^.]{0,60}"
    r"\b(?:because\sof|due\sto\s(?:the\s)?risk)\s(?:[\w-]+\s){0,3}$"
    r"|\b(?:eye\sexam\w*|ophthalmolog\w+|optometr\w+|podiatr\w+|mammogram|colonoscopy|pap\ssmear)"
    r"[^.]{0,30}\bfor\s(?:[\w-]+\s){0,3}$"
    r"|\b(?:watch\w*|monitor\w*|keep\san\seye|check|look(?:ing)?|exam\w*|screen\w*|test(?:ing)?)\s(?:[\w-]+\s){1,8}for\s"
    r"(?:[\w-]+\s){0,2}$|\bfor\sany\s(?:[\w-]+\s){0,2}$"
    r"|\b(?:bring|return(?!\s\w*\s?visit)|call)\s(?:[\w-]+\s){0,4}(?:for|if)\s"
    r"(?:[\w-]+,?\s(?:or\s|and\s)?){0,6}$",
    re.I,
)
_SURGERY = (
    r"(?:surgery|surgeries|repair|extraction|removal|resection|excision|operation|ligation|closure|ablation"
    r"|bypass|fusion|replacement|reconstruction|embolization|stenting|\w+ectomy|\w+plasty)"
)
_TREATED = re.compile(r",?\s(?:status[\s-]post|s/p)\b", re.I)
_HABIT = re.compile(
    r"\b(?:alcohol|tobacco|smoking|drinking|(?:illicit|recreational\s)?drug\suse)\b", re.I
)
_OPERATION = re.compile(rf"\s{_SURGERY}\b", re.I)
_OPERATED = re.compile(rf"{_SURGERY}\b[^.;]{{0,40}}\bfor\s(?:[\w-]+\s){{0,2}}$", re.I)
# Where an operation is one to come, by the section or by the words of its sentence.
_AHEAD = frozenset({"plan", "assessment_plan", "assessment", "procedure", "chief_complaint"})
_PLANNED = re.compile(
    r"\b(?:schedul|plan|await|need|candidate|consider|refer|recommend|discuss|undergo(?!ne)|wish|elect"
    r"|offer|option|pre-?op|will|would|prior\sto|before|awaiting|evaluat|for\s\w*\s?(?:surgery|repair)|risk)",
    re.I,
)
_POSSESSED = 30  # code points before a mention in which its owner stands
_RUN_ON = 14  # words that a cue reaches through where no mark parts or lists them
_LISTS = frozenset((",", "/", ":", "or", "nor", "-", "•"))
_FAR = 8  # words between a cue and a mention, where it doesn't reach through the clause
_WIDE = 1000  # characters beside a mention that are read, however long its sentence is


@dataclass(frozen=True, slots=True)
class Assessment:
    """ConText's four judgements; `past` tells what is over from what is only told as history."""

    negation: Literal["affirmed", "negated"] = "affirmed"
    temporality: Literal["recent", "historical"] = "recent"
    experiencer: Literal["patient", "other"] = "patient"
    certainty: Literal["stated", "possible", "hypothetical"] = "stated"
    past: bool = False


class _Cue(NamedTuple):
    """A phrase of the table in a sentence, by its tokens."""

    start: int
    end: int
    rows: tuple[Cues, ...]
    stops: bool  # whether it ends the scope of others
    mask: int  # a bit for each of its tokens

    def rank(self) -> tuple[bool, int]:
        """Pseudo-cues first, then the longest."""
        return self.rows[0].category != "pseudo", self.start - self.end


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence cut into tokens, with every phrase of the table that it holds."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    words: tuple[str, ...]
    cues: tuple[_Cue, ...]


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    before: tuple[int, int, str] | None = None
    low = text.lower().replace("’", "'")
    if "n't" not in low:
        for m in _TOKEN.finditer(low):
            word = m[0]
            yield *m.span(), word if word.isalpha() else _kind(word)
        return
    for match in _TOKEN.finditer(low):
        start, end, word = match.start(), match.end(), _kind(match.group())
        if word == "n't" and before:
            # Transcripts cut "don't" in two: "do n't".
            before = before[0], end, before[2] + word
            continue
        if before:
            yield before
        before = start, end, word
    if before:
        yield before


def _kind(word: str) -> str:
    if word.isdigit():
        return "<year>" if _YEAR.fullmatch(word) else "<n>"
    if word.endswith("'s") and word[:-2] in _KIN:
        return word[:-2]  # "my brother's on dialysis"
    return "<semi>" if word == ";" else word


_Entry = tuple[tuple[str, ...], tuple[Cues, ...], bool]  # words, rows, whether one is a stop
_DOUBTS = frozenset(("likely", "possible", "probable", "suspected", "presumed"))
# What ends a clause or gives a ground for the doubt before it.
_CLOSES = frozenset(
    """$ . , <semi> : ) given based but and or due related secondary from in at with by as on per vs
    versus ( - /""".split()  # noqa: SIM905
)
_BE = ("is", "are", "was", "were")
_VERBS = frozenset((*_BE, "has", "have", "had", "been", "be", "could", "can", "cannot", "yes"))
_PREDICATES = frozenset(
    ("negative", "neg", "unremarkable", "suspicious", "concerning", "worrisome", "clear", "free")
)


def _written(row: Cues) -> Iterator[tuple[str, ...]]:
    """The phrases of a row in words, predicates also with the verb before them: "is likely"."""
    after = row.side == "after" and row.category in ("negated", "possible")
    for phrase in row.phrases.split(";"):
        words = tuple(re.findall(r"<\w+>|[^\W_]+(?:'[^\W_]+)?|[^\w\s]", phrase))
        yield words
        if words[0] in _PREDICATES or (after and words[0].isalpha() and words[0] not in _VERBS):
            yield from ((verb, *words) for verb in _BE)


def _phrases() -> dict[str, dict[str, list[_Entry]]]:
    """First word → second word ("" where there is none) → the phrases that start so."""
    rows: dict[tuple[str, ...], list[Cues]] = {}
    for row in CUES:
        for words in _written(row):
            known = rows.setdefault(words, [])
            known += [row] if row not in known else []
    table: dict[str, dict[str, list[_Entry]]] = {}
    for phrase_words, found in rows.items():
        second = phrase_words[1] if len(phrase_words) > 1 else ""
        for written in _CLASSES.get(second, (second,)):
            opening = table.setdefault(phrase_words[0], {}).setdefault(written, [])
            is_stop = any(row.category.startswith("stop") for row in found)
            opening.append((phrase_words, tuple(found), is_stop))
    return table


_TABLE = _phrases()


@lru_cache(maxsize=64)
def _clause(sentence: str) -> _Clause:
    tokens = list(_words(sentence))
    words = [word for _, _, word in tokens] + ["$"]
    found: list[_Cue] = []
    for at, word in enumerate(words):
        seconds = _TABLE.get(word)
        if seconds is None or word == "$":
            continue
        for phrase, rows, stops in (*seconds.get("", ()), *seconds.get(words[at + 1], ())):
            size = len(phrase)
            if size < 3 or _matches(words, at, phrase):
                found.append(_Cue(at, at + size, rows, stops, ((1 << size) - 1) << at))
    found.sort(key=_Cue.rank)
    starts, ends = tuple(t[0] for t in tokens), tuple(t[1] for t in tokens)
    return _Clause(starts, ends, tuple(words), tuple(found))


def _matches(words: list[str], at: int, phrase: tuple[str, ...]) -> bool:
    """Whether the phrase stands there, whose first two words do."""
    if at + len(phrase) > len(words):
        return False
    for place in range(2, len(phrase)):
        want, word = phrase[place], words[at + place]
        if want != word and word not in _CLASSES.get(want, ()):
            return False
    return True


def _chosen(clause: _Clause, first: int, last: int) -> list[_Cue]:
    """The cues outside the mention's tokens first..last-1, none overlapping another."""
    taken = ((1 << max(0, last - first)) - 1) << first
    chosen: list[_Cue] = []
    for cue in clause.cues:
        if not taken & cue.mask:
            taken |= cue.mask
            chosen.append(cue)
    return chosen


def _reaches(
    clause: _Clause, cue: _Cue, row: Cues, first: int, last: int, stops: list[_Cue]
) -> bool:
    """Whether the mention lies in the cue's scope."""
    low, high = (cue.end, first) if row.side == "before" else (last, cue.start)
    if low > high:
        return False
    if row.reach == "next":
        return high - low <= (row.side == "after")
    if row.side == "after" and row.category == "possible" and _governs_more(clause, cue):
        return False
    between = clause.words[low:high]
    if row.reach != "clause" and high - low > _FAR:
        return False
    if row.reach == "phrase" and "," in between:
        return False
    if row.reach == "clause" and high - low > _RUN_ON and _LISTS.isdisjoint(between):
        return False
    if between.count(")") > between.count("("):
        return False  # the cue stands inside brackets that the mention is outside of
    return not any(
        low <= stop.start and stop.end <= high and any(_halts(r, row) for r in stop.rows)
        for stop in stops
    )


def _governs_more(clause: _Clause, cue: _Cue) -> bool:
    """Whether "likely" and the like speak of what follows them: "AKI - likely ATN"."""
    said = clause.words[cue.start : cue.end]
    return said[-1] in _DOUBTS and len(said) == 1 and clause.words[cue.end] not in _CLOSES


def _halts(stop: Cues, row: Cues) -> bool:
    match stop.category:
        case "stop":
            return row.category != "family"
        case "stop-list":
            return row.category in ("negated", "possible", "history", "past", "dated")
        case "stop-past":
            return row.category in ("history", "past", "dated")
        case "stop-family":
            # "was reported in her maternal aunt": who is named behind it ends nothing
            return row.category == "family" and row.side == "before"
        case "stop-with":  # of "AKI with sepsis in 2021" both were then
            return row.side == "after" and row.category not in ("family", "dated")
        case "stop-back":
            return row.side == "after" and row.category != "family"
        case _:
            return False


def _categories(sentence: str, start: int, end: int) -> set[Category]:
    """The categories of the cues whose scope holds the mention at sentence[start:end]."""
    clause = _clause(sentence)
    first, last = bisect_right(clause.ends, start), bisect_left(clause.starts, end)
    chosen = _chosen(clause, first, last)
    stops = [cue for cue in chosen if cue.stops]
    return {
        row.category
        for cue in chosen
        for row in cue.rows
        if not row.category.startswith("stop")
        and row.category != "pseudo"
        and _reaches(clause, cue, row, first, last, stops)
    }


# What can be said of a drug; its other cues speak of what it is given for.
_OF_DRUGS: frozenset[Category] = frozenset(("negated", "conditional", "past", "dated", "family"))


def judge(document: Document, start: int, end: int, kind: Kind = "condition") -> Assessment:
    """The assessment of the mention at start..end of a document."""
    sentence = _sentence(document, start)
    left, right = max(sentence.start, start - _WIDE), min(max(sentence.end, end), end + _WIDE)
    found = _categories(document.text[left:right], start - left, end - left)
    if kind == "medication":
        found &= _OF_DRUGS
    section = document.section_at(start)
    key = section.key if section else ""
    own = key != "family_history" or _own(document, section, start, left)
    relative = "family" in found or not own
    past = "past" in found or (key == "psh" and kind == "condition")
    dated = "dated" in found
    past = past or _over(document, start)
    past = past or (
        _operated(document.text, start, end, left)
        and (dated or (key not in _AHEAD and not _PLANNED.search(document.text, left, right)))
    )
    listed = key == "pmh" and section and "problem" not in section.title.quote.lower()
    told = past or dated or listed or "history" in found
    told = told or _treated_or_habit(document.text, start, end, "negated" in found)
    unsure: Literal["stated", "possible", "hypothetical"] = "stated"
    if found & {"hypothetical", "conditional"}:
        unsure = "hypothetical"
    elif (
        "possible" in found
        or ("opinion" in found and not dialogue.spoken(document))
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


def _treated_or_habit(text: str, start: int, end: int, negated: bool) -> bool:
    """Whether the mention is told as history without a cue of it before the mention.

    "Crohn's, status post resection" looks back; "denies alcohol" is an item of social history.
    """
    return bool(_TREATED.match(text, end) or (negated and _HABIT.search(text, start, end)))


def _own(document: Document, section: Section | None, start: int, left: int) -> bool:
    """Whether a mention below a family history's title is the patient's: what tells of the patient,
    or a template's further items, whose titles are no sections ("Tobacco: never")."""
    if "patient" in document.text[left:start].lower():
        return True
    return bool(section and _FURTHER.search(document.text, section.start, start))


def _over(document: Document, start: int) -> bool:
    """Whether the innermost title above says that what it lists is over."""
    at = bisect_right(document.titles, start) - 1
    return at >= 0 and bool(_OVER.match(document.sections[at].title.quote))


def _operated(text: str, start: int, end: int, left: int) -> bool:
    """Whether the mention is what an operation was for: "cataract surgery", "surgery for …"."""
    if _OPERATION.match(text, end):
        return True
    return "for" in text[left:start].lower() and bool(_OPERATED.search(text, left, start))


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
        return Assertion.NEGATED
    if found.experiencer == "other":
        return Assertion.FAMILY
    owned = chronic and _OWNED.search(document.text, max(0, span.start - _POSSESSED), span.start)
    if owned and not found.past:
        return Assertion.PRESENT  # "your asthma" is there, whatever is thought of it
    before = document.text[
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
    low = before.lower()
    ending = any(word in low for word in ("for", "if", "because", "due"))
    return ending and _ADVICE.search(before) is not None
