"""DocumentReference/$deidentify: a document without the identifiers found; nothing is stored."""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from typing import Any

import orjson

from capability.operation import Operation, Param, Values
from fhir_server import attachments
from fhir_server.attachments import Attached, Read
from fhir_server.context import Context
from fhir_server.errors import BadRequest, Gone, NotFound
from fhir_server.known import facts, identifier
from fhir_server.search.types.reference import local
from nlp.deid import CAUTION, Category, Deidentified, Fact, Mode, deidentify

Resource = dict[str, Any]

# What was done to the content, as HL7's codes for data integrity; none of them says "anonymous".
INTEGRITY = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
LABELS = {Mode.MASK: "MASKED", Mode.SURROGATE: "PSEUDED", Mode.REMOVE: "REDACTED"}


async def run(ctx: Context, given: Values) -> Values:
    """The outputs by name; raises BadRequest for an unknown mode."""
    mode = given.get("mode", Mode.MASK)
    if mode not in list(Mode):
        raise BadRequest(f"the modes are {', '.join(Mode)}", "mode")
    if "key" in given and (mode != Mode.SURROGATE or not given["key"].strip()):
        text = "is not empty" if mode == Mode.SURROGATE else f"is of mode surrogate, not of {mode}"
        raise BadRequest(f"the parameter 'key' {text}", "key")
    stored = await ctx.repository.read("DocumentReference", given["_id"])
    document = orjson.loads(stored.body)
    read = await attachments.read(document, ctx.repository, ctx.settings.max_note)
    key = given.get("key") or ctx.new_id()
    patient = document.get("subject", {}).get("reference", "")
    known = await _known(ctx, document)
    done = [
        (one, await asyncio.to_thread(deidentify, one.reading.text, mode, key, patient, known))
        for one in read.attached
    ]
    return {
        "return": _document([each for _, each in done]),
        "issues": _issues(read, sum(len(each.spans) for _, each in done)),
        "span": [span for one, each in done for span in _spans(one, each)],
    }


async def _known(ctx: Context, document: Resource) -> list[Fact]:
    """What the document and the store know of its subject."""
    subject = document.get("subject", {})
    known = [*identifier(subject.get("identifier", {}))]
    if display := subject.get("display"):
        known.append((Category.NAME, display))
    reference = subject.get("reference", "")
    inside = [c for c in document.get("contained", ()) if f"#{c.get('id')}" == reference]
    if name := local(reference, ctx.settings.base_url):
        with suppress(NotFound, Gone):
            inside.append(orjson.loads((await ctx.repository.read(*name)).body))
    return known + [f for each in inside if each["resourceType"] == "Patient" for f in facts(each)]


def _document(done: list[Deidentified]) -> Resource:
    """A new document: of the old one's elements none is carried over, each could tell a person."""
    return {
        "resourceType": "DocumentReference",
        "meta": {"security": [{"system": INTEGRITY, "code": LABELS[done[0].mode]}]},
        "status": "current",
        "description": CAUTION,
        "content": [{"attachment": _attachment(each.text)} for each in done],
    }


def _attachment(text: str) -> Resource:
    data = base64.b64encode(text.encode("utf-8")).decode("ascii")
    return {"contentType": "text/plain; charset=utf-8"} | ({"data": data} if data else {})


def _issues(read: Read, count: int) -> Resource:
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": "warning", "code": "business-rule", "diagnostics": CAUTION},
            {
                "severity": "information",
                "code": "informational",
                "diagnostics": f"{count} identifiers found",
            },
            *read.issues,
        ],
    }


def _spans(one: Attached, done: Deidentified) -> list[Values]:
    return [
        {
            "attachment": one.number,
            "category": s.category.value,
            "start": s.start,
            "end": s.end,
            "newStart": s.new_start,
            "newEnd": s.new_end,
            "replacement": s.replacement or None,
        }
        for s in done.spans
    ]


OPERATION = Operation(
    code="deidentify",
    resources=("DocumentReference",),
    levels=("instance",),
    title="De-identify a document; this lowers the risk that a person is recognised, not to nil",
    affects_state=False,
    inputs=(
        Param("mode", "code", doc="mask (default), surrogate or remove."),
        Param(
            "key",
            "string",
            secret=True,
            doc="Secret of mode surrogate alone, sent by POST: the same key gives the same "
            "surrogates, and one date shift for each subject. Without it they differ each time.",
        ),
    ),
    outputs=(
        Param(
            "return",
            "DocumentReference",
            min=1,
            doc="The new text of every attachment; it is not persisted.",
        ),
        Param("issues", "OperationOutcome", min=1, doc="What the result can't promise."),
        Param(
            "span",
            max="*",
            doc="Every identifier found, without its words; the map between the two texts.",
            parts=(
                Param("category", "code", min=1, doc="NAME LOCATION DATE AGE PHONE MRN ID …"),
                Param("attachment", "unsignedInt", min=1, doc="Which content, from 0."),
                Param(
                    "start",
                    "unsignedInt",
                    min=1,
                    doc="Code point of the attachment's text, as $extract gives it.",
                ),
                Param("end", "unsignedInt", min=1),
                Param("newStart", "unsignedInt", min=1, doc="Code point of the new text."),
                Param("newEnd", "unsignedInt", min=1),
                Param("replacement", "string", doc="What stands in its place."),
            ),
        ),
    ),
    run=run,
)
