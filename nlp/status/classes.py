"""What is said of a class of drugs holds for those of it that the document lists: "ACEi held".

Members are known by the stems of their nonproprietary names (WHO), else by a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from msgspec.structs import replace

from nlp.merge import Mention
from nlp.places import Place, Places
from nlp.status.decision import status
from nlp.types import Document, Finding, MedicationStatus

S = MedicationStatus

# What notes call a class, in lower case and the singular → what its members' names are.
CLASSES: dict[str, str] = {
    "acei; ace-i; ace inhibitor; ace": r"\w+pril",
    "arb": r"\w+sartan",
    "sglt2; sglt2i; sglt-2; sglt2 inhibitor; sglt-2 inhibitor": r"\w+gliflozin",
    "mra": r"spironolactone|eplerenone|finerenone",
    "beta blocker; beta-blocker; bb": r"\w+[ao]lol|carvedilol",
    "statin": r"\w+vastatin",
    "ppi": r"\w+[oe]prazole",
    "nsaid": r"ibuprofen|naproxen|diclofenac|meloxicam|ketorolac|indomethacin|etodolac|celecoxib"
    r"|nabumetone",
    "diuretic; water pill; water tablet": r"furosemide|torsemide|bumetanide|hydrochlorothiazide"
    r"|indapamide|chlorthalidone|metolazone|spironolactone",
    "anticoagulation; anticoagulant; anticoag; blood thinner": r"\w+xaban|warfarin|dabigatran\w*",
    "doac; noac; direct oral anticoagulant": r"\w+xaban|dabigatran\w*",
    "ssri": r"sertraline|fluoxetine|paroxetine|citalopram|escitalopram",
    "benzo; benzodiazepine": r"\w+azepam|\w+azolam",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Class:
    words: tuple[str, ...]  # the longest first
    members: re.Pattern[str]

    def called(self, low: str) -> list[Place]:
        """Where a text in lower case names the class, in the singular or the plural."""
        found = Places()
        for word in self.words:
            at = low.find(word)
            while at >= 0:
                end = at + len(word)
                end += low.startswith("s", end)
                if not _WITHIN.match(low, end) and not _WITHIN.match(low, max(0, at - 1), at):
                    found.add(at, end)
                at = low.find(word, end)
        return list(found)


def _class(called: str, members: str) -> _Class:
    return _Class(tuple(sorted(called.split("; "), key=len, reverse=True)), re.compile(members))


_WITHIN = re.compile(r"[\w-]")  # beside what is a part of a word
_CLASSES = tuple(_class(called, members) for called, members in CLASSES.items())
_NO = re.compile(r"\b(?:no(?:\smore)?|avoid(?:ing)?(?:\sall)?)\s$")  # "No NSAIDs."
_MORE = re.compile(
    r"\s(?!for\b|due\b|given\b|until\b|with\b|because\b|or\b|and\b)\w"
)  # "no statin side effects"
_NEAR = 14  # code points before a class in which that stands
_COUNTS = frozenset((S.STOPPED, S.HELD, S.ACTIVE))


def mentioned(document: Document, drugs: list[Mention], places: list[Place]) -> list[Mention]:
    """A further mention of each of the drugs where its class is spoken of behind it."""
    out: list[Mention] = []
    taken = [m.finding for m in drugs if m.finding.status not in (S.ALLERGY, S.INTOLERANCE)]
    listed = dict.fromkeys(c for drug in taken for name in drug.ingredients for c in _of(name))
    for one in listed:
        members = [f for f in taken if any(one in _of(name) for name in f.ingredients)]
        for place in one.called(document.low):
            out += _mentions(document, place, members, places)
    return out


@lru_cache(maxsize=1 << 12)
def _of(ingredient: str) -> tuple[_Class, ...]:
    """The classes of an ingredient."""
    return tuple(each for each in _CLASSES if each.members.fullmatch(ingredient))


def _mentions(
    document: Document, place: Place, members: Iterable[Finding], places: list[Place]
) -> list[Mention]:
    """The drugs as mentioned by their class, where that says whether they are taken."""
    what, cued = status(document, place, places)
    low = document.low
    if _NO.search(low, max(0, place[0] - _NEAR), place[0]) and not _MORE.match(low, place[1]):
        what = S.NOT_TAKING
    elif not cued or what not in _COUNTS:
        return []
    span, key = document.span(*place), document.key_at(place[0])
    # What is to be held is told before the list of drugs, too: "Hold ACEi. Meds: …".
    spoken_of = {f.ingredients: f for f in members if what is S.HELD or f.span.start < place[0]}
    return [
        Mention(replace(f, span=span, section=key, status=what, sig=None), cued=True)
        for f in spoken_of.values()
    ]
