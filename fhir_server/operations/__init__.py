"""Every operation the server has, in the order /metadata lists them."""

from __future__ import annotations

from capability.operation import Operation
from fhir_server.context import Context
from fhir_server.operations import (
    deidentify,
    document,
    everything,
    extract,
    lookup,
    match,
    meta,
    meta_add,
    meta_delete,
    reindex,
    validate,
)

OPERATIONS: tuple[Operation[Context], ...] = (
    validate.OPERATION,
    meta.OPERATION,
    meta_add.OPERATION,
    meta_delete.OPERATION,
    everything.OPERATION,
    document.OPERATION,
    reindex.OPERATION,
    extract.OPERATION,
    deidentify.OPERATION,
    lookup.OPERATION,
    match.OPERATION,
)
