"""What the terminology operations have in common: their parameters, and what these mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from capability.operation import Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest, NotFound, terminology_outcome
from fhir_server.terminology_resources import coding, value_set
from terminology.codesystem import Coding, split
from terminology.issue import Issue, Refused, issue
from terminology.languages import Languages, is_well_formed, parse
from terminology.library import Library
from terminology.messages import INVALID_LANGUAGE, UNKNOWN_VALUE_SET
from terminology.validation import Asked, Options, Outcome
from terminology.valueset import ValueSet
from terminology.versions import VersionRules

Json = dict[str, Any]
SENT = (
    Param("tx-resource", "Resource", max="*", doc="Terminology resources to use besides ours."),
    Param("useSupplement", "canonical", max="*", doc="Code system supplements to use."),
    Param("displayLanguage", "string", doc="Languages of displays, as in Accept-Language."),
)
VERSIONS = (
    Param("system-version", "canonical", max="*", doc="Version where none is named: url|version."),
    Param("check-system-version", "canonical", max="*", doc="Version that must be used."),
    Param("force-system-version", "canonical", max="*", doc="Version in place of any other."),
    Param("default-valueset-version", "canonical", max="*", doc="The same for value sets."),
)
CODED = (
    Param("code", "code", doc="The code; with system."),
    Param("display", "string", doc="The display to check."),
    Param("coding", "Coding", doc="Code and system as one value."),
    Param("codeableConcept", "CodeableConcept", doc="Several codings, one of which must do."),
    Param("date", "dateTime", doc="Ignored: versions are chosen by system-version."),
    Param("abstract", "boolean", doc="False: codes that only group others do not pass."),
    Param("lenient-display-validation", "boolean", doc="A wrong display is but a warning."),
    Param("activeOnly", "boolean", doc="True: inactive codes do not pass."),
)
CHECKED = (
    Param("result", "boolean", min=1, doc="Whether the code is valid."),
    Param("message", "string", doc="Why not, or what else there is to say."),
    Param("display", "string", doc="The display of the code."),
    Param("code", "code", doc="The code that was checked."),
    Param("system", "uri", doc="Its code system."),
    Param("version", "string", doc="The version it was checked against."),
    Param("normalized-code", "code", doc="The code as the system writes it, where that differs."),
    Param("inactive", "boolean", doc="True where the code is no longer to be used."),
    Param("status", "code", doc="The status of the code, where it isn't active."),
    Param("codeableConcept", "CodeableConcept", doc="What was asked about."),
    Param("issues", "OperationOutcome", doc="Everything there is to say, with its place."),
    Param("x-unknown-system", "canonical", max="*", doc="Systems that are not known."),
    Param("x-caused-by-unknown-system", "canonical", max="*", doc="… and that the set needs."),
)
LENIENT = "lenient-display-validation"
NOTHING_TO_CHECK = Issue(
    "error",
    "invalid",
    "",
    "Unable to find code to validate (looked for coding | codeableConcept | code+system | "
    "code+inferSystem in parameters",
)


async def library(ctx: Context, given: Values) -> Library:
    """What the request may draw on; raises Refused where a supplement is missing."""
    found = await ctx.vocabulary.library(given.get("tx-resource", ()))
    return found.with_supplements(given.get("useSupplement", ()))


def truth(value: Any) -> bool:
    """A boolean that some clients write as a string."""
    return value is True or value == "true"


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


def set_versions(given: Values) -> tuple[tuple[str, str], ...]:
    """The versions of value sets to use where none is named."""
    return tuple(_versions(given, "default-valueset-version"))


async def set_of(ctx: Context, given: Values, known: Library) -> tuple[ValueSet, Json]:
    """The value set that a request is about, and its resource as far as there is one.

    Raises BadRequest where none is named, Refused where it isn't known.
    """
    if "_id" in given:
        stored = await ctx.repository.read("ValueSet", given["_id"])
        resource = orjson.loads(stored.body)
        return value_set(resource), resource
    if resource := given.get("valueSet"):
        return value_set(resource), resource
    url = given.get("url") or given.get("context")
    if not url:
        raise BadRequest("name a value set: by url, valueSet or the id in the path", "url")
    version = given.get("valueSetVersion") or dict(set_versions(given)).get(url, "")
    found = known.value_set(url, version)
    if found is None:
        base, named = split(url)
        raise Refused(issue(UNKNOWN_VALUE_SET, f"{base}|{v}" if (v := version or named) else base))
    return found, {}


async def system_of(ctx: Context, given: Values) -> Json | None:
    """The CodeSystem resource that a request names by id or sends along, or None."""
    if "_id" in given:
        stored = await ctx.repository.read("CodeSystem", given["_id"])
        resource: Json = orjson.loads(stored.body)
        return resource
    return given.get("codeSystem")


def asked(given: Values, version: str, default_system: str = "") -> Asked:
    """The codes to check; raises Refused where there is none. `version` is that of a bare code."""
    if concept := given.get("codeableConcept"):
        listed = concept.get("coding", ())
        if not isinstance(listed, list | tuple):
            raise BadRequest("CodeableConcept.coding is a list", "CodeableConcept.coding")
        codings = [coding(c) for c in listed]
        if codings:
            paths = [f"CodeableConcept.coding[{n}]" for n in range(len(codings))]
            return Asked(tuple(codings), tuple(paths), concept=True)
    if one := given.get("coding"):
        return Asked((coding(one),), ("Coding",))
    system = given.get("system", default_system)
    if given.get("code") and (system or truth(given.get("inferSystem"))):
        display = given.get("display", "")
        return Asked((Coding(system, given["code"], version, display),), ("",))
    raise Refused(NOTHING_TO_CHECK)


def options(given: Values) -> Options:
    """How strictly to check."""
    own, header = languages(given)
    return Options(
        own,
        header,
        rules(given),
        set_versions(given),
        not ("abstract" in given and not truth(given["abstract"])),
        truth(given.get("activeOnly")),
        _lenient(given),
        truth(given.get("valueset-membership-only")),
        truth(given.get("inferSystem")),
    )


def _lenient(given: Values) -> bool | None:
    """Whether a wrong display is but a warning; None where the request doesn't say."""
    mode = given.get("mode") or given.get("valueSetMode")
    if mode == LENIENT:
        return True
    return truth(given[LENIENT]) if LENIENT in given else None


def told(outcome: Outcome, given: Values) -> Values:
    """The outputs of a validation."""
    best = outcome.best
    return {
        "result": outcome.result,
        "message": outcome.message or None,
        "display": (best and best.display) or None,
        "code": (best and best.code) or None,
        "system": (best and best.system) or None,
        "version": (best and best.version) or None,
        "normalized-code": (best and best.normalized) or None,
        "inactive": True if best and best.inactive else None,
        "status": (best and best.status) or None,
        "codeableConcept": given.get("codeableConcept"),
        "issues": terminology_outcome(outcome.issues) if outcome.issues else None,
        "x-unknown-system": outcome.unknown,
        "x-caused-by-unknown-system": outcome.caused,
    }


def concepts(given: Iterable[Json]) -> Iterator[Json]:
    """Every code of an expansion's contains, nested ones too."""
    for each in given:
        yield each
        yield from concepts(each.get("contains", ()))


def found(resource: Json | None, what: str) -> Json:
    """The resource; raises NotFound where there is none."""
    if resource is None:
        raise NotFound(f"{what} is not known here")
    return resource


def _versions(given: Values, name: str) -> Iterator[tuple[str, str]]:
    for reference in given.get(name, ()):
        url, version = split(reference)
        if not version:
            raise BadRequest(f"{name} is url|version, not {reference!r}", name)
        yield url, version
