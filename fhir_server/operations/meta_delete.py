"""$meta-delete: take labels off a resource (profiles, tags, security labels)."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.meta import change


async def run(ctx: Context, given: Values) -> Values:
    made = await change(ctx.repository, given["_on"], given["_id"], given["meta"], add=False)
    return {"return": made}


OPERATION = Operation(
    code="meta-delete",
    resources=("Resource",),
    levels=("instance",),
    title="Take labels off a resource",
    standard="http://hl7.org/fhir/OperationDefinition/Resource-meta-delete",
    affects_state=True,
    inputs=(
        Param("meta", "Meta", min=1, doc="The profiles, tags and security labels to take away."),
    ),
    outputs=(Param("return", "Meta", min=1, doc="The meta of the resource afterwards."),),
    run=run,
)
