"""A DocumentReference's text: inline data or a local Binary; nothing is fetched from outside."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson

from capability.validate import Issue
from fhir_server.errors import BadRequest, Invalid, NotFound, TooLarge, UnsupportedMedia
from fhir_server.repository import Repository
from nlp.document import UndecodableText, decode

READABLE = ("text/plain",)


async def text_of(document: dict[str, Any], repository: Repository, limit: int) -> str:
    """The text of the first content in a readable type (R4: contents are the same document).

    Raises Invalid or FhirError with the FHIRPath of the attachment; `limit` is in bytes.
    """
    refused: list[str] = []
    for n, content in enumerate(document.get("content", ())):
        attachment = content.get("attachment", {})
        where = f"DocumentReference.content[{n}].attachment"
        kind, charset = _content_type(attachment.get("contentType", ""))
        if kind not in READABLE:
            refused.append(kind or "no contentType")
            continue
        data = await _data(attachment, repository, limit, where)
        return _decoded(data, charset, limit, where)
    raise UnsupportedMedia(
        f"no attachment in a readable type ({', '.join(READABLE)}); given: {', '.join(refused)}",
        "DocumentReference.content",
    )


def _content_type(raw: str) -> tuple[str, str]:
    kind, _, parameters = raw.partition(";")
    charset = ""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"')
    return kind.strip().lower(), charset


async def _data(
    attachment: dict[str, Any], repository: Repository, limit: int, where: str
) -> bytes:
    if encoded := attachment.get("data"):
        if len(encoded) * 3 // 4 > limit + 3:
            raise TooLarge(f"the document is over {limit} bytes", f"{where}.data")
        return _base64(encoded, f"{where}.data")
    if url := attachment.get("url"):
        return await _binary(url, repository, f"{where}.url")
    raise Invalid([Issue("error", "required", where, "the attachment has neither data nor url")])


async def _binary(url: str, repository: Repository, where: str) -> bytes:
    kind, _, resource_id = url.partition("/")
    if kind != "Binary" or not resource_id or "/" in resource_id:
        raise BadRequest("only a local Binary/id is read; nothing is fetched from outside", where)
    try:
        stored = await repository.read("Binary", resource_id)
    except NotFound:
        raise NotFound(f"no {url} on this server", where) from None
    return _base64(orjson.loads(stored.body).get("data", ""), where)


def _base64(encoded: str, where: str) -> bytes:
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest("not base64", where) from None


def _decoded(data: bytes, charset: str, limit: int, where: str) -> str:
    if len(data) > limit:
        raise TooLarge(f"the document is over {limit} bytes", where)
    try:
        text = decode(data, charset)
    except UndecodableText as error:
        raise BadRequest(str(error), where) from None
    if not text.strip():
        raise Invalid([Issue("error", "required", where, "the document is empty")])
    return text
