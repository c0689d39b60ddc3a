"""DocumentReference/$extract: a note's findings as Condition and MedicationStatement, persisted."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson

from capability.operation import Operation, Param, Values
from capability.validate import Issue
from fhir_server import attachments
from fhir_server.attachments import Attached, Read
from fhir_server.context import Context
from fhir_server.errors import BadRequest, FhirError, Gone, Invalid, NotFound, outcome
from fhir_server.findings import EVIDENCE_PARTS, Source, device, place, provenance, provenance_id
from fhir_server.findings import resources as resources_of
from fhir_server.repository import Change, Delete, Stored, Update
from nlp.types import Extraction, Finding

Resource = dict[str, Any]


async def run(ctx: Context, given: Values) -> Values:
    score = given.get("minScore", ctx.settings.min_score)
    if not 0 <= score <= 1:
        raise BadRequest("minScore is 0..1", "minScore")
    engine = given.get("engine", ctx.settings.engine)
    stored = await ctx.repository.read("DocumentReference", given["_id"])
    return await extract(ctx, stored, engine, score, persist=not given.get("dryRun", False))


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
        "return": _bundle(resources, ctx.settings.base_url),
        "issues": _issues(read, extractions),
        "engine": ran.engine,
        "model": ran.model or None,
        "document": [_document(one) for one in read.attached],
        "finding": [_told(*each) for each in made],
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


def _document(one: Attached) -> Values:
    """The attachment's text, where the client does not have it as it is."""
    data = base64.b64encode(one.reading.text.encode()).decode("ascii")
    text = {"contentType": "text/plain; charset=utf-8", "data": data}
    return {
        "attachment": one.number,
        "format": one.reading.format,
        "text": None if one.reading.verbatim else text,
    }


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


def _bundle(resources: list[Resource], base: str) -> Resource:
    entries = [
        {"fullUrl": f"{base}/{r['resourceType']}/{r['id']}", "resource": r} for r in resources
    ]
    return {"resourceType": "Bundle", "type": "collection"} | (
        {"entry": entries} if entries else {}
    )


def _issues(read: Read, extractions: Iterable[Extraction]) -> Resource:
    issues: list[Resource] = list(read.issues)
    count = 0
    for one, extraction in zip(read.attached, extractions, strict=True):
        count += len(extraction.findings)
        issues += [
            {
                "severity": "warning",
                "code": "processing",
                "diagnostics": f"{d.candidate.kind} left out: {d.reason}",
                "expression": [
                    one.expression,
                    f"text[{d.candidate.span.start}..{d.candidate.span.end}]",
                ],
            }
            for d in extraction.dropped
        ]
    told = f"{count} findings, {len(issues) - len(read.issues)} left out"
    issues.insert(0, {"severity": "information", "code": "informational", "diagnostics": told})
    return {"resourceType": "OperationOutcome", "issue": issues}


def _told(source: Source, finding: Finding, made: Resource | None) -> Values:
    best = finding.codings[0] if finding.codings else None
    return {
        "kind": finding.kind,
        "quote": finding.span.quote,
        "span": [place(s, source) for s in (finding.span, *finding.evidence)],
        "assertion": finding.assertion.value,
        "status": finding.status.value if finding.status else None,
        "section": finding.section or None,
        "source": finding.source,
        "score": round(finding.score, 4),
        "coding": [
            {"system": c.system, "code": c.code, "display": c.display} for c in finding.codings
        ],
        "method": best.method.value if best else None,
        "term": best.term if best else None,
        "related": [
            {"kind": r.kind, "quote": r.span.quote, "start": r.span.start, "end": r.span.end}
            for r in finding.related
        ],
        "reference": {"reference": f"{made['resourceType']}/{made['id']}"} if made else None,
    }


# The evidence extension's parts that tell where the original has it.
ORIGIN = tuple(
    Param(part.url, part.type, doc=part.doc)
    for part in EVIDENCE_PARTS
    if part.url in ("attachment", "sourceStart", "sourceEnd", "page", "path")
)
OPERATION = Operation(
    code="extract",
    resources=("DocumentReference",),
    levels=("instance",),
    title="Extract findings from a document",
    affects_state=True,
    inputs=(
        Param("dryRun", "boolean", doc="Give the findings without persisting them."),
        Param("engine", "code", doc="The extraction engine: rules, tagger, auto, llm."),
        Param("minScore", "decimal", doc="Findings that score lower are left out, 0..1."),
    ),
    outputs=(
        Param("return", "Bundle", min=1, doc="The resources, as persisted."),
        Param("issues", "OperationOutcome", min=1, doc="What was left out, and why."),
        Param("engine", "code", min=1, doc="The engine that ran."),
        Param("model", "string", doc="The engine's model."),
        Param(
            "document",
            max="*",
            doc="The attachments that were read.",
            parts=(
                Param("attachment", "unsignedInt", min=1, doc="Which content, from 0."),
                Param("format", "code", min=1, doc="What it was read as: text, pdf, html …"),
                Param(
                    "text",
                    "Attachment",
                    doc="The text that offsets count in; absent where that is the attachment's "
                    "own, decoded.",
                ),
            ),
        ),
        Param(
            "finding",
            max="*",
            doc="Every finding, those that make no resource (negated, family …) among them.",
            parts=(
                Param("kind", "code", min=1, doc="condition or medication"),
                Param("quote", "string", min=1, doc="The words of the text."),
                Param(
                    "span",
                    min=1,
                    max="*",
                    doc="Where the quote and further mentions stand; offsets are code points.",
                    parts=(
                        Param("start", "unsignedInt", min=1, doc="In the attachment's text."),
                        Param("end", "unsignedInt", min=1),
                        *ORIGIN,
                    ),
                ),
                Param(
                    "assertion",
                    "code",
                    min=1,
                    doc="present negated possible historical family hypothetical",
                ),
                Param("status", "code", doc="What the text says of a drug's use."),
                Param("section", "code", doc="The section's canonical key."),
                Param("source", "string", min=1, doc="How it was found, step by step."),
                Param("score", "decimal", min=1),
                Param("coding", "Coding", max="*"),
                Param("method", "code", doc="How the text led to the code."),
                Param("term", "string", doc="The phrase of the code system that matched."),
                Param(
                    "related",
                    max="*",
                    doc="What the text relates to it, by its words and their place.",
                    parts=(
                        Param(
                            "kind",
                            "code",
                            min=1,
                            doc="indication adverse-event start stop due-to severity "
                            "body-site onset",
                        ),
                        Param("quote", "string", min=1),
                        Param("start", "unsignedInt", min=1),
                        Param("end", "unsignedInt", min=1),
                    ),
                ),
                Param("reference", "Reference", doc="The resource that was made of it."),
            ),
        ),
    ),
    run=run,
)
