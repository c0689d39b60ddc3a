"""$compare, and $related as it was called before: what both have in common."""

from __future__ import annotations

from typing import Any

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.terminology.request import (
    SENT,
    SET_RULES,
    VERSIONS,
    library,
    rules,
    set_of,
    set_rules,
    truth,
)
from fhir_server.terminology.working import work
from terminology.comparison import compare
from terminology.expansion.types import Options
from terminology.library import Library
from terminology.valueset import ValueSet

POLICIES = ("always", "as-needed", "never")
INPUTS = (
    Param("thisValueSet", "ValueSet", doc="The one value set."),
    Param("thisUrl", "uri", doc="The same by its url, also url|version."),
    Param("otherValueSet", "ValueSet", doc="The other value set."),
    Param("otherUrl", "uri", doc="The same by its url, also url|version."),
    Param("valueSetVersion", "string", doc="The version of a set that is named without one."),
    Param(
        "version-policy", "code", doc="Whether versions of systems count: " + ", ".join(POLICIES)
    ),
    Param("diagnostics", "boolean", doc="True: which codes made the difference."),
    *SENT,
    *VERSIONS,
)
OUTPUTS = (
    Param("result", "code", min=1, doc="same, subset, superset, overlapping, disjoint, empty …"),
    Param("message", "string", doc="The same for people, or why there is no telling."),
    Param("performed-expansion", "boolean", doc="False: the definitions alone told it."),
    Param("missing-codes", "string", doc="Codes of this set that the other lacks."),
    Param("extra-codes", "string", doc="Codes of the other set that this one lacks."),
    Param("common-codes", "string", doc="Codes of both, where the sets differ."),
)


def operation(code: str) -> Operation[Context]:
    """$compare under one of its names."""
    return Operation(
        code=code,
        resources=("ValueSet",),
        levels=("type", "instance"),
        title="Comparison of value sets",
        open=True,
        inputs=INPUTS,
        outputs=OUTPUTS,
        run=run,
    )


async def run(ctx: Context, given: Values) -> Values:
    """The relation of two value sets; raises BadRequest where one isn't named."""
    known = await library(ctx, given)
    policy = given.get("version-policy", "as-needed")
    if policy not in POLICIES:
        raise BadRequest(f"version-policy is {', '.join(POLICIES)}", "version-policy")
    this = await _set(ctx, given, known, "this")
    other = await _set(ctx, given, known, "other")
    options = Options(rules=rules(given), set_rules=set_rules(given))
    found = await work(compare, known, this, other, options, policy)
    told: dict[str, Any] = {"result": found.relation, "message": found.message}
    if truth(given.get("diagnostics")):
        told["performed-expansion"] = found.expanded
        for name, codes in (
            ("missing-codes", found.missing),
            ("extra-codes", found.extra),
            ("common-codes", found.common),
        ):
            told[name] = ",".join(codes) or None
    return told


async def _set(ctx: Context, given: Values, known: Library, side: str) -> ValueSet:
    """One of the sets, named by `side`; the one of the path is "this"."""
    ruled = (f"{rule}-valueset-version" for rule in SET_RULES)
    asked = {name: given[name] for name in ruled if name in given}
    if side == "this" and "_id" in given:
        asked["_id"] = given["_id"]
    elif resource := given.get(f"{side}ValueSet"):
        asked["valueSet"] = resource
    elif url := given.get(f"{side}Url"):
        asked["url"] = url
        if "|" not in url and "valueSetVersion" in given:
            asked["valueSetVersion"] = given["valueSetVersion"]
    else:
        raise BadRequest(f"give {side}ValueSet or {side}Url", f"{side}ValueSet")
    found, _ = await set_of(ctx, asked, known)
    return found
