"""Changes that conditions decide: done if nobody else has changed what those matched, else tried
again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from fhir_server.changes import Condition, Found, Moved
from fhir_server.conditions import matches
from fhir_server.custom import Parameters
from fhir_server.errors import Conflict
from fhir_server.own.owned import Owned
from fhir_server.search.builder import Unresolved
from fhir_server.search.index import Codes
from fhir_server.store.names import Numbers
from fhir_server.store.session import Session
from fhir_server.store.sqlite import Store
from fhir_server.store.types import Absent, Connection, Stored

T = TypeVar("T")
Known = Mapping[tuple[str, str], Codes]

TRIES = 64  # of a change whose conditions others write to meanwhile
MOST = 1000  # resources that one conditional delete may end


class Looked(NamedTuple):
    """What conditions matched when the store stood at `mark`; `codes` is what modifiers in them
    stand for, by (modifier, value); `generation` is that of the search parameters. `stored` is
    what of the matches is stored, `own` what else came up: resources of the server itself."""

    mark: int
    found: Found
    codes: Known
    generation: int
    stored: Found
    own: Mapping[tuple[str, str], Stored]


class Attempts:
    """`resolve` finds the codes that a modifier stands for; where `several` resources may match a
    condition they are all looked up; `integrity` says that references lead to what is there, or to
    what the server has of its `own`."""

    def __init__(
        self,
        store: Store,
        parameters: Parameters,
        base_url: str,
        resolve: Callable[[Unresolved], Awaitable[Codes]],
        own: Owned,
        *,
        several: bool,
        integrity: bool,
    ) -> None:
        self._store, self._parameters, self._base = store, parameters, base_url
        self._resolve, self._own, self._integrity = resolve, own, integrity
        self._most = MOST + 1 if several else 2
        self._taking: set[asyncio.Task[None]] = set()  # up the parameters that were written
        self.written: Counter[str] = Counter()  # changes since the start, by resource type

    async def run(
        self, conditions: Iterable[Condition], change: Callable[[Looked], Awaitable[T]]
    ) -> T:
        """Awaits `change` with what the conditions match; again where that changed meanwhile, or
        where the codes that a search in it names had to be found out first."""
        asked = tuple(dict.fromkeys(conditions))
        known: dict[tuple[str, str], Codes] = {}
        of_own = tuple(each for each in asked if each.type in self._own) if asked else ()
        own: dict[tuple[str, str], Stored] = {}
        moved = 0
        while moved < TRIES:
            mark = self._store.mark()
            try:
                stored = found = await self._store.query(self._look(asked, known)) if asked else {}
                if of_own:
                    matched = await self._own.matching(of_own, self._most, known)
                    own |= {(s.type, s.id): s for entries in matched.values() for s in entries}
                    ids = {asked: [s.id for s in entries] for asked, entries in matched.items()}
                    found = {asked: (*stored[asked], *ids.get(asked, ())) for asked in stored}
                generation = self._parameters.generation
                return await change(Looked(mark, found, known, generation, stored, own))
            except Moved:
                moved += 1
            except Unresolved as wanted:
                known[wanted.modifier, wanted.value] = await self._resolve(wanted)
            except Absent as lost:
                if (there := await self._own.get(*lost.name)) is None:
                    raise
                own[lost.name] = there
        raise Conflict("others keep changing what the conditions match: try again later")

    async def commit(
        self, job: Callable[[Session], T], touched: Collection[tuple[str, str]], looked: Looked
    ) -> T:
        """Runs a job in one transaction if the conditions still match what they did, and index
        rows are still taken by the same search parameters.

        `touched` are the (type, id) that it writes. Raises Moved, and what the job raises.
        """

        def run(session: Session) -> T:
            if looked.generation != self._parameters.generation:
                raise Moved("what resources can be searched by has changed")
            if any(session.holds(*each) for each in _unstored(looked)):
                raise Moved("another is stored in the place of what a condition matches")
            if looked.stored and session.moved(looked.mark):
                look = self._look(tuple(looked.stored), looked.codes)
                if look(session.connection, session.numbers) != looked.stored:
                    raise Moved("what a condition matches has changed")
            result = job(session)
            if self._integrity:
                session.check_integrity(looked.own)
            return result

        taking: list[asyncio.Task[None]] = []

        def told() -> None:
            types = [type for type, _ in touched]
            self.written.update(types)
            if "SearchParameter" in types:
                taking.append(task := asyncio.create_task(self._parameters.changed()))
                self._taking.add(task)
                task.add_done_callback(self._taking.discard)

        result = await self._store.transact(run, touched, told)
        for task in taking:
            await asyncio.shield(task)
        return result

    def _look(
        self, asked: Sequence[Condition], codes: Known
    ) -> Callable[[Connection, Numbers], Found]:
        compiled = self._parameters.compiled
        return lambda c, n: {
            a: matches(c, n, a, self._base, self._most, compiled, codes) for a in asked
        }


def _unstored(looked: Looked) -> Iterator[tuple[str, str]]:
    """What conditions matched among the server's own, by type and id."""
    for asked, stored in looked.stored.items():
        yield from ((asked.type, id) for id in looked.found[asked][len(stored) :])
