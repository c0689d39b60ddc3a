"""What $validate tells beside the rules of R4: URIs that lead nowhere, entries that don't fit.

A write is not asked these: R4's own examples break some, and the references of a transaction are
judged again once its links are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from capability.carried import rows, type_of
from capability.issue import Issue, error
from capability.primitives import STRINGS
from capability.shape import Field, Shape, shape

Json = dict[str, Any]
URIS = frozenset({"uri", "url", "canonical"})
SYSTEMS = frozenset({"Identifier", "Coding", "Quantity"})
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


def advice(resource: Json, at: str, entries: Mapping[str, str]) -> Iterator[Issue]:
    """Of one resource whose structure is sound; `entries` are the types by the fullUrls of the
    Bundle that it is in."""
    yield from _walk(resource, shape(resource["resourceType"]), at, entries)


def types_by_url(bundle: Json) -> dict[str, str]:
    """The types of a Bundle's resources by their fullUrls."""
    entries = [entry for _, entry in rows(bundle, "entry")]
    return {e["fullUrl"]: type_of(e.get("resource")) for e in entries if "fullUrl" in e}


def _walk(value: Json, form: Shape, at: str, entries: Mapping[str, str]) -> Iterator[Issue]:
    for key, item in value.items():
        field = form.fields.get(key)
        if field is None or (field.kind == "primitive" and field.type not in URIS):
            continue
        many = isinstance(item, list)
        for index, one in enumerate(item if many else (item,)):
            place = f"{at}.{field.name}" + (f"[{index}]" if many else "")
            if isinstance(one, str):
                yield from _uri(one, form, field, place)
            elif field.kind in ("object", "sibling") and one is not None:
                yield from _object(one, form, field, place, entries)


def _object(
    value: Json, owner: Shape, field: Field, at: str, entries: Mapping[str, str]
) -> Iterator[Issue]:
    if field.type == "Reference":
        kind, targets = entries.get(value.get("reference", "")), field.element.targets
        if kind and targets and kind not in targets:
            wanted = " or ".join(targets)
            text = f"expected a reference to {wanted}, found an entry that is a {kind}"
            yield error("value", f"{at}.reference", text)
    elif (
        field.type == "Extension"
        and owner.path != "Extension"  # names within an extension are its own
        and not ABSOLUTE.match(value["url"])
    ):
        yield _warning(f"{at}.url", "expected an absolute URL of the extension's definition")
    yield from _walk(value, shape(field.type), at, entries)


def _uri(text: str, form: Shape, field: Field, at: str) -> Iterator[Issue]:
    scheme, _, rest = text.partition(":")
    kind = rest.partition(":")[0] if scheme == "urn" else ""
    if scheme in ("oid", "uuid"):
        yield _warning(at, f"expected urn:{scheme}:, found {scheme}:")
    elif kind in ("oid", "uuid") and not STRINGS[kind][0](text.lower()):
        yield _warning(at, f"expected {STRINGS[kind][1]}")
    elif not ABSOLUTE.match(text) and not text.startswith("#"):
        if field.type == "canonical":
            yield _warning(at, "expected an absolute canonical URL")
        elif field.name == "system" and form.path in SYSTEMS:
            yield _warning(at, "expected an absolute URI of the system")


def _warning(at: str, text: str) -> Issue:
    return Issue("warning", "value", at, text)
