"""$validate: what is wrong with a resource, and what could be better, without storing it."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from capability.operation import Operation, Param, Values
from capability.validate import Issue, validate
from fhir_server.context import Context
from fhir_server.errors import BadRequest, issues_outcome

MODES = ("create", "update", "delete", "profile")
DEFINITIONS = "http://hl7.org/fhir/StructureDefinition/"
VERSION = "4.0.1"
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
    issues = [*_addressed(resource, type, id, mode), *_profiled(resource, given.get("profile", ""))]
    issues += await asyncio.to_thread(validate, resource, warnings=True)
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


def _profiled(resource: Json, asked: str) -> list[Issue]:
    """What can't be checked: the server knows the definitions of R4 alone, no profiles of them."""
    kind = resource.get("resourceType", "")
    known = (f"{DEFINITIONS}{kind}", f"{DEFINITIONS}{kind}|{VERSION}")
    issues = []
    if asked and asked not in known:
        text = f"the profile is unknown here; {known[0]} is what resources are checked by"
        issues.append(Issue("error", "not-found", "Parameters.parameter:profile", text))
    meta = resource.get("meta")
    listed = meta.get("profile", ()) if isinstance(meta, dict) else ()
    for n, profile in enumerate(listed if isinstance(listed, list) else ()):
        if profile not in known and profile != asked:
            text = "the resource claims a profile that is unknown here and was not checked"
            issues.append(Issue("warning", "not-found", f"{kind}.meta.profile[{n}]", text))
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
        Param("profile", "uri", doc="The definition to check by; only R4's own are known."),
    ),
    outputs=(Param("return", "OperationOutcome", min=1, doc="All issues, warnings too."),),
    run=run,
)
