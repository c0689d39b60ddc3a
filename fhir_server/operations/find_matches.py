"""CodeSystem/$find-matches: the codes that have the properties asked for."""

from __future__ import annotations

from typing import Any

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.parameters import Typed
from fhir_server.terminology.expansion import coding as told_coding
from fhir_server.terminology.request import SENT, defined_system_of, library, truth
from fhir_server.terminology.resources import coding
from fhir_server.terminology.working import work
from terminology.codesystem import Coding, canonical
from terminology.errors import UnknownSystem
from terminology.findmatches import Matching, Pair, find_matches

LIMIT = 100  # matches of one answer


async def run(ctx: Context, given: Values) -> Values:
    known = await library(ctx, given)
    system = await defined_system_of(ctx, given, known)
    if system is None:
        url, version = given.get("system"), given.get("version", "")
        if not url:
            raise BadRequest("name the code system: system, or its id in the path", "system")
        system = known.system(url, version)
        if system is None:
            raise UnknownSystem(canonical(url, version))
    asked = dict(_property(part, n) for n, part in enumerate(given.get("property", ())))
    if not asked:
        raise BadRequest("give at least one property", "property")
    if (count := given.get("count", LIMIT)) < 0:
        raise BadRequest("count is not negative", "count")
    exact = truth(given.get("exact"))
    found = await work(find_matches, system, list(asked), exact=exact)
    return {
        "match": [
            {
                "code": told_coding(
                    Coding(system.url, m.code, system.version, system.concept(m.code).display)
                ),
                "unmatched": [{"code": pair[0], "value": asked[pair]} for pair in m.unmatched],
                "comment": _comment(m, len(asked)),
            }
            for m in found[:count]
        ]
    }


def _comment(found: Matching, count: int) -> str | None:
    """How good a match is, for people; None where it is complete."""
    told = []
    if found.unmatched:
        told.append(f"{count - len(found.unmatched)} of {count} properties match")
    if found.similar:
        told.append(f"{', '.join(name for name, _ in found.similar)}: similar, not the same")
    return "; ".join(told) or None


def _property(parts: Any, number: int) -> tuple[Pair, Typed]:
    """(code, value) of a property parameter, and the value as it came; a Coding counts by its code.

    Raises BadRequest where one is missing, and for properties within it.
    """
    where = f"property[{number}]"
    name, value, given = "", "", Typed("string", "")
    for part in parts:
        key = next((k for k in part if k.startswith("value")), "")
        told = coding(part[key]).code if key == "valueCoding" else part.get(key)
        if part.get("name") == "code":
            name = str(told)
        elif part.get("name") == "value":
            value = str(told).lower() if isinstance(told, bool) else str(told)
            given = Typed(key.removeprefix("value"), part.get(key))
        elif part.get("name") == "subproperty":
            raise BadRequest("no system here is compositional: leave subproperty out", where)
    if not name or not value:
        raise BadRequest("a property has a code and a value", where)
    return (name, value), given


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
        Param("exact", "boolean", doc="True: no codes whose names are but similar."),
        Param("compositional", "boolean", doc="Ignored: no system here is compositional."),
        Param("count", "integer", doc="At most so many codes; default 100."),
        *SENT,
    ),
    outputs=(
        Param(
            "match",
            max="*",
            doc="Codes with at least one of the properties, those with the most first.",
            parts=(
                Param("code", "Coding", min=1),
                Param(
                    "unmatched",
                    max="*",
                    doc="A property that the code has not.",
                    parts=(Param("code", "code", min=1), Param("value", "string", min=1)),
                ),
                Param("comment", "string", doc="How good the match is, for people."),
            ),
        ),
    ),
    run=run,
)
