"""A transaction Bundle: all of its entries or none (R4 http 3.1.0.11)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fhir_server.attempts import Looked
from fhir_server.bundles.entries import Entry
from fhir_server.bundles.links import conditional
from fhir_server.bundles.plan import Item, Plan, Result
from fhir_server.changes import (
    Change,
    Create,
    Delete,
    Patch,
    Update,
)
from fhir_server.conditions import condition, written
from fhir_server.errors import BadRequest, NotSupported, located
from fhir_server.own import Made, Owned
from fhir_server.patch import applying
from fhir_server.prepare import check_type
from fhir_server.repository import Repository
from fhir_server.search.criteria import Lookup
from fhir_server.store.types import Stored

ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2}
READS = ("GET", "HEAD")


async def transact(
    repository: Repository, entries: Sequence[Entry], *, strict: bool = True
) -> list[Result]:
    """What became of each entry. Raises what is wrong with one, with its place; nothing is done.

    `strict` says that unknown parameters of searches are wrong.
    """
    known = repository.parameters.compiled
    items, reads = await asyncio.to_thread(_read, entries, known)

    async def attempt(looked: Looked) -> list[Result]:
        own, made = await _of_own(repository.own, reads)
        looked = looked._replace(own={**looked.own, **own})
        plan = Plan(repository, items, reads, looked, made, strict=strict)
        await asyncio.to_thread(plan.prepare)
        for item, settled in plan.settled():
            if repository.own.concerns(settled):
                with located(f"{item.entry.place}.request.url"):
                    await repository.own.check(settled)
        found = await repository.attempts.commit(plan.run, plan.touched, looked)
        return [found[entry.at] for entry in entries]

    conditions = [c for i in items for c in (i.change.condition, *i.asked.values()) if c]
    return await repository.attempts.run(conditions, attempt)


async def _of_own(
    owned: Owned, reads: Sequence[Entry]
) -> tuple[dict[tuple[str, str], Stored], dict[str, Made]]:
    """What the server has of its own of what is read, and of the types that are searched."""
    found, made = {}, {}
    for type, *rest in (entry.path for entry in reads if entry.path[0] in owned):
        if not rest and (every := await owned.made(type)):
            made[type] = every
        if len(rest) == 1 and (one := await owned.get(type, rest[0])):
            found[type, rest[0]] = one
    return found, made


def _read(entries: Sequence[Entry], known: Lookup) -> tuple[list[Item], list[Entry]]:
    items = []
    with located(part=".request.url") as spot:
        for entry in entries:
            if entry.method in READS:
                continue
            spot.place = entry.place
            item = Item(entry, _change(entry, known), {})
            for text in () if entry.method == "DELETE" else conditional(entry.body):
                item.asked[text] = written(text, item.place, known)
            items.append(item)
    items.sort(key=lambda item: ORDER[item.entry.method])
    return items, [entry for entry in entries if entry.method in READS]


def _change(entry: Entry, known: Lookup) -> Change:
    type, *rest = entry.path
    if "$" in entry.url and any(segment.startswith("$") for segment in entry.path):
        raise NotSupported("operations are done in a batch, not in a transaction")
    check_type(type)
    if entry.method == "POST":
        if rest:
            raise BadRequest("POST takes the type alone: Patient")
        only = None
        if entry.if_none_exist:
            place = f"{entry.place}.request.ifNoneExist"
            only = written(f"{type}?{entry.if_none_exist.rpartition('?')[2]}", place, known)
        return Create(type, entry.body, condition=only)
    if len(rest) > 1 or (rest and entry.query):
        raise BadRequest(f"{entry.method} takes Type/id or Type?search")
    id = rest[0] if rest else ""
    which = None if rest else condition(type, entry.query, f"{entry.place}.request.url", known)
    version = entry.version()
    if entry.method == "DELETE":
        return Delete(type, id, version, which)
    if entry.method == "PATCH":
        with located(f"{entry.place}.resource"):
            return Patch(type, id, applying(*entry.patch()), version, which)
    return Update(type, id, entry.body, version, which, entry.if_none_match == "*")
