"""A DocumentReference's attachments as text: inline data or a local Binary, in any format read.

Nothing is fetched from outside.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

import orjson

from capability.validate import Issue
from fhir_server.errors import (
    BadRequest,
    FhirError,
    Gone,
    Invalid,
    NotFound,
    TooLarge,
    UnsupportedMedia,
    outcome,
)
from fhir_server.repository import Repository
from nlp import documents
from nlp.documents import Reading

Resource = dict[str, Any]
# Few at once: a hostile document takes memory and time to its bounds, and holds up no other work.
READERS = ThreadPoolExecutor(2, "documents")


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment that was read: `number` is its content's, from 0."""

    number: int
    reading: Reading

    @property
    def expression(self) -> str:
        """The FHIRPath of the attachment."""
        return place(self.number)


@dataclass(frozen=True, slots=True)
class Read:
    """All attachments that could be read, and the OperationOutcome issues of the others."""

    attached: tuple[Attached, ...]
    issues: tuple[Resource, ...]


def place(number: int) -> str:
    """The FHIRPath of the attachment of a content."""
    return f"DocumentReference.content[{number}].attachment"


async def read(document: Resource, repository: Repository, limit: int) -> Read:
    """Every attachment that can be read; `limit` is in bytes, unpacked.

    What can't be is told as a warning where another can, else its error is raised: Invalid or
    FhirError with the FHIRPath of the attachment.
    """
    attached: list[Attached] = []
    issues: list[Resource] = []
    failed: FhirError | None = None
    for number, content in enumerate(document.get("content", ())):
        try:
            reading, doubts = await _reading(
                content.get("attachment", {}), repository, limit, place(number)
            )
        except FhirError as error:
            failed = failed or error
            issues += [i | {"severity": "warning"} for i in outcome(error)["issue"]]
            continue
        attached.append(Attached(number, reading))
        issues += doubts
        issues += [_warning(text, place(number)) for text in reading.warnings]
    if failed and not attached:
        raise failed
    if not attached:
        text = "the document has no attachment"
        raise Invalid([Issue("error", "required", "DocumentReference.content", text)])
    return Read(tuple(attached), tuple(issues))


def _doubts(attachment: Resource, data: bytes, where: str) -> list[Resource]:
    """Where the bytes are not those that the attachment announces (R4 Attachment.size, hash)."""
    doubts = []
    size, told = attachment.get("size"), attachment.get("hash")
    if size is not None and size != len(data):
        text = f"size says {size} bytes, the data has {len(data)}"
        doubts.append(_warning(text, f"{where}.size", "value"))
    if told and "".join(told.split()) != base64.b64encode(sha1(data).digest()).decode("ascii"):  # noqa: S324 - the hash that R4 names
        text = "hash is not the SHA-1 of the data, in base64: it was changed or cut on its way"
        doubts.append(_warning(text, f"{where}.hash", "value"))
    return doubts


def _warning(text: str, where: str, code: str = "incomplete") -> Resource:
    return {
        "severity": "warning",
        "code": code,
        "diagnostics": text,
        "expression": [where],
    }


async def _reading(
    attachment: Resource, repository: Repository, limit: int, where: str
) -> tuple[Reading, list[Resource]]:
    kind, charset = _content_type(attachment.get("contentType", ""))
    if not documents.readable(kind):
        raise UnsupportedMedia(
            f"attachments of type {kind} are not read; those that are: "
            f"{', '.join(documents.KINDS)}",
            where,
        )
    data, stored_kind = await _data(attachment, repository, limit, where)
    if not kind:
        kind, charset = _content_type(stored_kind)
    name = attachment.get("title", "")
    source = documents.Source(data, kind, charset, name, limit)
    reading = await asyncio.get_running_loop().run_in_executor(READERS, _read, source, where)
    return reading, _doubts(attachment, data, where)


def _read(source: documents.Source, where: str) -> Reading:
    try:
        return documents.read(source)
    except documents.UnknownFormat as error:
        raise UnsupportedMedia(str(error), where) from None
    except documents.Oversized as error:
        raise TooLarge(str(error), where) from None
    except documents.UndecodableText as error:
        raise BadRequest(str(error), where) from None
    except documents.Unreadable as error:
        raise Invalid([Issue("error", error.code, where, str(error))]) from None


def _content_type(raw: str) -> tuple[str, str]:
    kind, _, parameters = raw.partition(";")
    charset = ""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"')
    return kind.strip().lower(), charset


async def _data(
    attachment: Resource, repository: Repository, limit: int, where: str
) -> tuple[bytes, str]:
    """The bytes, and the type that a Binary has of its own."""
    if encoded := attachment.get("data"):
        if len(encoded) * 3 // 4 > limit + 3:
            raise TooLarge(f"the document is over {limit} bytes", f"{where}.data")
        return _base64(encoded, f"{where}.data"), ""
    if url := attachment.get("url"):
        return await _binary(url, repository, f"{where}.url")
    raise Invalid([Issue("error", "required", where, "the attachment has neither data nor url")])


async def _binary(url: str, repository: Repository, where: str) -> tuple[bytes, str]:
    """What a Binary of this server holds, named relatively or by the server's own base."""
    kind, _, resource_id = url.removeprefix(f"{repository.base_url}/").partition("/")
    if kind != "Binary" or not resource_id or "/" in resource_id:
        raise BadRequest("only a local Binary/id is read; nothing is fetched from outside", where)
    try:
        stored = await repository.read("Binary", resource_id)
    except (NotFound, Gone):
        raise NotFound(f"no {url} on this server", where) from None
    binary = orjson.loads(stored.body)
    return _base64(binary.get("data", ""), where), binary.get("contentType", "")


def _base64(encoded: str, where: str) -> bytes:
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest("not base64", where) from None
