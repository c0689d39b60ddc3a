"""The one place that is asked, beside the store, for what the server has of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fhir_server.changes import Condition, Create, Keep, Settled, Update
from fhir_server.errors import Conflict, NotFound, PreconditionFailed
from fhir_server.own.source import Made, Own
from fhir_server.search.index import Codes
from fhir_server.store.types import Stored

Name = tuple[str, str]  # type, id


class Owned:
    """By type, what makes the server's own resources; none until they are taken up."""

    def __init__(self) -> None:
        self._by_type: Mapping[str, Own] = {}

    def take(self, by_type: Mapping[str, Own]) -> None:
        self._by_type = by_type

    def __contains__(self, type: str) -> bool:
        return type in self._by_type

    async def made(self, type: str) -> Made | None:
        """All of a type; None where the server has none of it."""
        own = self._by_type.get(type)
        return None if own is None else await own.made()

    async def get(self, type: str, id: str) -> Stored | None:
        """The resource of a type and id, if no stored one hides it."""
        made = await self.made(type)
        return None if made is None else made.get(type, id)

    async def matching(
        self, conditions: Iterable[Condition], most: int, codes: Mapping[Name, Codes]
    ) -> dict[Condition, tuple[Stored, ...]]:
        """What each condition matches of these, `most` at the most; raises Unresolved."""
        found = {}
        for asked in conditions:
            if (made := await self.made(asked.type)) is not None:
                query = [*asked.query, ("_count", str(most)), ("_total", "none")]
                page = made.search(asked.type, query, strict=True, codes=codes)
                found[asked] = page.entries
        return found

    def concerns(self, settled: Settled) -> bool:
        """Whether a change may be one that `check` raises for."""
        if settled.type not in self._by_type or isinstance(settled, (Create, Keep)):
            return False
        return not isinstance(settled, Update) or settled.if_none_match

    async def check(self, settled: Settled) -> None:
        """Raises Conflict, PreconditionFailed for what can't be done to one of these: another may
        be stored in its place, and that is all (R4 http 3.1.0.7: reasons of this resource)."""
        if not self.concerns(settled) or await self.get(settled.type, settled.id) is None:
            return
        name = f"{settled.type}/{settled.id}"
        if isinstance(settled, Update):
            raise PreconditionFailed(f"If-None-Match: {name} exists")
        raise Conflict(f"{name} is of the server itself: PUT another in its place", name)

    async def unversioned(self, type: str, id: str) -> None:
        """Raises NotFound that tells why there are no versions, where it is one of these."""
        if await self.get(type, id) is not None:
            raise NotFound(f"{type}/{id} is of the server itself, which keeps no versions of it")
