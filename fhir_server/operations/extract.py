"""DocumentReference/$extract: a note's findings as Condition and MedicationStatement, persisted."""

from __future__ import annotations

from capability.operation import Operation, Param, Values
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from fhir_server.findings.evidence import EVIDENCE_PARTS
from fhir_server.findings.extraction import extract


async def run(ctx: Context, given: Values) -> Values:
    score = given.get("minScore", ctx.settings.min_score)
    if not 0 <= score <= 1:
        raise BadRequest("minScore is 0..1", "minScore")
    engine = given.get("engine", ctx.settings.engine)
    stored = await ctx.repository.read("DocumentReference", given["_id"])
    return await extract(ctx, stored, engine, score, persist=not given.get("dryRun", False))


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
