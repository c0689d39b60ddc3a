"""Invariants of the clinical record."""

from __future__ import annotations

from typing import Any

from capability.facts import chosen, coded, count, each, has
from capability.rule import AnyOf, InOrder, Needs, NotBoth, OneOf, Rule
from capability.sure import not_coded, one_of, only_coded, there

Json = dict[str, Any]
HL7 = "http://terminology.hl7.org/CodeSystem/"
UCUM = "http://unitsofmeasure.org"
WRONG = "entered-in-error"


def _same_coding(owner: Json) -> bool:
    """Whether a component repeats a coding of the observation's own code."""
    own = {(c.get("system"), c.get("code")) for c in each(owner, "code", "coding")}
    return any(
        (c.get("system"), c.get("code")) in own
        for c in each(owner, "component", "code", "coding")
        if "code" in c
    )


def _percent(owner: Json) -> bool:
    return owner.get("code") == "%" and owner.get("system") == UCUM


RULES: tuple[Rule, ...] = (
    Rule(
        "ait-1",
        "AllergyIntolerance",
        "clinicalStatus is needed unless entered in error",
        lambda o: (
            has(o, "clinicalStatus")
            or coded(o, "verificationStatus", HL7 + "allergyintolerance-verification", WRONG)
        ),
        sure=(there("clinicalStatus"),),
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
        sure=(not_coded("verificationStatus", WRONG), {"not": there("clinicalStatus")}),
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
        when=("abatement[x]",),
        sure=(only_coded("clinicalStatus", "resolved", "remission", "inactive"),),
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
        sure=(not_coded("verificationStatus", WRONG), {"not": there("clinicalStatus")}),
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
        when=("age[x]", "born[x]"),
    ),
    Rule(
        "fhs-2",
        "FamilyMemberHistory",
        "estimatedAge needs an age",
        lambda o: chosen(o, "age") or not has(o, "estimatedAge"),
        when=("estimatedAge",),
    ),
    Rule(
        "gol-1",
        "Goal.target",
        "a detail needs a measure",
        lambda o: not chosen(o, "detail") or has(o, "measure"),
        when=("detail[x]",),
        sure=(there("measure"),),
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
        sure=(there("dose"),),
    ),
    Rule(
        "mdd-1",
        "MedicationDispense",
        "whenHandedOver is not before whenPrepared",
        InOrder("whenPrepared", "whenHandedOver"),
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
        when=("dataAbsentReason", "value[x]"),
    ),
    Rule(
        "obs-7",
        "Observation",
        "no component repeats the code of an observation that has a value",
        lambda o: not chosen(o, "value") or not _same_coding(o),
        when=("component", "value[x]"),
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
        sure=({"properties": {"probabilityDecimal": {"maximum": 100}}},),
    ),
    Rule(
        "msq-3",
        "MolecularSequence",
        "coordinateSystem is 0 or 1",
        lambda o: o.get("coordinateSystem") in (0, 1),
        sure=(one_of("coordinateSystem", 0, 1),),
    ),
    Rule(
        "msq-5",
        "MolecularSequence.referenceSeq",
        "chromosome and genomeBuild, both or neither",
        lambda o: count(o, "chromosome", "genomeBuild") != 1,
        sure=(
            there("chromosome", "genomeBuild"),
            {"not": {"anyOf": [there("chromosome"), there("genomeBuild")]}},
        ),
    ),
    Rule(
        "msq-6",
        "MolecularSequence.referenceSeq",
        "one of genomeBuild, referenceSeqId, referenceSeqPointer, referenceSeqString",
        OneOf("genomeBuild", "referenceSeqId", "referenceSeqPointer", "referenceSeqString"),
    ),
)
