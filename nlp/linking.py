"""From a phrase and its context to codes: dictionary terms, then qualifiers, then search.

Every coding returned names a code that the loaded terminology holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from nlp import qualifiers
from nlp.places import Place
from nlp.types import Candidate, Coding, Document, Kind
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM, Match, Method, Term, TermKind

SYSTEM_OF: dict[Kind, str] = {"condition": ICD10CM, "medication": RXNORM}
# How far each kind of term is trusted; the order decides between terms of one phrase.
TRUST: dict[TermKind, float] = {
    TermKind.TITLE: 1.0,
    TermKind.INGREDIENT: 1.0,
    TermKind.BRAND: 0.99,
    TermKind.CLINICAL_DRUG: 0.99,
    TermKind.LAY: 0.97,
    TermKind.ABBREVIATION: 0.95,
    TermKind.INCLUSION: 0.93,
    TermKind.INDEX: 0.9,
}
_METHOD = {
    TermKind.TITLE: Method.EXACT,
    TermKind.INGREDIENT: Method.EXACT,
    TermKind.ABBREVIATION: Method.ABBREVIATION,
}
EXTENDED = 0.93  # a match of an extended phrase must be this good to replace the phrase's own code
COMBINED = 0.66  # and this good where the match says only a part of the phrase
FOUND = 0.72  # a searched code must be this good to be used; a fuzzy score is 0.9 × likeness
_PLAIN = re.compile(r"unspecified|without complication|uncomplicated|not intractable|NOS\b", re.I)
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset(
    ("of", "the", "and", "with", "in", "to", "a", "an", "or", "due", "by", "mellitus")
)
_WITHOUT = re.compile(r"\bwithout (?:acute |any |a )?(\w+)")
_FIGURE = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_SPREAD = ("C77", "C78", "C79")
_MALE = re.compile(r"(?<!fe)\bmale\b")
# Codes of no part of the body: what it is called with one, and the chapter that it is then in.
_NOWHERE = {"T14": ("", "S"), "S00.439": ("", "S"), "C80.1": ("cancer", "C")}
_OF_SITE = re.compile(
    r"(?:\s?of)?(?:\s(?:the|his|her|your|my|both|left|right|bilateral))*\s(?P<site>[a-z]+(?:\s[a-z]+){0,2})",
    re.I,
)
_COMES_WITH = re.compile(r"\bwith\b")


def rank(terms: Sequence[Term]) -> list[Term]:
    """Terms of one phrase, the likeliest meaning first: trusted kinds, then the broader code."""
    return sorted(
        terms, key=lambda t: (-TRUST[t.kind], not _unspecified(t.code), len(t.code), t.code)
    )


def _unspecified(code: str) -> bool:
    return len(code) == 3 or code.endswith(("9", "90", "0", "00"))


def coding(terminology: Terminology, term: Term) -> Coding:
    """The coding that a dictionary term stands for."""
    method = _METHOD.get(term.kind, Method.SYNONYM)
    display = terminology.display(term.system, term.code)
    return Coding(term.system, term.code, display, TRUST[term.kind], method, term.text)


def from_match(match: Match) -> Coding:
    """The coding of a search result."""
    return Coding(match.system, match.code, match.display, match.score, match.method, match.term)


def condition(
    terminology: Terminology,
    document: Document,
    candidate: Candidate,
    following: Place | None = None,
) -> tuple[Place, Coding | None]:
    """The span that the code covers and the best code of a condition mention, None where none fits.

    `following` is the place of the document's next condition: "diabetes with …" takes it in.
    """
    text = document.text
    here = candidate.span.start, candidate.span.end
    base = given(terminology, candidate)
    for place in qualifiers.spans(document, *here, following):
        words = qualifiers.phrase(text, place)
        better = search(terminology, words, ICD10CM, COMBINED)
        if better and _refines(better, base, words):
            return place, _sided(terminology, better, qualifiers.side(text, place))
    code = base or _searched(terminology, candidate.span.quote)
    if code is None:
        return here, None
    if code.code.startswith(tuple(_NOWHERE)) and (
        found := _sited(terminology, document, here, code)
    ):
        here, code = found
    wide = qualifiers.extend(document, *here)
    sided = _sided(terminology, code, qualifiers.side(text, wide))
    return (here if sided == code else wide), sided


def _sited(
    terminology: Terminology, document: Document, here: Place, code: Coding
) -> tuple[Place, Coding] | None:
    """An injury or tumor of the part that is named behind it: "laceration of the right hand"."""
    site = _OF_SITE.match(document.text, here[1])
    if site is None:
        return None
    called, chapter = next(v for k, v in _NOWHERE.items() if code.code.startswith(k))
    noun = called or code.term.partition(" of")[0]
    words = site["site"].split()
    for count in range(len(words), 0, -1):
        matches = found(terminology, f"{' '.join(words[:count])} {noun}", ICD10CM, 1)
        if matches and matches[0].score >= EXTENDED and matches[0].code.startswith(chapter):
            end = site.start("site") + len(" ".join(words[:count]))
            return (here[0], end), from_match(matches[0])
    return None


def _searched(terminology: Terminology, quote: str) -> Coding | None:
    """The code of a phrase that no dictionary has; its last word, the disease, must be in it."""
    found = search(terminology, quote, ICD10CM, FOUND)
    words = [word for word in _WORD.findall(quote.lower()) if word not in _EMPTY]
    return found if found and words and stems(words[-1]) <= stems(found.term) else None


def _sided(terminology: Terminology, given: Coding, side: str) -> Coding:
    """The same condition of the side that is named: "unspecified knee" becomes "left knee"."""
    if not side or "unspecified" not in given.display or "." not in given.code:
        return given
    code = billable(terminology, given).code
    display = terminology.display(ICD10CM, code)
    head, _, noun = display.rpartition("unspecified ")
    wanted = {
        f"{head}{side} {noun}".lower(),
        f"{head}{side} {noun}s".lower(),
        f"{head}{side}".lower(),
    }
    for sibling in _beside(terminology, code):
        told = terminology.display(ICD10CM, sibling)
        if told.lower() in wanted:
            return replace(given, code=sibling, display=told)
    return given


def _beside(terminology: Terminology, code: str) -> list[str]:
    """The codes of the same category that differ in the place of the side."""
    return [
        code[:at] + digit + code[at + 1 :]
        for at in range(4, len(code.rstrip("ABDGKPSX")) or len(code))
        for digit in "0123456789"
        if terminology.exists(ICD10CM, code[:at] + digit + code[at + 1 :])
    ]


def given(terminology: Terminology, candidate: Candidate) -> Coding | None:
    """The candidate's own code, where the terminology holds it."""
    if not candidate.code or not terminology.exists(candidate.system, candidate.code):
        return None
    display = terminology.display(candidate.system, candidate.code)
    method = candidate.method or Method.EXACT
    return Coding(
        candidate.system,
        candidate.code,
        display,
        candidate.score,
        method,
        candidate.term or display,
    )


def billable(terminology: Terminology, given: Coding) -> Coding:
    """The same condition by a code that may stand on a claim, where one says no more than it.

    E11 becomes E11.9 "without complications", M54.5 becomes M54.50 "unspecified".
    """
    if given.system != ICD10CM:
        return given
    code = _plainest(terminology, given.code)
    if code == given.code:
        return given
    return replace(given, code=code, display=terminology.display(ICD10CM, code))


@lru_cache(maxsize=4096)
def _plainest(terminology: Terminology, code: str) -> str:
    """Down from a code to the one that adds least: "unspecified" throughout, not of men."""
    if default := terminology.default(code):
        return default
    while not terminology.is_billable(code):
        below = terminology.lookup(ICD10CM, code).properties
        displays = {
            str(p.value): terminology.display(ICD10CM, str(p.value)).lower()
            for p in below
            if p.code == "child"
        }
        plain = [c for c, display in displays.items() if _PLAIN.search(display)]
        if not plain:
            return code
        code = min(
            plain,
            key=lambda c: (
                bool(_MALE.search(displays[c])),
                bool(_COMES_WITH.search(displays[c])),
                -displays[c].count("unspecified"),
                len(displays[c]),
                c,
            ),
        )
    return code


def is_plain(coding: Coding) -> bool:
    """Whether a code says no more than its category: unspecified, without complications."""
    return _is_plain(coding.display)


@lru_cache(maxsize=4096)
def _is_plain(display: str) -> bool:
    return _PLAIN.search(display) is not None


def _refines(better: Coding, base: Coding | None, phrase: str) -> bool:
    """A longer phrase changes the code where it matched whole, or where the code says part of it.

    "Type 2 diabetes with CKD stage 3" holds all words of "type 2 diabetes with CKD", so E11.22 may
    replace E11.9; it may not replace a code of another category.
    """
    absent = _WITHOUT.findall(phrase.lower())
    if any(re.search(rf"\bwith (?:\w+ )?{noun}", better.display.lower()) for noun in absent):
        return False
    if base is None:
        return True
    if (
        better.code.startswith(_SPREAD)
        and base.code[0] == "C"
        and not base.code.startswith(_SPREAD)
    ):
        return False  # "breast cancer with metastasis" is a cancer of the breast
    if better.score >= EXTENDED:
        return True
    said, term = stems(phrase), stems(better.term)
    return better.code[:3] == base.code[:3] and stems(base.term) < term <= said


def stems(text: str) -> set[str]:
    """The words that tell, cut to six letters, numerals as figures: what two phrases share."""
    words = (_FIGURE.get(word, word) for word in _WORD.findall(text.lower()))
    return {word[:6] for word in words if word not in _EMPTY}


def search(terminology: Terminology, text: str, system: str, least: float) -> Coding | None:
    """What a phrase is most like; one word is never taken for a part of a longer name."""
    said = " ".join(text.split())
    # the best alone: where a name reads like the phrase, nothing else is looked for
    best = next(iter(found(terminology, said, system, 1)), None)
    if best and " " in best.term and " " not in said:
        further = found(terminology, said, system, 3)
        best = next((m for m in further if " " not in m.term), None)
    return from_match(best) if best and best.score >= least else None


@lru_cache(maxsize=8192)
def found(terminology: Terminology, text: str, system: str, count: int) -> tuple[Match, ...]:
    """What the terminology finds: notes ask for the same few phrases again and again."""
    return terminology.match(text, system, count)
