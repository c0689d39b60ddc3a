"""One finding a fact: mentions of one condition or drug in a document become one, with evidence."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from nlp.linking import is_plain
from nlp.types import Assertion, Coding, Finding, MedicationStatus
from terminology.service import Terminology

A = Assertion
S = MedicationStatus
# Where the author concludes; their word on a status is the last one.
PRIORITY: dict[str, int] = {
    "discharge_medications": 5,
    "plan": 4,
    "assessment_plan": 4,
    "assessment": 4,
    "medications": 3,
    "hospital_course": 3,
    "diagnosis": 3,
}
DIABETES = frozenset(("E08", "E09", "E10", "E11", "E13"))
# What a combination code tells of itself; other parts (CKD, heart failure) keep codes of their own.
IMPLIED = frozenset(("G62", "G63", "G90", "G99", "H35", "H36", "I79", "N08", "N28", "R73", "E61"))
# Codes that can't stand first: their ends in the categories of diabetes.
MANIFEST = {"N08": "21", "H36": "319", "G63": "42", "G99.0": "43"}
_TYPED = re.compile(r"\b(?:type\s?(?:1|2|i{1,2})|t[12]dm|dm\s?[12]|iddm|niddm)\b", re.I)
_NOTHING = re.compile(
    r"unspecified|without complications?|uncomplicated|single episode|not intractable"
    r"|without status migrainosus|not elsewhere classified"
    r"|organism|\b(?:site|side|part|type|other)\b",
    re.I,
)
_KIND = re.compile(r"^(?:osteo|poly|mono|broncho|cardio|gastro|rhino|pan|peri)(?=\w{5})")
_SPELT = 4  # words from which on a drug's name is that of a product
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset(("of", "the", "and", "with", "in", "to", "or", "due", "by"))
_CAUSE = re.compile(r"\b(?:with|without|due to|secondary to|associated|in)\b", re.I)
CONCLUDES = frozenset({"assessment", "assessment_plan", "diagnosis"})
STRENGTH = (A.PRESENT, A.HISTORICAL, A.POSSIBLE, A.NEGATED, A.HYPOTHETICAL, A.FAMILY)


class Mention(Struct, frozen=True, gc=False):
    """A finding of one place, and whether a cue of the text gave its status."""

    finding: Finding
    cued: bool = False


def merge(mentions: Sequence[Mention]) -> tuple[Finding, ...]:
    """Findings in order of their first place.

    A relative's condition and an allergy are facts of their own. Of a condition's codes the most
    specific wins; "present" anywhere wins over "possible" and "hypothetical", and "negated" stays
    only where no mention claims the condition. A drug's status is that of the mention with the
    highest section priority that has a cue, the later one of two.
    """
    conditions = [m for m in mentions if m.finding.kind == "condition"]
    drugs = [m for m in mentions if m.finding.kind == "medication"]
    out = _absorbed(
        [_condition(f) for group in _grouped(conditions, _category) for f in _facts(group)]
    )
    out += [_drug(group) for group in _grouped(drugs, _substance)]
    return tuple(sorted(out, key=lambda f: (f.span.start, f.span.end, f.kind)))


def _grouped(
    mentions: Sequence[Mention], key: Callable[[Finding], Hashable]
) -> list[list[Mention]]:
    groups: dict[Hashable, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(key(mention.finding), []).append(mention)
    return list(groups.values())


def _category(finding: Finding) -> Hashable:
    """Conditions of one category may be the same; a relative's are never the patient's."""
    code = finding.codings[0].code[:3] if finding.codings else finding.span
    return code, finding.assertion is A.FAMILY


def _substance(finding: Finding) -> Hashable:
    """The same ingredients are the same drug; an allergy to it is another fact."""
    what = finding.ingredients or (finding.codings[-1].code if finding.codings else finding.span)
    # Products spelt out in full are drugs of their own: two strengths, two releases.
    spelt = finding.codings[-1].code if len(finding.span.quote.split()) > _SPELT else ""
    return what, spelt, finding.status in (S.ALLERGY, S.INTOLERANCE), finding.assertion is A.FAMILY


def _facts(category: list[Mention]) -> list[list[Mention]]:
    """Mentions of one category by fact: an unspecified code is the same as a fuller one."""
    facts: list[list[Mention]] = []
    for group in _grouped(category, lambda f: f.codings[0].code if f.codings else f.span):
        one = group[0].finding
        home = next((f for f in facts if any(_same(one, m.finding) for m in f)), None)
        if home is None:
            facts.append(group)
        else:
            home += group
    return facts


def _same(a: Finding, b: Finding) -> bool:
    """A code and a broader one, or one that says no more than what both have in common."""
    if not (a.codings and b.codings):
        return False
    one, other = a.codings[0], b.codings[0]
    short, long = sorted((one.code, other.code), key=len)
    if long.startswith(short):
        return True
    return any(is_plain(x) and _meant(x) <= _meant(y) for x, y in ((one, other), (other, one)))


def _meant(coding: Coding) -> set[str]:
    """What a code's display says, without what it says of not being specified."""
    return _words(_NOTHING.sub(" ", coding.display))


def _told(words: set[str]) -> set[str]:
    """The words and what they are a kind of: osteoarthritis is an arthritis."""
    return words | {_KIND.sub("", word) for word in words}


def _words(text: str) -> set[str]:
    """The words that tell, in the singular."""
    return {
        word.rstrip("s") for word in _WORD.findall(text.lower()) if len(word) > 1 or word.isdigit()
    } - _EMPTY


def contains(outer: Finding, inner: Finding) -> bool:
    """Whether a mention is a part of the one before it whose code tells it: "… with neuropathy"."""
    if not (outer.codings and inner.codings and outer.assertion is inner.assertion):
        return False
    within = outer.span.start <= inner.span.start and inner.span.end <= outer.span.end
    a, b = outer.codings[0], inner.codings[0]
    told = a.code[:3] == b.code[:3] or b.code[:3] in IMPLIED
    return within and told and _meant(a) != _meant(b)


def one_type(terminology: Terminology, mentions: list[Mention]) -> list[Mention]:
    """Diabetic complications by the type that the patient has, where only another line names it."""
    present = [m.finding for m in mentions if m.finding.assertion is A.PRESENT]
    category = next((_diabetes(f) for f in present if _diabetes(f)), "")
    if category:
        mentions = [
            replace(m, finding=_manifest(terminology, m.finding, category)) for m in mentions
        ]
    types = {_type(f) for f in present} - {""}
    if types != {"E10"}:
        return mentions
    return [replace(m, finding=_retyped(terminology, m.finding)) for m in mentions]


def _diabetes(finding: Finding) -> str:
    code = finding.codings[0].code[:3] if finding.codings else ""
    return code if code in DIABETES else ""


def _manifest(terminology: Terminology, finding: Finding, category: str) -> Finding:
    """A manifestation, coded "in diseases classified elsewhere", by the diabetes' code."""
    coding = finding.codings[0] if finding.codings else None
    code = f"{category}.{MANIFEST.get(coding.code, '')}" if coding else ""
    if coding is None or coding.code not in MANIFEST or not terminology.exists(coding.system, code):
        return finding
    display = terminology.display(coding.system, code)
    return replace(finding, codings=(replace(coding, code=code, display=display),))


def _type(finding: Finding) -> str:
    """The category of a diabetes whose type the text names."""
    code = finding.codings[0].code[:3] if finding.codings else ""
    return code if code in DIABETES and _TYPED.search(finding.span.quote) else ""


def _retyped(terminology: Terminology, finding: Finding) -> Finding:
    if finding.assertion is A.FAMILY or not finding.codings or _type(finding):
        return finding
    coding = finding.codings[0]
    code = coding.code.replace("E11", "E10", 1)
    if not coding.code.startswith("E11") or not terminology.exists(coding.system, code):
        return finding
    display = terminology.display(coding.system, code)
    return replace(finding, codings=(replace(coding, code=code, display=display),))


def _absorbed(findings: list[Finding]) -> list[Finding]:
    """Without the vague ones whose every word a fuller one says: "arthritis" of "… of the knee"."""
    present = [f for f in findings if f.assertion is A.PRESENT and f.codings]
    said = {f.span: _words(_CAUSE.split(f.span.quote)[0]) for f in present}
    told = {f.span: _told(said[f.span] | _words(f.codings[0].display)) for f in present}
    by_word: dict[str, list[Finding]] = {}
    for one in present:
        for word in told[one.span]:
            by_word.setdefault(word, []).append(one)
    out = {f.span: f for f in findings}
    for vague in present:
        words = _words(vague.span.quote)
        if not words or not _vague(vague):
            continue
        near = min((by_word.get(word, []) for word in words), key=len)
        others = [f for f in near if f.span in out and f is not vague]
        exact = (f for f in others if words < told[f.span] and not _vague(f))
        fuller = (f for f in others if words < said[f.span])
        home = next(exact, None) or next(fuller, None)
        if home:
            del out[vague.span]
            into = out[home.span]
            evidence = (*into.evidence, vague.span, *vague.evidence)
            out[home.span] = replace(into, evidence=evidence)
    return list(out.values())


def _vague(finding: Finding) -> bool:
    return is_plain(finding.codings[0])


def _condition(group: list[Mention]) -> Finding:
    findings = [m.finding for m in group]
    concluded = {f.assertion for f in findings if f.section in CONCLUDES}
    if A.NEGATED in concluded and not _denied(findings):
        concluded = set()
    said = concluded if A.NEGATED in concluded else {f.assertion for f in findings}
    assertion = next(a for a in STRENGTH if a in said)
    bearing = [f for f in findings if f.assertion is assertion]
    # The most specific code of the mentions that bear the assertion, else the broad one.
    best = max(
        bearing, key=lambda f: (not _vague(f), len(f.codings[0].code), f.score, -f.span.start)
    )
    return _with_evidence(best, findings)


def _denied(findings: list[Finding]) -> bool:
    """Whether what is negated is the condition itself: "no retinopathy" leaves the diabetes."""
    claimed = [f.codings[0] for f in findings if f.assertion is A.PRESENT and f.codings]
    negated = [f for f in findings if f.assertion is A.NEGATED and f.section in CONCLUDES]
    return not claimed or any(
        not f.codings or _meant(f.codings[0]) <= _meant(coding)
        for f in negated
        for coding in claimed
    )


def _drug(group: list[Mention]) -> Finding:
    last = max(
        group, key=lambda m: (m.cued, PRIORITY.get(m.finding.section, 1), m.finding.span.start)
    )
    findings = [m.finding for m in group]
    full = max(findings, key=lambda f: (_parts(f), PRIORITY.get(f.section, 1), -f.span.start))
    if last.finding.status is S.CHANGED:
        full = _changed(last.finding, full)
    supplied = next((f.sig.supply for f in findings if f.sig and f.sig.supply), None)
    if supplied and full.sig and not full.sig.supply:
        full = replace(full, sig=replace(full.sig, supply=supplied))
    status, assertion = last.finding.status, last.finding.assertion
    if (full.status, full.assertion) != (status, assertion):
        full = replace(full, status=status, assertion=assertion)
    return _with_evidence(full, findings)


def _changed(new: Finding, old: Finding) -> Finding:
    """A changed drug with its new amount; what the change leaves unsaid stays as it was."""
    sig, before = new.sig, old.sig
    if sig is None or before is None or not (sig.strength or sig.dose):
        return old
    kept: dict[str, Any] = {} if sig.form else {"form": before.form}
    if not sig.route:
        kept |= {"route": before.route, "route_code": before.route_code}
    if not sig.frequency:
        kept |= {"frequency": before.frequency, "timing": before.timing}
    if not sig.as_needed:
        kept |= {"as_needed": before.as_needed, "as_needed_for": before.as_needed_for}
    return replace(new, sig=replace(sig, **kept), codings=new.codings or old.codings)


def _parts(finding: Finding) -> int:
    sig = finding.sig
    if sig is None:
        return 0
    return sum(part is not None for part in (sig.strength, sig.dose, sig.route, sig.frequency))


def _with_evidence(finding: Finding, all_of: list[Finding]) -> Finding:
    if len(all_of) == 1 and all_of[0] is finding:
        return finding
    others = tuple(f.span for f in all_of if f.span != finding.span)
    related = finding.related
    if any(f.related for f in all_of if f is not finding):
        related = tuple(dict.fromkeys(r for f in (finding, *all_of) for r in f.related))
    return replace(finding, score=max(f.score for f in all_of), evidence=others, related=related)
