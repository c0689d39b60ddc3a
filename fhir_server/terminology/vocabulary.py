"""The terminology that requests draw on: what users stored, what is loaded, what R4 defines."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from capability.terminology import borrowed, core, core_urls
from fhir_server.errors import NotFound
from fhir_server.repository import Repository
from fhir_server.terminology.published import find, published
from fhir_server.terminology.resources import TYPES, concept_map, shelf, table, value_set
from terminology.codesystem import CodeSystem
from terminology.conceptmap import ConceptMap
from terminology.grammars.expressions import ExpressionsLayer
from terminology.indexedsystem import LoadedLayer
from terminology.library import Layer, Library, Shelf
from terminology.lists import ListsLayer
from terminology.service import Terminology
from terminology.table import Table
from terminology.valueset import ValueSet

# a StructureDefinition says which value set an element of a context is bound to
FOLLOWED = (*TYPES, "StructureDefinition")
PAGE = 200  # stored resources read at once


class Core:
    """The specification's code systems and value sets, read one by one when asked for, and maps."""

    def __init__(self) -> None:
        self._maps: tuple[ConceptMap, ...] | None = None
        self._systems: dict[str, tuple[Table, ...]] = {}
        self._sets: dict[str, tuple[ValueSet, ...]] = {}

    def systems(self, url: str) -> Sequence[Table]:
        if url not in self._systems:
            if (resource := self._resource(url)) is None:
                return ()  # clients may ask for any number of these
            self._systems[url] = (table(resource),)
        return self._systems[url]

    def supplements(self, url: str) -> Sequence[Table]:
        return ()

    def value_sets(self, url: str) -> Sequence[ValueSet]:
        if url not in self._sets:
            if (resource := core("ValueSet", url)) is None:
                return ()
            self._sets[url] = (value_set(resource),)
        return self._sets[url]

    def concept_maps(self) -> Sequence[ConceptMap]:
        if self._maps is None:
            found = (core("ConceptMap", url) for url in core_urls("ConceptMap"))
            self._maps = tuple(concept_map(each) for each in found if each)
        return self._maps

    def _resource(self, url: str) -> dict[str, Any] | None:
        if resource := core("CodeSystem", url):
            return resource
        # systems that R4 uses without defining them (currencies …), as it lists them
        listed = [{"code": code, "display": display} for code, display in _borrowed(url).items()]
        fragment = {"url": url, "status": "active", "content": "fragment", "concept": listed}
        return fragment if listed else None


def _borrowed(url: str) -> dict[str, str]:
    """The displays that R4's value sets give to codes of a system that it does not define."""
    return {each["code"]: each["display"] for each in borrowed(url) if "display" in each}


class Vocabulary:
    """Gives each request its library. What was stored takes part from the next request on."""

    def __init__(self, terminology: Terminology, repository: Repository) -> None:
        self._terminology, self._repository = terminology, repository
        self._core = Core()
        self._expressions = ExpressionsLayer(_borrowed)
        self._lists = ListsLayer()
        self._renewed = -1
        self.renew()
        self._stored = Shelf()
        self._bodies: dict[tuple[str, str], bytes] = {}  # of stored value sets
        self._stored_as_of: tuple[int | None, ...] | None = None
        self._lock = asyncio.Lock()

    def renew(self) -> None:
        """Takes up what is loaded now, from the next request on."""
        terminology = self._terminology
        self._loaded = LoadedLayer(terminology.index, terminology.stored)
        self._fixed: tuple[Layer, ...] = (
            *(self._loaded, self._expressions),
            *(self._lists, self._core),
        )
        self._renewed += 1

    async def library(self, sent: Iterable[dict[str, Any]] = ()) -> Library:
        """The library of a request; the resources `sent` along come first.

        Raises BadRequest where one of them can't be read.
        """
        return Library((await self._current(), *self._fixed), sent=shelf(sent))

    def published(self) -> Iterable[dict[str, Any]]:
        """The resources of what is loaded and of what R4 defines."""
        return published(self.loaded())

    def renewed(self) -> int:
        """How often something else was loaded since the start."""
        return self._renewed

    async def read(self, type: str, id: str) -> dict[str, Any]:
        """The stored or published resource of an id; raises NotFound, Gone."""
        try:
            stored = await self._repository.read(type, id)
        except NotFound:
            if (own := find(type, id, self.loaded())) is None:
                raise
            return own
        resource: dict[str, Any] = orjson.loads(stored.body)
        return resource

    def loaded(self) -> Iterable[CodeSystem]:
        """Every loaded system, each version of it."""
        return [each for url in self._loaded.urls() for each in self._loaded.systems(url)]

    def settled(self) -> Library | None:
        """The library of a request that brings nothing along; None while a write is to be read."""
        if self.as_of() != self._stored_as_of:
            return None
        return Library((self._stored, *self._fixed))

    async def resource(self, value_set: ValueSet) -> dict[str, Any]:
        """The resource of a value set that was found by its url; {} where it has none."""
        await self._current()
        stored = self._bodies.get((value_set.url, value_set.version))
        return orjson.loads(stored) if stored else core("ValueSet", value_set.url) or {}

    async def systems(self) -> Mapping[str, Sequence[str]]:
        """The urls of all code systems with their versions, the default one last."""
        stored = await self._current()
        urls = {t.url for t in stored.tables if t.defines}
        library = Library((stored, *self._fixed))
        every = sorted(
            urls
            | set(self._loaded.urls())
            | set(self._expressions.urls())
            | set(self._lists.urls())
            | set(core_urls("CodeSystem"))
        )
        return {url: _default_last(library, url) for url in every}

    def as_of(self) -> tuple[int | None, ...]:
        """What changes with every write of a terminology resource, and with what is loaded."""
        return (self._renewed, *map(self._repository.attempts.written.get, FOLLOWED))

    async def _current(self) -> Shelf:
        as_of = self.as_of()
        if as_of != self._stored_as_of:
            async with self._lock:
                if as_of != self._stored_as_of:
                    found = await self._read()
                    self._stored, self._stored_as_of = shelf(found, strict=False), as_of
                    self._bodies = {
                        (each.get("url", ""), each.get("version", "")): orjson.dumps(each)
                        for each in found
                        if each["resourceType"] == "ValueSet"
                    }
        return self._stored

    async def _read(self) -> list[dict[str, Any]]:
        found = []
        for name in TYPES:
            query: Sequence[tuple[str, str]] = (("_count", str(PAGE)),)
            while query:
                page = await self._repository.search(name, query)
                found += [orjson.loads(stored.body) for stored in page.entries]
                query = page.next
        return found


def _default_last(library: Library, url: str) -> Sequence[str]:
    default = library.system(url)
    others = [each for each in library.versions(url) if default and each != default.version]
    return [*others, default.version] if default and default.version else others
