"""CodeSystem/$find-matches: the codes that have the properties asked for."""

from __future__ import annotations

from typing import Any

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.terminology.expansion import coding as told_coding
from fhir_server.terminology.request import SENT, library, system_of, truth
from fhir_server.terminology.resources import coding, table
from fhir_server.terminology.working import work
from terminology.codesystem import CodeSystem, Coding, canonical
from terminology.errors import UnknownSystem
from terminology.findmatches import find_matches

LIMIT = 100  # matches of one answer


async def run(ctx: Context, given: Values) -> Values:
    known = await library(ctx, given)
    resource = await system_of(ctx, given)
    version = given.get("version", "")
    system: CodeSystem | None
    if resource is not None:
        system = table(resource)
    elif url := given.get("system"):
        system = known.system(url, version)
    else:
        raise BadRequest("name the code system: system, or its id in the path", "system")
    if system is None:
        raise UnknownSystem(canonical(given["system"], version))
    asked = [_property(part, n) for n, part in enumerate(given.get("property", ()))]
    if not asked:
        raise BadRequest("give at least one property", "property")
    exact = truth(given.get("exact", True))
    found = await work(find_matches, system, asked, exact=exact)
    return {
        "match": [
            {
                "code": told_coding(
                    Coding(system.url, m.code, system.version, system.concept(m.code).display)
                ),
                "unmatched": [
                    {"property": [{"code": name, "value": value}]} for name, value in m.unmatched
                ],
                "comment": None
                if not m.unmatched
                else f"{len(asked) - len(m.unmatched)} of {len(asked)} properties match",
            }
            for m in found[: given.get("count", LIMIT)]
        ]
    }


def _property(parts: Any, number: int) -> tuple[str, str]:
    """(code, value) of a property parameter; a Coding counts by its code."""
    where = f"property[{number}]"
    name, value = "", ""
    for part in parts:
        key = next((k for k in part if k.startswith("value")), "")
        told = coding(part[key]).code if key == "valueCoding" else part.get(key)
        if part.get("name") == "code":
            name = str(told)
        elif part.get("name") == "value":
            value = str(told).lower() if isinstance(told, bool) else str(told)
    if not name or not value:
        raise BadRequest("a property has a code and a value", where)
    return name, value


OPERATION = Operation(
    code="find-matches",
    resources=("CodeSystem",),
    levels=("type", "instance"),
    title="Codes by their properties",
    standard="http://hl7.org/fhir/OperationDefinition/CodeSystem-find-matches",
    open=True,
    inputs=(
        Param("system", "uri", doc="The code system."),
        Param("version", "string", doc="Its version; default the newest."),
        Param(
            "property",
            max="*",
            doc="A property that the codes must have.",
            parts=(Param("code", "code", min=1), Param("value", "string", min=1)),
        ),
        Param("exact", "boolean", doc="False: also codes that have some of the properties."),
        Param("compositional", "boolean", doc="Ignored: no system here is compositional."),
        Param("count", "integer", doc="At most so many codes; default 100."),
        *SENT,
    ),
    outputs=(
        Param(
            "match",
            max="*",
            doc="Codes, those with the most properties first.",
            parts=(
                Param("code", "Coding", min=1),
                Param(
                    "unmatched",
                    max="*",
                    doc="A property that the code has not.",
                    parts=(
                        Param(
                            "property",
                            max="*",
                            parts=(Param("code", "code", min=1), Param("value", "string")),
                        ),
                    ),
                ),
                Param("comment", "string"),
            ),
        ),
    ),
    run=run,
)
