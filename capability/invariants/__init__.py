"""The invariants of R4 as plain functions, one row each; the FHIRPath stands in definitions/.

Those that the structure walk answers (ele-1, ext-1, ref-1, sqty-1, txt-1, txt-2) and the few that
are not asked (docs/spec-clarifications.md) are not here.
"""

from __future__ import annotations

from capability.invariants import (
    administration,
    clinical,
    conformance,
    datatypes,
    documents,
    elements,
    evaluated,
    questionnaires,
    resources,
    structures,
    terminology,
)
from capability.rule import Rule

RULES: tuple[Rule, ...] = (
    *datatypes.RULES,
    *resources.RULES,
    *clinical.RULES,
    *administration.RULES,
    *documents.RULES,
    *questionnaires.RULES,
    *terminology.RULES,
    *conformance.RULES,
    *structures.RULES,
    *elements.RULES,
    *evaluated.RULES,
)
BY_PATH: dict[str, tuple[Rule, ...]] = {
    path: tuple(rule for rule in RULES if rule.path == path)
    for path in dict.fromkeys(rule.path for rule in RULES)
}
