"""CodeSystem/$validate-code: whether a code system has a code."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.terminology.request import SENT, VERSIONS, library
from fhir_server.terminology.validation import CHECKED, CODED, OF_SYSTEM, in_system


async def run(ctx: Context, given: Values) -> Values:
    return await in_system(ctx, given, await library(ctx, given))


OPERATION = Operation(
    code="validate-code",
    resources=("CodeSystem",),
    levels=("type", "instance"),
    title="Code validation",
    standard="http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code",
    open=True,
    lasting=True,
    inputs=(
        Param("url", "uri", doc="The code system."),
        Param("system", "uri", doc="The same."),
        *OF_SYSTEM,
        *CODED,
        *SENT,
        *VERSIONS,
    ),
    outputs=CHECKED,
    run=run,
)
