"""A change made ready to be written: parsed, validated, its index rows taken, its bytes cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from capability.validate import validate
from fhir_server.changes import Create, Delete, Keep, Patch, Resource, Settled, Update
from fhir_server.errors import BadRequest, Gone, Invalid, NotFound
from fhir_server.parse import parse
from fhir_server.search.index import Rows
from fhir_server.splice import template
from fhir_server.store.session import Session
from fhir_server.store.types import Drop, Method, Put, Write

KNOWN = frozenset(RESOURCE_TYPES)
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")

Extract = Callable[[dict[str, Any]], Rows]
Load = Callable[[bytes], Resource]
Late = Callable[[Session], Write]
Prepared = Write | Keep | Late  # the last is known within the transaction alone


def prepare(
    change: Settled, extract: Extract, load: Load = parse, *, typed: bool = True
) -> Prepared:
    """The write of a change that has its id; `extract` gives a resource's index rows.

    `load` parses: another than `parse` for bytes that were looked through before. Unless `typed`,
    references may name any resource type. Raises BadRequest, Invalid, NotFound (type).
    """
    check_type(change.type)
    match change:
        case Create(type, given, id):
            body, resource = _read(given, load)
            return put(Update(type, id, body), body, resource, extract, created=True, typed=typed)
        case Update(type, id, given):
            body, resource = _read(given, load)
            return put(change, body, resource, extract, typed=typed)
        case Delete(type, id, if_match):
            return Drop(type, id, if_match)
        case Patch():
            return lambda session: _patched(session, change, extract, typed=typed)
        case Keep():
            return change


def put(
    change: Update,
    body: bytes,
    resource: Resource,
    extract: Extract,
    *,
    created: bool = False,
    typed: bool = True,
) -> Put:
    """The write of a resource's bytes that were parsed before."""
    type, id = change.type, change.id
    if not ID.fullmatch(id):
        raise BadRequest("an id is 1 to 64 of A-Z a-z 0-9 - .", f"{type}.id")
    if resource.get("resourceType") != type:
        raise BadRequest(f"the resource must be a {type}", "resourceType")
    own = resource.get("id")
    if not created and own != id and not (own is None and change.condition is not None):
        raise BadRequest(f"the resource's id must be that of the URL, {id!r}", f"{type}.id")
    if issues := [i for i in validate(resource, typed=typed) if i.severity == "error"]:
        raise Invalid(issues)
    method: Method = "POST" if created else "PUT"
    return Put(
        *(type, id, template(body, resource), extract(resource), method, change.if_match),
        fresh=created,
        if_none_match=change.if_none_match,
    )


def check_type(type: str) -> None:
    """Raises NotFound where R4 has no such resource type."""
    if type not in KNOWN:
        raise NotFound(f"FHIR R4 has no resource type {type!r}")


def _read(given: Resource | bytes, load: Load) -> tuple[bytes, Resource]:
    if isinstance(given, bytes):
        return given, load(given)
    return orjson.dumps(given), given


def _patched(session: Session, patch: Patch, extract: Extract, *, typed: bool) -> Write:
    current = session.current(patch.type, patch.id)
    if current.deleted:
        raise Gone(f"{patch.type}/{patch.id} was deleted")
    body = patch.apply(current.body)
    update = Update(patch.type, patch.id, body, patch.if_match)
    return put(update, body, parse(body), extract, typed=typed)
