"""CodeSystem/$lookup: a code's name, display, designations and properties."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.parameters import Typed


async def run(ctx: Context, given: Values) -> Values:
    coding = given.get("coding", {})
    if coding and ("code" in given or "system" in given):
        raise BadRequest("give either coding or code and system, not both", "coding")
    system = given.get("system") or coding.get("system")
    code = given.get("code") or coding.get("code")
    version = given.get("version") or coding.get("version", "")
    for name, value in (("system", system), ("code", code)):
        if not value:
            raise BadRequest(f"the parameter {name!r} is required (or a coding with it)", name)
    concept = ctx.terminology.lookup(system, code, version)
    info = next(i for i in ctx.terminology.systems() if i.url == concept.system)
    wanted = set(given.get("property", ()))
    return {
        "name": info.title,
        "version": info.version,
        "display": concept.display,
        "designation": [
            {"language": d.language, "use": {"display": d.use} if d.use else None, "value": d.value}
            for d in concept.designations
        ],
        "property": [
            {"code": p.code, "value": Typed(p.kind, p.value)}
            for p in concept.properties
            if not wanted or p.code in wanted
        ],
    }


OPERATION = Operation(
    code="lookup",
    resources=("CodeSystem",),
    levels=("type",),
    title="Concept lookup",
    standard="http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup",
    inputs=(
        Param("code", "code", doc="The code to look up; with system."),
        Param("system", "uri", doc="The code system's url."),
        Param("version", "string", doc="The version of the system; default the loaded one."),
        Param("coding", "Coding", doc="The code and system as one value."),
        Param("property", "code", max="*", doc="The properties wanted; default all."),
    ),
    outputs=(
        Param("name", "string", min=1, doc="The code system's name."),
        Param("version", "string", doc="The version that was looked in."),
        Param("display", "string", min=1, doc="The concept's preferred name."),
        Param(
            "designation",
            max="*",
            doc="Further names.",
            parts=(
                Param("language", "code"),
                Param("use", "Coding"),
                Param("value", "string", min=1),
            ),
        ),
        Param(
            "property",
            max="*",
            doc="What the system says of the concept.",
            parts=(Param("code", "code", min=1), Param("value", "string")),
        ),
    ),
    run=run,
)
