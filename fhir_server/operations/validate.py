"""$validate: what is wrong with a resource, and what could be better, without storing it."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from capability.issue import Severity
from capability.operation import Operation, Param, Values
from capability.profile.definition import core
from capability.validate import Issue, validate
from fhir_server.context import Context
from fhir_server.errors import BadRequest, issues_outcome
from fhir_server.profiles import profile_issues

MODES = ("create", "update", "delete", "profile")
Json = dict[str, Any]


async def run(ctx: Context, given: Values) -> Values:
    mode = given.get("mode", "")
    if mode and mode not in MODES:
        raise BadRequest(f"mode is one of {', '.join(MODES)}", "mode")
    type, id = given["_on"], given.get("_id", "")
    resource = given.get("resource")
    if resource is None:
        if not id:
            raise BadRequest("send the resource to validate", "resource")
        resource = orjson.loads((await ctx.repository.read(type, id)).body)
    elif id and mode in ("delete", "profile"):
        await ctx.repository.read(type, id)
    issues = _addressed(resource, type, id, mode)
    issues += await asyncio.to_thread(validate, resource, warnings=True)
    if not any(issue.severity == "error" for issue in issues):
        issues += await _profiled(ctx, resource, given.get("profile", ""))
    if not issues:
        issues = [Issue("information", "informational", type, "the resource is valid")]
    return {"return": issues_outcome(issues)}


def _addressed(resource: Json, type: str, id: str, mode: str) -> list[Issue]:
    """What the address and the mode ask of a resource."""
    kind, own = resource.get("resourceType"), resource.get("id")
    if type in RESOURCE_TYPES and kind != type:
        return [Issue("error", "invalid", "resourceType", f"expected {type}, as the URL has it")]
    if mode == "update" and not own:
        return [Issue("error", "required", f"{type}.id", "an update has the id of the resource")]
    if id and own and own != id:
        return [Issue("error", "value", f"{type}.id", "expected the id that the URL has")]
    return []


async def _profiled(ctx: Context, resource: Json, asked: str) -> list[Issue]:
    """By the profile asked for and those that the resource claims.

    One that is unknown is told, as an error where it was asked for (R4 Resource-validate).
    """
    kind = resource["resourceType"]
    claimed = resource.get("meta", {}).get("profile", ())
    places = {p: f"{kind}.meta.profile[{n}]" for n, p in enumerate(claimed)}
    if asked:
        places[asked] = "Parameters.parameter:profile"
    issues: list[Issue] = []
    for profile, place in places.items():
        if core(profile) not in ("", kind, "Resource", "DomainResource"):
            issues.append(Issue("error", "invalid", place, f"the profile is none of a {kind}"))
            continue
        found = await profile_issues(ctx, resource, profile)
        if found is None:
            text = "the profile is unknown here and was not checked: store its StructureDefinition"
            severity: Severity = "error" if profile == asked else "warning"
            found = [Issue(severity, "not-found", place, text)]
        issues += found
    return issues


OPERATION = Operation(
    code="validate",
    resources=("Resource",),
    levels=("type", "instance"),
    title="Validate a resource",
    standard="http://hl7.org/fhir/OperationDefinition/Resource-validate",
    inputs=(
        Param("resource", "Resource", doc="The resource; it can be the body itself."),
        Param("mode", "code", doc="create, update, delete or profile."),
        Param("profile", "uri", doc="The definition to check by: R4's own, or one that is stored."),
    ),
    outputs=(Param("return", "OperationOutcome", min=1, doc="All issues, warnings too."),),
    run=run,
)
