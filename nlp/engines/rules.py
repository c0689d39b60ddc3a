"""The dictionary engine: terms of the loaded terminologies, read in
context; misspelt drugs recovered."""

from __future__ import annotations

import re
from pathlib import Path

from nlp import linking, mentions, sig
from nlp.places import Places, in_title, key_at
from nlp.types import Candidate, Document, Engine
from terminology.service import Terminology
from terminology.types import RXNORM, Hit, Match, Method

_WORD = re.compile(r"[A-Za-z][A-Za-z-]{4,}")
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z-]{4,})[\s,:]{1,2}$")
_ITEM_START = re.compile(r"[\s\d.)•*#-]*(?P<word>[A-Za-z][A-Za-z-]{4,})")
# A line of a problem list: "2. Lumbar strain." but no sentence that says or plans something.
_ITEM = re.compile(r"[\s\d.)#•*-]*(?P<problem>[A-Za-z][A-Za-z ,'/-]{3,70}?)[\s.;:]*")
_CLAIM = re.compile(
    r"\b(?:is|was|were|are|has|had|have|will|should|can|may|no|not|none|continue|start|stop|follow"
    r"|return|discuss\w*|recommend\w*|schedule\w*|refer\w*|order\w*|check|patient|he|she|we|i|see"
    r"|status|post|per|same|above|consult|monitor|repeat|obtain|resolved|improved|stable|discharge"
    r"|medical|reasoning|treatment|counseling|education|agreements?|diagnos[ie]s|as|procedure)\b",
    re.I,
)
_PROBLEMS = frozenset({"assessment", "assessment_plan", "diagnosis"})
_LONGEST = 6  # words of a problem that is searched as a whole
_ASKED = 0.8  # score of a mention that only its place shows
FUZZY = 0.74  # least score of a misspelt drug's name: 0.9 × likeness
# Words that stand where a drug's name does.
_ORDINARY = """
    about above additional after again aggregate allergies along another approximately around
    attached before begin being below between bolus capsule capsules changed complete consists
    continue continued current currently daily dated decrease decreased denies discharge dosage
    doses during either every extra first follow followed given higher history include including
    increase increased initial inject injection instead known listed lower maximum medication
    medications minimum morning multiple needed night nightly none noted orally other patient
    patients please prescribed prescription prescriptions pressure previous reduce reduced
    regular release reports restart resume reviewed start started starting states strength
    switch tablet tablets taken takes taking their these those three through total twice
    unchanged under units unknown until weekly weight which while with without would
"""
_NO_DRUG = frozenset(_ORDINARY.split())


class Rules:
    """The engine "rules"; holds nothing but the terminology, so it is thread-safe."""

    name = "rules"
    model = ""

    def __init__(self, terminology: Terminology) -> None:
        self._terminology = terminology

    def extract(self, document: Document) -> list[Candidate]:
        """Candidates in order of their place, one a dictionary phrase or misspelt drug."""
        hits = mentions.apart(self._terminology.hits(document.text))
        out = [c for hit in hits if (c := self._candidate(document, hit))]
        out += self._misspelt(document, hits)
        out += self._problems(document, out)
        return sorted(out, key=lambda c: (c.span.start, -c.span.end))

    def _candidate(self, document: Document, hit: Hit) -> Candidate | None:
        terms = linking.rank(mentions.terms(document, hit))
        if not terms:
            return None
        best = linking.coding(self._terminology, terms[0])
        drug = best.system == RXNORM
        end = sig.name_end(document.text, hit.start, hit.end) if drug else hit.end
        return Candidate(
            kind="medication" if drug else "condition",
            span=document.span(hit.start, end),
            score=best.score,
            source=self.name,
            system=best.system,
            code=best.code,
            term=best.term,
            method=best.method,
        )

    def _misspelt(self, document: Document, hits: list[Hit]) -> list[Candidate]:
        """Unknown words where a drug is expected: before a strength, or first in a list item."""
        text = document.text
        known = Places((h.start, h.end) for h in hits)
        places = set()
        for element in sig.find(text):
            if element.part in ("strength", "dose"):
                before = _LAST_WORD.search(text, max(0, element.start - 40), element.start)
                if before:
                    places.add(before.span(1))
        for sentence in document.sentences:
            if key_at(document, sentence.start) in mentions.LISTS:
                for m in _ITEM_START.finditer(text, sentence.start, sentence.end):
                    places.add(m.span("word"))
                    break
        out = []
        for start, end in sorted(places):
            if text[start:end].lower() in _NO_DRUG or known.touch(start, end):
                continue
            match = self._likeliest(text[start:end])
            if match:
                out.append(
                    Candidate(
                        kind="medication",
                        span=document.span(start, end),
                        score=match.score,
                        source=f"{self.name}+fuzzy",
                        system=match.system,
                        code=match.code,
                        term=match.term,
                        method=match.method,
                    )
                )
        return out

    def _problems(self, document: Document, known: list[Candidate]) -> list[Candidate]:
        """Items of a problem list unknown to the dictionary; their codes are searched."""
        text, out = document.text, []
        taken = Places((c.span.start, c.span.end) for c in known)
        for sentence in document.sentences:
            if key_at(document, sentence.start) not in _PROBLEMS:
                continue
            item = _ITEM.fullmatch(text, sentence.start, sentence.end)
            if item is None or _CLAIM.search(item["problem"]):
                continue
            start, end = item.span("problem")
            words = item["problem"].lower().split()
            if len(words) > _LONGEST or taken.touch(start, end) or in_title(document, start, end):
                continue
            if any(w not in mentions.EVERYDAY and len(w) > 3 for w in words):
                out.append(Candidate("condition", document.span(start, end), _ASKED, self.name))
        return out

    def _likeliest(self, word: str) -> Match | None:
        """The drug that the word misspells; the first letter is seldom wrong."""
        for match in self._terminology.match(word, RXNORM, 5):
            if match.method is Method.VECTOR or match.score < FUZZY:
                continue
            if match.term[:1].lower() == word[:1].lower() and abs(len(match.term) - len(word)) <= 3:
                return match
        return None


def load(terminology: Terminology, model: str | Path | None = None) -> Engine:
    """The engine; it needs no model."""
    return Rules(terminology)
