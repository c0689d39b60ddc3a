"""What searches can use here, for /metadata; and what of R4 they can't, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from capability.definitions import RESOURCE_TYPES, SearchParameter
from fhir_server.search.criteria import OF_ALL
from fhir_server.search.extract import compiled
from fhir_server.search.query import RESULTS
from fhir_server.search.types import SEARCH_TYPES

UNSUPPORTED: Mapping[str, str] = {  # by code, or Type.code where others use the code for more
    "_query": "names a query of the server's own; it has none",
}


def searchable(resource_type: str, parameter: SearchParameter) -> bool:
    """Whether a search on the type can use the parameter."""
    code = parameter.code
    return code not in UNSUPPORTED and f"{resource_type}.{code}" not in UNSUPPORTED


def supported() -> dict[str, Any]:
    """Search types with their modifiers and prefixes, result parameters, references by type.

    {"types": {type: {"modifiers": [...], "prefixes": [...]}}, "all": [names that every type has],
    "result": [names],
    "include": {resource type: ["Type:parameter"]}, "revinclude": {resource type: [...]}}
    """
    include: dict[str, list[str]] = {name: [] for name in RESOURCE_TYPES}
    revinclude: dict[str, list[str]] = {name: [] for name in RESOURCE_TYPES}
    for name in RESOURCE_TYPES:
        for code, kinds in compiled(name).targets.items():
            include[name].append(f"{name}:{code}")
            for target in kinds:
                if target in revinclude:
                    revinclude[target].append(f"{name}:{code}")
    return {
        "types": {
            name: {"modifiers": list(kind.modifiers), "prefixes": list(kind.prefixes)}
            for name, kind in SEARCH_TYPES.items()
        }
        | {"composite": {"modifiers": [], "prefixes": []}},
        "all": [*OF_ALL, "_filter", "_has"],
        "result": [name for name in RESULTS if name != "_cursor"],
        "include": include,
        "revinclude": revinclude,
    }
