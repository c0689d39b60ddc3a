"""The value set that `context` stands for: of an element, as R4's operations name one.

StructureDefinition#path, https://hl7.org/fhir/R4/valueset-operation-expand.html
"""

from __future__ import annotations

import re

from capability.binding import profiled, required
from capability.operation import Values
from capability.profile.definition import CORE, core, plain
from fhir_server.context import Context
from fhir_server.errors import NotFound
from fhir_server.profiles import Json, stored_profile

_PATH = re.compile(r"[A-Z][A-Za-z]+(\.[a-zA-Z]+(\[x\])?)+")
DEEPEST = 20  # profiles on profiles


async def bound(ctx: Context, given: Values) -> str:
    """The canonical of the value set; `context` itself where it names no element.

    Raises NotFound where the element's definition is not known, or binds it to no value set.
    """
    context: str = given["context"]
    url, _, place = context.partition("#")
    if not place and _PATH.fullmatch(context):
        url, place = CORE + context.partition(".")[0], context
    if not place:
        return context
    for _ in range(DEEPEST):
        if name := core(url):
            if found := required(path := place if "." in place else f"{name}.{place}"):
                return found
            raise NotFound(f"R4 has no required binding of {path!r}", "context")
        structure = _sent(given, url) or await stored_profile(ctx, url)
        if structure is None:
            raise NotFound(f"no StructureDefinition {url!r} is known here", "context")
        if found := profiled(structure, place):
            return found
        if not (url := structure.get("baseDefinition", "")):
            break
    raise NotFound(f"{context!r} is bound to no value set, by whatever it goes by", "context")


def _sent(given: Values, url: str) -> Json | None:
    """The StructureDefinition that came with the request, where one did."""
    for each in given.get("tx-resource", ()):
        if (each.get("resourceType"), each.get("url")) == ("StructureDefinition", plain(url)):
            found: Json = each
            return found
    return None
