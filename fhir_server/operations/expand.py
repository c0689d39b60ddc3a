"""ValueSet/$expand: the codes of a value set."""

from __future__ import annotations

import uuid

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.terminology.expansion import expanded
from fhir_server.terminology.request import (
    SENT,
    VERSIONS,
    languages,
    library,
    rules,
    set_of,
    set_rules,
    truth,
)
from fhir_server.terminology.working import work
from terminology.codesystem import words_of
from terminology.expansion import Options, expand
from terminology.expansion.contains import Details
from terminology.languages import Languages, parse
from terminology.valueset import ValueSet

# parameters that the author of a value set may set
SWITCHES = frozenset({"activeOnly", "excludeNested", "includeDefinition", "includeDesignations"})
LISTS = frozenset({"designation", "property"})
NAMESPACE = uuid.UUID("6f1d4a52-5a0e-4d6e-9e36-0a3c0b6a6c11")


async def run(ctx: Context, given: Values) -> Values:
    known = await library(ctx, given)
    value_set, resource = await set_of(ctx, given, known)
    given = _authored(value_set) | given
    asked = _options(given, value_set)
    made = await work(expand, known, value_set, asked)
    source = resource or await _source(ctx, given, value_set)
    id, now = ctx.new_id(), ctx.now()
    unique = str(uuid.uuid5(NAMESPACE, f"{id} {now.isoformat()} {value_set.canonical}"))
    language = _spoken(given, value_set).told
    return {"return": expanded(value_set, source, made, given, language, unique, now)}


async def _source(ctx: Context, given: Values, value_set: ValueSet) -> Values:
    """The resource that defines a set which was found by its url."""
    for sent in given.get("tx-resource", ()):
        named = sent.get("resourceType"), sent.get("url"), sent.get("version", "")
        if named == ("ValueSet", value_set.url, value_set.version):
            found: Values = sent
            return found
    return await ctx.vocabulary.resource(value_set)


def _authored(value_set: ValueSet) -> Values:
    """What the author of a set wants of its expansions, where the request doesn't say."""
    switches = {name: truth(value) for name, value in value_set.parameters if name in SWITCHES}
    several = {name: value_set.all(name) for name, _ in value_set.parameters if name in LISTS}
    return switches | several


def _spoken(given: Values, value_set: ValueSet) -> Languages:
    """The languages that count: of the request, the set's author, the header, the set itself."""
    own, header = languages(given)
    author = parse(value_set.parameter("displayLanguage"))
    return own or author or header or parse(value_set.language)


def _options(given: Values, value_set: ValueSet) -> Options:
    for name in ("count", "offset"):
        if given.get(name, 0) < 0:
            raise BadRequest(f"{name} is not negative", name)
    only = tuple(given.get("designation", ()))
    text = given.get("filter", "").strip()
    if text and not words_of([text]):
        raise BadRequest("the filter has no word: letters or digits make one", "filter")
    return Options(
        text,
        truth(given.get("activeOnly")),
        not truth(given.get("excludeNested")),
        given.get("offset", 0),
        given.get("count"),
        Details(
            _spoken(given, value_set),
            truth(given.get("includeDesignations")),
            only,
            (*given.get("property", ()), *value_set.properties),
        ),
        rules(given),
        tuple(given.get("exclude-system", ())),
        set_rules(given),
    )


OPERATION = Operation(
    code="expand",
    resources=("ValueSet",),
    levels=("type", "instance"),
    title="Value set expansion",
    standard="http://hl7.org/fhir/OperationDefinition/ValueSet-expand",
    open=True,
    inputs=(
        Param("url", "uri", doc="The value set; also implicit ones: system?fhir_vs."),
        Param("valueSet", "ValueSet", doc="The value set itself."),
        Param("valueSetVersion", "string", doc="The version of the value set."),
        Param("context", "uri", doc="The element bound to it: StructureDefinition#path."),
        Param("contextDirection", "code", doc="Ignored."),
        Param("filter", "string", doc="Codes that have every word, or the start of one."),
        Param("date", "dateTime", doc="Ignored: versions are chosen by system-version."),
        Param("offset", "integer", doc="How many codes to skip; pages are flat."),
        Param("count", "integer", doc="How many codes to give; 0 counts alone."),
        Param("includeDesignations", "boolean", doc="Further names of the codes."),
        Param("designation", "string", max="*", doc="Only those of a language, or use: sys|code."),
        Param("includeDefinition", "boolean", doc="The set's compose in the reply too."),
        Param("activeOnly", "boolean", doc="Without inactive codes."),
        Param("excludeNested", "boolean", doc="A flat list."),
        Param("excludeNotForUI", "boolean", doc="Ignored: codes that only group others say so."),
        Param("excludePostCoordinated", "boolean", doc="Ignored: expressions are never listed."),
        Param("property", "string", max="*", doc="Properties to give; `definition` is one."),
        Param("exclude-system", "canonical", max="*", doc="Systems to leave out."),
        *SENT,
        *VERSIONS,
    ),
    outputs=(Param("return", "ValueSet", min=1, doc="The value set with its expansion."),),
    run=run,
)
