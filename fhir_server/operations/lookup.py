"""CodeSystem/$lookup: a code's name, display, designations and properties."""

from __future__ import annotations

from typing import Any

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.parameters import Typed
from fhir_server.terminology.expansion import coding as told_coding
from fhir_server.terminology.request import SENT, languages, library, rules
from terminology.codesystem import (
    CodeSystem,
    Coding,
    ConceptDefinition,
    ConceptDesignation,
    canonical,
)
from terminology.display import PREFERRED, names, shown
from terminology.errors import UnknownCode, UnknownSystem
from terminology.library import Library

HIERARCHY = ("parent", "child", "inactive")


async def run(ctx: Context, given: Values) -> Values:
    coding = given.get("coding", {})
    if coding and ("code" in given or "system" in given):
        raise BadRequest("give either coding or code and system, not both", "coding")
    url = given.get("system") or coding.get("system")
    code = given.get("code") or coding.get("code")
    version = given.get("version") or coding.get("version", "")
    for name, value in (("system", url), ("code", code), ("version", version)):
        if not isinstance(value, str | None):
            raise BadRequest(f"{name} of a Coding is a string", f"coding.{name}")
        if not value and name != "version":
            raise BadRequest(f"the parameter {name!r} is required (or a coding with it)", name)
    known = await library(ctx, given)
    system = _system(ctx, known, url, rules(given).wanted(url, version))
    found = system.find(code)
    if found is None:
        raise UnknownCode(canonical(system.url, version), code)
    return _outputs(system, system.concept(found), given, code)


def _system(ctx: Context, known: Library, url: str, version: str) -> CodeSystem:
    system = known.system(url, version)
    if system is None and not known.versions(url):
        system = known.system(ctx.terminology.resolve(url), version)  # by its alias
    if system is None:
        raise UnknownSystem(canonical(url, version))
    return system


def _outputs(system: CodeSystem, concept: ConceptDefinition, given: Values, asked: str) -> Values:
    own, header = languages(given)
    found = names(system, concept, None)
    display = shown(found, own or header) or (found[0] if found else None)
    wanted = set(given.get("property", ()))
    every = not wanted or "*" in wanted
    own_name = [] if not concept.display else [_own(system, concept)]
    designations = [*own_name, *concept.designations]
    if not every and "designation" not in wanted:
        designations = [d for d in designations if f"lang.{d.language}" in wanted]
    definition = concept.definition if every or "definition" in wanted else ""
    properties = _properties(system, concept)
    if asked != concept.code:
        properties.append({"code": "code", "value": Typed("code", concept.code)})
    return {
        "name": system.name or system.title or system.url,
        "version": system.version or None,
        "display": (display.value if display else "") or concept.code,
        "definition": definition or None,
        "abstract": True if system.is_abstract(concept.code) else None,
        "system": system.url,
        "code": asked,
        "designation": [_designation(d) for d in designations],
        "property": [each for each in properties if every or each["code"] in wanted],
        "used-supplement": system.supplements,
    }


def _own(system: CodeSystem, concept: ConceptDefinition) -> ConceptDesignation:
    return ConceptDesignation(concept.display, system.language, PREFERRED)


def _designation(given: ConceptDesignation) -> Values:
    return {
        "language": given.language or None,
        "use": None if given.use is None else told_coding(given.use),
        "value": given.value,
        "source": given.source or None,
    }


def _properties(system: CodeSystem, concept: ConceptDefinition) -> list[Values]:
    code = concept.code
    told: list[Values] = []
    for name, codes in (("parent", system.parents(code)), ("child", system.children(code))):
        for each in codes:
            described = system.concept(each).display or None
            told.append({"code": name, "value": Typed("code", each), "description": described})
    told.append({"code": "inactive", "value": Typed("boolean", system.is_inactive(code))})
    told += [
        {"code": p.code, "value": Typed(p.kind, _value(p.value))}
        for p in concept.properties
        if p.code not in HIERARCHY
    ]
    return told


def _value(value: Any) -> Any:
    return told_coding(value) if isinstance(value, Coding) else value


OPERATION = Operation(
    code="lookup",
    resources=("CodeSystem",),
    levels=("type",),
    title="Concept lookup",
    standard="http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup",
    open=True,
    lasting=True,
    inputs=(
        Param("code", "code", doc="The code to look up; with system."),
        Param("system", "uri", doc="The code system's url."),
        Param("version", "string", doc="The version of the system; default the newest."),
        Param("coding", "Coding", doc="The code and system as one value."),
        Param("date", "dateTime", doc="Ignored: versions are chosen by version."),
        Param(
            "property",
            "code",
            max="*",
            doc="What is wanted; default all. definition, designation and lang.X are properties.",
        ),
        *SENT,
        Param("system-version", "canonical", max="*", doc="Version where none is named."),
    ),
    outputs=(
        Param("name", "string", min=1, doc="The code system's name."),
        Param("version", "string", doc="The version that was looked in."),
        Param("display", "string", min=1, doc="The concept's preferred name."),
        Param("definition", "string", doc="What the concept means."),
        Param("abstract", "boolean", doc="True where the code only groups others."),
        Param("system", "uri", doc="The code system's url."),
        Param("code", "code", doc="The code as it was asked for."),
        Param(
            "designation",
            max="*",
            doc="Every name; source is the supplement that brought it.",
            parts=(
                Param("language", "code"),
                Param("use", "Coding"),
                Param("value", "string", min=1),
                Param("source", "canonical"),
            ),
        ),
        Param(
            "property",
            max="*",
            doc="What the system says of the concept.",
            parts=(
                Param("code", "code", min=1),
                Param(
                    "value",
                    "string",
                    doc="Of the property's own type: string, or code, Coding, integer, boolean "
                    "or dateTime.",
                ),
                Param("description", "string", doc="The display of a code."),
            ),
        ),
        Param("used-supplement", "canonical", max="*", doc="Supplements that took part."),
    ),
    run=run,
)
