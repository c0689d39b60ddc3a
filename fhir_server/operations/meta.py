"""$meta: the labels of a resource, or all that resources of a type or of the server bear."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.meta import meta_of
from fhir_server.search.labels import labels


async def run(ctx: Context, given: Values) -> Values:
    type = given.get("_on", "")
    if id := given.get("_id"):
        return {"return": meta_of(await ctx.repository.read(type, id))}
    return {"return": await ctx.repository.query(lambda c, n: labels(c, n, type))}


OPERATION = Operation(
    code="meta",
    resources=("Resource",),
    levels=("system", "type", "instance"),
    title="Labels in use",
    standard="http://hl7.org/fhir/OperationDefinition/Resource-meta",
    inputs=(),
    outputs=(Param("return", "Meta", min=1, doc="Profiles, tags and security labels."),),
    run=run,
)
