"""$batch-validate-code: many validations in one request, each answered on its own."""

from __future__ import annotations

from typing import Any

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest, FhirError, outcome
from fhir_server.parameters import read_values, write_values
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
from terminology.errors import TerminologyError
from terminology.library import Library
from terminology.validation import validate_in_system, validate_in_value_set

ONE = (
    Param("url", "uri", doc="The value set; without it codes are looked for in their systems."),
    Param("valueSet", "ValueSet", doc="The value set itself."),
    Param("valueSetVersion", "string", doc="The version of the value set."),
    Param("system", "uri", doc="The system of the code."),
    Param("systemVersion", "string", doc="The version of the system."),
    *CODED,
    Param("inferSystem", "boolean", doc="True: the system follows from the value set."),
    Param("valueset-membership-only", "boolean", doc="True: nothing but membership."),
    *SENT,
    *VERSIONS,
)


async def run(ctx: Context, given: Values) -> Values:
    common = {name: value for name, value in given.items() if name != "validation"}
    known = await library(ctx, common)
    return {"validation": [await _one(ctx, common, known, each) for each in given["validation"]]}


async def _one(ctx: Context, common: Values, known: Library, sent: Any) -> dict[str, Any]:
    try:
        if not isinstance(sent, dict) or sent.get("resourceType") != "Parameters":
            raise BadRequest("a validation is a Parameters resource", "validation")
        given = common | read_values(ONE, sent)
        codes = asked(given, given.get("systemVersion", ""))
        if "url" in given or "valueSet" in given:
            value_set, _ = await set_of(ctx, given, known)
            answer = validate_in_value_set(known, value_set, codes, options(given))
        else:
            answer = validate_in_system(known, None, codes, options(given))
    except (FhirError, TerminologyError) as error:
        return outcome(error)
    return write_values(CHECKED, told(answer, given))


OPERATION = Operation(
    code="batch-validate-code",
    resources=("ValueSet", "CodeSystem"),
    levels=("system", "type"),
    title="Many validations at once",
    open=True,
    inputs=(
        Param("validation", "Resource", min=1, max="*", doc="The parameters of one validation."),
        *ONE,
    ),
    outputs=(
        Param("validation", "Resource", max="*", doc="Its outcome, in the order of the request."),
    ),
    run=run,
)
