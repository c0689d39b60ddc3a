"""Queries too long for a URL, remembered for the links to their next pages."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from urllib.parse import urlencode

from fhir_server.errors import Gone

Pairs = tuple[tuple[str, str], ...]
LONG = 8_000  # characters of a query from which on the next page's link does without it
MOST = 32 << 20  # characters of all that are remembered; the last one asked is in any case
NAME = "_page"
CURSOR = "_cursor"


class LongQueries:
    """Searches by POST may name thousands of codes or ids, no URL takes those.

    Of the queries the latest are kept, in memory alone.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most, self._size = most, 0
        self._kept: OrderedDict[str, tuple[Pairs, int]] = OrderedDict()

    def short(self, query: Pairs) -> Pairs:
        """A query as the link to the next page has it."""
        whole = tuple(pair for pair in query if pair[0] != CURSOR)
        written = urlencode(whole)
        if len(written) <= LONG:
            return query
        key = blake2b(written.encode(), digest_size=12).hexdigest()
        if key not in self._kept:
            self._size += len(written)
        self._kept[key] = whole, len(written)
        self._kept.move_to_end(key)
        while self._size > self._most and len(self._kept) > 1:
            _, (_, size) = self._kept.popitem(last=False)
            self._size -= size
        return ((NAME, key), *(pair for pair in query if pair[0] == CURSOR))

    def whole(self, query: Pairs) -> Pairs:
        """The query that a link to a next page stands for; raises Gone where it was forgotten."""
        key = next((value for name, value in query if name == NAME), None)
        if key is None:
            return query
        if key not in self._kept:
            raise Gone("the search that this page is of is forgotten: ask it anew", NAME)
        self._kept.move_to_end(key)
        return self._kept[key][0] + tuple(pair for pair in query if pair[0] != NAME)
