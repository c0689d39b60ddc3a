"""What the terminology operations have in common: their parameters, and what these mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capability.operation import Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.terminology.binding import bound
from fhir_server.terminology.resources import table, value_set
from terminology.codesystem import CodeSystem, canonical, split
from terminology.errors import UnknownSystem
from terminology.imports import allowed
from terminology.issue import Refused, issue
from terminology.languages import Languages, is_well_formed, parse
from terminology.library import Library
from terminology.messages import INVALID_LANGUAGE, TOO_MANY_AT_ONCE, UNKNOWN_VALUE_SET
from terminology.table import Table
from terminology.valueset import ValueSet
from terminology.versions import VersionRules

Json = dict[str, Any]
MOST = 1_000  # codings of one request, and validations
SET_RULES = {
    "default": "Version where none is named, of a",
    "check": "Version that must be used of a",
    "force": "Version in place of any other of a",
}
SENT = (
    Param("tx-resource", "Resource", max="*", doc="Terminology resources to use besides ours."),
    Param("useSupplement", "canonical", max="*", doc="Code system supplements to use."),
    Param("displayLanguage", "string", doc="Languages of displays, as in Accept-Language."),
)
VERSIONS = (
    Param("system-version", "canonical", max="*", doc="Version where none is named: url|version."),
    Param("check-system-version", "canonical", max="*", doc="Version that must be used."),
    Param("force-system-version", "canonical", max="*", doc="Version in place of any other."),
    *(
        Param(
            f"{rule}-valueset-version", "canonical", max="*", doc=f"{doc} value set: url|version."
        )
        for rule, doc in SET_RULES.items()
    ),
)


async def library(ctx: Context, given: Values) -> Library:
    """What the request may draw on; raises Refused where a supplement is missing."""
    own = [given["valueSet"]] if given.get("valueSet") else []
    found = await ctx.vocabulary.library([*given.get("tx-resource", ()), *own])
    return found.with_supplements(given.get("useSupplement", ()))


def truth(value: Any) -> bool:
    """A boolean that some clients write as a string."""
    return value is True or value == "true"


def at_most(count: int, what: str, place: str) -> None:
    """Raises Refused where that is too much for one request."""
    if count > MOST:
        raise Refused(issue(TOO_MANY_AT_ONCE, MOST, what, count, place=place))


def languages(given: Values) -> tuple[Languages, Languages]:
    """Those of the request's parameter, and those of its header; raises Refused."""
    own = given.get("displayLanguage", "")
    if own and not is_well_formed(own):
        raise Refused(issue(INVALID_LANGUAGE, own, place="displayLanguage"))
    return parse(own), parse(given.get("_language", ""))


def rules(given: Values) -> VersionRules:
    """What the request says of the versions of code systems."""
    return VersionRules(
        dict(_versions(given, "system-version")),
        dict(_versions(given, "check-system-version")),
        dict(_versions(given, "force-system-version")),
    )


def set_rules(given: Values) -> VersionRules:
    """What the request says of the versions of value sets."""
    return VersionRules(
        **{rule: dict(_versions(given, f"{rule}-valueset-version")) for rule in SET_RULES}
    )


async def set_of(ctx: Context, given: Values, known: Library) -> tuple[ValueSet, Json]:
    """The value set that a request is about, and its resource as far as there is one.

    Raises BadRequest where none is named, Refused where it isn't known.
    """
    resource = given.get("valueSet")
    if "_id" in given:
        resource = await ctx.vocabulary.read("ValueSet", given["_id"])
    if resource:
        return value_set(resource), resource
    url = given.get("url") or ("context" in given and await bound(ctx, given))
    if not url:
        raise BadRequest("name a value set: by url, valueSet or the id in the path", "url")
    base, named = split(url)
    versions = set_rules(given)
    wanted = versions.wanted(base, given.get("valueSetVersion") or named)
    found = known.value_set(base, wanted)
    if found is None:
        raise Refused(issue(UNKNOWN_VALUE_SET, canonical(base, wanted)))
    return allowed(found, versions), {}


async def system_of(ctx: Context, given: Values, known: Library) -> CodeSystem | None:
    """The system of the CodeSystem that a request names by id or sends along, or None.

    Where the resource leaves out its codes, it is what is known by its url and version.
    """
    resource = given.get("codeSystem")
    if "_id" in given:
        resource = await ctx.vocabulary.read("CodeSystem", given["_id"])
    if resource is None:
        return None
    system = table(resource)
    if system.defines:
        return known.supplemented(system)
    return known.system(system.url, system.version) or system


async def defined_system_of(ctx: Context, given: Values, known: Library) -> CodeSystem | None:
    """The same, where its codes are known; raises UnknownSystem, with the version, where not."""
    system = await system_of(ctx, given, known)
    if system is not None and is_named_only(system):
        raise UnknownSystem(canonical(system.url, system.version))
    return system


def is_named_only(system: CodeSystem) -> bool:
    """Whether there is a resource of a system, but none of its codes."""
    return isinstance(system, Table) and not system.defines and not system.supplemented


def _versions(given: Values, name: str) -> Iterator[tuple[str, str]]:
    for reference in given.get(name, ()):
        url, version = split(reference)
        if not version:
            raise BadRequest(f"{name} is url|version, not {reference!r}", name)
        yield url, version
