"""DocumentReference/$deidentify: a document without the identifiers found; nothing is stored."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import orjson

from capability.operation import Operation, Param, Values
from fhir_server.attachments import text_of
from fhir_server.context import Context
from fhir_server.errors import BadRequest
from nlp.deid import CAUTION, Deidentified, Mode, deidentify

Resource = dict[str, Any]

# What was done to the content, as HL7's codes for data integrity; none of them says "anonymous".
INTEGRITY = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
LABELS = {Mode.MASK: "MASKED", Mode.SURROGATE: "PSEUDED", Mode.REMOVE: "REDACTED"}


async def run(ctx: Context, given: Values) -> Values:
    """The outputs by name; raises BadRequest for an unknown mode."""
    mode = given.get("mode", Mode.MASK)
    if mode not in list(Mode):
        raise BadRequest(f"the modes are {', '.join(Mode)}", "mode")
    stored = await ctx.repository.read("DocumentReference", given["_id"])
    document = orjson.loads(stored.body)
    text = await text_of(document, ctx.repository, ctx.settings.max_note)
    key = given.get("key") or ctx.new_id()
    patient = document.get("subject", {}).get("reference", "")
    done = await asyncio.to_thread(deidentify, text, mode, key, patient)
    return {"return": _document(done), "issues": _issues(done), "span": _spans(done)}


def _document(done: Deidentified) -> Resource:
    """A new document: of the old one's elements none is carried over, each could tell a person."""
    data = base64.b64encode(done.text.encode("utf-8")).decode("ascii")
    attachment = {"contentType": "text/plain; charset=utf-8"} | ({"data": data} if data else {})
    return {
        "resourceType": "DocumentReference",
        "meta": {"security": [{"system": INTEGRITY, "code": LABELS[done.mode]}]},
        "status": "current",
        "description": CAUTION,
        "content": [{"attachment": attachment}],
    }


def _issues(done: Deidentified) -> Resource:
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": "warning", "code": "business-rule", "diagnostics": CAUTION},
            {
                "severity": "information",
                "code": "informational",
                "diagnostics": f"{len(done.spans)} identifiers found",
            },
        ],
    }


def _spans(done: Deidentified) -> list[Values]:
    return [
        {
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
            doc="Secret of mode surrogate, sent by POST: the same key gives the same surrogates, "
            "and one date shift for each subject. Without it they differ each time.",
        ),
    ),
    outputs=(
        Param("return", "DocumentReference", min=1, doc="The new text; it is not persisted."),
        Param("issues", "OperationOutcome", min=1, doc="What the result can't promise."),
        Param(
            "span",
            max="*",
            doc="Every identifier found, without its words; the map between the two texts.",
            parts=(
                Param("category", "code", min=1, doc="NAME LOCATION DATE AGE PHONE MRN ID …"),
                Param("start", "unsignedInt", min=1, doc="Code point of the stored text."),
                Param("end", "unsignedInt", min=1),
                Param("newStart", "unsignedInt", min=1, doc="Code point of the new text."),
                Param("newEnd", "unsignedInt", min=1),
                Param("replacement", "string", doc="What stands in its place."),
            ),
        ),
    ),
    run=run,
)
