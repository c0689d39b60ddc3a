"""Makes tests of criteria: the SQL that each of them comes to in one store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import orjson

from fhir_server.errors import BadRequest, NotSupported
from fhir_server.search import canonicals, embedded, in_text, itself, lists
from fhir_server.search.alternatives import gathered
from fhir_server.search.arms import ID, MOST, Args, Arm, Test, few, of_one
from fhir_server.search.index import Clause, Codes, IndexPath, Keys
from fhir_server.search.terms import (
    Chain,
    Criterion,
    Each,
    Either,
    Has,
    Listed,
    Match,
    Missing,
    Not,
    Own,
    Words,
)
from fhir_server.search.types import SEARCH_TYPES, near, span
from fhir_server.store.names import UNKNOWN, Numbers
from fhir_server.store.types import Connection

KINDS = {**SEARCH_TYPES, "span": span.TYPE}
BACK = {"ref": "ref_back", "dat": "dat_back"}  # indexes that start at the row id
LIST = "SELECT body FROM res WHERE id = ? AND type = ? AND del = 0"
LISTED = """SELECT r.rid AS rid FROM json_each(?) j CROSS JOIN res r ON r.id = j.value
    WHERE r.type = ? AND r.del = 0"""
NEXT_SYSTEM = "SELECT min(sys) FROM tok WHERE p = ? AND code = ? AND sys > ?"


class Unresolved(NotSupported):
    """What a modifier and its value stand for must be found out first: ask again with it."""

    def __init__(self, modifier: str, value: str) -> None:
        super().__init__(f":{modifier} needs a terminology service, there is none here")
        self.modifier, self.value = modifier, value


class Builder:
    """Makes the tests of criteria with the numbers of one store."""

    def __init__(
        self,
        connection: Connection,
        numbers: Numbers,
        base: str,
        codes: Mapping[tuple[str, str], Codes] | None = None,
    ) -> None:
        """`codes` are what (modifier, value) stand for, as far as was found out."""
        self.connection, self.numbers, self.base = connection, numbers, base
        self._codes = codes or {}
        number = numbers.types.find
        self._keys = Keys(numbers.system, number, self._systems, base, self._members)

    def tests(self, criterion: Criterion) -> Iterator[Test]:
        """The tests that all must hold. Raises BadRequest, NotSupported with the place."""
        match criterion:
            case Match(name, kind, places, "not" | "not-in" as modifier, values):
                meant = "" if modifier == "not" else modifier
                yield Test(self._matches(name, kind, places, meant, values), none=True)
            case Missing(_, kind, places, missing):
                yield Test(tuple(self._anything(kind, places)), none=missing)
            case Not(type, inner):
                yield Test((self._nested(type, inner),), none=True)
            case Words(type, name, values):
                wait = in_text.waiting(self.connection)
                found = in_text.arms(self.numbers.types.find(type), name, values, waiting=wait)
                yield Test(tuple(found), costly=wait)
            case Each(_, criteria):
                for each in criteria:
                    yield from self.tests(each)
            case _:
                yield Test(tuple(self._arms(criterion)))

    def _arms(self, criterion: Criterion) -> Iterable[Arm]:
        match criterion:
            case Match(name, kind, places, modifier, values):
                return self._matches(name, kind, places, modifier, values)
            case Own(name, values, type):
                return self._own(name, values, type)
            case Chain(places, links):
                return self._chain(places, links)
            case Has():
                return self._has(criterion)
            case Either(type, criteria):
                return (self._nested(type, each) for each in criteria)
            case Listed(type, id):
                return (self._listed(type, id),)
        raise TypeError(f"{criterion!r} has no arms")

    def _matches(
        self,
        name: str,
        kind: str,
        places: tuple[IndexPath, ...],
        modifier: str,
        values: tuple[str, ...],
    ) -> tuple[Arm, ...]:
        if kind == "special":
            near.register(self.connection)
        where = KINDS["token" if modifier == "identifier" else kind].where
        arms: list[Arm] = []
        for place in places:
            try:
                each = [c for value in values for c in where(place, value, modifier, self._keys)]
            except BadRequest as error:
                raise BadRequest(str(error), name) from None
            arms += [arm for clause in gathered(each) for arm in self._clause(place, clause)]
        return few(arms, name)

    def _clause(self, place: IndexPath, clause: Clause) -> Iterator[Arm]:
        path = self.numbers.paths.find(place.path + clause.under)
        if path == UNKNOWN:
            return
        table, where, args = clause.table, f"p = ? AND {clause.sql}", (path, *clause.args)
        select = f"SELECT rid FROM {table} WHERE {where}"
        if clause.point:
            probe = f"EXISTS (SELECT 1 FROM {table} WHERE {where} AND rid = {ID})"
        elif table in BACK:
            back = f"{table} INDEXED BY {BACK[table]}"
            probe = f"EXISTS (SELECT 1 FROM {back} WHERE {of_one(where)} AND rid = {ID})"
        else:
            probe = f"{ID} IN ({select})"
        yield Arm(select, probe, args, unique=clause.point)

    def _anything(self, kind: str, places: tuple[IndexPath, ...]) -> Iterator[Arm]:
        for place, target in dict.fromkeys((p.path, p.target) for p in places):
            inside = place.endswith(f".as({target})")  # of a Bundle, see embedded
            if kind == "reference" and target and not inside:
                yield from self._referred(place, target)
                continue
            for table in SEARCH_TYPES[kind].tables:
                yield from self._clause(IndexPath(place), Clause(table, "1", ()))

    def _referred(self, place: str, target: str) -> Iterator[Arm]:
        """References to resources of one type: by what is stored of them, or by their URL."""
        path, number = self.numbers.paths.find(place), self.numbers.types.find(target)
        walk = (
            "FROM ref f INDEXED BY ref_back CROSS JOIN res t ON t.rid = f.tgt_rid"
            " WHERE f.p = ? AND t.type = ?"
        )
        select = f"SELECT f.rid AS rid {walk.replace(' INDEXED BY ref_back', '')}"
        yield Arm(select, f"EXISTS (SELECT 1 {walk} AND f.rid = {ID})", (path, number))
        yield from self._clause(IndexPath(place), Clause("uri", "instr(uri, ?)", (f"/{target}/",)))

    def _own(self, name: str, values: tuple[str, ...], type: str) -> Iterator[Arm]:
        number = self.numbers.types.find(type)
        for clause in gathered([itself.clause(name, value) for value in values]):
            where = f"type = ? AND del = 0 AND {clause.sql}"
            yield Arm(
                f"SELECT rid FROM res WHERE {where}",
                f"EXISTS (SELECT 1 FROM res WHERE {where} AND rid = {ID})",
                (number, *clause.args),
                unique=clause.point,
            )

    def _chain(
        self, places: tuple[IndexPath, ...], links: tuple[tuple[str, Criterion], ...]
    ) -> Iterator[Arm]:
        for type, link in links:
            inner, args = self._inner(type, link)
            for place in places:
                path = self.numbers.paths.find(place.path)
                where = f"p = ? AND tgt_rid IN ({inner})"
                probe = (
                    f"EXISTS (SELECT 1 FROM ref INDEXED BY ref_back"
                    f" WHERE {of_one(where)} AND rid = {ID})"
                )
                yield Arm(f"SELECT rid FROM ref WHERE {where}", probe, (path, *args))
                if by := canonicals.named(self.numbers, place, type):
                    select = f"SELECT u.rid AS rid {by[0]} AND t.rid IN ({inner})"
                    yield Arm(select, f"{ID} IN ({select})", (*by[1], *args))
                yield from self._contained(place.path, type, link)

    def _contained(self, path: str, type: str, link: Criterion) -> Iterator[Arm]:
        """A contained resource that is referred to at the path, where any ever was."""
        at, outer = embedded.contained_at(path, type), path.partition(".")[0]
        if self.numbers.paths.find(at.path) == UNKNOWN:
            return
        inner: Criterion | None = None
        with suppress(NotSupported):  # what only resources of their own have: _id, _has …
            inner = embedded.within(link, outer, at, path)
        if inner is not None:
            yield self._nested(outer, inner)

    def _has(self, has: Has) -> Iterator[Arm]:
        inner, args = self._inner(has.source, has.inner)
        number = self.numbers.types.find(has.type)
        for place in has.places:
            select = (
                f"SELECT t.rid AS rid FROM ({inner}) i"
                " CROSS JOIN ref f INDEXED BY ref_back ON f.rid = i.rid AND f.p = ?"
                " CROSS JOIN res t ON t.rid = f.tgt_rid AND t.type = ? AND t.del = 0"
            )
            path = self.numbers.paths.find(place.path)
            yield Arm(select, f"{ID} IN ({select})", (*args, path, number))
            if by := canonicals.named(self.numbers, place, has.type):
                select = f"SELECT t.rid AS rid {by[0]} AND u.rid IN ({inner})"
                yield Arm(select, f"{ID} IN ({select})", (*by[1], *args))

    def _nested(self, type: str, criterion: Criterion) -> Arm:
        """One arm for all that a criterion asks of resources of the type."""
        select, args = self._inner(type, criterion)
        return Arm(select, f"{ID} IN ({select})", args)

    def _listed(self, type: str, name: str) -> Arm:
        """What the List itself says is in it: the index does not tell entries that are deleted."""
        id, base = lists.id_of(name, self._keys.base), self._keys.base
        find = self.numbers.types.find
        row = self.connection.execute(LIST, (id, find("List"))).fetchone()
        ids = lists.members(row[0], type, base) if row else []
        return Arm(LISTED, f"{ID} IN ({LISTED})", (orjson.dumps(ids).decode(), find(type)))

    def _inner(self, type: str, criterion: Criterion) -> tuple[str, Args]:
        """The SELECT of what meets a criterion inside another, as flat as can be: SQLite's parser
        takes a chain of three with its references, their resources and these each in brackets, no
        more."""
        tests = list(self.tests(criterion))
        if len(tests) == 1 and not tests[0].none:
            return tests[0].rids(once=False), tests[0].args
        return self.matching(type, tests)

    def matching(
        self, type: str, tests: Sequence[Test], columns: str = "d.rid AS rid"
    ) -> tuple[str, Args]:
        """The SELECT of the resources that pass, walked by the first test that is not `none`.

        The row id is d.rid; with no such test all of the type are walked, and d is `res`.
        """
        lead = next((t for t in tests if not t.none), None)
        args: Args
        if lead is None:
            walk, args = "res d WHERE d.type = ? AND d.del = 0", (self.numbers.types.find(type),)
        else:
            walk, args = f"({lead.rids()}) d WHERE 1", lead.args
        for test in tests:
            if test is not lead:
                walk += f" AND {test.condition('d.rid')}"
                args += test.args
        return f"SELECT {columns} FROM {walk}", args

    def _members(self, modifier: str, value: str) -> Codes:
        if (modifier, value) not in self._codes:
            raise Unresolved(modifier, value)
        return self._codes[modifier, value]

    def _systems(self, path: str, code: str) -> list[int]:
        """The systems under which a path has a code, by one seek each."""
        place, last = self.numbers.paths.find(path), -1
        found: list[int] = []
        while len(found) < MOST:
            row = self.connection.execute(NEXT_SYSTEM, (place, code, last)).fetchone()
            if row is None or row[0] is None:
                break
            last = int(row[0])
            found.append(last)
        return found
