"""CodeSystem/$match (ours): free text to ranked codes, each telling how it was found."""

from __future__ import annotations

from typing import Any

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from terminology.types import ICD10CM, RXNORM, Match

SYSTEMS = {"condition": ICD10CM, "medication": RXNORM}  # by what the text is about
MOST = 1_000  # texts of one request
LONGEST = 1_000  # characters of a text; a note is for $extract
CANDIDATE = (
    Param("code", "Coding", min=1),
    Param("score", "decimal", min=1, doc="0..1"),
    Param("method", "code", min=1, doc="exact synonym abbreviation index fuzzy vector"),
    Param("term", "string", min=1, doc="The phrase of the system that matched."),
    Param("billable", "boolean", doc="Whether the code may stand on a claim; ICD-10-CM alone."),
)


async def run(ctx: Context, given: Values) -> Values:
    count = given.get("count", 10)
    if not 1 <= count <= 100:
        raise BadRequest("count is 1 to 100", "count")
    texts = given["text"]
    if len(texts) > MOST:
        raise BadRequest(f"at most {MOST} texts in one request", "text")
    if not all(text.strip() for text in texts):
        raise BadRequest("the text is empty", "text")
    if max(map(len, texts)) > LONGEST:
        raise BadRequest(f"a text has up to {LONGEST:,} characters: send phrases", "text")
    found = await ctx.matching(texts, _system(given), count)
    if len(texts) == 1:
        return {"match": [_part(ctx, m) for m in found[0]]}
    return {
        "result": [
            {"text": text, "match": [_part(ctx, m) for m in matches]}
            for text, matches in zip(texts, found, strict=True)
        ]
    }


def _system(given: Values) -> str:
    """The code system to search: named, or that of the context."""
    context = given.get("context")
    if context is not None and context not in SYSTEMS:
        raise BadRequest(f"context is {' or '.join(SYSTEMS)}, not {context!r}", "context")
    system: str | None = given.get("system") or SYSTEMS.get(context or "")
    if system is None:
        raise BadRequest("name the code system: by system or context", "system")
    return system


def _part(ctx: Context, match: Match) -> dict[str, Any]:
    return {
        "code": {"system": match.system, "code": match.code, "display": match.display},
        "score": round(match.score, 4),
        "method": match.method.value,
        "term": match.term,
        "billable": ctx.terminology.is_billable(match.code) if match.system == ICD10CM else None,
    }


OPERATION = Operation(
    code="match",
    resources=("CodeSystem",),
    levels=("type",),
    title="Text to code",
    inputs=(
        Param("text", "string", min=1, max="*", doc="A problem; a drug with its strength."),
        Param("context", "code", doc="condition or medication: what the text is about."),
        Param("system", "uri", doc="The code system to search; default that of the context."),
        Param("count", "integer", doc="At most so many candidates, 1 to 100; default 10."),
    ),
    outputs=(
        Param(
            "match",
            max="*",
            doc="Candidates of the text, best first; none of what it denies.",
            parts=CANDIDATE,
        ),
        Param(
            "result",
            max="*",
            doc="Where several texts came: one for each, in their order.",
            parts=(
                Param("text", "string", min=1, doc="The text."),
                Param("match", max="*", doc="Its candidates, best first.", parts=CANDIDATE),
            ),
        ),
    ),
    run=run,
)
