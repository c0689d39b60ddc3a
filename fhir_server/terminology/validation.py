"""$validate-code, alone or many at once: what it takes, what it tells, and the checking itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from capability.operation import Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest, FhirError, outcome, terminology_outcome
from fhir_server.parameters import read_values, write_values
from fhir_server.terminology.request import (
    SENT,
    VERSIONS,
    at_most,
    is_named_only,
    languages,
    library,
    rules,
    set_of,
    set_rules,
    system_of,
    truth,
)
from fhir_server.terminology.resources import coding
from fhir_server.terminology.working import work
from terminology.codesystem import CodeSystem, Coding, split
from terminology.errors import TerminologyError
from terminology.issue import Issue, Malformed, Refused
from terminology.library import Library
from terminology.table import Table
from terminology.validation import (
    Codings,
    Options,
    Outcome,
    validate_in_system,
    validate_in_value_set,
)
from terminology.valueset import ValueSet

CODED = (
    Param("code", "code", doc="The code; with system."),
    Param("display", "string", doc="The display to check."),
    Param("coding", "Coding", doc="Code and system as one value."),
    Param(
        "codeableConcept",
        "CodeableConcept",
        doc="Up to 1,000 codings, one of which must do.",
    ),
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
WHICH = (
    Param("url", "uri", doc="The value set."),
    Param("context", "uri", doc="The element bound to it: StructureDefinition#path."),
    Param("valueSet", "ValueSet", doc="The value set itself."),
    Param("valueSetVersion", "string", doc="The version of the value set."),
    Param("system", "uri", doc="The system of the code."),
    Param("systemVersion", "string", doc="The version of the system."),
    *CODED,
    Param("inferSystem", "boolean", doc="True: the system follows from the value set."),
    Param("valueset-membership-only", "boolean", doc="True: nothing but membership."),
    Param("mode", "code", doc="lenient-display-validation."),
    *SENT,
    *VERSIONS,
)
OF_SYSTEM = (
    Param("codeSystem", "CodeSystem", doc="The code system itself."),
    Param("version", "string", doc="The version of the system."),
)
EACH = Param(
    "validation",
    "Resource",
    max="*",
    doc="The parameters of one of up to 1,000 validations, of 1,000 codings in all.",
)
OUTCOMES = Param("validation", "Resource", max="*", doc="Their outcomes, in the same order.")
# what names a value set; on CodeSystem the url is that of the system
SETS = ("url", "valueSet", "context")
SETS_OF = {"CodeSystem": ("valueSet", "context")}
LENIENT = "lenient-display-validation"
SOUGHT = "Unable to find code to validate (looked for coding | codeableConcept | "
NOTHING_IN_SET = Issue(
    "error", "invalid", "", f"{SOUGHT}code+system | code+inferSystem in parameters"
)
NOTHING_IN_SYSTEM = Issue("error", "invalid", "", f"{SOUGHT}code in parameters)")


async def in_value_set(ctx: Context, given: Values, known: Library) -> Values:
    """The outputs for a code in a value set; raises Refused and its kin."""
    value_set, _ = await set_of(ctx, given, known)
    codes = _codings(given, given.get("systemVersion", ""))
    if codes is None:
        raise Refused(NOTHING_IN_SET)
    asked = known, value_set, codes, _options(given)
    made = (
        await work(validate_in_value_set, *asked)
        if _may_take_long(value_set)
        else validate_in_value_set(*asked)
    )
    return _outputs(made, given)


def _may_take_long(value_set: ValueSet) -> bool:
    """Whether the set is more than lists and whole systems, in which a code is found at once."""
    return any(p.filters or p.value_sets for p in (*value_set.include, *value_set.exclude))


async def in_system(ctx: Context, given: Values, known: Library) -> Values:
    """The outputs for a code in its system; raises Refused and its kin."""
    system = await system_of(ctx, given, known)
    url, named = split(given.get("url", ""))
    url = url or given.get("system") or (system.url if system else "")
    version = given.get("version") or given.get("systemVersion") or named
    codes = _codings(given, version, url)
    if codes is None or not codes.codings:
        raise Malformed(NOTHING_IN_SYSTEM)
    if system and is_named_only(system) and known.versions(system.url):
        codes = _of_version(codes, system)
    own = None if isinstance(system, Table) and not system.defines else system
    return _outputs(validate_in_system(known, own, codes, _options(given), url), given)


def _of_version(codes: Codings, system: CodeSystem) -> Codings:
    """The codes, where they come without a version as those of this version of their system."""
    return replace(
        codes,
        codings=tuple(
            replace(each, version=each.version or system.version)
            if each.system in ("", system.url)
            else each
            for each in codes.codings
        ),
    )


async def many(ctx: Context, given: Values) -> Values:
    """The outcome of each of the validations, in their order.

    What the request says besides them holds for each, unless it says otherwise itself.
    Raises Refused where they are too many.
    """
    sent = given["validation"]
    at_most(len(sent), "validations", "validation")
    at_most(sum(map(_count, sent)), "codings", "validation")
    common = {name: value for name, value in given.items() if name != "validation"}
    known = await library(ctx, common)
    answers = []
    for each in sent:
        answers.append(await _one(ctx, common, known, each))
        await asyncio.sleep(0)  # others have their turn
    return {"validation": answers}


def _count(sent: Any) -> int:
    """How many codings the CodeableConcept of a validation has; 0 where it can't be read."""
    found = 0
    rows = sent.get("parameter") if isinstance(sent, dict) else ()
    for row in rows if isinstance(rows, list) else ():
        concept = row.get("valueCodeableConcept") if isinstance(row, dict) else None
        listed = concept.get("coding") if isinstance(concept, dict) else None
        found += len(listed) if isinstance(listed, list) else 0
    return found


async def _one(ctx: Context, common: Values, known: Library, sent: Any) -> dict[str, Any]:
    try:
        if not isinstance(sent, dict) or sent.get("resourceType") != "Parameters":
            raise BadRequest("a validation is a Parameters resource", "validation")
        own = read_values((*WHICH, *OF_SYSTEM), sent)
        given = common | own
        if own.keys() & {"tx-resource", "useSupplement", "valueSet"}:
            resources = [*own.get("tx-resource", ()), *common.get("tx-resource", ())]
            known = await library(ctx, given | {"tx-resource": resources})
        in_set = not given.keys().isdisjoint(SETS_OF.get(given.get("_on", ""), SETS))
        answer = await (in_value_set if in_set else in_system)(ctx, given, known)
    except (FhirError, TerminologyError) as error:
        return outcome(error)
    return write_values(CHECKED, answer)


def _codings(given: Values, version: str, default_system: str = "") -> Codings | None:
    """The codes to check, if there are any; `version` is that of a bare code."""
    if concept := given.get("codeableConcept"):
        listed = concept.get("coding", ())
        if not isinstance(listed, list | tuple):
            raise BadRequest("CodeableConcept.coding is a list", "CodeableConcept.coding")
        at_most(len(listed), "codings", "CodeableConcept.coding")
        paths = [f"CodeableConcept.coding[{n}]" for n in range(len(listed))]
        if listed or given.keys().isdisjoint(("coding", "code")):
            return Codings(tuple(map(coding, listed)), tuple(paths), concept=True)
    if one := given.get("coding"):
        return Codings((coding(one),), ("Coding",))
    system = given.get("system", default_system)
    if given.get("code") and (system or truth(given.get("inferSystem"))):
        display = given.get("display", "")
        return Codings((Coding(system, given["code"], version, display),), ("",))
    return None


def _options(given: Values) -> Options:
    """How strictly to check."""
    own, header = languages(given)
    return Options(
        own,
        header,
        rules(given),
        set_rules(given),
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


def _outputs(outcome: Outcome, given: Values) -> Values:
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
