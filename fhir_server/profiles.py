"""Validation by profiles that are stored: StructureDefinitions, those they go by, their codes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from capability.issue import Issue
from capability.profile.check import Checker, Codes, CodesNeeded
from capability.profile.definition import core, mentioned, plain
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from terminology.errors import TerminologyError
from terminology.issue import Refused

Json = dict[str, Any]
Profiles = dict[str, Json | None]  # by canonical; None for what is not stored
MOST = 500  # profiles that one validation may go by


async def profile_issues(ctx: Context, resource: Json, url: str) -> list[Issue] | None:
    """What of a resource breaks a profile, and what could not be checked; None where the profile is
    not stored here. R4's own definitions are not asked: see capability.validate."""
    if core(url):
        return []
    profiles = await _gathered(ctx, url)
    if profiles[url] is None:
        return None
    known: dict[str, Codes | None] = {}
    while True:
        checker = Checker(profiles.get, known)
        try:
            found = await asyncio.to_thread(lambda: list(checker.check(resource, url)))  # noqa: B023
        except CodesNeeded as wanted:
            known[wanted.value_set] = await _codes(ctx, wanted.value_set)
            continue
        return [*found, *_left_out(checker, known, str(resource.get("resourceType", "")))]


async def _gathered(ctx: Context, url: str) -> Profiles:
    """The profile and all that it goes by."""
    found: Profiles = {}
    open = [url]
    while open:
        one = open.pop()
        if one in found:
            continue
        if len(found) >= MOST:
            raise BadRequest(f"the profile goes by more than {MOST} others", "profile")
        found[one] = structure = await stored_profile(ctx, one)
        open += mentioned(structure) if structure else ()
    return found


async def stored_profile(ctx: Context, canonical: str) -> Json | None:
    """The StructureDefinition of a canonical, the one written last; None where none is stored."""
    url, _, version = canonical.partition("|")
    query = [("url", url.replace(",", "\\,")), ("_count", "1"), ("_sort", "-_lastUpdated")]
    query += [("version", version.replace(",", "\\,"))] if version else []
    page = await ctx.repository.search("StructureDefinition", query)
    return orjson.loads(page.entries[0].body) if page.entries else None


async def _codes(ctx: Context, value_set: str) -> Codes | None:
    """The codes of a value set, None where nobody knows them."""
    if ctx.repository.codes is None:
        return None
    try:
        return frozenset(await ctx.repository.codes("in", plain(value_set)))
    except (BadRequest, Refused, TerminologyError):
        return None


def _left_out(checker: Checker, known: dict[str, Codes | None], at: str) -> Iterator[Issue]:
    strange = [value_set for value_set, codes in known.items() if codes is None]
    told: Iterable[tuple[str, str, Iterable[str]]] = (
        ("not-found", "these profiles are not stored here", checker.unknown),
        (
            "not-found",
            "these value sets are unknown here",
            strange,
        ),
        ("not-supported", "these constraints have no FHIRPath", checker.unchecked),
    )
    for code, text, names in told:
        if listed := ", ".join(names):
            yield Issue("warning", code, at, f"{text}, what they say was not checked: {listed}")
