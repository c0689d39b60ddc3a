"""ValueSet/$related: the name by which $compare was known before."""

from __future__ import annotations

from capability.operation import Operation
from fhir_server.terminology.comparison import INPUTS, OUTPUTS, run

OPERATION = Operation(
    code="related",
    resources=("ValueSet",),
    levels=("type", "instance"),
    title="Comparison of value sets",
    open=True,
    inputs=INPUTS,
    outputs=OUTPUTS,
    run=run,
)
