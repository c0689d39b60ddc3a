"""CodeSystem/$subsumes: whether one code stands above another."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.terminology.request import SENT, defined_system_of, library
from fhir_server.terminology.resources import coding
from terminology.codesystem import Coding, canonical
from terminology.errors import UnknownCode, UnknownSystem
from terminology.issue import Issue, Malformed
from terminology.subsumption import subsumption

NO_SYSTEM = Issue(
    "error",
    "invalid",
    "invalid-data",
    "name the code system: system, or codings with one",
    "SUBSUMPTION_NO_SYSTEM",
    "system",
)


async def run(ctx: Context, given: Values) -> Values:
    known = await library(ctx, given)
    system = await defined_system_of(ctx, given, known)
    a, b = _code(given, "A"), _code(given, "B")
    if system is None:
        url = given.get("system") or a.system or b.system
        if not url:
            raise Malformed(NO_SYSTEM)
        version = given.get("version") or a.version or b.version
        system = known.system(url, version)
        if system is None:
            raise UnknownSystem(canonical(url, version))
    if any(c.system not in ("", system.url) for c in (a, b)):
        raise BadRequest("both codes must be of the same code system", "codingB")
    codes = []
    for side, each in (("A", a), ("B", b)):
        code = system.find(each.code)
        if code is None:
            named = f"coding{side}" if f"coding{side}" in given else f"code{side}"
            raise UnknownCode(system.url, each.code, named)
        codes.append(code)
    return {"outcome": subsumption(system, *codes)}


def _code(given: Values, side: str) -> Coding:
    if f"coding{side}" in given:
        return coding(given[f"coding{side}"])
    if f"code{side}" not in given:
        raise BadRequest(f"give code{side} or coding{side}", f"code{side}")
    return Coding(given.get("system", ""), given[f"code{side}"])


OPERATION = Operation(
    code="subsumes",
    resources=("CodeSystem",),
    levels=("type", "instance"),
    title="Subsumption",
    standard="http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes",
    open=True,
    lasting=True,
    inputs=(
        Param("codeA", "code", doc="The one code."),
        Param("codeB", "code", doc="The other."),
        Param("system", "uri", doc="The system of both."),
        Param("version", "string", doc="Its version; default the newest."),
        Param("codingA", "Coding", doc="The one code with its system."),
        Param("codingB", "Coding", doc="The other."),
        *SENT,
    ),
    outputs=(
        Param("outcome", "code", min=1, doc="equivalent, subsumes, subsumed-by, not-subsumed"),
    ),
    run=run,
)
