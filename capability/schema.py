"""A JSON schema of each R4 type, from the tables: the quick yes of `validate`.

A schema accepts only what is valid and may decline what is valid but rare (an element with a
sibling extension in an array, the 29th of February, a fragment reference): `structure` then has
the last word. So a schema must never be more lenient than `structure`, and need not explain itself.

Draft 4, because there 1.0 is no integer. Reference: json-schema.org/draft-04.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema_rs

from capability import mime, narrative
from capability.definitions import codes
from capability.invariants import BY_PATH
from capability.patterns import PATTERNS, anchored, reference
from capability.primitives import INTEGERS, LIMIT, MAX_STRING
from capability.rule import Rule, Test
from capability.shape import Field, shape
from capability.within import points_to
from terminology.mimetypes import PATTERN

Json = dict[str, Any]
DIALECT = "http://json-schema.org/draft-04/schema#"
CROWD = 12  # choices among more types are left to a keyword
PREFIX = "#/definitions/"


class Unmet(ValueError):
    """A keyword of ours says no."""


class Asked:
    """Keyword "asked": [path, key] of a rule that no schema can tell."""

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        (self.rule,) = (rule for rule in BY_PATH[value[0]] if rule.key == value[1])

    def validate(self, instance: Any) -> None:
        if not self.rule.holds(instance):
            raise Unmet


class Once:
    """Keyword "once": at most one of the properties."""

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        self.keys = frozenset(value)

    def validate(self, instance: Any) -> None:
        if len(self.keys.intersection(instance)) > 1:
            raise Unmet


@cache
def acceptor(resource_type: str, conditional: bool = False) -> Callable[[Json], bool]:
    """A quick test of a resource's own structure, and of the invariants below its root.

    What is contained or carried is not looked into; "#id" is good where `capability.within` says
    so. `conditional` as in `validate`. Raises KeyError where R4 has no such resource type.
    """
    writer = _Writer(conditional)
    validator = jsonschema_rs.validator_for(
        writer.schema(resource_type),
        keywords={"asked": Asked, "once": Once},
        formats={"narrative": _is_narrative, **writer.formats},
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(),
    )
    return validator.is_valid


def _is_narrative(div: str) -> bool:
    return narrative.fault(div) is None


def schema(resource_type: str, conditional: bool = False) -> Json:
    """The draft 4 schema of a resource type, with the keywords "asked" and "once"."""
    return _Writer(conditional).schema(resource_type)


class _Writer:
    """Collects the definitions that a schema refers to."""

    def __init__(self, conditional: bool) -> None:
        self.conditional = conditional
        self.definitions: dict[str, Json] = {}
        self.formats: dict[str, Callable[[str], bool]] = {}

    def schema(self, resource_type: str) -> Json:
        """The whole schema, with the definitions that it refers to."""
        return {"$schema": DIALECT, **self.type(resource_type), "definitions": self.definitions}

    def type(self, path: str) -> Json:
        """A reference to the schema of a type or path, written at the first call."""
        if path not in self.definitions:
            self.definitions[path] = {}
            self.definitions[path] |= self._object(path)
        return {"$ref": PREFIX + path}

    def _object(self, path: str) -> Json:
        form = shape(path)
        hidden = _hidden(path)
        properties: Json = {"resourceType": {"enum": [path]}} if form.resource else {}
        for key, field in form.fields.items():
            if key in hidden or (
                field.kind == "sibling" and (field.many or field.element.name.endswith("[x]"))
            ):
                continue
            if (content := self._field(field)) is not None:
                properties[key] = content
        required = ["resourceType"] if form.resource else []
        parts = (
            []
            if form.resource
            else [fragment for rule in BY_PATH.get(path, ()) for fragment in _rule(rule)]
        )
        for _, keys in form.required:
            plain = [key for key in keys if not key.startswith("_")]
            if len(plain) == 1:
                required += plain
            else:
                parts.append({"anyOf": [{"required": [key]} for key in sorted(plain)]})
        parts += [
            _choice(sorted(key for key in keys if key in properties)) for _, keys in form.choices
        ]
        made: Json = {"type": "object", "additionalProperties": False, "properties": properties}
        made |= {"required": required} if required else {"minProperties": 1}
        if path == "Extension":
            # url and one more property: a value or extensions (ext-1), no id
            del properties["id"]
            made |= {"minProperties": 2, "maxProperties": 2}
            parts = []
        elif "id" in properties and not form.resource:
            parts.append({"dependencies": {"id": {"minProperties": 2}}})
        return _joined(made, parts)

    def _field(self, field: Field) -> Json | None:
        """The schema of a property; None leaves it to the walk."""
        if field.kind == "resource":
            one: Json | None = {"type": "object"}
        elif field.kind == "sibling":
            one = self._sibling()
        elif field.kind == "primitive":
            one = self._primitive(field)
        elif field.type == "Reference":
            one = self._reference(field.element.targets)
        elif field.type == "CodeableConcept" and codes(field.element.codes):
            one = self._concept(field.element.codes)
        elif field.type == "Quantity" and field.element.simple:
            one = self._variant("Quantity.simple", "Quantity", comparator=None)
        else:
            one = self.type(field.type)
        if one is None or not field.many:
            return one
        return {"type": "array", "items": one, "minItems": 1}

    def _once(self, name: str, content: Json) -> Json:
        self.definitions.setdefault(name, content)
        return {"$ref": PREFIX + name}

    def _primitive(self, field: Field) -> Json:
        kind = field.type
        if kind == "code" and (listed := codes(field.element.codes)):
            return {"enum": sorted({code for values in listed.values() for code in values})}
        if kind == "code" and mime.bound(field):
            return {"type": "string", "pattern": anchored(PATTERN)}
        if kind in PATTERNS:
            content: Json = {"type": "string", "pattern": anchored(PATTERNS[kind])}
            if kind in ("canonical", "uri", "url"):
                content["minLength"] = 1
            if kind in ("string", "markdown"):
                content["maxLength"] = MAX_STRING
        elif kind in INTEGERS:
            content = {"type": "integer", "minimum": INTEGERS[kind], "maximum": LIMIT - 1}
        elif kind == "xhtml":
            content = {"type": "string", "format": "narrative"}
        else:
            content = {"type": {"boolean": "boolean", "decimal": "number"}[kind]}
        return self._once("." + kind, content)

    def _sibling(self) -> Json:
        extensions = {"type": "array", "items": self.type("Extension"), "minItems": 1}
        properties = {"id": self._primitive(shape("Element").fields["id"]), "extension": extensions}
        return self._once(
            ".sibling",
            {
                "type": "object",
                "properties": properties,
                "additionalProperties": False,
                "required": ["extension"],
            },
        )

    def _reference(self, targets: tuple[str, ...]) -> Json:
        name = ".".join(("Reference", *targets, ""))
        local = f"local {name}"
        self.formats[local] = points_to(targets)
        plain: Json = {"pattern": reference(targets, self.conditional)}
        text = {"type": "string", "anyOf": [plain, {"format": local}]}
        return self._variant(name, "Reference", reference=text, type=None)

    def _variant(
        self, name: str, path: str, required: tuple[str, ...] = (), **changes: Json | None
    ) -> Json:
        """A type with some properties changed, or taken out where None."""
        if name not in self.definitions:
            self.definitions[name] = {}
            made = self._object(path)
            properties = made["properties"] | changes
            siblings = {"_" + key for key in changes}
            made["properties"] = {
                k: v for k, v in properties.items() if v is not None and k not in siblings
            }
            if required:
                made["required"] = [*made.get("required", ()), *required]
            self.definitions[name] |= made
        return {"$ref": PREFIX + name}

    def _concept(self, value_set: str) -> Json:
        """A CodeableConcept all of whose codings are of the value set."""
        codings = [
            self._variant(
                f"Coding.{system.replace('/', '.')}",
                "Coding",
                ("system", "code"),
                system={"enum": [system]},
                code={"enum": sorted(values)},
            )
            for system, values in sorted((codes(value_set) or {}).items())
        ]
        one = codings[0] if len(codings) == 1 else {"anyOf": codings}
        return self._variant(
            f"CodeableConcept.{value_set.replace('/', '.')}",
            "CodeableConcept",
            ("coding",),
            coding={"type": "array", "items": one, "minItems": 1},
        )


def _hidden(path: str) -> set[str]:
    """Siblings of what the rules of a path look at: the walk asks those rules in full."""
    names: set[str] = set()
    for rule in BY_PATH.get(path, ()):
        names.update(rule.when)
        if isinstance(rule.holds, Test):
            names.update(rule.holds.names)
    return {"_" + name for name in names}


def _joined(made: Json, parts: list[Json]) -> Json:
    """A schema that asks for the parts too, each keyword that can be its own outside of allOf."""
    left = []
    for part in parts:
        [(keyword, content)] = part.items()
        if keyword not in made:
            made[keyword] = dict(content) if keyword == "dependencies" else content
        elif keyword == "dependencies" and made[keyword].keys().isdisjoint(content):
            made[keyword] |= content
        else:
            left.append(part)
    return made | ({"allOf": left} if left else {})


def _rule(rule: Rule) -> list[Json]:
    if rule.severity != "error":
        return []
    if isinstance(rule.holds, Test):
        return [rule.holds.schema]
    asked: Json = {"asked": [rule.path, rule.key]}
    for name in rule.when:
        asked = {"dependencies": {name: asked}}
    return [asked]


def _choice(keys: list[str]) -> Json:
    if len(keys) > CROWD:
        return {"once": keys}
    return {
        "dependencies": {
            key: {"not": {"anyOf": [{"required": [other]} for other in keys if other != key]}}
            for key in keys
        }
    }
