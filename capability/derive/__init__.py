"""Turn the official R4 definition bundles into the compact tables of facts that the project keeps.

    python -m capability.derive FOLDER

FOLDER holds profiles-types.json, profiles-resources.json, valuesets.json, v3-codesystems.json,
v2-tables.json, conceptmaps.json, search-parameters.json and the compartmentdefinition-*.json of
FHIR 4.0.1. Only facts go through (paths, cardinalities, types, codes, expressions), no prose.
"""

from capability.derive.tables import derive

__all__ = ["derive"]
