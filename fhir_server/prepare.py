"""A change made ready to be written: parsed, validated, its index rows taken, its bytes cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

import orjson

from capability.definitions import RESOURCE_TYPES
from capability.validate import validate
from fhir_server.changes import Create, Delete, Keep, Patch, Resource, Settled, Update
from fhir_server.errors import BadRequest, Gone, Invalid, NotFound, located
from fhir_server.parse import parse
from fhir_server.search.index import Rows
from fhir_server.splice import template
from fhir_server.store.session import Session
from fhir_server.store.types import Drop, Put, Write

KNOWN = frozenset(RESOURCE_TYPES)
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")

Extract = Callable[[dict[str, Any]], Rows]
Late = Callable[[Session], Write]
Prepared = Write | Keep | Late  # the last is known within the transaction alone


def prepare(
    changes: Iterable[Settled],
    places: Sequence[str],
    extract: Extract,
    *,
    typed: bool = True,
) -> list[Prepared]:
    """The writes of changes that have their ids; `extract` gives a resource's index rows.

    `places` are those of the changes' entries, if they are a Bundle's, put before what is raised:
    BadRequest, Invalid, NotFound (type). Unless `typed`, references may name any resource type.
    """
    prepared: list[Prepared] = []
    with located(part=".resource") as spot:
        for change, place in zip(changes, places or repeat(""), strict=bool(places)):
            spot.place = place
            check_type(change.type)
            if isinstance(change, (Create, Update)):
                prepared.append(_written(change, *_read(change.resource), extract, typed))
            elif isinstance(change, Delete):
                prepared.append(Drop(change.type, change.id, change.if_match))
            elif isinstance(change, Patch):
                prepared.append(partial(_patched, change, extract, typed))
            else:
                prepared.append(change)
    return prepared


def _written(
    change: Create | Update, body: bytes, resource: Resource, extract: Extract, typed: bool
) -> Put:
    """The write of one resource, all steps of it in a row: it stays in the processor's caches."""
    _check(change, resource, typed=typed)
    cut, rows = template(body, resource, change.id), extract(resource)
    if isinstance(change, Create):
        return Put(change.type, change.id, cut, rows, "POST", fresh=True)
    new = change.if_none_match
    return Put(change.type, change.id, cut, rows, "PUT", change.if_match, if_none_match=new)


def _check(change: Create | Update, resource: Resource, *, typed: bool) -> None:
    type, id = change.type, change.id
    if not ID.fullmatch(id):
        raise BadRequest("an id is 1 to 64 of A-Z a-z 0-9 - .", f"{type}.id")
    if resource.get("resourceType") != type:
        raise BadRequest(f"the resource must be a {type}", "resourceType")
    own = resource.get("id")
    if isinstance(change, Update) and own != id and not (own is None and change.condition):
        raise BadRequest(f"the resource's id must be that of the URL, {id!r}", f"{type}.id")
    issues = validate(resource, typed=typed)
    if issues and (errors := [i for i in issues if i.severity == "error"]):
        raise Invalid(errors)


def check_type(type: str) -> None:
    """Raises NotFound where R4 has no such resource type."""
    if type not in KNOWN:
        raise NotFound(f"FHIR R4 has no resource type {type!r}")


def _read(given: Resource | bytes) -> tuple[bytes, Resource]:
    if isinstance(given, bytes):
        return given, parse(given)
    return orjson.dumps(given), given


def _patched(patch: Patch, extract: Extract, typed: bool, session: Session) -> Write:
    current = session.current(patch.type, patch.id)
    if current.deleted:
        raise Gone(f"{patch.type}/{patch.id} was deleted")
    body = patch.apply(current.body)
    resource = parse(body)
    update = Update(patch.type, patch.id, body, patch.if_match)
    return _written(update, body, resource, extract, typed)
