"""The definitions that the server gives of itself, made from the tables that it works by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capability.conformance import compartment_definition, extension_definition, search_parameters
from capability.statement import operation_definition
from fhir_server.context import Context
from fhir_server.findings import EVIDENCE, EVIDENCE_PARTS, SUPPLY, SUPPLY_PARTS
from fhir_server.operations import OPERATIONS
from fhir_server.routes import metadata
from fhir_server.search.scope import COMPARTMENTS
from fhir_server.search.supported import UNSUPPORTED
from fhir_server.search.types import SEARCH_TYPES
from fhir_server.search.value import PREFIXES

Json = dict[str, Any]
TYPES = (
    "CapabilityStatement",
    "CompartmentDefinition",
    "OperationDefinition",
    "SearchParameter",
    "StructureDefinition",
)


def definitions(ctx: Context) -> Iterator[Json]:
    """The CapabilityStatement, and the definitions of what it names."""
    base = ctx.settings.base_url
    yield metadata(ctx, OPERATIONS) | {"id": "medparser"}
    yield from (compartment_definition(code) for code in COMPARTMENTS)
    yield from (operation_definition(operation, base) for operation in OPERATIONS)
    modifiers = {name: kind.modifiers for name, kind in SEARCH_TYPES.items()}
    yield from search_parameters(UNSUPPORTED, PREFIXES, modifiers)
    title = "Where in a document a finding was made, and how"
    contexts = ("Condition", "MedicationStatement")
    yield extension_definition(EVIDENCE, title, contexts, EVIDENCE_PARTS)
    title = "What a prescription hands out of the drug"
    yield extension_definition(SUPPLY, title, ("MedicationStatement",), SUPPLY_PARTS)
