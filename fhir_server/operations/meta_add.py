"""$meta-add: add labels to a resource (profiles, tags, security labels)."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.meta import change


async def run(ctx: Context, given: Values) -> Values:
    made = await change(ctx.repository, given["_on"], given["_id"], given["meta"], add=True)
    return {"return": made}


OPERATION = Operation(
    code="meta-add",
    resources=("Resource",),
    levels=("instance",),
    title="Add labels to a resource",
    standard="http://hl7.org/fhir/OperationDefinition/Resource-meta-add",
    affects_state=True,
    inputs=(Param("meta", "Meta", min=1, doc="The profiles, tags and security labels to add."),),
    outputs=(Param("return", "Meta", min=1, doc="The meta of the resource afterwards."),),
    run=run,
)
