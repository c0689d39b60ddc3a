"""The invariants of R4 as plain functions, one row each; the FHIRPath stands in definitions/.

Those that the structure walk answers (ele-1, ext-1, ref-1, sqty-1, txt-1) and the few that need a
FHIRPath engine (docs/spec-clarifications.md) are not here.
"""

from __future__ import annotations

import re
from typing import Any

from capability.facts import chosen, coded, count, distinct, each, has, in_order
from capability.rule import AnyOf, Needs, NotBoth, OneOf, Rule

Json = dict[str, Any]
HL7 = "http://terminology.hl7.org/CodeSystem/"
UCUM = "http://unitsofmeasure.org"
WRONG = "entered-in-error"
NAME = re.compile(r"[A-Z][A-Za-z0-9_]{0,254}")
PATH = re.compile(
    r"[^\s.,:;'\"/|?!@#$%&*()\[\]{}]{1,64}(\.[^\s.,:;'\"/|?!@#$%&*()\[\]{}]{1,64}(\[x\])?(:[^\s.]+)?)*"
)
SLICE = re.compile(r"[a-zA-Z0-9/\-_\[\]@]+")
BOUND = ("code", "Coding", "CodeableConcept", "Quantity", "string", "uri")
LISTED = (
    "choice",
    "open-choice",
    "decimal",
    "integer",
    "date",
    "dateTime",
    "time",
    "string",
    "quantity",
)
SIZED = ("boolean", "decimal", "integer", "string", "text", "url", "open-choice")
MEALS = ("C", "CM", "CD", "CV")
ASSERTS = (
    "contentType",
    "expression",
    "headerField",
    "minimumId",
    "navigationLinks",
    "path",
    "requestMethod",
    "resource",
    "responseCode",
    "response",
    "validateProfileId",
)
NAMED = {
    "ActivityDefinition": "adf-0",
    "CapabilityStatement": "cpb-0",
    "ChargeItemDefinition": "cid-0",
    "CodeSystem": "csd-0",
    "CompartmentDefinition": "cpd-0",
    "ConceptMap": "cmd-0",
    "EffectEvidenceSynthesis": "ees-0",
    "EventDefinition": "evd-0",
    "Evidence": "evi-0",
    "EvidenceVariable": "evv-0",
    "ExampleScenario": "esc-0",
    "GraphDefinition": "gdf-0",
    "ImplementationGuide": "ig-0",
    "Library": "lib-0",
    "Measure": "mea-0",
    "MessageDefinition": "msd-0",
    "NamingSystem": "nsd-0",
    "OperationDefinition": "opd-0",
    "PlanDefinition": "pdf-0",
    "Questionnaire": "que-0",
    "ResearchDefinition": "rsd-0",
    "ResearchElementDefinition": "red-0",
    "RiskEvidenceSynthesis": "rvs-0",
    "SearchParameter": "spd-0",
    "StructureDefinition": "sdf-0",
    "StructureMap": "smp-0",
    "TerminologyCapabilities": "tcp-0",
    "TestScript": "tst-0",
    "ValueSet": "vsd-0",
}


def _named(owner: Json) -> bool:
    name = owner.get("name")
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def _ucum(owner: Json) -> bool:
    return not has(owner, "system") or owner.get("system") == UCUM


def _coded_value(owner: Json) -> bool:
    return has(owner, "code") or not has(owner, "value")


def _ordered_range(owner: Json) -> bool:
    low, high = owner.get("low", {}), owner.get("high", {})
    if any(low.get(key) != high.get(key) for key in ("system", "code", "unit")):
        return True
    return not ("value" in low and "value" in high) or low["value"] <= high["value"]


def _same_coding(owner: Json) -> bool:
    """Whether a component repeats a coding of the observation's own code."""
    own = {(c.get("system"), c.get("code")) for c in each(owner, "code", "coding")}
    return any(
        (c.get("system"), c.get("code")) in own
        for c in each(owner, "component", "code", "coding")
        if "code" in c
    )


def _first(bundle: Json, kind: str) -> bool:
    entry = bundle.get("entry", [{}])[0]
    return bool(entry.get("resource", {}).get("resourceType") == kind)


def _entries(bundle: Json, part: str, *types: str) -> bool:
    wanted = bundle.get("type") in (*types, "history")
    return all((part in entry) == wanted for entry in bundle.get("entry", ()))


def _versions(bundle: Json) -> list[tuple[str, str]]:
    return [
        (entry["fullUrl"], entry.get("resource", {}).get("meta", {}).get("versionId", ""))
        for entry in bundle.get("entry", ())
        if "fullUrl" in entry
    ]


def _deep(owner: Json, branch: str, leaf: str) -> list[Any]:
    """Values of `leaf` in a tree that repeats itself under `branch`."""
    found = []
    for child in owner.get(branch, ()):
        found += [child[leaf]] if leaf in child else []
        found += _deep(child, branch, leaf)
    return found


def _parameter(owner: Json) -> bool:
    held = chosen(owner, "value") + ("resource" in owner)
    return held == (0 if "part" in owner else 1)


def _one_of(owner: Json, *names: str) -> bool:
    return count(owner, *names) == 1


def _some(owner: Json, *names: str) -> bool:
    return count(owner, *names) > 0


def _at_most(owner: Json) -> bool:
    """Whether an ElementDefinition's min is not over its max."""
    most = owner.get("max", "*")
    return most == "*" or not most.isdigit() or owner.get("min", 0) <= int(most)


def _percent(owner: Json) -> bool:
    return owner.get("code") == "%" and owner.get("system") == UCUM


def _in(owner: Json, name: str, *codes: str) -> bool:
    return owner.get(name) in codes


RULES: tuple[Rule, ...] = (
    # data types
    Rule("att-1", "Attachment", "data needs a contentType", Needs("data", "contentType")),
    Rule("cpt-2", "ContactPoint", "a value needs a system", Needs("value", "system")),
    Rule(
        "per-1",
        "Period",
        "start is not after end",
        lambda o: in_order(o.get("start"), o.get("end")),
        when=("start", "end"),
    ),
    *(
        Rule("qty-3", kind, "a code needs a system", Needs("code", "system"))
        for kind in ("Quantity", "Age", "Count", "Distance", "Duration")
    ),
    Rule(
        "age-1",
        "Age",
        "a positive value with a UCUM code",
        lambda o: _coded_value(o) and _ucum(o) and o.get("value", 1) > 0,
    ),
    Rule(
        "cnt-3",
        "Count",
        "a whole number with the UCUM code 1",
        lambda o: (
            _coded_value(o)
            and _ucum(o)
            and o.get("code", "1") == "1"
            and o.get("value", 0) == int(o.get("value", 0))
        ),
    ),
    Rule("dis-1", "Distance", "a value has a UCUM code", lambda o: _coded_value(o) and _ucum(o)),
    Rule(
        "drt-1",
        "Duration",
        "a code is of UCUM and has a value",
        lambda o: not has(o, "code") or (o.get("system") == UCUM and has(o, "value")),
        when=("code",),
    ),
    Rule("rng-2", "Range", "low is not above high", _ordered_range, when=("low", "high")),
    Rule(
        "rat-1",
        "Ratio",
        "numerator and denominator, both or neither (then an extension)",
        lambda o: (
            ("numerator" in o) == ("denominator" in o) and ("numerator" in o or "extension" in o)
        ),
    ),
    Rule(
        "exp-1",
        "Expression",
        "an expression or a reference",
        AnyOf("expression", "reference"),
    ),
    Rule(
        "drq-1",
        "DataRequirement.codeFilter",
        "either path or searchParam",
        OneOf("path", "searchParam"),
    ),
    Rule(
        "drq-2",
        "DataRequirement.dateFilter",
        "either path or searchParam",
        OneOf("path", "searchParam"),
    ),
    Rule(
        "tim-1",
        "Timing.repeat",
        "duration needs durationUnit",
        Needs("duration", "durationUnit"),
    ),
    Rule(
        "tim-2",
        "Timing.repeat",
        "period needs periodUnit",
        Needs("period", "periodUnit"),
    ),
    Rule(
        "tim-4",
        "Timing.repeat",
        "duration is not negative",
        lambda o: o.get("duration", 0) >= 0,
        when=("duration",),
    ),
    Rule(
        "tim-5",
        "Timing.repeat",
        "period is not negative",
        lambda o: o.get("period", 0) >= 0,
        when=("period",),
    ),
    Rule(
        "tim-6",
        "Timing.repeat",
        "periodMax needs period",
        Needs("periodMax", "period"),
    ),
    Rule(
        "tim-7",
        "Timing.repeat",
        "durationMax needs duration",
        Needs("durationMax", "duration"),
    ),
    Rule("tim-8", "Timing.repeat", "countMax needs count", Needs("countMax", "count")),
    Rule(
        "tim-9",
        "Timing.repeat",
        "offset needs a when that is not C, CM, CD or CV",
        lambda o: (
            not has(o, "offset") or (has(o, "when") and not set(each(o, "when")) & set(MEALS))
        ),
        when=("offset",),
    ),
    Rule(
        "tim-10",
        "Timing.repeat",
        "timeOfDay or when, not both",
        NotBoth("timeOfDay", "when"),
    ),
    Rule(
        "trd-1",
        "TriggerDefinition",
        "data or timing, not both",
        lambda o: not (has(o, "data") and chosen(o, "timing")),
        when=("data",),
    ),
    Rule(
        "trd-2",
        "TriggerDefinition",
        "a condition needs data",
        Needs("condition", "data"),
    ),
    Rule(
        "trd-3",
        "TriggerDefinition",
        "a named event has a name, a periodic one a timing, a data event data",
        lambda o: (
            (not _in(o, "type", "named-event") or has(o, "name"))
            and (not _in(o, "type", "periodic") or chosen(o, "timing"))
            and (not str(o.get("type", "")).startswith("data-") or has(o, "data"))
        ),
    ),
    # every resource that can contain others
    Rule(
        "dom-2",
        "DomainResource",
        "a contained resource contains none itself",
        lambda o: not each(o, "contained", "contained"),
    ),
    Rule(
        "dom-4",
        "DomainResource",
        "a contained resource has no versionId and no lastUpdated",
        lambda o: (
            not any(_some(m, "versionId", "lastUpdated") for m in each(o, "contained", "meta"))
        ),
    ),
    Rule(
        "dom-5",
        "DomainResource",
        "a contained resource has no security label",
        lambda o: not each(o, "contained", "meta", "security"),
    ),
    Rule(
        "dom-6",
        "DomainResource",
        "a narrative helps human readers",
        lambda o: bool(each(o, "text", "div")),
        "warning",
    ),
    *(
        Rule(
            key,
            path,
            "a name that programs can use (A-Z first, then letters, digits, _)",
            _named,
            "warning",
        )
        for path, key in NAMED.items()
    ),
    # the clinical record
    Rule(
        "ait-1",
        "AllergyIntolerance",
        "clinicalStatus is needed unless entered in error",
        lambda o: (
            has(o, "clinicalStatus")
            or coded(o, "verificationStatus", HL7 + "allergyintolerance-verification", WRONG)
        ),
    ),
    Rule(
        "ait-2",
        "AllergyIntolerance",
        "no clinicalStatus where entered in error",
        lambda o: (
            not has(o, "clinicalStatus")
            or not coded(o, "verificationStatus", HL7 + "allergyintolerance-verification", WRONG)
        ),
        when=("verificationStatus",),
    ),
    Rule(
        "con-1",
        "Condition.stage",
        "a summary or an assessment",
        AnyOf("summary", "assessment"),
    ),
    Rule("con-2", "Condition.evidence", "a code or a detail", AnyOf("code", "detail")),
    Rule(
        "con-3",
        "Condition",
        "a problem list item has a clinicalStatus unless entered in error",
        lambda o: (
            has(o, "clinicalStatus")
            or coded(o, "verificationStatus", HL7 + "condition-ver-status", WRONG)
            or not coded(o, "category", HL7 + "condition-category", "problem-list-item")
        ),
        "warning",
    ),
    Rule(
        "con-4",
        "Condition",
        "an abated condition is inactive, resolved or in remission",
        lambda o: (
            not chosen(o, "abatement")
            or coded(
                o, "clinicalStatus", HL7 + "condition-clinical", "resolved", "remission", "inactive"
            )
        ),
    ),
    Rule(
        "con-5",
        "Condition",
        "no clinicalStatus where entered in error",
        lambda o: (
            not has(o, "clinicalStatus")
            or not coded(o, "verificationStatus", HL7 + "condition-ver-status", WRONG)
        ),
        when=("verificationStatus",),
    ),
    Rule(
        "cpl-3",
        "CarePlan.activity",
        "detail or reference, not both",
        NotBoth("detail", "reference"),
    ),
    Rule(
        "fhs-1",
        "FamilyMemberHistory",
        "age or born, not both",
        lambda o: not (chosen(o, "age") and chosen(o, "born")),
    ),
    Rule(
        "fhs-2",
        "FamilyMemberHistory",
        "estimatedAge needs an age",
        lambda o: chosen(o, "age") or not has(o, "estimatedAge"),
    ),
    Rule(
        "gol-1",
        "Goal.target",
        "a detail needs a measure",
        lambda o: not chosen(o, "detail") or has(o, "measure"),
    ),
    Rule(
        "imm-1",
        "Immunization.education",
        "a documentType or a reference",
        AnyOf("documentType", "reference"),
    ),
    Rule(
        "imr-1",
        "ImmunizationRecommendation.recommendation",
        "a vaccineCode or a targetDisease",
        AnyOf("vaccineCode", "targetDisease"),
    ),
    Rule(
        "mad-1",
        "MedicationAdministration.dosage",
        "a dose or a rate",
        lambda o: has(o, "dose") or chosen(o, "rate"),
    ),
    Rule(
        "mdd-1",
        "MedicationDispense",
        "whenHandedOver is not before whenPrepared",
        lambda o: in_order(o.get("whenPrepared"), o.get("whenHandedOver")),
        when=("whenPrepared", "whenHandedOver"),
    ),
    Rule(
        "nor-1",
        "NutritionOrder",
        "an oralDiet, a supplement or an enteralFormula",
        AnyOf("oralDiet", "supplement", "enteralFormula"),
        "warning",
    ),
    Rule(
        "obs-3",
        "Observation.referenceRange",
        "a low, a high or a text",
        AnyOf("low", "high", "text"),
    ),
    Rule(
        "obs-6",
        "Observation",
        "dataAbsentReason only where there is no value",
        lambda o: not has(o, "dataAbsentReason") or not chosen(o, "value"),
        when=("dataAbsentReason",),
    ),
    Rule(
        "obs-7",
        "Observation",
        "no component repeats the code of an observation that has a value",
        lambda o: not chosen(o, "value") or not _same_coding(o),
        when=("component",),
    ),
    Rule(
        "prr-1",
        "ServiceRequest",
        "orderDetail needs a code",
        Needs("orderDetail", "code"),
    ),
    Rule(
        "ras-1",
        "RiskAssessment.prediction",
        "a probability range is in percent",
        lambda o: all(
            _percent(v) for v in o.get("probabilityRange", {}).values() if isinstance(v, dict)
        ),
        when=("probabilityRange",),
    ),
    Rule(
        "ras-2",
        "RiskAssessment.prediction",
        "a probability is at most 100",
        lambda o: o.get("probabilityDecimal", 0) <= 100,
        when=("probabilityDecimal",),
    ),
    # people, places, appointments
    Rule(
        "app-1",
        "Appointment.participant",
        "a type or an actor",
        AnyOf("type", "actor"),
    ),
    Rule(
        "app-2",
        "Appointment",
        "start and end, both or neither",
        lambda o: has(o, "start") == has(o, "end"),
    ),
    Rule(
        "app-3",
        "Appointment",
        "start and end, unless proposed, cancelled or on a waitlist",
        lambda o: (
            count(o, "start", "end") == 2 or _in(o, "status", "proposed", "cancelled", "waitlist")
        ),
    ),
    Rule(
        "app-4",
        "Appointment",
        "a cancelationReason is for cancelled or no-show",
        lambda o: not has(o, "cancelationReason") or _in(o, "status", "no-show", "cancelled"),
    ),
    Rule(
        "apr-1",
        "AppointmentResponse",
        "a participantType or an actor",
        AnyOf("participantType", "actor"),
    ),
    Rule(
        "grp-1",
        "Group",
        "members only in an actual group",
        lambda o: not has(o, "member") or o.get("actual") is True,
    ),
    Rule(
        "ipn-1",
        "InsurancePlan",
        "an identifier or a name",
        AnyOf("identifier", "name"),
    ),
    Rule("org-1", "Organization", "an identifier or a name", AnyOf("identifier", "name")),
    Rule(
        "org-2",
        "Organization",
        "no home address",
        lambda o: "home" not in each(o, "address", "use"),
        when=("address",),
    ),
    Rule(
        "org-3",
        "Organization",
        "no home telecom",
        lambda o: "home" not in each(o, "telecom", "use"),
        when=("telecom",),
    ),
    Rule(
        "pat-1",
        "Patient.contact",
        "a name, telecom, address or organization",
        AnyOf("name", "telecom", "address", "organization"),
    ),
    # documents, lists, bundles
    Rule(
        "bdl-1",
        "Bundle",
        "total only in a searchset or history",
        lambda o: not has(o, "total") or _in(o, "type", "searchset", "history"),
    ),
    Rule(
        "bdl-2",
        "Bundle",
        "entry.search only in a searchset",
        lambda o: not each(o, "entry", "search") or _in(o, "type", "searchset"),
    ),
    Rule(
        "bdl-3",
        "Bundle",
        "entry.request in a batch, transaction or history, and only there",
        lambda o: _entries(o, "request", "batch", "transaction"),
    ),
    Rule(
        "bdl-4",
        "Bundle",
        "entry.response in a batch-response, transaction-response or history, and only there",
        lambda o: _entries(o, "response", "batch-response", "transaction-response"),
    ),
    Rule(
        "bdl-5",
        "Bundle.entry",
        "a resource, a request or a response",
        AnyOf("resource", "request", "response"),
    ),
    Rule(
        "bdl-7",
        "Bundle",
        "each fullUrl once, outside of a history",
        lambda o: _in(o, "type", "history") or distinct(_versions(o)),
    ),
    Rule(
        "bdl-8",
        "Bundle.entry",
        "fullUrl names no version",
        lambda o: "/_history/" not in o.get("fullUrl", ""),
        when=("fullUrl",),
    ),
    Rule(
        "bdl-9",
        "Bundle",
        "a document has an identifier with system and value",
        lambda o: (
            not _in(o, "type", "document") or count(o.get("identifier", {}), "system", "value") == 2
        ),
    ),
    Rule(
        "bdl-10",
        "Bundle",
        "a document has a timestamp",
        lambda o: not _in(o, "type", "document") or "timestamp" in o,
    ),
    Rule(
        "bdl-11",
        "Bundle",
        "a document starts with a Composition",
        lambda o: not _in(o, "type", "document") or _first(o, "Composition"),
    ),
    Rule(
        "bdl-12",
        "Bundle",
        "a message starts with a MessageHeader",
        lambda o: not _in(o, "type", "message") or _first(o, "MessageHeader"),
    ),
    Rule(
        "cmp-1",
        "Composition.section",
        "text, entries or sections",
        AnyOf("text", "entry", "section"),
    ),
    Rule(
        "cmp-2",
        "Composition.section",
        "an emptyReason only without entries",
        NotBoth("emptyReason", "entry"),
    ),
    Rule("lnk-1", "Linkage", "at least two items", lambda o: len(o["item"]) > 1),
    Rule(
        "lst-1",
        "List",
        "an emptyReason only without entries",
        NotBoth("emptyReason", "entry"),
    ),
    Rule(
        "lst-2",
        "List",
        "entry.deleted only in mode changes",
        lambda o: _in(o, "mode", "changes") or not any(has(e, "deleted") for e in each(o, "entry")),
    ),
    Rule(
        "lst-3",
        "List",
        "entry.date only in mode working",
        lambda o: _in(o, "mode", "working") or not any(has(e, "date") for e in each(o, "entry")),
    ),
    Rule("inv-1", "Parameters.parameter", "one value, one resource or parts", _parameter),
    # consent, tasks, security, money
    Rule("ppc-1", "Consent", "a policy or a policyRule", AnyOf("policy", "policyRule")),
    Rule(
        "inv-1",
        "Task",
        "lastModified is not before authoredOn",
        lambda o: in_order(o.get("authoredOn"), o.get("lastModified")),
    ),
    Rule(
        "sev-1",
        "AuditEvent.entity",
        "a name or a query, not both",
        NotBoth("name", "query"),
    ),
    Rule(
        "ces-1",
        "CoverageEligibilityResponse.insurance.item",
        "either category or productOrService",
        OneOf("category", "productOrService"),
    ),
    Rule(
        "rqg-1",
        "RequestGroup.action",
        "either resource or action",
        OneOf("resource", "action"),
    ),
    # genomics
    Rule(
        "msq-3",
        "MolecularSequence",
        "coordinateSystem is 0 or 1",
        lambda o: o.get("coordinateSystem") in (0, 1),
    ),
    Rule(
        "msq-5",
        "MolecularSequence.referenceSeq",
        "chromosome and genomeBuild, both or neither",
        lambda o: count(o, "chromosome", "genomeBuild") != 1,
    ),
    Rule(
        "msq-6",
        "MolecularSequence.referenceSeq",
        "one of genomeBuild, referenceSeqId, referenceSeqPointer, referenceSeqString",
        lambda o: _one_of(
            o, "genomeBuild", "referenceSeqId", "referenceSeqPointer", "referenceSeqString"
        ),
    ),
    # questionnaires
    Rule(
        "qrs-1",
        "QuestionnaireResponse.item",
        "answers or items, not both",
        NotBoth("answer", "item"),
    ),
    Rule(
        "que-1",
        "Questionnaire.item",
        "a group has items, a display has none",
        lambda o: (
            (not _in(o, "type", "group") or has(o, "item"))
            and (not _in(o, "type", "display") or not has(o, "item"))
        ),
    ),
    Rule(
        "que-2", "Questionnaire", "each linkId once", lambda o: distinct(_deep(o, "item", "linkId"))
    ),
    Rule(
        "que-3",
        "Questionnaire.item",
        "a display has no code",
        lambda o: not _in(o, "type", "display") or not has(o, "code"),
        when=("code",),
    ),
    Rule(
        "que-4",
        "Questionnaire.item",
        "answerOption or answerValueSet, not both",
        NotBoth("answerOption", "answerValueSet"),
    ),
    Rule(
        "que-5",
        "Questionnaire.item",
        "answers are listed only for types that can be listed",
        lambda o: _in(o, "type", *LISTED) or not _some(o, "answerOption", "answerValueSet"),
    ),
    Rule(
        "que-6",
        "Questionnaire.item",
        "a display is neither required nor repeats",
        lambda o: not _in(o, "type", "display") or not _some(o, "required", "repeats"),
    ),
    Rule(
        "que-8",
        "Questionnaire.item",
        "no initial value of a group or display",
        lambda o: not _in(o, "type", "group", "display") or not has(o, "initial"),
        when=("initial",),
    ),
    Rule(
        "que-9",
        "Questionnaire.item",
        "no readOnly of a display",
        lambda o: not _in(o, "type", "display") or not has(o, "readOnly"),
        when=("readOnly",),
    ),
    Rule(
        "que-10",
        "Questionnaire.item",
        "maxLength only of what is written",
        lambda o: _in(o, "type", *SIZED) or not has(o, "maxLength"),
        when=("maxLength",),
    ),
    Rule(
        "que-11",
        "Questionnaire.item",
        "answerOption or initial, not both",
        NotBoth("answerOption", "initial"),
    ),
    Rule(
        "que-12",
        "Questionnaire.item",
        "several enableWhen need an enableBehavior",
        lambda o: len(o.get("enableWhen", ())) <= 2 or has(o, "enableBehavior"),
        when=("enableWhen",),
    ),
    Rule(
        "que-13",
        "Questionnaire.item",
        "several initial values only where it repeats",
        lambda o: o.get("repeats") is True or len(o.get("initial", ())) <= 1,
        when=("initial",),
    ),
    # terminology
    Rule(
        "cmd-1",
        "ConceptMap.group.element.target",
        "a narrower or inexact map has a comment",
        lambda o: has(o, "comment") or not _in(o, "equivalence", "narrower", "inexact"),
        when=("equivalence",),
    ),
    Rule(
        "cmd-2",
        "ConceptMap.group.unmapped",
        "mode fixed needs a code",
        lambda o: not _in(o, "mode", "fixed") or has(o, "code"),
    ),
    Rule(
        "cmd-3",
        "ConceptMap.group.unmapped",
        "mode other-map needs a url",
        lambda o: not _in(o, "mode", "other-map") or has(o, "url"),
    ),
    Rule("csd-1", "CodeSystem", "each code once", lambda o: distinct(_deep(o, "concept", "code"))),
    Rule(
        "nsd-1",
        "NamingSystem",
        "a root system has no uuid",
        lambda o: not _in(o, "kind", "root") or "uuid" not in each(o, "uniqueId", "type"),
    ),
    Rule(
        "nsd-2",
        "NamingSystem",
        "one preferred id of a type",
        lambda o: distinct(u.get("type") for u in o["uniqueId"] if u.get("preferred") is True),
    ),
    Rule(
        "vsd-1",
        "ValueSet.compose.include",
        "a valueSet or a system",
        AnyOf("valueSet", "system"),
    ),
    Rule(
        "vsd-2",
        "ValueSet.compose.include",
        "concepts and filters need a system",
        lambda o: not _some(o, "concept", "filter") or has(o, "system"),
    ),
    Rule(
        "vsd-3",
        "ValueSet.compose.include",
        "concepts or filters, not both",
        NotBoth("concept", "filter"),
    ),
    Rule(
        "vsd-6",
        "ValueSet.expansion.contains",
        "a code or a display",
        AnyOf("code", "display"),
    ),
    Rule(
        "vsd-9",
        "ValueSet.expansion.contains",
        "a code, unless abstract",
        lambda o: has(o, "code") or o.get("abstract") is True,
    ),
    Rule(
        "vsd-10",
        "ValueSet.expansion.contains",
        "a code needs a system",
        Needs("code", "system"),
    ),
    # measures
    Rule(
        "mea-1",
        "Measure",
        "a stratifier has either criteria or components",
        lambda o: all(
            _some(s, "code", "description", "criteria") != has(s, "component")
            for s in each(o, "group", "stratifier")
        ),
    ),
    Rule(
        "mrp-1",
        "MeasureReport",
        "no groups in a data collection",
        lambda o: not _in(o, "type", "data-collection") or not has(o, "group"),
    ),
    Rule(
        "mrp-2",
        "MeasureReport",
        "a stratum has either a value or components",
        lambda o: all(
            _one_of(s, "value", "component") for s in each(o, "group", "stratifier", "stratum")
        ),
    ),
    # conformance
    Rule(
        "cpb-1",
        "CapabilityStatement",
        "rest, messaging or document",
        AnyOf("rest", "messaging", "document"),
    ),
    Rule(
        "cpb-2",
        "CapabilityStatement",
        "a description, software or implementation",
        AnyOf("description", "software", "implementation"),
    ),
    Rule(
        "cpb-3",
        "CapabilityStatement",
        "endpoints only of an instance",
        lambda o: _in(o, "kind", "instance") or not each(o, "messaging", "endpoint"),
    ),
    Rule(
        "cpb-7",
        "CapabilityStatement",
        "each profile and mode of documents once",
        lambda o: distinct((d.get("profile"), d.get("mode")) for d in each(o, "document")),
    ),
    Rule(
        "cpb-9",
        "CapabilityStatement.rest",
        "each resource type once",
        lambda o: distinct(each(o, "resource", "type")),
    ),
    Rule(
        "cpb-12",
        "CapabilityStatement.rest.resource",
        "each search parameter once",
        lambda o: distinct(each(o, "searchParam", "name")),
    ),
    Rule(
        "cpb-14",
        "CapabilityStatement",
        "an instance has an implementation",
        lambda o: not _in(o, "kind", "instance") or has(o, "implementation"),
    ),
    Rule(
        "cpb-15",
        "CapabilityStatement",
        "a capability has software and no implementation",
        lambda o: (
            not _in(o, "kind", "capability")
            or (has(o, "software") and not has(o, "implementation"))
        ),
    ),
    Rule(
        "cpb-16",
        "CapabilityStatement",
        "requirements have neither software nor implementation",
        lambda o: not _in(o, "kind", "requirements") or not _some(o, "software", "implementation"),
    ),
    Rule(
        "tcp-1",
        "TerminologyCapabilities.codeSystem",
        "several versions have codes",
        lambda o: len(o.get("version", ())) < 2 or all(has(v, "code") for v in o["version"]),
    ),
    Rule(
        "tcp-2",
        "TerminologyCapabilities",
        "a description, software or implementation",
        AnyOf("description", "software", "implementation"),
    ),
    Rule(
        "tcp-3",
        "TerminologyCapabilities",
        "an instance has an implementation",
        lambda o: not _in(o, "kind", "instance") or has(o, "implementation"),
    ),
    Rule(
        "tcp-4",
        "TerminologyCapabilities",
        "a capability has software and no implementation",
        lambda o: (
            not _in(o, "kind", "capability")
            or (has(o, "software") and not has(o, "implementation"))
        ),
    ),
    Rule(
        "tcp-5",
        "TerminologyCapabilities",
        "requirements have neither software nor implementation",
        lambda o: not _in(o, "kind", "requirements") or not _some(o, "software", "implementation"),
    ),
    Rule(
        "opd-1",
        "OperationDefinition.parameter",
        "a type or parts",
        AnyOf("type", "part"),
    ),
    Rule(
        "opd-2",
        "OperationDefinition.parameter",
        "a searchType only of a string",
        lambda o: not has(o, "searchType") or _in(o, "type", "string"),
    ),
    Rule(
        "opd-3",
        "OperationDefinition.parameter",
        "a targetProfile only of a Reference or canonical",
        lambda o: not has(o, "targetProfile") or _in(o, "type", "Reference", "canonical"),
    ),
    Rule(
        "spd-1",
        "SearchParameter",
        "an xpath needs its usage",
        Needs("xpath", "xpathUsage"),
    ),
    Rule(
        "spd-2",
        "SearchParameter",
        "chains only of references",
        lambda o: not has(o, "chain") or _in(o, "type", "reference"),
    ),
    Rule(
        "md-1",
        "MessageDefinition.focus",
        "max is * or above 0",
        lambda o: o.get("max", "*") == "*" or (o["max"].isdigit() and int(o["max"]) > 0),
    ),
    Rule(
        "ig-1",
        "ImplementationGuide.definition",
        "a resource's group is defined",
        lambda o: set(each(o, "resource", "groupingId")) <= set(each(o, "grouping", "id")),
    ),
    Rule(
        "ig-2",
        "ImplementationGuide",
        "a resource's fhirVersion is one of the guide's",
        lambda o: (
            set(each(o, "definition", "resource", "fhirVersion")) <= set(each(o, "fhirVersion"))
        ),
    ),
    Rule(
        "smp-1",
        "StructureMap.group.rule.target",
        "an element needs a context",
        Needs("element", "context"),
    ),
    Rule(
        "smp-2",
        "StructureMap.group.rule.target",
        "a context needs its type",
        Needs("context", "contextType"),
    ),
    Rule(
        "sdf-1",
        "StructureDefinition",
        "each path once",
        lambda o: (
            _in(o, "derivation", "constraint") or distinct(each(o, "snapshot", "element", "path"))
        ),
    ),
    Rule("sdf-2", "StructureDefinition.mapping", "a name or a uri", AnyOf("name", "uri")),
    Rule(
        "sdf-3",
        "StructureDefinition.snapshot",
        "each element has definition, min and max",
        lambda o: all(count(e, "definition", "min", "max") == 3 for e in o["element"]),
    ),
    Rule(
        "sdf-4",
        "StructureDefinition",
        "a concrete type has a baseDefinition",
        lambda o: o.get("abstract") is True or has(o, "baseDefinition"),
    ),
    Rule(
        "sdf-5",
        "StructureDefinition",
        "a profile of Extension has a context",
        lambda o: (
            not _in(o, "type", "Extension")
            or _in(o, "derivation", "specialization")
            or has(o, "context")
        ),
    ),
    Rule(
        "sdf-6",
        "StructureDefinition",
        "a snapshot or a differential",
        AnyOf("snapshot", "differential"),
    ),
    Rule(
        "sdf-8b",
        "StructureDefinition.snapshot",
        "each element has a base",
        lambda o: all(has(e, "base") for e in o["element"]),
    ),
    Rule(
        "sdf-11",
        "StructureDefinition",
        "the first path of the snapshot is the type",
        lambda o: (
            _in(o, "kind", "logical")
            or each(o, "snapshot", "element", "path")[:1] in ([], [o.get("type")])
        ),
    ),
    Rule(
        "sdf-14",
        "StructureDefinition",
        "each element has an id",
        lambda o: all(
            has(e, "id") for part in ("snapshot", "differential") for e in each(o, part, "element")
        ),
    ),
    Rule(
        "sdf-16",
        "StructureDefinition",
        "each id of the snapshot once",
        lambda o: distinct(each(o, "snapshot", "element", "id")),
    ),
    Rule(
        "sdf-17",
        "StructureDefinition",
        "each id of the differential once",
        lambda o: distinct(each(o, "differential", "element", "id")),
    ),
    Rule(
        "sdf-18",
        "StructureDefinition",
        "contextInvariant only of an Extension",
        lambda o: not has(o, "contextInvariant") or _in(o, "type", "Extension"),
    ),
    Rule(
        "eld-1",
        "ElementDefinition.slicing",
        "a discriminator or a description",
        AnyOf("discriminator", "description"),
    ),
    Rule("eld-2", "ElementDefinition", "min is not above max", _at_most),
    Rule(
        "eld-3",
        "ElementDefinition",
        "max is a number or *",
        lambda o: o.get("max", "*") == "*" or o["max"].isdigit(),
    ),
    Rule(
        "eld-4",
        "ElementDefinition.type",
        "aggregation only of references",
        lambda o: not has(o, "aggregation") or _in(o, "code", "Reference", "canonical"),
    ),
    Rule(
        "eld-6",
        "ElementDefinition",
        "a fixed value needs one type",
        lambda o: not chosen(o, "fixed") or len(o.get("type", ())) < 2,
    ),
    Rule(
        "eld-7",
        "ElementDefinition",
        "a pattern needs one type",
        lambda o: not chosen(o, "pattern") or len(o.get("type", ())) < 2,
    ),
    Rule(
        "eld-8",
        "ElementDefinition",
        "fixed or pattern, not both",
        lambda o: not (chosen(o, "fixed") and chosen(o, "pattern")),
    ),
    Rule(
        "eld-11",
        "ElementDefinition",
        "a binding only of coded types",
        lambda o: (
            not has(o, "binding")
            or not each(o, "type", "code")
            or any(c in BOUND for c in each(o, "type", "code"))
        ),
    ),
    Rule(
        "eld-12",
        "ElementDefinition.binding",
        "a valueSet is a URL or URN",
        lambda o: o.get("valueSet", "http:").startswith(("http:", "https", "urn:")),
    ),
    Rule(
        "eld-13", "ElementDefinition", "each type once", lambda o: distinct(each(o, "type", "code"))
    ),
    Rule(
        "eld-14",
        "ElementDefinition",
        "each constraint once",
        lambda o: distinct(each(o, "constraint", "key")),
    ),
    Rule(
        "eld-15",
        "ElementDefinition",
        "a defaultValue or a meaningWhenMissing, not both",
        lambda o: not (chosen(o, "defaultValue") and has(o, "meaningWhenMissing")),
    ),
    Rule(
        "eld-16",
        "ElementDefinition",
        "a sliceName of letters, digits and / - _ [ ] @",
        lambda o: SLICE.fullmatch(o.get("sliceName", "x")) is not None,
    ),
    Rule(
        "eld-17",
        "ElementDefinition.type",
        "a targetProfile only of references",
        lambda o: _in(o, "code", "Reference", "canonical") or not has(o, "targetProfile"),
    ),
    Rule(
        "eld-18",
        "ElementDefinition",
        "a modifier has a reason",
        lambda o: o.get("isModifier") is not True or has(o, "isModifierReason"),
    ),
    Rule(
        "eld-19",
        "ElementDefinition",
        "a path of names",
        lambda o: PATH.fullmatch(o.get("path", "x")) is not None,
    ),
    Rule(
        "eld-22",
        "ElementDefinition",
        "sliceIsConstraining needs a sliceName",
        Needs("sliceIsConstraining", "sliceName"),
    ),
    # tests
    *(
        Rule(key, path, "either operation or assert", OneOf("operation", "assert"))
        for key, path in (
            ("inv-1", "TestReport.setup.action"),
            ("inv-2", "TestReport.test.action"),
            ("tst-1", "TestScript.setup.action"),
            ("tst-2", "TestScript.test.action"),
        )
    ),
    Rule(
        "tst-3",
        "TestScript.variable",
        "not expression, headerField and path together",
        lambda o: count(o, "expression", "headerField", "path") < 3,
    ),
    Rule(
        "tst-5",
        "TestScript.setup.action.assert",
        "one assertion",
        lambda o: "extension" in o or count(o, *ASSERTS) <= 1,
    ),
)
BY_PATH: dict[str, tuple[Rule, ...]] = {
    path: tuple(rule for rule in RULES if rule.path == path)
    for path in dict.fromkeys(rule.path for rule in RULES)
}
