"""CodeSystem/$validate-code: whether a code system has a code."""

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
    system_of,
    told,
)
from fhir_server.terminology_resources import table
from terminology.validation import validate_in_system


async def run(ctx: Context, given: Values) -> Values:
    known = await library(ctx, given)
    resource = await system_of(ctx, given)
    system = table(resource) if resource else None
    url = given.get("url") or given.get("system") or (system.url if system else "")
    codes = asked(given, given.get("version", ""), url)
    return told(validate_in_system(known, system, codes, options(given)), given)


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
        Param("codeSystem", "CodeSystem", doc="The code system itself."),
        Param("version", "string", doc="The version of the system."),
        *CODED,
        *SENT,
        *VERSIONS,
    ),
    outputs=CHECKED,
    run=run,
)
