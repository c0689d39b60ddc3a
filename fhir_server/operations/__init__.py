"""Every operation the server has, in the order /metadata lists them."""

from __future__ import annotations

from capability.operation import Operation
from fhir_server.context import Context
from fhir_server.operations import extract, lookup, match

OPERATIONS: tuple[Operation[Context], ...] = (
    extract.OPERATION,
    lookup.OPERATION,
    match.OPERATION,
)
