"""ConceptMap/$translate: what a code is in another system, in either direction.

Parameters are those of R4 and, for who speaks it, of R5 (sourceCode, targetCode …).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest, NotFound
from fhir_server.terminology.expansion import coding as told_coding
from fhir_server.terminology.request import SENT, at_most, library, truth
from fhir_server.terminology.resources import coding, concept_map
from fhir_server.terminology.scope import applies, in_scope, may_have, systems_of
from fhir_server.terminology.working import work
from terminology.budget import STEPS_PER_CODE, Budget
from terminology.codesystem import Coding, split
from terminology.conceptmap import INVERSE, ConceptMap, Dependency
from terminology.library import Library
from terminology.translation import Translation, TranslationRequest, translate
from terminology.versions import latest

FEW = 10_000  # rows of maps that are looked through at once, in about a millisecond


async def run(ctx: Context, given: Values) -> Values:
    known = await library(ctx, given)
    every = known.concept_maps()
    backward = any(f"target{name}" in given for name in ("Code", "Coding", "CodeableConcept"))
    reverse = truth(given.get("reverse")) or backward
    to = _to(given, backward=backward, reverse=reverse)
    codes = list(_codes(given, "target" if backward else "source"))
    systems = frozenset(each.system for each in codes)
    named = await _maps(ctx, given, every)
    maps = [each for each in named if each.speaks_of(systems, reverse=reverse)]
    sought = _Sought(known, tuple(every), tuple(maps), tuple(codes), to, reverse)
    given_too = tuple(_dependencies(given))
    long = _may_take_long(maps, codes)
    found = await work(_found, sought, given_too) if long else _found(sought, given_too)
    return {
        "result": any(each.translates for each in found),
        "message": None if found else f"no concept map has a translation of {_written(codes)}",
        "match": [_match(t, backward=backward, reverse=reverse) for t in found],
        "used-conceptmap": tuple(dict.fromkeys(used for t in found for used in t.used)),
    }


@dataclass(frozen=True, slots=True)
class _Sought:
    """What one request wants to know: of which codes, and what it may draw on."""

    known: Library
    every: tuple[ConceptMap, ...]
    maps: tuple[ConceptMap, ...]
    codes: tuple[Coding, ...]
    to: str
    reverse: bool


def _found(sought: _Sought, dependencies: tuple[Dependency, ...]) -> list[Translation]:
    """The translations of all codes; raises Refused where they take too long."""
    known, reverse = sought.known, sought.reverse
    budget = Budget(sought.maps[0].canonical if len(sought.maps) == 1 else "$translate")
    found: list[Translation] = []
    for code in sought.codes:
        systems = systems_of(known, code)
        own = []
        for each in sought.maps:
            budget.spend(STEPS_PER_CODE)
            if each.target if reverse else each.source:
                budget.look()  # working out the map's value set has a budget of its own
            if applies(known, each, code, systems, reverse=reverse):
                own.append(each)
        asked = TranslationRequest(
            *(code, dependencies, sought.every),
            all(each.case_sensitive for each in systems),
            not systems or any(may_have(each, code.code) for each in systems),
        )
        found += translate(own, asked, sought.to, reverse=reverse, spend=budget.spend)
    return found


def _may_take_long(maps: Iterable[ConceptMap], codes: Sequence[Coding]) -> bool:
    """Whether there is more to do than to look through a few rows."""
    rows = 0
    for each in maps:
        if each.source or each.target:
            return True
        for group in each.groups:
            rows += len(group.mappings) + 1
            if group.unmapped is not None and group.unmapped.mode == "other-map":
                return True
    return rows * len(codes) > FEW


async def _maps(ctx: Context, given: Values, every: Iterable[ConceptMap]) -> list[ConceptMap]:
    """The maps to look in: the one that is named, or all that fit the scopes."""
    if "_id" in given:
        return [concept_map(await ctx.vocabulary.read("ConceptMap", given["_id"]))]
    if resource := given.get("conceptMap"):
        return [concept_map(resource)]
    if reference := given.get("url"):
        url, version = split(reference)
        version = given.get("conceptMapVersion", version)
        named = {m.version: m for m in reversed(list(every)) if m.url == url}
        best = latest(named, version)
        if best is None:
            raise NotFound(f"no ConceptMap {reference!r} is known here", "url")
        return [named[best]]
    source = given.get("source") or given.get("sourceScope", "")
    target = given.get("target") or given.get("targetScope", "")
    return [m for m in every if in_scope(m.source, source) and in_scope(m.target, target)]


def _written(codes: Iterable[Coding]) -> str:
    return ", ".join(f"{c.system}#{c.code}" for c in codes)


def _to(given: Values, *, backward: bool, reverse: bool) -> str:
    """The system of the codes to give; in R5's backward form that is the source's."""
    if backward:
        return str(given.get("sourceSystem", ""))
    return str(given.get("targetSystem") or given.get("targetsystem", ""))


def _codes(given: Values, side: str) -> list[Coding]:
    """The codes to translate; raises BadRequest where there is none."""
    version = given.get("version", "")
    system = given.get(f"{side}System") or given.get("system", "")
    if one := given.get(f"{side}Coding") or given.get("coding"):
        return [coding(one)]
    concept = given.get(f"{side}CodeableConcept") or given.get("codeableConcept") or {}
    if listed := concept.get("coding", ()):
        at_most(len(listed), "codings", "CodeableConcept.coding")
        return [coding(c) for c in listed]
    if code := given.get(f"{side}Code") or given.get("code"):
        if not system:
            raise BadRequest("a code needs its system", "system")
        return [Coding(system, code, version)]
    raise BadRequest("give code and system, a coding, or a codeableConcept with one", "code")


def _dependencies(given: Values) -> Iterator[Dependency]:
    """What else is known, by the element that holds it; raises BadRequest where it says nothing."""
    for n, part in enumerate(given.get("dependency", ())):
        told = {each.get("name"): each for each in part}
        element = told.get("element") or told.get("attribute") or {}
        name = element.get("valueUri") or element.get("valueString")
        values = list(_known(told.get("concept") or told.get("value") or {}))
        if not name or not isinstance(name, str) or not values:
            text = "a dependency has an element (a uri) and a concept (a CodeableConcept)"
            raise BadRequest(text, f"dependency[{n}]")
        yield from (Dependency(name, value, system) for value, system in values)


def _known(part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The (code or text, system) of a value; a CodeableConcept counts by each of its codings."""
    concept = part.get("valueCodeableConcept")
    if not isinstance(concept, dict):
        concept = {"coding": [part["valueCoding"]]} if "valueCoding" in part else {}
    codings = concept.get("coding", ())
    for each in codings if isinstance(codings, list) else ():
        found = coding(each)
        yield found.code, found.system
    for text in (concept.get("text"), part.get("valueString"), part.get("valueCode")):
        if text and isinstance(text, str):
            yield text, ""


def _match(found: Translation, *, backward: bool, reverse: bool) -> Values:
    """One translation. Backward (R5), concept stays the target and source is what was sought."""
    turned = reverse and not backward
    concept = found.source if turned else found.target
    equivalence = INVERSE.get(found.equivalence, found.equivalence) if turned else found.equivalence
    return {
        "equivalence": equivalence if concept.code else None,
        "concept": told_coding(concept) if concept.code else None,
        "noMap": None if concept.code else True,
        "product": [_product(p) for p in found.product],
        "originMap": found.origin or None,
        "source": told_coding(found.source) if backward else None,
        "sourceComment": found.remark or None,
        "targetComment": found.comment or None,
    }


def _product(given: Dependency) -> Values:
    told = Coding(given.system, given.value, "", given.display)
    return {"element": given.property, "concept": told_coding(told)}


def _params(names: str, type: str, doc: str) -> tuple[Param, ...]:
    return tuple(Param(name, type, doc=doc) for name in names.split())


OPERATION = Operation(
    code="translate",
    resources=("ConceptMap",),
    levels=("type", "instance"),
    title="Translation",
    standard="http://hl7.org/fhir/OperationDefinition/ConceptMap-translate",
    open=True,
    lasting=True,
    inputs=(
        Param("url", "uri", doc="The concept map; default all that fit."),
        Param("conceptMap", "ConceptMap", doc="The concept map itself."),
        Param("conceptMapVersion", "string", doc="The version of the concept map."),
        *_params("code sourceCode targetCode", "code", "The code to translate; with system."),
        *_params("system sourceSystem", "uri", "Its code system."),
        Param("version", "string", doc="The version of the system."),
        *_params("coding sourceCoding targetCoding", "Coding", "Code and system as one value."),
        *_params(
            "codeableConcept sourceCodeableConcept targetCodeableConcept",
            "CodeableConcept",
            "Several codings to translate.",
        ),
        *_params("source sourceScope", "uri", "The value set of the code to translate."),
        *_params("target targetScope", "uri", "The value set of the translation."),
        *_params("targetsystem targetSystem", "uri", "The system of the translation."),
        Param("reverse", "boolean", doc="True: from the map's target to its source."),
        Param(
            "dependency",
            max="*",
            doc="What else is known: what a mapping depends on must be among it.",
            parts=(Param("element", "uri"), Param("concept", "CodeableConcept")),
        ),
        *SENT,
    ),
    outputs=(
        Param("result", "boolean", min=1, doc="Whether there is a translation."),
        Param("message", "string", doc="Why not."),
        Param(
            "match",
            max="*",
            doc="What the maps say of the code.",
            parts=(
                Param("equivalence", "code", doc="How the translation stands to the code."),
                Param("concept", "Coding", doc="The translation."),
                Param(
                    "product",
                    max="*",
                    parts=(Param("element", "uri"), Param("concept", "Coding")),
                ),
                Param("noMap", "boolean", doc="True: the map says that there is no translation."),
                Param("originMap", "canonical", doc="The concept map."),
                Param("source", "Coding", doc="What translates to the target that was given."),
                Param("sourceComment", "string", doc="What the map remarks on the code."),
                Param("targetComment", "string", doc="What it remarks on the translation."),
            ),
        ),
        Param("used-conceptmap", "uri", max="*", doc="Maps that handed-on codes were found in."),
    ),
    run=run,
)
