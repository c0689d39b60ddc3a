"""$batch-validate-code: many validations in one request, each answered on its own."""

from __future__ import annotations

from dataclasses import replace

from capability.operation import Operation
from fhir_server.terminology.validation import EACH, OF_SYSTEM, OUTCOMES, WHICH, many

OPERATION = Operation(
    code="batch-validate-code",
    resources=("ValueSet", "CodeSystem"),
    levels=("system", "type"),
    title="Many validations at once",
    open=True,
    inputs=(replace(EACH, min=1), *WHICH, *OF_SYSTEM),
    outputs=(OUTCOMES,),
    run=many,
)
