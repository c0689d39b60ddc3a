"""A JSON schema of each R4 type, from the tables: the quick yes of `validate`.

A schema accepts only what is valid and may decline what is valid but rare (an element with a
sibling extension in an array, a year before 1000): `structure` then has the last word. So a schema
must never be more lenient than `structure`, and need not explain itself.

Draft 4, because there 1.0 is no integer. Reference: json-schema.org/draft-04.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from capability.definitions import codes
from capability.dependencies import Dependencies, looked_at
from capability.grammars import MEASURES, grammar
from capability.patterns import PATTERNS, SYSTEMS, anchored, reference
from capability.primitives import INTEGERS, LIMIT, MAX_STRING
from capability.shape import Field, Shape, shape
from capability.within import points_to

Json = dict[str, Any]
DIALECT = "http://json-schema.org/draft-04/schema#"
PREFIX = "#/definitions/"
ID_ALONE = {"not": {"required": ["id"], "maxProperties": 1}}  # ele-1


class Writer:
    """Collects the definitions that a schema refers to; extensions are shared unless `inline`."""

    def __init__(self, conditional: bool, *, inline: bool = False) -> None:
        self.conditional = conditional
        self.inline = inline
        self.definitions: dict[str, Json] = {}
        self.formats: dict[str, Callable[[str], bool]] = {}
        self.references: dict[str, tuple[str, ...]] = {}  # targets, by pattern

    def schema(self, resource_type: str) -> Json:
        """The whole schema, with the definitions that it refers to."""
        self.type(resource_type)
        whole = self.definitions.pop(resource_type)
        return {"$schema": DIALECT, **whole, "definitions": self.definitions}

    def extensions(self) -> Json:
        """The schema of arrays of extensions alone, with the definitions that it refers to."""
        return {"$schema": DIALECT, **self._extensions(), "definitions": self.definitions}

    def _extensions(self) -> Json:
        if not self.inline:
            return {"extended": self.conditional}
        return {"type": "array", "items": self.type("Extension"), "minItems": 1}

    def type(self, path: str) -> Json:
        """A reference to the schema of a type or path, written at the first call."""
        if path not in self.definitions:
            self.definitions[path] = {}
            self.definitions[path] |= self._object(path)
        return {"$ref": PREFIX + path}

    def _object(self, path: str) -> Json:
        form = shape(path)
        properties: Json = {"resourceType": {}} if form.resource else {}
        for key, field in form.fields.items():
            if not _left_out(path, key, field) and (content := self._field(field)) is not None:
                properties[key] = content
        made: Json = {"type": "object", "additionalProperties": False, "properties": properties}
        if path == "Extension":
            # url and one more property: a value or extensions (ext-1), no id
            del properties["id"]
            return made | {"required": ["url"], "minProperties": 2, "maxProperties": 2}
        if path in MEASURES:
            properties["code"] = {"enum": list(MEASURES[path].codes)}
        required, parts = _required(form)
        if required:
            made["required"] = required
        elif not form.resource:
            made["minProperties"] = 1
            parts.append(ID_ALONE)
        return joined(made, [*parts, *_narrowed(properties, Dependencies(form).parts)])

    def _field(self, field: Field) -> Json | None:
        """The schema of a property; None leaves it to the walk."""
        if field.type == "Extension":
            return self._extensions()
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
            one = self._variant("Quantity.simple", "Quantity", {}, comparator=None)
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
        if kind == "code" and (told := grammar(field)):
            self.formats |= told.formats
            return told.schema
        if kind in PATTERNS:
            content: Json = {"type": "string", "pattern": anchored(PATTERNS[kind])}
            if kind == "uri" and field.name == "system":
                content = {"anyOf": [{"enum": list(SYSTEMS)}, content]}
            if kind in ("string", "markdown"):
                content["maxLength"] = MAX_STRING
        elif kind in INTEGERS:
            content = {"type": "integer", "minimum": INTEGERS[kind], "maximum": LIMIT - 1}
        elif kind == "xhtml":
            every: Json = {"anyOf": [{"format": "certain"}, {"format": "narrative"}]}
            content = {"type": "string"} | every
        else:
            content = {"type": {"boolean": "boolean", "decimal": "number"}[kind]}
        return content

    def _sibling(self) -> Json:
        id = self._primitive(shape("Element").fields["id"])
        properties = {"id": id, "extension": self._extensions()}
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
        self.formats[local] = points_to(targets, self.conditional)
        pattern = reference(targets, self.conditional)
        self.references[pattern] = targets
        text = {"type": "string", "anyOf": [{"pattern": pattern}, {"format": local}]}
        if len(targets) == 1:  # then they agree
            return self._variant(name, "Reference", {}, reference=text, type={"enum": [*targets]})
        agrees: Json = {"dependencies": {"type": {"agrees": list(targets)}}}
        return self._variant(name, "Reference", agrees, reference=text)

    def _variant(self, name: str, path: str, more: Json, **changes: Json | None) -> Json:
        """A type with some properties changed, or taken out where None, and more keywords."""
        if name not in self.definitions:
            self.definitions[name] = {}
            made = self._object(path)
            properties = made["properties"] | changes
            siblings = {"_" + key for key in changes}
            made["properties"] = {
                k: v for k, v in properties.items() if v is not None and k not in siblings
            }
            self.definitions[name] |= joined(made, [{key: more[key]} for key in more])
        return {"$ref": PREFIX + name}

    def _concept(self, value_set: str) -> Json:
        """A CodeableConcept all of whose codings are of the value set."""
        codings = [
            self._variant(
                f"Coding.{system.replace('/', '.')}",
                "Coding",
                {"required": ["system", "code"]},
                system={"enum": [system]},
                code={"enum": sorted(values)},
            )
            for system, values in sorted((codes(value_set) or {}).items())
        ]
        one = codings[0] if len(codings) == 1 else {"anyOf": codings}
        return self._variant(
            f"CodeableConcept.{value_set.replace('/', '.')}",
            "CodeableConcept",
            {"required": ["coding"]},
            coding={"type": "array", "items": one, "minItems": 1},
        )


def _left_out(path: str, key: str, field: Field) -> bool:
    """Whether a property is left to the walk: a sibling in an array or of a choice, or of what the
    rules look at (the walk asks those rules in full)."""
    if field.kind != "sibling":
        return False
    asked = key[1:] in looked_at().get(path, ())
    return asked or field.many or field.element.name.endswith("[x]")


def _required(form: Shape) -> tuple[list[str], list[Json]]:
    """The properties that have to be there, and the choices of which one has to be."""
    required, parts = [], []
    for _, keys in form.required:
        plain = sorted(key for key in keys if not key.startswith("_"))
        if len(plain) == 1:
            required += plain
        else:
            parts.append({"anyOf": [{"required": [key]} for key in plain]})
    return required, parts


def _narrowed(properties: Json, parts: list[Json]) -> list[Json]:
    """The parts but those that ask for values alone: the properties ask for these themselves."""
    left = []
    for part in parts:
        asked = part.get("properties", {})
        if part.keys() == {"properties"} and asked.keys() <= properties.keys():
            for name, more in asked.items():
                properties[name] = joined(dict(properties[name]), [{k: more[k]} for k in more])
        else:
            left.append(part)
    return left


def joined(made: Json, parts: list[Json]) -> Json:
    """A schema that asks for the parts too, each keyword that can be its own outside of allOf."""
    left = []
    for part in parts:
        [(keyword, content)] = part.items()
        if keyword not in made:
            made[keyword] = content
        elif keyword == "required":
            made[keyword] = [*made[keyword], *content]
        else:
            left.append(part)
    return made | ({"allOf": left} if left else {})
