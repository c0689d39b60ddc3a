"""JSON read so that it can be changed and written again: decimals keep their digits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from fhir_server.parse import not_json
from fhir_server.patch.limits import DEEPEST, check_depth

_DECODER = msgspec.json.Decoder(Any, float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def load(body: bytes) -> Any:
    """The JSON value, decimals as Decimal; raises BadRequest."""
    try:
        value = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise not_json(body, error) from None
    if body.count(b"{") + body.count(b"[") > DEEPEST:
        check_depth(value)
    return value


def dump(value: Any) -> bytes:
    """A value of `load` as JSON."""
    return _ENCODER.encode(value)


def same(one: Any, other: Any) -> bool:
    """Equality of JSON values (RFC 6902 4.6): true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(v, other[k]) for k, v in one.items())
    return bool(one == other)
