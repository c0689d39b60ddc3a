"""A sentence in words, with every phrase of the tables that it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product
from operator import itemgetter
from typing import NamedTuple

from nlp.cues import CUES, CueKind
from nlp.cues.classes import CLASSES
from nlp.sentences import OPEN

_TOKEN = re.compile(r"((?<![\d/])2/2(?=\s[a-z])|[^\W_]+(?:'[^\W_]+)?|[^\w\s])")
_WRITTEN = re.compile(r"<\w+>|2/2|[^\W_]+(?:'[^\W_]+)?|[^\w\s]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_POINT = re.compile(r"\.\s+[a-z?]")
# Words that a point shortens.
_SHORTENED = OPEN | frozenset(
    ("neg", "pos", "hx", "fhx", "pmh", "min", "max", "est", "prob", "poss")
)
_BE = ("is", "are", "was", "were")
_BEEN = ("has", "have", "had")  # "has been"
_VERBS = frozenset((*_BE, "has", "have", "had", "been", "be", "could", "can", "cannot", "yes"))
_SHORTENING = frozenset((*_BE, "has", "have", "had", "does", "do", "did", "could", "would"))
_PREDICATES = frozenset(
    ("negative", "neg", "unremarkable", "suspicious", "concerning", "worrisome", "clear", "free")
)


class _Entry(NamedTuple):
    """A phrase of the table; of its kinds `claims` are those that claim something of a mention."""

    words: tuple[str, ...]
    kinds: tuple[CueKind, ...]
    claims: tuple[CueKind, ...]
    stops: bool  # whether it ends the scope of others
    rank: tuple[bool, int]  # pseudo-cues first, then the longest


class Cue(NamedTuple):
    """A phrase of the table in a sentence, by its tokens."""

    rank: tuple[bool, int]
    start: int
    end: int
    kinds: tuple[CueKind, ...]
    claims: tuple[CueKind, ...]
    stops: bool
    mask: int  # a bit for each of its tokens


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence cut into tokens, with every phrase of the table that it holds.

    `points` are the tokens that end a statement before a word in lower case: "no fever. lasix".
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    words: tuple[str, ...]
    cues: tuple[Cue, ...]
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
    if word.endswith("'s") and word[:-2] in CLASSES["<kin>"]:
        return word[:-2]  # "my brother's on dialysis"
    return "<semi>" if word == ";" else word


def _written(kind: CueKind) -> Iterator[tuple[str, ...]]:
    """The phrases of a kind in words, predicates also with the verb before them: "is likely"."""
    after = kind.side == "after" and kind.category in ("negated", "possible")
    for phrase in CUES[kind]:
        words = tuple(_WRITTEN.findall(phrase))
        yield words
        if words[1:2] == ("not",) and words[0] in _SHORTENING:
            yield (words[0] + "n't", *words[2:])
        if words[0] in _PREDICATES or (after and _says(words[0])):
            yield from ((verb, *words) for verb in _BE)
            split = words[:1] == ("not",)  # "not seen": "has not been seen"
            for verb in _BEEN:
                yield (verb, *words[:split], "been", *words[split:])


def _says(word: str) -> bool:
    """Whether "is" may stand before a predicate that begins with the word."""
    return word in CLASSES or (word.isalpha() and word not in _VERBS)


def _phrases() -> dict[str, dict[str, list[_Entry]]]:
    """First word → second word ("" where there is none) → the phrases that start so."""
    kinds: dict[tuple[str, ...], list[CueKind]] = {}
    for kind in CUES:
        for words in _written(kind):
            known = kinds.setdefault(words, [])
            known += [kind] if kind not in known else []
    table: dict[str, dict[str, list[_Entry]]] = {}
    for words, found in kinds.items():
        claims = tuple(kind for kind in found if not kind.category.startswith(("stop", "pseudo")))
        is_stop = any(kind.category.startswith("stop") for kind in found)
        rank = found[0].category != "pseudo", -len(words)
        entry = _Entry(words, tuple(found), claims, is_stop, rank)
        second = words[1] if len(words) > 1 else ""
        for first, written in product(_spelt(words[0]), _spelt(second)):
            table.setdefault(first, {}).setdefault(written, []).append(entry)
    return table


def _spelt(word: str) -> frozenset[str] | tuple[str]:
    """The words that a word of a phrase stands for."""
    return CLASSES.get(word, (word,))


_TABLE = _phrases()


@lru_cache(maxsize=64)
def clause_of(sentence: str) -> Clause:
    """The sentence in words, with the cues that it holds, the likeliest first."""
    words, starts, ends = _words(sentence)
    words.append("$")
    opened = [(at, seconds) for at, word in enumerate(words) if (seconds := _TABLE.get(word))]
    found = [
        Cue(rank, at, at + len(phrase), kinds, claims, stops, ((1 << len(phrase)) - 1) << at)
        for at, seconds in opened
        for phrase, kinds, claims, stops, rank in (
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
    return Clause(tuple(starts), tuple(ends), tuple(words), tuple(found), points)


def _ends(before: str, end: int, following: int) -> bool:
    """Whether a point behind the word, with the next token at `following`, ends a statement."""
    return following > end and len(before) > 1 and before.isalpha() and before not in _SHORTENED


def _matches(words: list[str], at: int, phrase: tuple[str, ...]) -> bool:
    """Whether the phrase stands there, whose first two words do."""
    if at + len(phrase) > len(words):
        return False
    for place in range(2, len(phrase)):
        want, word = phrase[place], words[at + place]
        if want != word and word not in CLASSES.get(want, ()):
            return False
    return True
