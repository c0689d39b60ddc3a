"""ValueSet/$validate-code: whether a code is in a value set."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.terminology_request import (
    CHECKED,
    CODED,
    SENT,
    VERSIONS,
    asked,
    library,
    options,
    set_of,
    told,
)
from terminology.validation import validate_in_value_set


async def run(ctx: Context, given: Values) -> Values:
    known = await library(ctx, given)
    value_set, _ = await set_of(ctx, given, known)
    codes = asked(given, given.get("systemVersion", ""))
    return told(validate_in_value_set(known, value_set, codes, options(given)), given)


OPERATION = Operation(
    code="validate-code",
    resources=("ValueSet",),
    levels=("type", "instance"),
    title="Value set membership",
    standard="http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code",
    open=True,
    lasting=True,
    inputs=(
        Param("url", "uri", doc="The value set."),
        Param("context", "uri", doc="The value set that an element is bound to."),
        Param("valueSet", "ValueSet", doc="The value set itself."),
        Param("valueSetVersion", "string", doc="The version of the value set."),
        Param("system", "uri", doc="The system of the code."),
        Param("systemVersion", "string", doc="The version of the system."),
        *CODED,
        Param("inferSystem", "boolean", doc="True: the system follows from the value set."),
        Param("valueset-membership-only", "boolean", doc="True: nothing but membership."),
        Param("mode", "code", doc="lenient-display-validation."),
        *SENT,
        *VERSIONS,
    ),
    outputs=CHECKED,
    run=run,
)
