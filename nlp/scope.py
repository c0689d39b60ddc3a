"""Which cues of a sentence reach a mention: phrases in words, their scope, what ends it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from nlp.cues import CUES, Category, Cues
from nlp.sentences import OPEN

_TOKEN = re.compile(r"([^\W_]+(?:'[^\W_]+)?|[^\w\s])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec"""
_KIN = frozenset(
    """mother father mom dad brother sister son daughter aunt uncle grandmother grandfather wife
    husband cousin friend neighbor roommate""".split()  # noqa: SIM905
)
_CLASSES = {
    "<month>": frozenset(_MONTHS.split()),
    "<end>": frozenset(("$", ".", ",", "<semi>")),
    "<kin>": _KIN | frozenset(("parents", "family")),
}
_MARKS = frozenset("-:/,")
_RUN_ON = 14  # words that a cue reaches through where no mark parts or lists them
_LISTS = frozenset((",", "/", ":", "or", "nor", "-", "•"))
_POINT = re.compile(r"\.\s+[a-z]")
# Words that a point shortens.
_SHORTENED = OPEN | frozenset(
    ("neg", "pos", "hx", "fhx", "pmh", "min", "max", "est", "prob", "poss")
)
_FAR = 8  # words between a cue and a mention, where it doesn't reach through the clause


class _Entry(NamedTuple):
    """A phrase of the table."""

    words: tuple[str, ...]
    rows: tuple[Cues, ...]
    stops: bool  # whether it ends the scope of others
    rank: tuple[bool, int]  # pseudo-cues first, then the longest


class _Cue(NamedTuple):
    """A phrase of the table in a sentence, by its tokens."""

    rank: tuple[bool, int]
    start: int
    end: int
    rows: tuple[Cues, ...]
    stops: bool
    mask: int  # a bit for each of its tokens


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence cut into tokens, with every phrase of the table that it holds.

    `points` are the tokens that end a statement before a word in lower case: "no fever. lasix".
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    words: tuple[str, ...]
    cues: tuple[_Cue, ...]
    points: tuple[int, ...]


def _words(text: str) -> tuple[list[str], list[int], list[int]]:
    """The tokens of a text as the table writes them, where they start and where they end."""
    parts = _TOKEN.split(text.replace("İ", "i").lower().replace("’", "'"))
    edges = list(accumulate(map(len, parts)))
    words = [word if word.isalpha() else _kind(word) for word in parts[1::2]]
    starts, ends = edges[:-1:2], edges[1::2]
    if "n't" in words:
        # Transcripts cut "don't" in two: "do n't".
        for at in range(len(words) - 1, 0, -1):
            if words[at] == "n't":
                words[at - 1 : at + 1] = [words[at - 1] + "n't"]
                del starts[at], ends[at - 1]
    return words, starts, ends


def _kind(word: str) -> str:
    if word.isdigit():
        return "<year>" if _YEAR.fullmatch(word) else "<n>"
    if word.endswith("'s") and word[:-2] in _KIN:
        return word[:-2]  # "my brother's on dialysis"
    return "<semi>" if word == ";" else word


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
    for words, found in rows.items():
        is_stop = any(row.category.startswith("stop") for row in found)
        rank = found[0].category != "pseudo", -len(words)
        entry = _Entry(words, tuple(found), is_stop, rank)
        second = words[1] if len(words) > 1 else ""
        for written in _CLASSES.get(second, (second,)):
            table.setdefault(words[0], {}).setdefault(written, []).append(entry)
    return table


_TABLE = _phrases()


@lru_cache(maxsize=64)
def _clause(sentence: str) -> _Clause:
    words, starts, ends = _words(sentence)
    words.append("$")
    opened = [(at, seconds) for at, word in enumerate(words) if (seconds := _TABLE.get(word))]
    found = [
        _Cue(rank, at, at + len(phrase), rows, stops, ((1 << len(phrase)) - 1) << at)
        for at, seconds in opened
        for phrase, rows, stops, rank in (
            *seconds.get("", ()),
            *seconds.get(words[at + 1], ()),
        )
        if len(phrase) < 3 or _matches(words, at, phrase)
    ]
    found.sort(key=itemgetter(0))
    points = tuple(
        at
        for at, word in enumerate(words if _POINT.search(sentence) else ())
        if word == "."
        and 0 < at < len(starts) - 1
        and _ends(words[at - 1], ends[at], starts[at + 1])
    )
    return _Clause(tuple(starts), tuple(ends), tuple(words), tuple(found), points)


def _ends(before: str, end: int, following: int) -> bool:
    """Whether a point behind the word, with the next token at `following`, ends a statement."""
    return following > end and len(before) > 1 and before.isalpha() and before not in _SHORTENED


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
        return high == low or (
            row.side == "after" and high - low == 1 and clause.words[low] not in _MARKS
        )
    if row.side == "after" and row.category == "possible" and _governs_more(clause, cue):
        return False
    between = clause.words[low:high]
    if row.reach != "clause" and high - low > _FAR:
        return False
    if row.reach == "phrase" and "," in between:
        return False
    if row.reach == "clause" and high - low > _RUN_ON and _LISTS.isdisjoint(between):
        return False
    if any(low <= point < high for point in clause.points):
        return False
    if between.count(")") > between.count("("):
        return False  # the cue stands inside brackets that the mention is outside of
    if row.reach == "list" and row.side == "after" and "(" in between[1:] and ")" not in between:
        return False  # "vancomycin stopped (MRSA neg)"
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


def categories(sentence: str, start: int, end: int) -> set[Category]:
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
