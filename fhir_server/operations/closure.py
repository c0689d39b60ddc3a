"""ConceptMap/$closure: a table of which codes stand above which, kept up to date by the client.

Each table is a stored ConceptMap; its elements are the codes, its version counts the changes.
https://hl7.org/fhir/R4/terminology-service.html#closure
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

import orjson

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest, Gone, NotFound
from fhir_server.repository import Update
from fhir_server.terminology.request import SENT, library, truth
from fhir_server.terminology.resources import coding
from terminology.codesystem import Coding, canonical
from terminology.errors import UnknownCode, UnknownSystem
from terminology.library import Library
from terminology.subsumption import closure

Json = dict[str, Any]
Pair = tuple[str, str, str]  # system, code below, code above


async def run(ctx: Context, given: Values) -> Values:
    name, id = given["name"], table_id(given["name"])
    stored = await _stored(ctx, id)
    if "version" in given:
        if stored is None:
            raise NotFound(f"there is no closure table {name!r}", "name")
        return {"return": await _since(ctx, stored, given["version"])}
    codes = [coding(c) for c in given.get("concept", ())]
    if not codes or truth(given.get("reset")):
        stored = _table(ctx, name, id, 0, {}, {})
        await ctx.repository.transact([Update("ConceptMap", id, stored)])
    if not codes:
        return {"return": stored}
    if stored is None:
        raise NotFound(f"there is no closure table {name!r}: start it without concepts", "name")
    known = await library(ctx, given)
    held = {group["source"]: _codes(group) for group in stored.get("group", ())}
    new = set(_closed(known, held, codes))
    pairs = dict.fromkeys([*_pairs(stored), *sorted(new)])
    if not new and all(c.code in held.get(c.system, ()) for c in codes):
        return {"return": _answer(stored, {})}
    for each in codes:
        held.setdefault(each.system, {})[each.code] = None
    table = _table(ctx, name, id, int(stored["version"]) + 1, held, pairs)
    await ctx.repository.transact([Update("ConceptMap", id, table)])
    return {"return": _answer(table, dict.fromkeys(sorted(new)))}


def table_id(name: str) -> str:
    """The id of the ConceptMap that holds a closure table."""
    return f"closure-{blake2b(name.encode(), digest_size=16).hexdigest()}"


async def _stored(ctx: Context, id: str) -> Json | None:
    try:
        found: Json = orjson.loads((await ctx.repository.read("ConceptMap", id)).body)
    except (NotFound, Gone):
        return None
    return found


async def _since(ctx: Context, stored: Json, version: str) -> Json:
    """The entries that came after a version of the table."""
    if version not in map(str, range(int(stored["version"]) + 1)):
        raise BadRequest("version is that of an earlier answer", "version")
    # both numbers go up by one with each change, so that one tells the other
    place = int(stored["meta"]["versionId"]) - int(stored["version"]) + int(version)
    try:
        then = orjson.loads((await ctx.repository.vread("ConceptMap", stored["id"], place)).body)
    except (NotFound, Gone):
        then = {}
    old = set(_pairs(then)) if then.get("version") == version else set()
    return _answer(stored, {p: None for p in _pairs(stored) if p not in old})


def _closed(
    known: Library, held: dict[str, dict[str, None]], codes: Iterable[Coding]
) -> Iterator[Pair]:
    by_system: dict[str, list[Coding]] = {}
    for each in codes:
        by_system.setdefault(each.system, []).append(each)
    for url, new in by_system.items():
        version = next((c.version for c in new if c.version), "")
        system = known.system(url, version)
        if system is None:
            raise UnknownSystem(canonical(url, version))
        for each in new:
            if system.find(each.code) is None:
                raise UnknownCode(url, each.code)
        earlier = held.get(url, {})
        fresh = [c.code for c in new if c.code not in earlier]
        for below, above in closure(system, earlier, fresh):
            yield url, below, above


def _codes(group: Json) -> dict[str, None]:
    return dict.fromkeys(element["code"] for element in group["element"])


def _pairs(table: Json) -> Iterator[Pair]:
    for group in table.get("group", ()):
        for element in group["element"]:
            for target in element.get("target", ()):
                yield group["source"], element["code"], target["code"]


def _table(
    ctx: Context,
    name: str,
    id: str,
    version: int,
    held: dict[str, dict[str, None]],
    pairs: dict[Pair, None],
) -> Json:
    """The stored form: every code is an element, also one without a relation."""
    made: Json = {
        "resourceType": "ConceptMap",
        "id": id,
        "version": str(version),
        "title": name,
        "status": "active",
        "experimental": True,
        "date": ctx.now().isoformat(timespec="seconds"),
    }
    groups = [
        {"source": url, "target": url, "element": [_element(url, c, pairs) for c in codes]}
        for url, codes in held.items()
        if codes
    ]
    return made | ({"group": groups} if groups else {})


def _element(url: str, code: str, pairs: Iterable[Pair]) -> Json:
    targets = [
        {"code": above, "equivalence": "subsumes"}
        for system, below, above in pairs
        if (system, below) == (url, code)
    ]
    return {"code": code} | ({"target": targets} if targets else {})


def _answer(table: Json, pairs: dict[Pair, None]) -> Json:
    """The answer: the table with these entries alone."""
    answer = {name: value for name, value in table.items() if name not in ("group", "meta")}
    groups = [
        {
            "source": url,
            "target": url,
            "element": [
                _element(url, c, pairs) for c in dict.fromkeys(b for s, b, _ in pairs if s == url)
            ],
        }
        for url in dict.fromkeys(system for system, _, _ in pairs)
    ]
    return answer | ({"group": groups} if groups else {})


OPERATION = Operation(
    code="closure",
    resources=("ConceptMap",),
    levels=("system", "type"),
    title="Closure table",
    standard="http://hl7.org/fhir/OperationDefinition/ConceptMap-closure",
    affects_state=True,
    open=True,
    inputs=(
        Param("name", "string", min=1, doc="The client's name of the table."),
        Param("concept", "Coding", max="*", doc="Codes to add; without any the table starts anew."),
        Param("version", "string", doc="Give what was added since this version."),
        Param("reset", "boolean", doc="True: the table starts anew, with these codes if any."),
        *SENT,
    ),
    outputs=(Param("return", "ConceptMap", min=1, doc="The new entries: code subsumed by code."),),
    run=run,
)
