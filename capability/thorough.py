"""Schemas that know siblings wherever they may stand: the second look of the quick yes.

Elements that are given by an extension alone are rare, and to ask of them everywhere costs others
time. So the plain schema declines them, and this one asks Python what no schema can say of them.
"""

from __future__ import annotations

from capability.grammars import MEASURES
from capability.invariants import BY_PATH
from capability.schema import ID_ALONE, Json, Writer, joined
from capability.shape import Field, shape


class Thorough(Writer):
    """Writes the schemas of whole types; only extensions stay as the plain writer has them."""

    def _object(self, path: str) -> Json:
        if path == "Extension":
            return super()._object(path)
        form = shape(path)
        properties: Json = {"resourceType": {}} if form.resource else {}
        properties |= {key: self._field(field) for key, field in form.fields.items()}
        if path in MEASURES:
            properties["code"] = {"enum": list(MEASURES[path].codes)}
        made: Json = {"type": "object", "additionalProperties": False, "properties": properties}
        parts: list[Json] = [] if form.resource else [{"minProperties": 1}, ID_ALONE]
        for _, keys in form.required:
            parts.append({"anyOf": [{"required": [key]} for key in sorted(keys)]})
        parts += [{"once": sorted(keys)} for _, keys in form.choices]
        rules = (rule for rule in BY_PATH.get(path, ()) if rule.severity == "error")
        parts += [{"asked": [path, rule.key]} for rule in rules]
        lists = {k for k, f in form.fields.items() if f.many and f.kind in ("primitive", "sibling")}
        if lists:
            parts.append({"paired": sorted(key for key in lists if not key.startswith("_"))})
        return joined(made, parts)

    def _field(self, field: Field) -> Json | None:
        made = super()._field(field)
        if made and field.many and field.kind in ("primitive", "sibling"):
            made["items"] = {"anyOf": [{"type": "null"}, made["items"]]}
        return made
