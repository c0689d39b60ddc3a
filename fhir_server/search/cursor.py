"""Where a page of a search ended, as the link to the next one tells it."""

from __future__ import annotations

import base64
import binascii
from zlib import crc32

import orjson

from fhir_server.errors import BadRequest
from fhir_server.search.query import Query
from fhir_server.search.scope import Scope

Cursor = list[str | int | float | None]


def digest(scope: Scope, query: Query) -> int:
    """A digest of what is asked for: a cursor of one query means nothing to another."""
    types = () if scope.several else scope.types
    pairs = sorted(pair for pair in query.used if pair[0] not in ("_cursor", "_count"))
    return crc32(orjson.dumps([types, scope.owner, pairs]))


def write(values: Cursor) -> str:
    """The text of a cursor: sort keys, the total, the digest of the query."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def read(text: str, keys: int, digest: int) -> tuple[Cursor, int | None]:
    """The sort keys of the last resource of the page before, and the total; raises BadRequest for
    the cursor of another query."""
    if not text:
        return [], None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        *after, total, whose = values
        plain = all(v is None or type(v) in (str, int, float) for v in after)
        if not isinstance(values, list) or len(after) != keys or not plain:
            raise ValueError
        if not (total is None or type(total) is int) or type(after[-1]) is not int:
            raise ValueError
        if whose != digest:
            raise BadRequest("this _cursor is of another query: take the link as it is", "_cursor")
    except (ValueError, TypeError, binascii.Error):
        raise BadRequest("take the link to the next page as it was given", "_cursor") from None
    return after, total
