"""What a transaction Bundle comes to: where its links lead, what is written, then what is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from fhir_server.attempts import Looked
from fhir_server.bundles.entries import Entry
from fhir_server.bundles.links import Links
from fhir_server.bundles.reading import Reading, read
from fhir_server.changes import (
    Change,
    Condition,
    Create,
    Delete,
    Keep,
    Patch,
    Settled,
)
from fhir_server.conditions import matches
from fhir_server.errors import BadRequest, NotSupported, PreconditionFailed, located
from fhir_server.own import Made, found
from fhir_server.parse import parse
from fhir_server.patch import applying
from fhir_server.prepare import Prepared
from fhir_server.repository import Repository, do
from fhir_server.search.planner import search
from fhir_server.search.query import Pairs
from fhir_server.search.scope import Scope
from fhir_server.store.session import Session
from fhir_server.store.types import Page, Stored

ROUNDS = 8  # of references that are found only where others lead somewhere
Result = list[Stored] | Reading  # of one entry
Writes = dict[int, list[Prepared]]  # by entry


class Item(Struct, frozen=True):
    """An entry that writes: its change, and what has to be known before it can be done."""

    entry: Entry
    change: Change
    asked: dict[str, Condition]  # its references that are searches

    @property
    def place(self) -> str:
        """Of its resource."""
        return f"{self.entry.place}.resource"


class Plan:
    """One attempt: ids are known, links are rewritten, what can be prepared is.

    `made` is what the server has of its own of the types that are searched.
    """

    def __init__(
        self,
        repository: Repository,
        items: list[Item],
        reads: list[Entry],
        looked: Looked,
        made: Mapping[str, Made],
        *,
        strict: bool,
    ) -> None:
        self._strict, self._made, self._own = strict, made, looked.own
        self._repository, self._reads, self._found = repository, reads, looked.found
        self._compiled, self._codes = repository.parameters.compiled, looked.codes
        self._items = items
        self._settled: dict[int, list[Settled]] = {}  # what entries come to
        self._prepared: Writes = {}  # of those whose references are known
        self._targets: dict[str, str] = {}
        self._known: list[str] = []  # what entries are called
        self._links = Links({})
        self._written = {item.change.type for item in items}
        self.touched: set[tuple[str, str]] = set()

    def prepare(self) -> None:
        """Everything that can be done before the transaction; for any thread."""
        with located(part=".request") as spot:
            for item in self._items:
                spot.place = item.entry.place
                self._settled[item.entry.at] = self._repository.settle(item.change, self._found)
        self._check()
        with located(part=".resource") as spot:
            for item in self._items:
                spot.place = item.entry.place
                self._link(item)
        entries = (*(item.entry for item in self._items), *self._reads)
        self._known = [entry.full_url for entry in entries]
        self._links = Links(self._targets, self._known)
        known = [(item, self._references(item)) for item in self._items]
        self._prepared = self._prepare([(i, links) for i, links in known if links is not None])

    def run(self, session: Session) -> dict[int, Result]:
        """The transaction: deletions, creations, updates, then what waited for them, then reads."""
        results: dict[int, Result] = {}
        waiting = [item for item in self._items if item.entry.at not in self._prepared]
        self._do(session, self._items, self._prepared, results)
        for _ in range(ROUNDS):
            if not waiting:
                break
            ready = self._ready(session, waiting)
            self._do(session, waiting, self._prepare(ready), results)
            waiting = [item for item in waiting if item.entry.at not in results]
        if waiting:
            text = f"references that are searches lead to one another by more than {ROUNDS} chains"
            raise NotSupported(text, waiting[0].place)
        where = session.connection, session.numbers
        self._made = {type: made.beside(*where) for type, made in self._made.items()}
        find = partial(self._find, session)
        for entry in self._reads:
            with located(f"{entry.place}.request.url"):
                results[entry.at] = read(session, entry, self._repository.base_url, find, self._own)
        return results

    def settled(self) -> Iterator[tuple[Item, Settled]]:
        """What each entry comes to."""
        return ((item, each) for item in self._items for each in self._settled[item.entry.at])

    def _find(self, session: Session, scope: Scope, query: Pairs) -> Page:
        """A search of what is written by now, and of what the server has of its own."""
        where = session.connection, session.numbers, scope
        stored = partial(
            search,
            *where,
            base=self._repository.base_url,
            strict=self._strict,
            compiled=self._compiled,
            codes=self._codes,
        )
        type = scope.types[0]
        made = None if scope.owner else self._made.get(type)
        return found(made, stored, type, query, strict=self._strict, codes=self._codes)

    def _do(
        self, session: Session, items: Iterable[Item], writes: Writes, results: dict[int, Result]
    ) -> None:
        """Does the writes of those items that have some."""
        with located(part=".resource") as spot:
            for item in items:
                at, spot.place = item.entry.at, item.entry.place
                if at in writes:
                    results[at] = [do(session, each, self._own) for each in writes[at]]

    def _check(self) -> None:
        """No resource twice, neither by id nor by condition (R4 3.1.0.11.2)."""
        seen: set[Condition] = set()
        taken: set[tuple[str, str]] = set()
        for item in self._items:
            settled = self._settled[item.entry.at]
            for each in settled:
                key = each.type, each.id
                self.touched.add(key)
                if isinstance(each, Keep):
                    continue
                if key in taken:
                    text = f"{each.type}/{each.id} is written by another entry too"
                    raise BadRequest(text, f"{item.entry.place}.request.url")
                taken.add(key)
            asked = item.change.condition
            if asked is None or any(isinstance(each, Keep) for each in settled):
                continue
            if asked in seen:
                text = "another entry has the same condition"
                raise BadRequest(text, f"{item.entry.place}.request")
            seen.add(asked)

    def _link(self, item: Item) -> None:
        """What the entry's fullUrl stands for."""
        url, settled = item.entry.full_url or self._by_id(item), self._settled[item.entry.at]
        if not url or not settled or isinstance(item.change, (Delete, Patch)):
            return
        [each] = settled
        name = f"{each.type}/{each.id}"
        if url.endswith(name) and url[-len(name) - 1 : -len(name)] in ("", "/"):
            return
        self._targets[url] = name
        if url.startswith("urn:"):
            return
        if isinstance(each, Create):
            self._targets[f"{url}/_history/1"] = f"{name}/_history/1"
        base, _, own = url.rpartition(f"/{each.type}/")
        if base.startswith("http") and own and (each.type, own) not in self.touched:
            self._targets[f"{each.type}/{own}"] = name

    def _by_id(self, item: Item) -> str:
        """What a new resource without a fullUrl goes by in the Bundle: its type and the id it came
        with, unless that is another's that the Bundle writes."""
        if not isinstance(item.change, Create) or b'"id"' not in item.entry.body:
            return ""
        id = parse(item.entry.body).get("id")
        if not isinstance(id, str) or (item.change.type, id) in self.touched:
            return ""
        return f"{item.change.type}/{id}"

    def _references(self, item: Item) -> dict[str, str] | None:
        """The references that are searches, found; None where this transaction decides them."""
        if not item.asked or all(isinstance(s, Keep) for s in self._settled[item.entry.at]):
            return {}
        if any(asked.type in self._written for asked in item.asked.values()):
            return None
        return {
            text: self._only(item, asked, self._found[asked]) for text, asked in item.asked.items()
        }

    def _ready(
        self, session: Session, waiting: Sequence[Item]
    ) -> list[tuple[Item, dict[str, str]]]:
        """Those whose references are found, whatever the order of the entries: among all that is
        written and drafts of what waits itself, whose references lead nowhere.

        Raises PreconditionFailed where one matches several, or none is found.
        """
        asked = {c: item for item in reversed(waiting) for c in item.asked.values()}
        types = {c.type for c in asked}
        drafted = [item for item in waiting if item.change.type in types]
        drafts = [(i, {t: f"{c.type}/-" for t, c in i.asked.items()}) for i in drafted]
        found: dict[Condition, str] = {}
        with session.rehearsal() if drafted else nullcontext():
            self._do(session, drafted, self._prepare(drafts), {})
            where, base = (session.connection, session.numbers), self._repository.base_url
            for c, item in asked.items():
                with located(item.place):
                    ids = matches(*where, c, base, 2, self._compiled, self._codes)
                of_own = (id for id in self._found[c] if (c.type, id) in self._own)
                ids += tuple(id for id in of_own if (c.type, id) not in self.touched)
                if ids:
                    found[c] = self._only(item, c, ids)
        ready = [item for item in waiting if found.keys() >= set(item.asked.values())]
        if not ready:
            lost = next(c for c in waiting[0].asked.values() if c not in found)
            self._only(waiting[0], lost, ())
        return [(item, {t: found[c] for t, c in item.asked.items()}) for item in ready]

    def _only(self, item: Item, asked: Condition, ids: Sequence[str]) -> str:
        if len(ids) != 1:
            names = "&".join(name for name, _ in asked.query)
            count = "several resources" if ids else "no resource"
            text = f"the reference {asked.type}?{names} matches {count}, it must match one"
            raise PreconditionFailed(text, item.place)
        return f"{asked.type}/{ids[0]}"

    def _prepare(self, items: Sequence[tuple[Item, dict[str, str]]]) -> Writes:
        """The writes of items whose references are known."""
        whose = [item.entry for item, _ in items for _ in self._settled[item.entry.at]]
        places = [entry.place for entry in whose]
        writes = self._repository.prepare(self._linked(items), places)
        prepared: Writes = {item.entry.at: [] for item, _ in items}
        for entry, write in zip(whose, writes, strict=True):
            prepared[entry.at].append(write)
        return prepared

    def _linked(self, items: Sequence[tuple[Item, dict[str, str]]]) -> Iterator[Settled]:
        """The changes of items with the links of their resources as they are to be stored, one by
        one: each is prepared before the next is looked at."""
        with located(part=".resource") as spot:
            for item, known in items:
                spot.place = item.entry.place
                links = Links({**self._targets, **known}, self._known) if known else self._links
                for each in self._settled[item.entry.at]:
                    if isinstance(each, (Keep, Delete)):
                        yield each
                    elif isinstance(each, Patch):
                        body = links.rewritten(item.entry.body, "Parameters")
                        yield replace(each, apply=applying(*replace(item.entry, body=body).patch()))
                    else:
                        yield replace(each, resource=links.rewritten(item.entry.body, each.type))
