"""Labels of resources: profiles, tags, security labels, read, added and taken away in the bytes."""

from __future__ import annotations

from typing import Any

import orjson

from fhir_server.errors import PreconditionFailed
from fhir_server.repository import Repository, Stored
from fhir_server.splice import members

LABELS = ("tag", "security")
TRIES = 20  # of a change while others change the resource too
Meta = dict[str, Any]


def meta_of(stored: Stored) -> Meta:
    """The meta of a stored resource."""
    meta: Meta = orjson.loads(stored.body).get("meta", {})
    return meta


def added(old: Meta, more: Meta) -> Meta:
    """The labels of both; one that is there already is not repeated."""
    made = dict(old)
    if profiles := [*old.get("profile", ()), *more.get("profile", ())]:
        made["profile"] = list(dict.fromkeys(profiles))
    for name in LABELS:
        listed = [*old.get(name, ()), *more.get(name, ())]
        if listed:
            made[name] = list({_key(c): c for c in reversed(listed)}.values())[::-1]
    return made


def removed(old: Meta, less: Meta) -> Meta:
    """The labels without those that are named; a coding is named by its system and code."""
    made = dict(old)
    gone = set(less.get("profile", ()))
    made["profile"] = [p for p in old.get("profile", ()) if p not in gone]
    for name in LABELS:
        keys = {_key(c) for c in less.get(name, ())}
        made[name] = [c for c in old.get(name, ()) if _key(c) not in keys]
    return {name: value for name, value in made.items() if value != []}


async def change(repository: Repository, type: str, id: str, meta: Meta, *, add: bool) -> Meta:
    """Adds labels to a resource, or takes them away, as a new version; gives the new meta.

    Nothing else of the resource changes, and where nothing changes there is no new version.
    """
    for _ in range(TRIES):
        stored = await repository.read(type, id)
        old = meta_of(stored)
        new = added(old, meta) if add else removed(old, meta)
        try:
            stored, _ = await repository.update(type, id, _with(stored.body, new), stored.version)
        except PreconditionFailed:
            continue
        return meta_of(stored)
    raise PreconditionFailed(f"{type}/{id} is being changed by others: try again")


def _with(body: bytes, meta: Meta) -> bytes:
    """The resource with another meta, every other byte as it was."""
    place = next(m for m in members(body, 0, len(body)) if m.name == "meta")
    return body[: place.start] + orjson.dumps(meta) + body[place.end :]


def _key(coding: dict[str, Any]) -> tuple[str, str]:
    return coding.get("system", ""), coding.get("code", "")
