"""ValueSet/$validate-code: whether a code is in a value set."""

from __future__ import annotations

from capability.operation import Operation, Values
from fhir_server.context import Context
from fhir_server.terminology.request import library
from fhir_server.terminology.validation import CHECKED, EACH, OUTCOMES, WHICH, in_value_set, many


async def run(ctx: Context, given: Values) -> Values:
    if "validation" in given:
        return await many(ctx, given)
    return await in_value_set(ctx, given, await library(ctx, given))


OPERATION = Operation(
    code="validate-code",
    resources=("ValueSet",),
    levels=("type", "instance"),
    title="Value set membership",
    standard="http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code",
    open=True,
    lasting=True,
    inputs=(*WHICH, EACH),
    outputs=(*CHECKED, OUTCOMES),
    run=run,
)
