"""The code of a condition: its own, that of the phrase around it, or one that is searched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp import qualifiers
from nlp.linking.searching import COMBINED, EMPTY, EXTENDED, FOUND, WORD, found, search, stems
from nlp.linking.sides import sided
from nlp.linking.terms import from_match, given
from nlp.places import Place
from nlp.types import Candidate, Coding, Document
from terminology.service import Terminology
from terminology.types import ICD10CM

_WITHOUT = re.compile(r"\bwithout (?:acute |any |a )?(\w+)")
_STAGED = ("N18", "L97")  # what combination codes ask for beside them
_SPREAD = ("C77", "C78", "C79")
# Codes of no part of the body: what it is called with one, and the chapter that it is then in.
_NOWHERE = {
    "T14": ("", "S"),
    "S00.439": ("", "S"),
    "L02.91": ("abscess", "L"),
    "C80.1": ("cancer", "C"),
    "C44.92": ("cancer", "C"),
}
_WORD = re.compile(r"[A-Za-z]+")
_OF_SITE = re.compile(
    r"(?:\s?(?:of|to|over|on|in|at))?(?:\s(?:the|his|her|your|my|both|left|right"
    r"|bilateral))*\s(?P<site>[a-z]+(?:\s[a-z]+){0,2})",
    re.I,
)
_BEFORE = re.compile(r"(?:[A-Za-z]+[\s-]+){1,5}$")
_UNSITED = ", unspecified site"
_NEAR = 60  # code points before a tumor in which its site stands


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
            return place, sided(terminology, better, qualifiers.side(text, place))
    code = base or _searched(terminology, candidate.span.quote)
    if code is None:
        return here, None
    if code.code.startswith(tuple(_NOWHERE)) and (
        found := _sited(terminology, document, here, code)
    ):
        here, code = found
    wide = qualifiers.extend(document, *here)
    of_side = sided(terminology, code, qualifiers.side(text, wide))
    return (here if of_side == code else wide), of_side


def _sited(
    terminology: Terminology, document: Document, here: Place, code: Coding
) -> tuple[Place, Coding] | None:
    """An injury or tumor of the part that is named beside it: "laceration of the right hand",
    "ovarian high grade serous carcinoma"."""
    text = document.text
    called, chapter = next(v for k, v in _NOWHERE.items() if code.code.startswith(k))
    noun = called or code.term.partition(" of")[0]
    for start, end in _sites(text, here, chapter):
        matches = found(terminology, f"{' '.join(text[start:end].split())} {noun}", ICD10CM, 1)
        if matches and matches[0].score >= EXTENDED and _is_place(matches[0].code, chapter):
            return (min(start, here[0]), max(end, here[1])), from_match(matches[0])
    return None


def _sites(text: str, here: Place, chapter: str) -> Iterator[Place]:
    """Words that may be a site: behind the mention the most first, before a tumor the nearest."""
    if behind := _OF_SITE.match(text, here[1]):
        words = list(_WORD.finditer(text, *behind.span("site")))
        yield from ((words[0].start(), word.end()) for word in reversed(words))
    before = _BEFORE.search(text, max(0, here[0] - _NEAR), here[0]) if chapter == "C" else None
    if before:
        words = list(_WORD.finditer(text, *before.span()))
        yield from (word.span() for word in reversed(words))


def _is_place(code: str, chapter: str) -> bool:
    """Whether a code is of the chapter and of some part of the body."""
    return code.startswith(chapter) and not code.startswith((*_NOWHERE, *_SPREAD, "C76"))


def _searched(terminology: Terminology, quote: str) -> Coding | None:
    """The code of a phrase that no dictionary has; its last word, the disease, must be in it."""
    found = search(terminology, quote, ICD10CM, FOUND)
    words = [word for word in WORD.findall(quote.lower()) if word not in EMPTY]
    return found if found and words and stems(words[-1]) <= stems(found.term) else None


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
    if base.code.startswith(_STAGED) and better.code[:3] != base.code[:3]:
        return False  # "ESRD due to diabetes": its stage is a code of its own
    if (
        better.code.startswith(_SPREAD)
        and base.code[0] == "C"
        and not base.code.startswith(_SPREAD)
    ):
        return False  # "breast cancer with metastasis" is a cancer of the breast
    if better.score >= EXTENDED:
        return True
    if better.code[:3] == base.code[:3]:
        return stems(base.term) < stems(better.term) <= stems(phrase)
    if not base.display.endswith(_UNSITED):
        return False
    what = base.display.removesuffix(_UNSITED).removeprefix("Unspecified ")
    return stems(what) <= stems(better.display)  # "OA right knee" is an osteoarthritis, of a site
