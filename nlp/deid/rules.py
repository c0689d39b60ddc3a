"""Whether words that can be a name are one, by what stands beside them and by the tables."""

from __future__ import annotations

import re

from nlp.deid.lexicon import Lexicon
from nlp.deid.runs import Word, is_given, personal
from nlp.deid.words import AFTER, EPONYMOUS, NEXT, NOBLE

_SPEAKER = re.compile(
    r"(?i)(?:^|\n)\s*(?:patient|pt|doctor|dr|physician|nurse|clinician|mother|"
    r"father|guest|provider|son|daughter|wife|husband)\s*:\s*$"
)
_NEXT_LOWER = re.compile(r"[ ,;]+[a-z]")
# Known surnames that open sentences as words: "Colon returns", "Case presents".
_THINGS = frozenset(
    """case cases colon shin wall person friend son house day weeks branch ball glass stone burns
    pace gene cross park walker""".split()  # noqa: SIM905
)


def beside(text: str, run: list[Word], lex: Lexicon, why: str, left: str, upper: bool) -> bool:
    """What stands beside makes a name of words that look like one."""
    first = run[0]
    if not upper and len(run) == 1 and first.text.isupper() and not (lex.known(first.fold) and why):
        return False  # an acronym
    match why:
        case "only" if personal(run):
            return True
        case "relative" | "staff" | "role" if _related(text, run, lex, why):
            return True
        case "personal" if _looks(run, lex) and (len(run) > 1 or _alone(first, left, lex)):
            return True
    return not upper and AFTER.match(text, run[-1].end) is not None and _subject(run, lex)


def titled(word: Word, left: str, upper: bool) -> bool:
    """After a title even an ordinary word is a name, if written as one; "MR." is also a finding."""
    written = word.text[1:2].islower() and len(word.text) > 2 and not upper
    return written and not left.rstrip(" .").endswith("MR")


def credentialed(run: list[Word], lex: Lexicon, left: str) -> bool:
    """A name before MD; alone it may be a town before the state."""
    if len(run) == 1 and (run[0].fold in lex.cities or run[0].fold in lex.facility):
        return run[0].known and not re.search(r"\b(?:in|from|of|at|near)\s+$", left)
    if len(run) == 1 and run[0].text.isupper() and not run[0].known:
        return False
    return personal(run) and (len(run) > 1 or len(run[0].text) > 2)


def entered(run: list[Word], left: str) -> bool:
    """A field's value; after a speaker's mark, as in "Patient: Yep", only a known name."""
    if _SPEAKER.search(left) and len(run) == 1:
        return run[0].known and not run[0].plain
    return personal(run)


def eponym(text: str, run: list[Word], lex: Lexicon, beside: bool) -> bool:
    """Part of a term: the next word is what eponyms name, or, alone, every part is an eponym."""
    after = NEXT.match(text, run[-1].end)
    if after is not None and after[1].casefold() in EPONYMOUS:
        return True
    parts = [p for w in run for p in w.fold.split("-")]
    return (
        not beside
        and not AFTER.match(text, run[-1].end)
        and len(parts) > 1
        and all(p in lex.eponyms for p in parts)
        and not any(map(is_given, run))
    )


def _related(text: str, run: list[Word], lex: Lexicon, why: str) -> bool:
    """A name beside a relative or a role."""
    first = run[0]
    if len(run) == 1:
        written = first.text[1:].islower()
        if first.plain:
            return why != "role" and first.known and written
        if first.known or not written:
            return first.known
        return why != "role" or _NEXT_LOWER.match(text, first.end) is not None
    shouted = all(w.text.isupper() and len(w.text) > 2 for w in run)
    return personal(run) and (any(w.known for w in run) or why != "role" or shouted)


def _looks(run: list[Word], lex: Lexicon) -> bool:
    """A full name, or one name that is nothing else."""
    if any(w.fold in lex.cities or w.fold in lex.wide or w.fold in lex.states for w in run[:1]):
        return len(run) > 1 and run[-1].known and not run[-1].plain
    if len(run) > 1:
        return any(w.known and not w.plain for w in run) and not all(
            w.fold in lex.eponyms for w in run
        )
    return run[0].known and not run[0].plain and run[0].fold not in lex.eponyms


def _alone(word: Word, left: str, lex: Lexicon) -> bool:
    """A single name after "by" or "with": a given one, or a surname of who did something."""
    if word.text.isupper():
        return False
    return word.fold in lex.given or left.rstrip().endswith(
        ("by", "per", "called", "asked", "told")
    )


def _subject(run: list[Word], lex: Lexicon) -> bool:
    """A bare surname that does what persons do."""
    one = run[0]
    if len(run) > 1:
        known = any(w.known for w in run)
        return personal(run) and (known or all(_unheard(w, lex) for w in run))
    if one.fold in lex.wide or one.fold in lex.states or len(one.text) < 3 or one.text.isupper():
        return False
    if one.known:
        return one.fold not in _THINGS
    return not (one.plain or one.fold in lex.eponyms)


def _unheard(word: Word, lex: Lexicon) -> bool:
    """Neither a word, a drug, an eponym nor a place: whoever is called so."""
    if word.plain or len(word.text) < 3 or not word.text.replace("-", "").isalpha():
        return False
    tables = (lex.eponyms, lex.cities, lex.wide, lex.states, lex.facility)
    return not any(word.fold in table for table in tables)


def _turned(run: list[Word], lex: Lexicon) -> bool:
    """Two shouted words with a comma, no letters of abbreviations: "PRZYBYLSKI, JADWIGA"."""
    long = max(len(w.text) for w in run) > 5 and min(len(w.text) for w in run) > 3
    whole = [w for w in run if not w.initial]
    if len(whole) != 2 or whole[1].start != whole[0].end + 2:
        return False
    return whole[1].fold in lex.given or (long and all(_unheard(w, lex) for w in whole))


def listed(run: list[Word], lex: Lexicon, upper: bool, left: str) -> bool:
    """Without context: a given name with a surname after it, or one that is nothing else."""
    first, last = run[0], run[-1]
    shouted = upper or first.text.isupper()
    if shouted and not upper and _turned(run, lex):
        return True
    if len(run) == 1:
        if shouted or first.plain or first.fold in lex.eponyms or first.fold in lex.surnames:
            return False
        return first.fold in lex.given and first.fold not in lex.cities | lex.states | lex.wide
    whole = [w for w in run if not w.initial and w.fold not in NOBLE]
    if first.initial:
        return last.known and not last.plain and last.fold not in lex.eponyms and not shouted
    if first.fold not in lex.given:
        if shouted or first.fold in lex.eponyms or first.fold in lex.cities | lex.wide | lex.states:
            return False
        turned = first.known and is_given(last)
        return turned or (last.known and not last.plain and last.fold not in lex.eponyms)
    if shouted and not all(w.known for w in whole):
        return False
    if len(first.text) < 3 and not last.known:
        return False
    if first.plain and last.plain:
        return bool(re.search(r"[a-z,] $", left)) and last.known and not shouted
    return last.known or not last.plain
