"""Invariants of questionnaires and measures."""

from __future__ import annotations

from typing import Any

from capability.facts import among, any_of, count, deep, distinct, each, has
from capability.rule import NotBoth, Rule
from capability.sure import absent, at_most, either, every, none_of, one_of, some, there

Json = dict[str, Any]
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
STRATIFIER = either(some("code", "description", "criteria"), there("component"))
STRATUM = either(there("value"), there("component"))
SIZED = ("boolean", "decimal", "integer", "string", "text", "url", "open-choice")


def _one_of(owner: Json, *names: str) -> bool:
    return count(owner, *names) == 1


RULES: tuple[Rule, ...] = (
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
            (not among(o, "type", "group") or has(o, "item"))
            and (not among(o, "type", "display") or not has(o, "item"))
        ),
        sure=(none_of("type", "group", "display"), one_of("type", "group") | there("type", "item")),
    ),
    Rule(
        "que-2", "Questionnaire", "each linkId once", lambda o: distinct(deep(o, "item", "linkId"))
    ),
    Rule(
        "que-3",
        "Questionnaire.item",
        "a display has no code",
        lambda o: not among(o, "type", "display") or not has(o, "code"),
        when=("code",),
        sure=(none_of("type", "display"),),
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
        lambda o: among(o, "type", *LISTED) or not any_of(o, "answerOption", "answerValueSet"),
        sure=(one_of("type", *LISTED), absent("answerOption", "answerValueSet")),
    ),
    Rule(
        "que-6",
        "Questionnaire.item",
        "a display is neither required nor repeats",
        lambda o: not among(o, "type", "display") or not any_of(o, "required", "repeats"),
        sure=(none_of("type", "display"),),
    ),
    Rule(
        "que-7",
        "Questionnaire.item.enableWhen",
        "operator exists is answered by true or false",
        lambda o: not among(o, "operator", "exists") or has(o, "answerBoolean"),
        sure=(none_of("operator", "exists"),),
    ),
    Rule(
        "que-8",
        "Questionnaire.item",
        "no initial value of a group or display",
        lambda o: not among(o, "type", "group", "display") or not has(o, "initial"),
        when=("initial",),
        sure=(none_of("type", "group", "display"),),
    ),
    Rule(
        "que-9",
        "Questionnaire.item",
        "no readOnly of a display",
        lambda o: not among(o, "type", "display") or not has(o, "readOnly"),
        when=("readOnly",),
        sure=(none_of("type", "display"),),
    ),
    Rule(
        "que-10",
        "Questionnaire.item",
        "maxLength only of what is written",
        lambda o: among(o, "type", *SIZED) or not has(o, "maxLength"),
        when=("maxLength",),
        sure=(one_of("type", *SIZED),),
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
        sure=(at_most(2, "enableWhen"),),
    ),
    Rule(
        "que-13",
        "Questionnaire.item",
        "several initial values only where it repeats",
        lambda o: o.get("repeats") is True or len(o.get("initial", ())) <= 1,
        when=("initial",),
        sure=(at_most(1, "initial"),),
    ),
    Rule(
        "mea-1",
        "Measure",
        "a stratifier has either criteria or components",
        lambda o: all(
            any_of(s, "code", "description", "criteria") != has(s, "component")
            for s in each(o, "group", "stratifier")
        ),
        when=("group",),
        sure=(every("group", every("stratifier", STRATIFIER)),),
    ),
    Rule(
        "mrp-1",
        "MeasureReport",
        "no groups in a data collection",
        lambda o: not among(o, "type", "data-collection") or not has(o, "group"),
        when=("group",),
        sure=(none_of("type", "data-collection"),),
    ),
    Rule(
        "mrp-2",
        "MeasureReport",
        "a stratum has either a value or components",
        lambda o: all(
            _one_of(s, "value", "component") for s in each(o, "group", "stratifier", "stratum")
        ),
        when=("group",),
        sure=(every("group", every("stratifier", every("stratum", STRATUM))),),
    ),
)
