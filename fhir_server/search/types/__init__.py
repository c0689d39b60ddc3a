"""The search parameter types that this server does."""

from __future__ import annotations

from collections.abc import Mapping

from fhir_server.search.index import SearchType
from fhir_server.search.types import date, near, number, quantity, reference, string, token, uri

SEARCH_TYPES: Mapping[str, SearchType] = {
    "date": date.TYPE,
    "number": number.TYPE,
    "quantity": quantity.TYPE,
    "reference": reference.TYPE,
    "special": near.TYPE,
    "string": string.TYPE,
    "token": token.TYPE,
    "uri": uri.TYPE,
}
