"""CodeSystem/$match (ours): free text to ranked codes, each telling how it was found."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest


async def run(ctx: Context, given: Values) -> Values:
    count = given.get("count", 10)
    if not 1 <= count <= 100:
        raise BadRequest("count is 1 to 100", "count")
    if not given["text"].strip():
        raise BadRequest("the text is empty", "text")
    return {
        "match": [
            {
                "code": {"system": m.system, "code": m.code, "display": m.display},
                "score": round(m.score, 4),
                "method": m.method.value,
                "term": m.term,
            }
            for m in ctx.terminology.match(given["text"], given["system"], count)
        ]
    }


OPERATION = Operation(
    code="match",
    resources=("CodeSystem",),
    levels=("type",),
    title="Text to code",
    inputs=(
        Param("text", "string", min=1, doc="A phrase: a problem, a drug with its strength."),
        Param("system", "uri", min=1, doc="The code system to search."),
        Param("count", "integer", doc="At most so many candidates, 1 to 100; default 10."),
    ),
    outputs=(
        Param(
            "match",
            max="*",
            doc="Candidates, best first.",
            parts=(
                Param("code", "Coding", min=1),
                Param("score", "decimal", min=1, doc="0..1"),
                Param("method", "code", min=1, doc="exact synonym abbreviation fuzzy vector"),
                Param("term", "string", min=1, doc="The phrase of the system that matched."),
            ),
        ),
    ),
    run=run,
)
