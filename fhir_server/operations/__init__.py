"""Every operation the server has, in the order /metadata lists them."""

from __future__ import annotations

from capability.operation import Operation
from fhir_server.context import Context
from fhir_server.operations import (
    batch_validate_code,
    closure,
    compare,
    deidentify,
    document,
    everything,
    expand,
    extract,
    find_matches,
    lastn,
    lookup,
    match,
    meta,
    meta_add,
    meta_delete,
    reindex,
    related,
    subsumes,
    translate,
    validate,
    validate_code,
    value_set_validate_code,
    versions,
)

OPERATIONS: tuple[Operation[Context], ...] = (
    validate.OPERATION,
    meta.OPERATION,
    meta_add.OPERATION,
    meta_delete.OPERATION,
    everything.OPERATION,
    document.OPERATION,
    lastn.OPERATION,
    reindex.OPERATION,
    extract.OPERATION,
    deidentify.OPERATION,
    lookup.OPERATION,
    validate_code.OPERATION,
    subsumes.OPERATION,
    find_matches.OPERATION,
    match.OPERATION,
    expand.OPERATION,
    value_set_validate_code.OPERATION,
    batch_validate_code.OPERATION,
    compare.OPERATION,
    related.OPERATION,
    translate.OPERATION,
    closure.OPERATION,
    versions.OPERATION,
)
