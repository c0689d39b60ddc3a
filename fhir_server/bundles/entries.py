"""The entries of a batch or transaction Bundle, each resource as the bytes that were sent."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urlencode

import msgspec

from capability.definitions import RESOURCE_TYPES
from capability.issue import Issue
from capability.validate import validate
from fhir_server.errors import BadRequest, FhirError, Invalid, located
from fhir_server.http.etag import version_of
from fhir_server.http.media import FORM, media
from fhir_server.http.request import pairs
from fhir_server.parse import parse
from fhir_server.search.types.date import span

KNOWN = frozenset(RESOURCE_TYPES)
KINDS = ("batch", "transaction")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
Pairs = tuple[tuple[str, str], ...]
LAST = 253_402_300_799.0  # second of the year 9999
BARE = {"fullUrl": "urn:entry"}  # of an entry that is nothing but its resource
_PLACE = re.compile(r"Bundle\.entry\[(\d+)\]")
_RESOURCE = re.compile(rb'"resource"\s*:\s*')


class _Request(msgspec.Struct, rename="camel"):
    method: str = ""
    url: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    if_match: str = ""
    if_none_exist: str = ""


class _Entry(msgspec.Struct, rename="camel"):
    full_url: str = ""
    resource: msgspec.Raw = msgspec.Raw()
    request: _Request | None = None


class _Bundle(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    type: str = ""
    entry: list[_Entry] = []


_DECODER = msgspec.json.Decoder(_Bundle)


class Binary(NamedTuple):
    """What a Binary holds, and its media type."""

    type: str
    data: bytes

    @classmethod
    def of(cls, body: bytes, place: str) -> Binary:
        """Raises BadRequest where the bytes are no Binary with base64."""
        resource = parse(body)
        if resource.get("resourceType") != "Binary":
            raise BadRequest("a Binary was expected", place)
        try:
            data = base64.b64decode(resource.get("data", ""), validate=True)
        except binascii.Error:
            raise BadRequest("the Binary's data is no base64", place) from None
        return cls(media(str(resource.get("contentType", ""))), data)


class Entry(msgspec.Struct, frozen=True):
    """One entry: `path` are the segments of its URL below the base, `body` its resource's bytes.

    `place` is its FHIRPath.
    """

    at: int
    place: str
    full_url: str
    method: str
    path: tuple[str, ...]
    query: Pairs
    url: str
    body: bytes = b""
    if_none_match: str = ""
    if_modified_since: str = ""
    if_match: str = ""
    if_none_exist: str = ""

    def version(self) -> int | None:
        """The version that ifMatch names, as `Request.if_match`; raises BadRequest."""
        if not self.if_match:
            return None
        if (wanted := version_of(self.if_match.strip())) is None:
            raise BadRequest('ifMatch is a version, as in W/"3"', f"{self.place}.request.ifMatch")
        return wanted

    def since(self) -> float | None:
        """ifModifiedSince in seconds since 1970, as far as HTTP can tell; raises BadRequest."""
        if not self.if_modified_since:
            return None
        try:
            return min(max(0.0, span(self.if_modified_since)[0] / 1000), LAST)
        except ValueError:
            place = f"{self.place}.request.ifModifiedSince"
            raise BadRequest("ifModifiedSince is an instant", place) from None

    def patch(self) -> tuple[str, bytes]:
        """Media type and bytes of a patch: a Parameters as it is, others in a Binary."""
        with located(place := f"{self.place}.resource"):
            if parse(self.body).get("resourceType") != "Binary":
                return "application/fhir+json", self.body
            sent = Binary.of(self.body, place)
        return sent.type, sent.data


def read(body: bytes, base: str) -> tuple[str, list[Entry | FhirError]]:
    """The type of the Bundle ("batch", "transaction") and its entries, or what is wrong with one.

    `base` is the server's own URL: entries may name their resources by it. Raises BadRequest,
    Invalid where the Bundle can't be read. What is wrong within a resource is not looked for here:
    it is parsed where it is needed, in the bytes that it then has.
    """
    bundle = _decoded(body)
    whole = _wrapper(body, bundle.entry if isinstance(bundle, _Bundle) else ())
    faults = _wrapper_faults(whole)
    alone = whole.get("type") == "batch"
    if outer := [issue for at, issues in faults.items() if at < 0 or not alone for issue in issues]:
        raise Invalid(outer)
    if isinstance(bundle, BadRequest):
        raise bundle
    if bundle.resource_type != "Bundle":
        raise BadRequest("post a Bundle here, or a resource to its type", "resourceType")
    if bundle.type not in KINDS:
        raise BadRequest("the Bundle must be a batch or a transaction", "Bundle.type")
    return bundle.type, [_one(at, e, base, faults) for at, e in enumerate(bundle.entry)]


def _decoded(body: bytes) -> _Bundle | BadRequest:
    """The Bundle, its resources as bytes; or why it can't be read (`parse` may tell better)."""
    try:
        return _DECODER.decode(body)
    except msgspec.ValidationError as error:
        return BadRequest(f"the Bundle can't be read: {error}", "Bundle")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return BadRequest(f"the body is not JSON: {error}")


def _wrapper(body: bytes, entries: Iterable[_Entry]) -> dict[str, Any]:
    """The Bundle without its resources; raises BadRequest as `parse` does, for all of it."""
    try:
        return parse(_hollow(body, entries))
    except BadRequest:
        return parse(body)


def _hollow(body: bytes, entries: Iterable[_Entry]) -> bytes:
    """The bytes with 0 for each resource; as they are where one is not where it should be."""
    pieces, place = [], 0
    for entry in entries:
        if resource := bytes(entry.resource):
            found = _RESOURCE.search(body, place)
            begin = found.end() if found else 0
            if not begin or not body.startswith(resource, begin):
                return body
            pieces.append(body[place:begin])
            place = begin + len(resource)
    return b"0".join((*pieces, body[place:]))


def _one(at: int, given: _Entry, base: str, faults: Mapping[int, list[Issue]]) -> Entry | FhirError:
    if at in faults:
        return Invalid(faults[at])
    try:
        return _entry(at, given, base)
    except FhirError as error:
        return error


def _entry(at: int, given: _Entry, base: str) -> Entry:
    place = f"Bundle.entry[{at}]"
    request = given.request
    if request is None:
        raise BadRequest("every entry has a request", f"{place}.request")
    if request.method not in METHODS:
        raise BadRequest(f"method is one of {', '.join(METHODS)}", f"{place}.request.method")
    url = request.url.removeprefix(base).removeprefix("/")
    path, _, query = url.partition("?")
    if not url or "://" in path:
        raise BadRequest("url is relative to the base: Patient/1", f"{place}.request.url")
    asked: Pairs = ()
    if query:
        with located(f"{place}.request.url"):
            asked = pairs(query.encode())
    body = bytes(given.resource)
    if request.method == "POST" and path.rpartition("/")[2] == "_search":
        return _search(at, given, path, asked)
    needs = request.method in ("POST", "PUT", "PATCH")
    if needs and not body.startswith(b"{") and "$" not in path:
        raise BadRequest(f"{request.method} needs a resource", f"{place}.resource")
    segments = tuple(unquote(path).split("/")) if "%" in path or "/" in path else (path,)
    return Entry(
        at,
        place,
        given.full_url,
        request.method,
        segments,
        asked,
        url,
        body,
        request.if_none_match,
        request.if_modified_since,
        request.if_match,
        request.if_none_exist,
    )


def _search(at: int, given: _Entry, path: str, asked: Pairs) -> Entry:
    """A search by POST as the search by GET that it is; a form comes in a Binary."""
    entry = f"Bundle.entry[{at}]"
    place = f"{entry}.resource"
    if body := bytes(given.resource):
        with located(place):
            sent = Binary.of(body, place)
            if sent.type != FORM:
                raise BadRequest(f"the form of a search is a Binary of {FORM}", place)
            asked += pairs(sent.data)
    kept = tuple(unquote(path).split("/")[:-1])
    url = "/".join(kept) + (f"?{urlencode(asked)}" if asked else "")
    return Entry(at, entry, given.full_url, "GET", kept or ("",), asked, url)


def _wrapper_faults(whole: dict[str, Any]) -> dict[int, list[Issue]]:
    """What is wrong with the Bundle around the resources, by entry; -1 for what is in none."""
    hollow = dict(whole)
    if isinstance(given := whole.get("entry"), list):
        hollow["entry"] = [
            {k: v for k, v in e.items() if k != "resource"} or BARE
            if isinstance(e, dict) and e
            else e
            for e in given
        ]
    batch = whole.get("type") == "batch"  # whose entries are asked for their requests one by one
    found: dict[int, list[Issue]] = {}
    for issue in validate(hollow):
        if issue.severity == "error" and not (batch and issue.text.startswith("bdl-3")):
            place = _PLACE.match(issue.expression)
            found.setdefault(int(place[1]) if place else -1, []).append(issue)
    return found
