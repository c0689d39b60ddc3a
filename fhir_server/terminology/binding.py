"""The value set that `context` stands for: of an element, as R4's operations name one.

StructureDefinition#path, https://hl7.org/fhir/R4/valueset-operation-expand.html
"""

from __future__ import annotations

import re

from capability.binding import profiled, required
from capability.operation import Values
from capability.profile.definition import CORE, core, plain
from fhir_server.context import Context
from fhir_server.profiles import Json, stored_profile

_PATH = re.compile(r"[A-Z][A-Za-z]+(\.[a-zA-Z]+(\[x\])?)+")
DEEPEST = 20  # profiles on profiles


async def bound(ctx: Context, given: Values) -> str:
    """The canonical of the value set; `context` itself where it names no element bound to one."""
    context: str = given["context"]
    url, _, place = context.partition("#")
    if not place and _PATH.fullmatch(context):
        url, place = CORE + context.partition(".")[0], context
    for _ in range(DEEPEST):
        if name := core(url):
            return required(place if "." in place else f"{name}.{place}") or context
        structure = _sent(given, url) or await stored_profile(ctx, url)
        if structure is None:
            break
        if found := profiled(structure, place):
            return found
        url = structure.get("baseDefinition", "")
    return context


def _sent(given: Values, url: str) -> Json | None:
    """The StructureDefinition that came with the request, where one did."""
    for each in given.get("tx-resource", ()):
        if (each.get("resourceType"), each.get("url")) == ("StructureDefinition", plain(url)):
            found: Json = each
            return found
    return None
