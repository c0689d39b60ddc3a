"""Invariants of the data types."""

from __future__ import annotations

from typing import Any

from capability.facts import among, chosen, each, has
from capability.rule import AnyOf, InOrder, Needs, NotBoth, NotNegative, OneOf, Rule
from capability.sure import there

Json = dict[str, Any]
POSITIVE = {"minimum": 0, "exclusiveMinimum": True}
UCUM = "http://unitsofmeasure.org"
MEALS = ("C", "CM", "CD", "CV")


def _ucum(owner: Json) -> bool:
    return not has(owner, "system") or owner.get("system") == UCUM


def _coded_value(owner: Json) -> bool:
    return has(owner, "code") or not has(owner, "value")


def _ordered_range(owner: Json) -> bool:
    low, high = owner.get("low", {}), owner.get("high", {})
    if any(low.get(key) != high.get(key) for key in ("system", "code", "unit")):
        return True
    return not ("value" in low and "value" in high) or low["value"] <= high["value"]


RULES: tuple[Rule, ...] = (
    Rule("att-1", "Attachment", "data needs a contentType", Needs("data", "contentType")),
    Rule("cpt-2", "ContactPoint", "a value needs a system", Needs("value", "system")),
    Rule(
        "per-1",
        "Period",
        "start is not after end",
        InOrder("start", "end"),
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
        sure=(
            there("value", "code")
            | {"properties": {"system": {"enum": [UCUM]}, "value": POSITIVE}},
        ),
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
        sure=(
            there("value", "code")
            | {
                "properties": {
                    "system": {"enum": [UCUM]},
                    "code": {"enum": ["1"]},
                    "value": {"type": "integer"},
                }
            },
        ),
    ),
    Rule(
        "dis-1",
        "Distance",
        "a value has a UCUM code",
        lambda o: _coded_value(o) and _ucum(o),
        sure=(there("value", "code") | {"properties": {"system": {"enum": [UCUM]}}},),
    ),
    Rule(
        "drt-1",
        "Duration",
        "a code is of UCUM and has a value",
        lambda o: not has(o, "code") or (o.get("system") == UCUM and has(o, "value")),
        when=("code",),
        sure=(there("value", "system") | {"properties": {"system": {"enum": [UCUM]}}},),
    ),
    Rule("rng-2", "Range", "low is not above high", _ordered_range, when=("low", "high")),
    Rule(
        "rat-1",
        "Ratio",
        "numerator and denominator, both or neither (then an extension)",
        lambda o: (
            ("numerator" in o) == ("denominator" in o) and ("numerator" in o or "extension" in o)
        ),
        sure=(there("numerator", "denominator"),),
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
        NotNegative("duration"),
    ),
    Rule(
        "tim-5",
        "Timing.repeat",
        "period is not negative",
        NotNegative("period"),
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
            (not among(o, "type", "named-event") or has(o, "name"))
            and (not among(o, "type", "periodic") or chosen(o, "timing"))
            and (not str(o.get("type", "")).startswith("data-") or has(o, "data"))
        ),
    ),
)
