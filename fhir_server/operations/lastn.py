"""Observation/$lastn: the latest of each kind of observation of a patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import orjson

from capability.operation import Operation, Param, Values
from fhir_server.bundle import searchset
from fhir_server.context import Context
from fhir_server.errors import BadRequest, NotSupported
from fhir_server.repository import Page, Stored

CRITERIA = ("patient", "subject", "category", "code", "date")
MOST = 20  # pages that are looked through
Json = dict[str, Any]


async def run(ctx: Context, given: Values) -> Values:
    if not any(given.get(name) for name in ("patient", "subject")):
        raise BadRequest("name a patient or subject", "patient")
    most = given.get("max", 1)
    if most < 1:
        raise BadRequest("max is at least 1", "max")
    query = [(name, value) for name in CRITERIA for value in given.get(name, ())]
    found = [each async for page in _pages(ctx, query) for each in page.entries]
    kept = tuple(_latest(found, most))
    used = (*query, ("max", str(most)))
    page = Page(kept, total=len(kept), used=used)
    made = searchset(page, "Observation/$lastn", ctx.settings.base_url)
    return {"return": orjson.Fragment(made)}


async def _pages(ctx: Context, query: list[tuple[str, str]]) -> AsyncIterator[Page]:
    """The pages of a search, newest observations first."""
    asked: Iterable[tuple[str, str]] = [*query, ("_sort", "-date"), ("_count", "1000")]
    for _ in range(MOST):
        page = await ctx.repository.search("Observation", tuple(asked))
        yield page
        if not page.next:
            return
        asked = page.next
    raise NotSupported("too many observations match: narrow them by code or date", "code")


def _latest(found: Iterable[Stored], most: int) -> Iterator[Stored]:
    """Up to `most` of each kind: observations are of a kind where they share a coding."""
    kinds: dict[tuple[str, str], int] = {}
    counts: Counter[int] = Counter()
    for stored in found:
        keys = list(_keys(orjson.loads(stored.body)["code"]))
        kind = next((kinds[key] for key in keys if key in kinds), len(kinds))
        for key in keys:
            kinds.setdefault(key, kind)
        counts[kind] += 1
        if counts[kind] <= most:
            yield stored


def _keys(code: Json) -> Iterator[tuple[str, str]]:
    codings = [c for c in code.get("coding", ()) if "code" in c]
    yield from ((c.get("system", ""), c["code"]) for c in codings)
    if not codings:
        yield "text", code.get("text", "")


def _many(name: str, doc: str) -> Param:
    return Param(name, "string", max="*", doc=doc)


OPERATION = Operation(
    code="lastn",
    resources=("Observation",),
    levels=("type",),
    title="The latest observations of each kind",
    standard="http://hl7.org/fhir/OperationDefinition/Observation-lastn",
    inputs=(
        Param("max", "positiveInt", doc="Observations of each kind; default 1."),
        _many("patient", "As the search parameter; this or subject is needed."),
        _many("subject", "As the search parameter."),
        _many("category", "As the search parameter."),
        _many("code", "As the search parameter."),
        _many("date", "As the search parameter."),
    ),
    outputs=(Param("return", "Bundle", min=1, doc="A searchset, newest first."),),
    run=run,
)
