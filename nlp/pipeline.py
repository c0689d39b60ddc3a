"""Text → findings: document, engine, validation, self-correction, assertion, sig, linking, merge.

The assertion of a mention is the engine's own where it gives one and the rules find no cue against
it (the rules' "present" means that no cue was found); else it is that of the rules.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from nlp import (
    assertion,
    dialogue,
    document,
    engines,
    linking,
    medication,
    merge,
    products,
    relations,
    status,
    symptoms,
    therapies,
    validation,
)
from nlp.chronic import chronic
from nlp.places import Place, key_at
from nlp.status import classes
from nlp.types import (
    Assertion,
    Candidate,
    Document,
    Dropped,
    Engine,
    Extraction,
    Finding,
    Hints,
    MedicationStatus,
    Sig,
)
from terminology.coding.drugs.brands import brands
from terminology.service import Terminology


class Pipeline:
    """Runs one engine over texts. Frozen after construction and thread-safe."""

    __slots__ = ("_engine", "_unexplained", "terminology")

    def __init__(
        self,
        terminology: Terminology,
        model: str | Path | None = None,
        *,
        unexplained: bool = True,
    ) -> None:
        """`model` is the folder of weights for engines that need one.

        `unexplained` leaves out symptoms that a diagnosis of the document explains.
        """
        self.terminology = terminology
        self._unexplained = unexplained
        # An engine is opened on first use: weights are heavy and seldom all wanted.
        self._engine = lru_cache(maxsize=None)(
            lambda name: engines.load(name, terminology=terminology, model=model)
        )

    def engine(self, name: str) -> Engine:
        """The engine of that name, opened once; raises EngineError."""
        return self._engine(name)

    def extract(
        self,
        text: str,
        engine: str = "rules",
        min_score: float = 0.0,
        hints: Hints = document.NONE,
    ) -> Extraction:
        """All findings of a text with at least that score, and what was refused and why.

        What entries beside the text claim wins over what the words seem to say. Every span's
        quote is text[start:end] and every code exists. Raises EngineError.
        """
        running = self.engine(engine)
        read = document.read(text, hints)
        if not text.strip():
            return Extraction(read, (), (), engine, running.model)
        kept, dropped = validation.valid(self.terminology, read, running)
        findings = [f for f in self._findings(read, kept) if f.score >= min_score]
        if self._unexplained:
            findings, explained = symptoms.split(read, findings)
            dropped += [Dropped(_claim(f), f"symptom: {why}") for f, why in explained]
        return Extraction(read, tuple(findings), tuple(dropped), engine, running.model)

    def _findings(self, read: Document, candidates: list[Candidate]) -> tuple[Finding, ...]:
        drugs = [c for c in candidates if c.kind == "medication"]
        places = [(c.span.start, c.span.end) for c in drugs]
        sigs = medication.sigs(read, places)
        taken = [self._drug(read, c, s, places) for c, s in zip(drugs, sigs, strict=True)]
        had = self._conditions(read, [c for c in candidates if c.kind == "condition"])
        by_class = classes.mentioned(read, taken, places)
        return merge.merge([*relations.relate(read, taken, had), *by_class])

    def _conditions(self, read: Document, candidates: list[Candidate]) -> list[merge.Mention]:
        """The condition mentions; what another one comes with is told by that one's code."""
        out: list[merge.Mention] = []
        for at, candidate in enumerate(candidates):
            after = candidates[at + 1].span if at + 1 < len(candidates) else None
            mention = self._condition(read, candidate, (after.start, after.end) if after else None)
            if out and merge.contains(out[-1].finding, mention.finding):
                continue
            out.append(mention)
        return merge.one_type(self.terminology, out)

    def _condition(
        self, read: Document, candidate: Candidate, following: Place | None
    ) -> merge.Mention:
        (start, end), coding = linking.condition(self.terminology, read, candidate, following)
        coding = linking.billable(self.terminology, coding) if coding else None
        span = read.span(start, end)
        lasting = coding is not None and chronic(coding.code, span.quote)
        # Of "retinal detachment of the left eye in 2006" the part of the body is no word between.
        whole = read.span(candidate.span.start, max(end, candidate.span.end))
        said = _assertion(read, replace(candidate, span=whole), lasting)
        if (claim := read.claimed("condition", candidate.span.start)) and claim.assertion:
            said = claim.assertion
        therapy = coding is not None and coding.code.startswith("Z79")
        if therapy and said is Assertion.PRESENT and therapies.over(read, span):
            said = Assertion.HISTORICAL
        if coding and said is Assertion.PRESENT and therapies.ahead(read, span, coding.code):
            said = Assertion.HYPOTHETICAL
        section = key_at(read, candidate.span.start)
        return merge.Mention(
            Finding(
                kind="condition",
                span=span,
                assertion=said,
                codings=(coding,) if coding else (),
                score=candidate.score,
                source=candidate.source,
                section=section,
            )
        )

    def _drug(
        self, read: Document, candidate: Candidate, sig: Sig, places: list[Place]
    ) -> merge.Mention:
        codings = products.medication(self.terminology, read, candidate, sig)
        place = (candidate.span.start, candidate.span.end)
        told, cued = status.status(read, place, places)
        if candidate.status is not None and not cued:
            told, cued = candidate.status, True
        said = _assertion(read, candidate)
        told, cued = _reconciled(told, cued, said)
        if (claim := read.claimed("medication", candidate.span.start)) and claim.status:
            told, cued = claim.status, True
        section = key_at(read, candidate.span.start)
        finding = Finding(
            kind="medication",
            span=candidate.span,
            assertion=Assertion.FAMILY if said is Assertion.FAMILY else Assertion.PRESENT,
            codings=codings,
            score=candidate.score,
            source=candidate.source,
            section=section,
            status=told,
            sig=sig if sig != Sig() else None,
            ingredients=(
                (products.ingredients(self.terminology, codings[-1]) if codings else ())
                or candidate.ingredients
                or brands().get(candidate.span.quote.lower(), ())  # of a pack's name
            ),
        )
        return merge.Mention(finding, cued)


_THOUGHT = (Assertion.HYPOTHETICAL, Assertion.POSSIBLE)


def _claim(finding: Finding) -> Candidate:
    """What was claimed of a finding that is left out."""
    coding = finding.codings[0]
    return Candidate(
        finding.kind, finding.span, finding.score, finding.source, coding.system, coding.code
    )


def _assertion(read: Document, candidate: Candidate, lasting: bool = True) -> Assertion:
    rules = assertion.assess(read, candidate.span, candidate.kind, lasting)
    if rules in (Assertion.PRESENT, Assertion.POSSIBLE):
        rules = dialogue.questioned(read, candidate.span) or rules
    elif rules is Assertion.NEGATED and dialogue.owned_up(read, candidate.span):
        rules = Assertion.PRESENT
    if rules is Assertion.PRESENT:
        rules = dialogue.implied(read, candidate.span, lasting) or rules
    own = candidate.assertion
    return own if own is not None and rules is Assertion.PRESENT else rules


def _reconciled(
    told: MedicationStatus, cued: bool, said: Assertion
) -> tuple[MedicationStatus, bool]:
    """A status that no cue gave follows the assertion."""
    if cued:
        return told, cued
    follows = {
        Assertion.NEGATED: MedicationStatus.NOT_TAKING,
        Assertion.HYPOTHETICAL: MedicationStatus.PLANNED,
        Assertion.POSSIBLE: MedicationStatus.PLANNED,
        Assertion.HISTORICAL: MedicationStatus.STOPPED,
    }
    # What is only thought of yields to what is told of the drug elsewhere.
    return (follows[said], said not in _THOUGHT) if said in follows else (told, False)
