"""From a phrase and its context to codes: dictionary terms, then qualifiers, then search.

Every coding returned names a code that the loaded terminology holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.places import sentence_at
from nlp.types import Candidate, Coding, Document, Kind, Sig
from terminology.errors import TerminologyError
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
_NEAR = 60  # code points before a phrase in which its qualifiers stand
EXTENDED = 0.93  # a match of an extended phrase must be this good to replace the phrase's own code
COMBINED = 0.66  # and this good where the match says only a part of the phrase
FOUND = 0.72  # a searched code must be this good to be used; a fuzzy score is 0.9 × likeness
_BEFORE = re.compile(
    r"(?:\b(?:acute|chronic|subacute|recurrent|severe|mild|moderate|left|right"
    r"|bilateral|upper|lower|primary|secondary"
    r"|essential|benign|malignant|diabetic|alcoholic|viral|bacterial|allergic"
    r"|hypertensive|ischemic|congestive|systolic"
    r"|diastolic|paroxysmal|persistent|permanent|unstable|stable|morbid|metastatic"
    r"|iron[\s-]deficiency|rheumatoid|major"
    r"|generalized|seasonal|obstructive|end[\s-]stage|stage\s(?:[1-5]|i{1,3}v?|iv"
    r"|v)|type\s(?:1|2|i{1,2})|uncontrolled"
    r"|gestational|infectious|nonischemic|deep|lumbar|cervical|thoracic|plantar"
    r"|lateral|medial|distal|proximal"
    r"|lower\sback|low\sback)[\s,-]{1,2})+$",
    re.I,
)
_AFTER = re.compile(
    r"(?:[\s,]{1,3}(?:\(?(?:type\s(?:1|2|i{1,2})|stage\s(?:[1-5][ab]?|i{1,3}|iv|v)"
    r"|class\s\w+|unspecified|nos)\)?"
    r"|(?:with|without|due\sto|secondary\sto|associated\s(?:with)|in|of)\s(?:the\s|a\s"
    r"|an\s)?(?:[\w-]+\s){0,3}?[\w-]+))",
    re.I,
)
_STAGE = re.compile(
    r"[\s,]{1,2}\(?(?:stage|type|class|grade)\s(?:[1-5][ab]?|i{1,3}|iv|v)\b\)?", re.I
)
_PLAIN = re.compile(r"unspecified|without complication|uncomplicated|NOS\b", re.I)
_INJECTED = re.compile(r"intra|subcutaneous|epidural")
_INJECTION = re.compile(r"Inject|Syringe|Cartridge|Pen\b|Solution for", re.I)
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset(("of", "the", "and", "with", "in", "to", "a", "an", "or", "due", "by"))
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


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


def extend(document: Document, start: int, end: int) -> tuple[int, int]:
    """The phrase with the qualifiers that touch it: "acute … ", "… type 2", "… stage 3"."""
    text = document.text
    low = max(sentence_at(document, start)[0], start - _NEAR)
    before = _BEFORE.search(text, low, start)
    after = _STAGE.match(text, end)
    return (before.start() if before else start), (after.end() if after else end)


def condition(
    terminology: Terminology, document: Document, candidate: Candidate
) -> tuple[tuple[int, int], Coding | None]:
    """The span that the code covers, and the best code of a condition mention,
    None where none fits."""
    start, end = candidate.span.start, candidate.span.end
    base = _given(terminology, candidate)
    wide = extend(document, start, end)
    tails = _AFTER.match(document.text, wide[1])
    options = [(wide[0], tails.end())] if tails and "\n" not in tails[0] else []
    for a, b in [*options, wide, (wide[0], end), (start, wide[1])]:
        if (a, b) == (start, end):
            continue
        better = _search(terminology, document.text[a:b], ICD10CM, COMBINED)
        if better and _refines(better, base, document.text[a:b]):
            return (a, b), better
    return (start, end), base or _search(terminology, candidate.span.quote, ICD10CM, FOUND)


def _given(terminology: Terminology, candidate: Candidate) -> Coding | None:
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
    at = given
    while at.system == ICD10CM and not terminology.is_billable(at.code):
        children = [
            str(p.value)
            for p in terminology.lookup(ICD10CM, at.code).properties
            if p.code == "child"
        ]
        plain = [c for c in children if _PLAIN.search(terminology.display(ICD10CM, c))]
        if not plain:
            return at
        code = min(plain, key=lambda c: (len(terminology.display(ICD10CM, c)), c))
        at = replace(at, code=code, display=terminology.display(ICD10CM, code))
    return at


def _refines(better: Coding, base: Coding | None, phrase: str) -> bool:
    """A longer phrase changes the code where it matched whole, or where the code says part of it.

    "Type 2 diabetes with CKD stage 3" holds all words of "type 2 diabetes with CKD", so E11.22 may
    replace E11.9; it may not replace a code of another category.
    """
    if base is None or better.score >= EXTENDED:
        return True
    said, term = _stems(phrase), _stems(better.term)
    return better.code[:3] == base.code[:3] and _stems(base.term) < term <= said


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.lower()) if word not in _EMPTY}


def _search(terminology: Terminology, text: str, system: str, least: float) -> Coding | None:
    found = terminology.match(" ".join(text.split()), system, 3)
    best = next((m for m in found if m.score >= least), None)
    return from_match(best) if best else None


def medication(
    terminology: Terminology, document: Document, candidate: Candidate, sig: Sig
) -> tuple[Coding, ...]:
    """The drug's codings: the exact clinical drug where strength decides it,
    then the drug named."""
    base = _given(terminology, candidate) or _search(
        terminology, candidate.span.quote, RXNORM, FOUND
    )
    if base is None:
        return ()
    clinical = _clinical_drug(terminology, base, sig)
    return (clinical, base) if clinical and clinical.code != base.code else (base,)


def _clinical_drug(terminology: Terminology, base: Coding, sig: Sig) -> Coding | None:
    """The one clinical drug that has the name, the strength and, where told, the form."""
    if sig.strength is None or not _NUMBER.search(sig.strength.quote):
        return None
    form = sig.form.quote if sig.form else (sig.dose_quantity.unit if sig.dose_quantity else "")
    route = sig.route_code if sig.route_code in ("oral", "topical", "nasal") else ""
    phrase = " ".join(f"{base.display} {sig.strength.quote} {form or route}".split())
    want = {float(n) for n in _NUMBER.findall(sig.strength.quote.replace(",", ""))}
    ours = set(ingredients(terminology, base))
    fitting = [
        match
        for match in terminology.match(phrase, RXNORM, 12)
        if match.code != base.code
        and want == {float(n) for n in _NUMBER.findall(match.display)}
        and set(ingredients(terminology, from_match(match))) == ours
    ]
    given = bool(_INJECTED.search(sig.route_code))
    fitting = [m for m in fitting if given == bool(_INJECTION.search(m.display))]
    ours_only = [m for m in fitting if f"[{base.display}]".lower() in m.display.lower()]
    fitting = ours_only or [m for m in fitting if "[" not in m.display]
    # Without a form or route in the text only a drug that comes in one form is decided.
    if not fitting or (len(fitting) > 1 and not (form or route)):
        return None
    return from_match(fitting[0])


def ingredients(terminology: Terminology, drug: Coding) -> tuple[str, ...]:
    """Names of a drug's ingredients in lower case; empty where the terminology does not say."""
    try:
        names = set(_bases(terminology, drug.code))
    except TerminologyError:
        return ()
    # Mixed salts name one base twice: "amphetamine" and "amphetamine aspartate".
    return tuple(sorted(n for n in names if not any(n.startswith(f"{m} ") for m in names)))


def _bases(terminology: Terminology, code: str) -> Iterator[str]:
    """Down to base ingredients: a salt is an ingredient whose own ingredient is the base."""
    for part in terminology.ingredients(code):
        if part.code == code:
            yield part.display.lower()
        else:
            yield from _bases(terminology, part.code)
