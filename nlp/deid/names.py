"""Names of persons: found by what stands beside them and by tables, then wherever they recur."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.deid import lower_case
from nlp.deid.lexicon import UPPER, Lexicon, lexicon
from nlp.deid.recurrence import again
from nlp.deid.types import Category, Phi
from nlp.deid.words import (
    AFTER,
    CONTRACTION,
    CREDENTIAL,
    EPONYMOUS,
    FIELDS,
    FUNCTION,
    NEXT,
    ONLY_PERSONS,
    PARTICLES,
    PERSONAL,
    RELATIVES,
    ROLES,
    TITLES,
)

_WORD = re.compile(rf"(?<![\w'’@/.])(?<!\w-)[{UPPER}]\w*(?:['’](?![sS]\b)\w+|-\w+)*(?![\w@])")
_LEFT = re.compile(r"([^\W\d_][\w'’/-]*)\.?(['’]s)?([ \t]*[,:(#-]?[ \t]*)$")
_SPEAKER = re.compile(
    r"(?i)(?:^|\n)\s*(?:patient|pt|doctor|dr|physician|nurse|clinician|mother|"
    r"father|guest|provider|son|daughter|wife|husband)\s*:\s*$"
)
_CLOSING = re.compile(
    r"(?i)(?:sincerely(?: yours)?|regards|respectfully(?: submitted)?|thank you|cordially|"
    r"truly)[^\n\w]*\n\s*$"
)
_JOIN = re.compile(rf"[ ]{{1,2}}(?:{PARTICLES}[ ](?:(?:la|las|los|der|den|dem)[ ])?)?")
_NEVER = (TITLES | FUNCTION) - {"will", "may"}
_DOTTED = TITLES | {"pt", "no", "attn"}  # abbreviations that a full stop does not end a sentence
_PARTICLE_LEFT = re.compile(rf"(?<=[ ]){PARTICLES}[ ](?:(?:la|las|los|der|den|dem)[ ])?$")
_NEXT_LOWER = re.compile(r"[ ,;]+[a-z]")
_TALKED = re.compile(r"(?i)\b(?:spoke|spoken|speaking|discuss\w*|talk\w*|met|confer\w*) with $")
_SUFFIX = re.compile(r",?[ ](?:Jr|Sr|III|II|IV)\b\.?")
LEFT = 40  # characters before a name that say what it is


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    fold: str
    known: bool
    plain: bool  # a word of prose or of a drug, or with a digit

    @property
    def initial(self) -> bool:
        return len(self.text) == 1

    @property
    def free(self) -> bool:
        """May be part of a name."""
        return self.known or not self.plain


def find(text: str, lower: bool, upper: bool) -> Iterator[Phi]:
    """Names, each with all its parts; `upper` is for text all in capitals, where tables decide."""
    lex = lexicon()
    words = [_read(m, lex) for m in _WORD.finditer(text)]
    found: list[tuple[int, int, bool]] = []
    at = 0
    while at < len(words):
        count, sure = _name(text, words, at, lex, upper)
        if count:
            last = words[at + count - 1]
            end = last.end + (last.initial and text[last.end : last.end + 1] == "." and not sure)
            if suffix := _SUFFIX.match(text, last.end):
                end = suffix.end()
            found.append((words[at].start, end, sure))
        at += count or 1
    found += lower_case.titled(text, lex)
    if lower:
        found += lower_case.find(text, lex)
    yield from (Phi(a, b, Category.NAME) for a, b, _ in found)
    yield from again(text, found, lex, lower, upper)


def _read(match: re.Match[str], lex: Lexicon) -> _Word:
    said = match.group()
    fold = said.casefold().replace("’", "'")
    parts = fold.split("-") if "-" in fold else [fold]
    known = lex.known(fold) or all(lex.known(p) for p in parts)
    plain = (
        (
            any(map(lex.ordinary, parts))
            and not any(lex.known(p) and not lex.ordinary(p) for p in parts)
        )
        or any(c.isdigit() or c == "_" for c in said)
        or CONTRACTION.search(fold) is not None
    )
    return _Word(match.start(), match.end(), said, fold, known, plain)


def _name(text: str, words: list[_Word], at: int, lex: Lexicon, upper: bool) -> tuple[int, bool]:
    """How many words from `at` are a name (0: none), and whether its context says so."""
    first = words[at]
    if first.fold in _NEVER and first.fold not in lex.given:
        return 0, False
    left = text[max(0, first.start - LEFT) : first.start]
    why = _why(left)
    if why == "title" and not first.known and first.plain:
        return (1, True) if _titled(first, left, upper) else (0, False)
    run = _run(text, words, at, why in ("field", "title"))
    if not run or _credential(run[0]):
        return 0, False
    if why in ("field", "title", "closing"):
        return (len(run), True) if why != "field" or _entered(run, left, lex) else (0, False)
    if CREDENTIAL.match(text, run[-1].end) and _credentialed(run, lex, left):
        return len(run), True
    if _eponym(text, run, lex):
        return 0, False
    if _beside(text, run, lex, why, left, upper):
        return len(run), True
    return len(run) if _listed(run, lex, upper, left) else 0, False


def _beside(text: str, run: list[_Word], lex: Lexicon, why: str, left: str, upper: bool) -> bool:
    """What stands beside makes a name of words that look like one."""
    first = run[0]
    if not upper and len(run) == 1 and first.text.isupper() and not (lex.known(first.fold) and why):
        return False  # an acronym
    match why:
        case "only" if _person(run, lex):
            return True
        case "relative" | "role" if _related(text, run, lex, why):
            return True
        case "personal" if _looks(run, lex) and (len(run) > 1 or _alone(first, left, lex)):
            return True
    return not upper and AFTER.match(text, run[-1].end) is not None and _subject(run, lex)


def _why(left: str) -> str:
    """What the words before say: title, field, closing, relative, role, only, personal or ""."""
    left = _PARTICLE_LEFT.sub("", left)
    if left.endswith("\n") or not left.strip():
        return "closing" if _CLOSING.search(left) else ""
    match = _LEFT.search(left)
    if match is None:
        return ""
    word, separator = match[1].casefold(), match[3].strip()
    if "." in left[match.end(1) : match.start(3)] and word not in _DOTTED:
        return ""
    if separator in (":", "#"):
        return "field" if word in FIELDS else ""
    if word in RELATIVES and separator in ("", ",", "(") and not match[2]:
        return "relative"
    return "" if separator else _plain_why(word, left)


def _plain_why(word: str, left: str) -> str:
    """The same for a word that only spaces part from the name."""
    if word in TITLES:
        return "title"
    if word in ONLY_PERSONS or (word == "with" and _TALKED.search(left)):
        return "only"
    if word in ROLES:
        return "role"
    return "personal" if word in PERSONAL else ""


def _run(text: str, words: list[_Word], at: int, comma: bool) -> list[_Word]:
    """The words from `at` on that can be one name; with `comma` also "SURNAME, Given"."""
    run: list[_Word] = []
    for word in words[at : at + 6]:
        if run:
            gap = text[run[-1].end : word.start]
            dotted = run[-1].initial and gap in (". ", ".", " ")
            turned = (
                gap == ", " and len(run) == 1 and (comma or _given(word)) and not _credential(word)
            )
            if not (dotted or turned or _JOIN.fullmatch(gap)):
                break
        if (
            not (word.free or (word.initial and (run or _dotted(text, word))))
            or word.fold in TITLES
        ):
            break
        if run and _credential(word):
            break
        run.append(word)
    while (
        run
        and run[-1].initial
        and not (len(run) > 1 and (_dotted(text, run[-1]) or (comma and len(run) > 2)))
    ):
        run.pop()
    return run


def _given(word: _Word) -> bool:
    return word.fold in lexicon().given and not word.plain


def _dotted(text: str, word: _Word) -> bool:
    return text[word.end : word.end + 1] == "."


def _credential(word: _Word) -> bool:
    return CREDENTIAL.fullmatch(f" {word.text}") is not None


def _titled(word: _Word, left: str, upper: bool) -> bool:
    """After a title even an ordinary word is a name, if written as one; "MR." is also a finding."""
    written = word.text[1:].islower() and len(word.text) > 2 and not upper
    return written and not left.rstrip(" .").endswith("MR")


def _person(run: list[_Word], lex: Lexicon) -> bool:
    return any(w.known for w in run) or not any(w.plain for w in run if not w.initial)


def _credentialed(run: list[_Word], lex: Lexicon, left: str) -> bool:
    if len(run) == 1 and (run[0].fold in lex.cities or run[0].fold in lex.facility):
        return run[0].known and not re.search(r"\b(?:in|from|of|at|near)\s+$", left)
    if len(run) == 1 and run[0].text.isupper() and not run[0].known:
        return False
    return _person(run, lex) and (len(run) > 1 or len(run[0].text) > 2)


def _eponym(text: str, run: list[_Word], lex: Lexicon) -> bool:
    """Part of a term: the next word is what eponyms name, or every part is an eponym."""
    after = NEXT.match(text, run[-1].end)
    if after is not None and after[1].casefold() in EPONYMOUS:
        return True
    parts = [p for w in run for p in w.fold.split("-")]
    return len(parts) > 1 and all(p in lex.eponyms for p in parts) and not any(map(_given, run))


def _related(text: str, run: list[_Word], lex: Lexicon, why: str) -> bool:
    """A name beside a relative or a role."""
    first = run[0]
    if len(run) == 1:
        if first.plain:
            return why == "relative" and first.fold in lex.given and first.text[1:].islower()
        if first.known or not first.text[1:].islower():
            return first.known
        return why == "relative" or _NEXT_LOWER.match(text, first.end) is not None
    return _person(run, lex) and (any(w.known for w in run) or why == "relative")


def _looks(run: list[_Word], lex: Lexicon) -> bool:
    """A full name, or one name that is nothing else."""
    if any(w.fold in lex.cities or w.fold in lex.wide or w.fold in lex.states for w in run[:1]):
        return len(run) > 1 and run[-1].known and not run[-1].plain
    if len(run) > 1:
        return any(w.known and not w.plain for w in run) and not all(
            w.fold in lex.eponyms for w in run
        )
    return run[0].known and not run[0].plain and run[0].fold not in lex.eponyms


def _alone(word: _Word, left: str, lex: Lexicon) -> bool:
    """A single name after "by" or "with": a given one, or a surname of who did something."""
    if word.text.isupper():
        return False
    return word.fold in lex.given or left.rstrip().endswith(
        ("by", "per", "called", "asked", "told")
    )


def _entered(run: list[_Word], left: str, lex: Lexicon) -> bool:
    """A field's value; after a speaker's mark, as in "Patient: Yep", only a known name."""
    if _SPEAKER.search(left) and len(run) == 1:
        return run[0].known and not run[0].plain
    return _person(run, lex)


def _subject(run: list[_Word], lex: Lexicon) -> bool:
    """A bare surname that does what persons do."""
    one = run[0]
    if len(run) > 1:
        return _person(run, lex) and any(w.known for w in run)
    if one.fold in lex.wide or one.fold in lex.states or len(one.text) < 3 or one.text.isupper():
        return False
    return (one.known and (not one.plain or not lex.ordinary(one.fold))) or not (
        one.plain or one.fold in lex.eponyms
    )


def _listed(run: list[_Word], lex: Lexicon, upper: bool, left: str) -> bool:
    """Without context: a given name with a surname after it, or one that is nothing else."""
    first, last = run[0], run[-1]
    shouted = upper or first.text.isupper()
    if len(run) == 1:
        if shouted or first.plain or first.fold in lex.eponyms or first.fold in lex.surnames:
            return False
        return first.fold in lex.given and first.fold not in lex.cities | lex.states | lex.wide
    whole = [w for w in run if not w.initial]
    if first.initial:
        return last.known and not last.plain and last.fold not in lex.eponyms and not shouted
    if first.fold not in lex.given:
        if shouted or first.fold in lex.eponyms or first.fold in lex.cities | lex.wide | lex.states:
            return False
        turned = first.known and _given(last)
        return turned or (last.known and not last.plain and last.fold not in lex.eponyms)
    if shouted and not all(w.known for w in whole):
        return False
    if len(first.text) < 3 and not last.known:
        return False
    if first.plain and last.plain:
        return bool(re.search(r"[a-z,] $", left)) and last.known and not shouted
    return last.known or not last.plain
