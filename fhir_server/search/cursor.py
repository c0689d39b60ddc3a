"""Where a page of a search begins, as the links to it tell it."""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple
from zlib import crc32

import orjson

from fhir_server.errors import BadRequest
from fhir_server.search.query import Query
from fhir_server.search.scope import Scope

Values = list[str | int | float | None]
LAST = "last"  # in place of a cursor: the last page


class Cursor(NamedTuple):
    """A page begins after the resource with these sort keys, or goes `back` from it.

    `total` is what the first page told; that one has no keys, nor has the last one.
    """

    keys: Values
    total: int | None = None
    back: bool = False


def digest(scope: Scope, query: Query) -> int:
    """A digest of what is asked for: a cursor of one query means nothing to another."""
    types = () if scope.several else scope.types
    pairs = sorted(pair for pair in query.used if pair[0] not in ("_cursor", "_count"))
    return crc32(orjson.dumps([types, scope.owner, pairs]))


def write(cursor: Cursor, digest: int) -> str:
    """The text of a cursor of the query that has the digest."""
    values = [*cursor.keys, cursor.back, cursor.total, digest]
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def read(text: str, keys: int, digest: int) -> Cursor:
    """The cursor of a text, "" for the first page; raises BadRequest for that of another query."""
    if not text:
        return Cursor([])
    if text == LAST:
        return Cursor([], back=True)
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        *after, back, total, whose = values
        plain = all(v is None or type(v) in (str, int, float) for v in after)
        if not isinstance(values, list) or len(after) != keys or not plain:
            raise ValueError
        if not (total is None or type(total) is int) or type(after[-1]) is not int:
            raise ValueError
        if type(back) is not bool:
            raise ValueError
        if whose != digest:
            raise BadRequest("this _cursor is of another query: take the link as it is", "_cursor")
    except (ValueError, TypeError, binascii.Error):
        raise BadRequest("take the link to the page as it was given", "_cursor") from None
    return Cursor(after, total, back)
