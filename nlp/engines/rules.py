"""The dictionary engine: terms of the loaded terminologies, read in context."""

from __future__ import annotations

import re
from pathlib import Path

from nlp import cuts, linking, mentions, sig
from nlp.mentions import EVERYDAY
from nlp.places import Places, in_title, key_at
from nlp.tables import compiled
from nlp.types import Candidate, Coding, Document, Engine, Span
from nlp.unlisted import Unlisted
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM, Hit, Term

# A line of a problem list: "2. Lumbar strain." but no sentence that says or plans something.
_ITEM = re.compile(r"[\s\d.)#•*-]*(?P<problem>[A-Za-z][A-Za-z ,'/-]{3,70}?)[\s.;:]*")
_CLAIM = compiled(
    r"\b(?:<claims>)\b",
    re.I,
)
# Short for, unless a word beside it says another thing: hepatojugular reflux, thyroid function.
SHORT = {
    "something viral": "viral infection",
    "some kind of virus": "viral infection",
    "just a virus": "viral infection",
    "stomach bug": "viral gastroenteritis",
    "my cholesterol": "hypercholesterolemia",
    "blood pressure": "hypertension",
    "cholesterol": "hypercholesterolemia",
    "reflux": "acid reflux",
    "high sugar": "hyperglycemia",
    "high sugars": "hyperglycemia",
}
_SHORT = re.compile(
    r"\b(reflux|high sugars?|something viral|some kind of virus|just a virus|stomach bug"
    r"|(?:blood pressure|cholesterol)(?=\s(?:pills?|tablets?|medicines?|meds|medications?)\b)"
    r"|cholesterol(?=\s(?:is|was|['’]s|runs|ran|came\sback|has\sbeen|remains)\s"
    r"(?:(?!no|never)\w+\s){0,2}(?:high|elevated|up)\b)"
    r"|my cholesterol(?!\s(?:was|is|been|test|level"
    r"|check)))\b(?<!ureteral reflux)(?<!ureteric reflux)(?<!jugular reflux)"
    r"(?<!venous reflux)(?<!bile reflux)(?<!biliary reflux)(?!\s(?:nephro|uropath|study|test|time))"
)
# What a drug is taken for: "lisinopril for my blood pressure".
TAKEN_FOR = {
    "blood pressure": "hypertension",
    "cholesterol": "hypercholesterolemia",
    "sugar": "diabetes mellitus",
    "sugars": "diabetes mellitus",
}
_TAKEN_FOR = re.compile(
    r"for(?<!\wfor)\s(?:(?:my|your|his|her|the|high|elevated)\s){0,3}(blood\spressure"
    r"|cholesterol"
    r"|sugars?)\b(?!\s(?:check|test|med|control|log|cuff|read|monitor|was|is|less|greater"
    r"|above|below|<|>))"
)
_FROM_DRUG = re.compile(r"[^.;?!\n]{0,60}")
_PROBLEMS = frozenset({"assessment", "assessment_plan", "diagnosis"})
_LONGEST = 6  # words of a problem that is searched as a whole
_ASKED = 0.8  # score of a mention that only its place shows


class Rules:
    """The engine "rules"; holds nothing but the terminology, so it is thread-safe."""

    name = "rules"
    model = ""

    def __init__(self, terminology: Terminology) -> None:
        self._terminology = terminology
        self._unlisted = Unlisted(terminology)

    def extract(self, document: Document) -> list[Candidate]:
        """Candidates in order of their place, one a dictionary phrase or misspelt drug."""
        found = self._terminology.hits(document.text)
        hits = cuts.apart(list(cuts.whole(self._terminology, document.text, found)))
        out = self._unlisted.products(document, hits)
        spelt = Places((c.span.start, c.span.end) for c in out)
        hits = [h for h in hits if not spelt.touch(h.start, h.end)]
        drugs = [hit.start for hit in hits if any(t.system == RXNORM for t in hit.terms)]
        out += [c for hit in hits if (c := self._candidate(document, hit, drugs))]
        taken = Places((c.span.start, c.span.end) for c in out)
        out += self._unlisted.unlisted(document, taken)
        for hit in hits:
            taken.add(hit.start, hit.end)
        out += self._unlisted.misspelt(document, taken)
        out += self._short(document, hits) + self._taken_for(document, out)
        out += self._injuries(document, out) + self._spread(document, out)
        out += self._problems(document, out)
        return sorted(out, key=lambda c: (c.span.start, -c.span.end))

    def _candidate(self, document: Document, hit: Hit, drugs: list[int]) -> Candidate | None:
        terms = linking.rank(mentions.terms(document, hit, drugs))
        if not terms:
            return None
        best = linking.coding(self._terminology, self._billable(terms))
        drug = best.system == RXNORM
        end = sig.name_end(document.text, hit.start, hit.end) if drug else hit.end
        end += "(" in document.text[hit.start : end] and document.text[end : end + 1] == ")"
        return self._claim(document.span(hit.start, end), best)

    def _claim(self, span: Span, coding: Coding) -> Candidate:
        """A candidate that claims what the words of a span were coded as."""
        return Candidate(
            kind="medication" if coding.system == RXNORM else "condition",
            span=span,
            score=coding.score,
            source=self.name,
            system=coding.system,
            code=coding.code,
            term=coding.term,
            method=coding.method,
        )

    def _billable(self, terms: list[Term]) -> Term:
        """The first term, or a further one that names its code by what may stand on a claim."""
        first = terms[0]
        if first.system == RXNORM or self._terminology.is_billable(first.code):
            return first
        below = (t for t in terms if t.code.startswith(first.code))
        return next((t for t in below if self._terminology.is_billable(t.code)), first)

    def _short(self, document: Document, hits: list[Hit]) -> list[Candidate]:
        """Words that are short for a condition where nothing beside them tells otherwise."""
        known = Places((h.start, h.end) for h in hits)
        low = document.low
        if not any(phrase in low for phrase in SHORT):
            return []
        return [
            found
            for m in _SHORT.finditer(low)
            if not known.touch(*m.span(1)) and (found := self._meant(document, m, SHORT[m[1]]))
        ]

    def _taken_for(self, document: Document, known: list[Candidate]) -> list[Candidate]:
        """The conditions that drugs are taken for, called by what is measured of them."""
        low = document.low
        ends = [c.span.end for c in known if c.kind == "medication"]
        return [
            found
            for m in _TAKEN_FOR.finditer(low)
            if any(end <= m.start() and _FROM_DRUG.fullmatch(low, end, m.start()) for end in ends)
            and (found := self._meant(document, m, TAKEN_FOR[" ".join(m[1].split())]))
        ]

    def _meant(self, document: Document, said: re.Match[str], meaning: str) -> Candidate | None:
        """What the words of a match's first group stand for."""
        match = next(iter(linking.found(self._terminology, meaning, ICD10CM, 1)), None)
        return (
            self._claim(document.span(*said.span(1)), linking.from_match(match)) if match else None
        )

    def _injuries(self, document: Document, known: list[Candidate]) -> list[Candidate]:
        """Injuries of a sided part that no phrase of the dictionary is: "fractured left hip"."""
        told = list(mentions.injuries.find(document.low))
        taken = Places((c.span.start, c.span.end) for c in (known if told else ()))
        out = []
        for places in told:
            for start, end in places if not taken.touch(*places[0]) else ():
                said = " ".join(document.text[start:end].split())
                match = next(iter(linking.found(self._terminology, said, ICD10CM, 1)), None)
                if match and match.score >= linking.EXTENDED:
                    out.append(self._claim(document.span(start, end), linking.from_match(match)))
                    break
        return out

    def _spread(self, document: Document, known: list[Candidate]) -> list[Candidate]:
        """Metastases of the sites that a cancer has spread to."""
        told = list(mentions.spread.find(document.low))
        taken = Places((c.span.start, c.span.end) for c in (known if told else ()))
        out = []
        for start, end in told:
            said = f"metastasis to {document.low[start:end].rstrip('s')}"
            match = next(iter(linking.found(self._terminology, said, ICD10CM, 1)), None)
            if match and match.code.startswith("C7") and not taken.touch(start, end):
                out.append(self._claim(document.span(start, end), linking.from_match(match)))
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
            if any(w not in EVERYDAY and len(w) > 3 for w in words):
                out.append(Candidate("condition", document.span(start, end), _ASKED, self.name))
        return out


def load(terminology: Terminology, model: str | Path | None = None) -> Engine:
    """The engine; it needs no model."""
    return Rules(terminology)
