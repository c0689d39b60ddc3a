"""From a stored document to its findings, persisted: one way, whoever asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import orjson

from capability.operation import Values
from capability.validate import Issue
from fhir_server import attachments
from fhir_server.context import Context
from fhir_server.errors import FhirError, Gone, Invalid, NotFound, outcome
from fhir_server.findings.outputs import bundle, document_told, finding_told, issues
from fhir_server.findings.provenance import device, provenance, provenance_id
from fhir_server.findings.resources import resources as resources_of
from fhir_server.findings.source import Resource, Source
from fhir_server.repository import Change, Delete, Stored, Update
from nlp.types import Extraction


async def extract(
    ctx: Context, stored: Stored, engine: str, min_score: float, *, persist: bool
) -> Values:
    """Extracts from a stored DocumentReference; the outputs of the operation by name."""
    document = orjson.loads(stored.body)
    source = _source(document, stored)
    read = await attachments.read(document, ctx.repository, ctx.settings.max_note)
    now, made, extractions = ctx.now(), [], []
    for one in read.attached:
        text, hints = one.reading.text, one.reading.hints
        run_on = ctx.pipeline.extract
        extraction = await asyncio.to_thread(run_on, text, engine, min_score, hints)
        extractions.append(extraction)
        of = replace(source, attachment=one.number, reading=one.reading)
        made += [(of, f, r) for f, r in resources_of(extraction.findings, of, now)]
    resources = _merged(r for _, _, r in made if r is not None)
    ran = extractions[0]
    if persist:
        await _persist(ctx, ran, resources, source)
    return {
        "return": bundle(resources, ctx.settings.base_url),
        "issues": issues(read, extractions),
        "engine": ran.engine,
        "model": ran.model or None,
        "document": [document_told(one) for one in read.attached],
        "finding": [finding_told(*each) for each in made],
    }


async def unread(ctx: Context, document: Resource) -> tuple[Resource, ...]:
    """The OperationOutcome issues of what extract() would not read of the document."""
    try:
        _check(document)
        return (await attachments.read(document, ctx.repository, ctx.settings.max_note)).issues
    except FhirError as error:
        return tuple(outcome(error)["issue"])


def _merged(resources: Iterable[Resource]) -> list[Resource]:
    """One resource a fact: found in several attachments, it has the evidence of all."""
    merged: dict[str, Resource] = {}
    for each in resources:
        if first := merged.get(each["id"]):
            first["extension"] += [e for e in each["extension"] if e not in first["extension"]]
        else:
            merged[each["id"]] = each
    return list(merged.values())


def _check(document: Resource) -> None:
    if "subject" not in document:
        text = "a document without a subject can't be extracted from: whose findings are they?"
        raise Invalid([Issue("error", "required", "DocumentReference.subject", text)])
    if document.get("status") == "entered-in-error":
        text = "the document was entered in error"
        raise Invalid([Issue("error", "business-rule", "DocumentReference.status", text)])


def _source(document: Resource, stored: Stored) -> Source:
    _check(document)
    encounters = document.get("context", {}).get("encounter") or [None]
    name = f"DocumentReference/{stored.id}"
    return Source(name, stored.version, document["subject"], encounters[0])


async def _persist(
    ctx: Context, extraction: Extraction, resources: list[Resource], source: Source
) -> None:
    """One transaction: what changed is updated, what an earlier run found and this did not goes."""
    software = device(extraction)
    targets = [f"{r['resourceType']}/{r['id']}" for r in resources]
    gone = await _earlier(ctx, source) - set(targets)
    changes: list[Change] = [Update(r["resourceType"], r["id"], r) for r in (software, *resources)]
    if targets:
        record = provenance(targets, source, software["id"], ctx.now())
        changes.append(Update("Provenance", record["id"], record))
    elif gone:
        gone.add(f"Provenance/{provenance_id(source.document)}")
    for name in sorted(gone):
        kind, _, gone_id = name.partition("/")
        changes.append(Delete(kind, gone_id))
    await ctx.repository.transact(changes)


async def _earlier(ctx: Context, source: Source) -> set[str]:
    try:
        stored = await ctx.repository.read("Provenance", provenance_id(source.document))
    except (NotFound, Gone):
        return set()
    return {t["reference"] for t in orjson.loads(stored.body)["target"]}
