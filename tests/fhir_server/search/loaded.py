"""A database in memory with index rows of resources, to search in; an observation to put there."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from hypothesis import settings

from fhir_server.search.extract import rows
from fhir_server.search.planner import search
from fhir_server.store.connection import in_memory
from fhir_server.store.names import Numbers
from fhir_server.store.rows import Index
from fhir_server.store.types import Page

BASE = "https://this.test/fhir"
Resource = dict[str, Any]
quick = settings(max_examples=60, deadline=None)


def observation(**elements: object) -> Resource:
    return {"resourceType": "Observation", "id": "it", "status": "final", **elements}


class Loaded:
    """Resources as the store keeps them; `ts` is their number in order, in milliseconds."""

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self.connection = in_memory()
        weakref.finalize(self, self.connection.close)
        self.numbers = Numbers(self.connection)
        self.index = Index(self.connection, self.numbers)
        self.written = 0
        self.connection.execute("BEGIN")
        for resource in resources:
            self.add(resource)
        self.connection.execute("COMMIT")

    def add(self, resource: Resource) -> None:
        rid = self.index.target(resource["resourceType"], resource["id"])
        self.written += 1
        self.connection.execute(
            "UPDATE res SET vid = 1, ts = ?, del = 0, op = 1, body = ? WHERE rid = ?",
            (self.written, orjson.dumps(resource), rid),
        )
        self.index.change(rid, None, rows(resource, BASE))
        self.index.flush()

    def page(self, type: str, *pairs: tuple[str, str], strict: bool = True) -> Page:
        return search(self.connection, self.numbers, type, pairs, BASE, strict=strict)

    def find(self, type: str, *pairs: tuple[str, str]) -> list[str]:
        """The ids on the first page."""
        return [stored.id for stored in self.page(type, *pairs).entries]

    @contextmanager
    def holding(self, *resources: Resource) -> Iterator[Loaded]:
        """The database with some more resources, for a while."""
        self.connection.execute("BEGIN")
        try:
            for resource in resources:
                self.add(resource)
            yield self
        finally:
            self.connection.execute("ROLLBACK")
            self.numbers.forget()
            self.index.forget()


def escaped(value: str) -> str:
    """A value as a query writes it."""
    for mark in ("\\", ",", "|", "$"):
        value = value.replace(mark, f"\\{mark}")
    return value
