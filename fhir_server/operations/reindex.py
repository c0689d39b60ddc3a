"""$reindex: the search index made anew from the stored resources."""

from __future__ import annotations

from capability.definitions import RESOURCE_TYPES
from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest


async def run(ctx: Context, given: Values) -> Values:
    types = given.get("type", ())
    for name in types:
        if name not in RESOURCE_TYPES:
            raise BadRequest(f"FHIR R4 has no resource type {name!r}", "type")
    done = await ctx.repository.reindex(types)
    return {"resources": done.resources, "added": done.added, "removed": done.removed}


OPERATION = Operation(
    code="reindex",
    resources=(),
    levels=("system",),
    title="Index anew",
    affects_state=True,
    inputs=(Param("type", "code", max="*", doc="Only these resource types; default all."),),
    outputs=(
        Param("resources", "unsignedInt", min=1, doc="How many resources were read."),
        Param("added", "unsignedInt", min=1, doc="Index rows that were missing."),
        Param("removed", "unsignedInt", min=1, doc="Index rows that no resource accounts for."),
    ),
    run=run,
)
