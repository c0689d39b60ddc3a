"""$versions: the versions of FHIR that are spoken here."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context

R4 = "4.0"


async def run(ctx: Context, given: Values) -> Values:
    return {"version": [R4], "default": R4}


OPERATION = Operation(
    code="versions",
    resources=(),
    levels=("system",),
    title="Versions of FHIR",
    standard="http://hl7.org/fhir/OperationDefinition/CapabilityStatement-versions",
    inputs=(),
    outputs=(
        Param("version", "code", min=1, max="*", doc="A version that may be asked for."),
        Param("default", "code", min=1, doc="The one that is meant where none is named."),
    ),
    run=run,
)
