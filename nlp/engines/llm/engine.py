"""LlmEngine: passages of a note to a model, its quotes back to spans; a targeted re-prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from nlp.engines.llm.text import flat
from nlp.engines.llm.worker import Request, Worker
from nlp.types import (
    Assertion,
    Candidate,
    Document,
    EngineError,
    Fault,
    MedicationStatus,
    Span,
)
from terminology.types import ICD10CM

PASSAGE = 2400  # characters of one request: what a small model keeps in view
SCORE = 0.7  # of an uncalibrated model's claim; final validation and the rules decide on top
TIMEOUT = 600  # seconds for one passage


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of whole sentences, from `start` in the document's text."""

    start: int
    text: str


class LlmEngine:
    """The engine of one model; `correct` makes it self-correcting (nlp.types.Correcting)."""

    name = "llm"

    def __init__(self, worker: Worker, model: str) -> None:
        self._worker, self.model = worker, model

    def extract(self, document: Document) -> list[Candidate]:
        """Candidates of all passages, which run as one batch; raises EngineError."""
        passages = list(split(document))
        asked = [self._ask(p, prompt("extract")) for p in passages]
        return [c for p, answer in zip(passages, asked, strict=True) for c in read(p, answer())]

    def correct(self, document: Document, faults: list[Fault]) -> list[Candidate]:
        """Asks again for the passages with faults, telling each fault; gives the replacements."""
        asked = []
        for passage in split(document):
            end = passage.start + len(passage.text)
            here = [f for f in faults if passage.start <= f.candidate.span.start < end]
            if here:
                told = "\n".join(f"- {f.candidate.span.quote!r}: {f.text}" for f in here)
                asked.append((passage, here, self._ask(passage, prompt("correct") + told)))
        return [c for p, here, answer in asked for c in read(p, answer()) if _replaces(c, here)]

    def _ask(self, passage: Passage, instruction: str) -> Any:
        words = flat(passage.text)
        messages = ({"role": "user", "content": f"{instruction}\n\nNote:\n{words}"},)
        future = self._worker.submit(Request(messages, words, max_tokens=1024))

        def answer() -> str:
            try:
                return future.result(TIMEOUT)
            except TimeoutError:
                raise EngineError(f"the model took over {TIMEOUT} s for one passage") from None

        return answer


def split(document: Document) -> Iterator[Passage]:
    """Whole sentences up to PASSAGE characters; a longer sentence is cut at white space."""
    start = end = 0
    for sentence in document.sentences:
        while sentence.end - start > PASSAGE:
            if end <= start:  # one sentence fills a passage
                cut = document.text.rfind(" ", start, start + PASSAGE)
                end = cut if cut > start else start + PASSAGE
            yield Passage(start, document.text[start:end])
            start = end
        end = sentence.end
    if document.text[start:end].strip():
        yield Passage(start, document.text[start:end])


def read(passage: Passage, answer: str) -> Iterator[Candidate]:
    """The items of an answer with their places, in the order of the text where quotes repeat."""
    seen: dict[str, int] = {}
    for kind, item in items(answer):
        quote = item["quote"]
        span = locate(passage, quote, seen.get(quote, 0))
        if span is None:
            continue
        seen[quote] = span.end - passage.start
        yield _candidate(kind, item, span)


def items(answer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every whole item of the answer; one that was cut short by the length limit is left out."""
    conditions, _, medications = answer.partition('"medications":')
    decoder = json.JSONDecoder()
    for kind, part in (("condition", conditions), ("medication", medications)):
        at = part.find("[") + 1
        while (at := part.find('{"quote"', at)) >= 0:
            try:
                item, at = decoder.raw_decode(part, at)
            except json.JSONDecodeError:
                break
            yield kind, item


def locate(passage: Passage, quote: str, after: int) -> Span | None:
    """Where the quote's words stand in the passage, from `after` on, else from its beginning."""
    words = quote.split()
    if not words:
        return None
    between = r'[\s\\"]+'
    pattern = re.compile(between.join(map(re.escape, words)))
    match = pattern.search(passage.text, after) or pattern.search(passage.text)
    if match is None:
        return None
    return Span(passage.start + match.start(), passage.start + match.end(), match[0])


def _candidate(kind: str, item: dict[str, Any], span: Span) -> Candidate:
    if kind == "medication":
        status = MedicationStatus(item["status"])
        return Candidate("medication", span, SCORE, "llm", status=status)
    code = item.get("code", "")
    return Candidate(
        "condition",
        span,
        SCORE,
        "llm",
        system=ICD10CM if code else "",
        code=code,
        assertion=Assertion(item["assertion"]),
    )


def _replaces(candidate: Candidate, faults: Iterable[Fault]) -> bool:
    span = candidate.span
    return any(
        f.candidate.kind == candidate.kind
        and span.start < f.candidate.span.end
        and f.candidate.span.start < span.end
        for f in faults
    )


def prompt(name: str) -> str:
    """The instruction of nlp/prompts/<name>.txt."""
    return files("nlp").joinpath("prompts", f"{name}.txt").read_text(encoding="utf-8")
