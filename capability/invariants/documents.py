"""Invariants of bundles, documents, lists and parameters."""

from __future__ import annotations

from typing import Any

from capability.facts import among, chosen, count, distinct, each, has
from capability.rule import AnyOf, NotBoth, Rule
from capability.sure import absent, both, every, none_of, one_of, there

Json = dict[str, Any]


def _first(bundle: Json, kind: str) -> bool:
    entry = bundle.get("entry", [{}])[0]
    return bool(entry.get("resource", {}).get("resourceType") == kind)


def _entries(bundle: Json, part: str, *types: str) -> bool:
    wanted = bundle.get("type") in (*types, "history")
    return all((part in entry) == wanted for entry in bundle.get("entry", ()))


def _sure(part: str, *types: str) -> tuple[Json, ...]:
    """The schemas of what `_entries` accepts, each entry alike."""
    wanted, others = one_of("type", *types, "history"), none_of("type", *types, "history")
    return both(wanted, every("entry", there(part))), both(others, every("entry", absent(part)))


def _once(bundle: Json) -> bool:
    """Whether no version of a resource comes twice."""
    named = [entry for entry in bundle.get("entry", ()) if "fullUrl" in entry]
    return distinct(entry["fullUrl"] for entry in named) or distinct(
        (entry["fullUrl"], entry.get("resource", {}).get("meta", {}).get("versionId", ""))
        for entry in named
    )


ONE_BESIDE_NAME = {"minProperties": 2, "maxProperties": 2} | absent(
    "_name", "id", "extension", "modifierExtension"
)


def _parameter(owner: Json) -> bool:
    held = chosen(owner, "value") + ("resource" in owner)
    return held == (0 if "part" in owner else 1)


RULES: tuple[Rule, ...] = (
    Rule(
        "bdl-1",
        "Bundle",
        "total only in a searchset or history",
        lambda o: not has(o, "total") or among(o, "type", "searchset", "history"),
        sure=(absent("total"), one_of("type", "searchset", "history")),
    ),
    Rule(
        "bdl-2",
        "Bundle",
        "entry.search only in a searchset",
        lambda o: not each(o, "entry", "search") or among(o, "type", "searchset"),
        sure=(one_of("type", "searchset"), every("entry", absent("search"))),
    ),
    Rule(
        "bdl-3",
        "Bundle",
        "entry.request in a batch, transaction or history, and only there",
        lambda o: _entries(o, "request", "batch", "transaction"),
        sure=_sure("request", "batch", "transaction"),
    ),
    Rule(
        "bdl-4",
        "Bundle",
        "entry.response in a batch-response, transaction-response or history, and only there",
        lambda o: _entries(o, "response", "batch-response", "transaction-response"),
        sure=_sure("response", "batch-response", "transaction-response"),
    ),
    Rule(
        "bdl-5",
        "Bundle.entry",
        "a resource, a request or a response",
        AnyOf("resource", "request", "response"),
    ),
    Rule(
        "bdl-7",
        "Bundle",
        "each fullUrl once, outside of a history",
        lambda o: among(o, "type", "history") or _once(o),
    ),
    Rule(
        "bdl-8",
        "Bundle.entry",
        "fullUrl names no version",
        lambda o: "/_history/" not in o.get("fullUrl", ""),
        when=("fullUrl",),
        sure=({"properties": {"fullUrl": {"not": {"pattern": "/_history/"}}}},),
    ),
    Rule(
        "bdl-9",
        "Bundle",
        "a document has an identifier with system and value",
        lambda o: (
            not among(o, "type", "document")
            or count(o.get("identifier", {}), "system", "value") == 2
        ),
        sure=(none_of("type", "document"),),
    ),
    Rule(
        "bdl-10",
        "Bundle",
        "a document has a timestamp",
        lambda o: not among(o, "type", "document") or "timestamp" in o,
        sure=(none_of("type", "document"), there("timestamp")),
    ),
    Rule(
        "bdl-11",
        "Bundle",
        "a document starts with a Composition",
        lambda o: not among(o, "type", "document") or _first(o, "Composition"),
        sure=(none_of("type", "document"),),
    ),
    Rule(
        "bdl-12",
        "Bundle",
        "a message starts with a MessageHeader",
        lambda o: not among(o, "type", "message") or _first(o, "MessageHeader"),
        sure=(none_of("type", "message"),),
    ),
    Rule(
        "cmp-1",
        "Composition.section",
        "text, entries or sections",
        AnyOf("text", "entry", "section"),
    ),
    Rule(
        "cmp-2",
        "Composition.section",
        "an emptyReason only without entries",
        NotBoth("emptyReason", "entry"),
    ),
    Rule(
        "lnk-1",
        "Linkage",
        "at least two items",
        lambda o: len(o["item"]) > 1,
        sure=({"properties": {"item": {"minItems": 2}}},),
    ),
    Rule(
        "lst-1",
        "List",
        "an emptyReason only without entries",
        NotBoth("emptyReason", "entry"),
    ),
    Rule(
        "lst-2",
        "List",
        "entry.deleted only in mode changes",
        lambda o: (
            among(o, "mode", "changes") or not any(has(e, "deleted") for e in each(o, "entry"))
        ),
        sure=(every("entry", absent("deleted")), one_of("mode", "changes")),
    ),
    Rule(
        "lst-3",
        "List",
        "entry.date only in mode working",
        lambda o: among(o, "mode", "working") or not any(has(e, "date") for e in each(o, "entry")),
        sure=(every("entry", absent("date")), one_of("mode", "working")),
    ),
    Rule(
        "inv-1",
        "Parameters.parameter",
        "one value, one resource or parts",
        _parameter,
        sure=(ONE_BESIDE_NAME,),
    ),
)
