"""The one door: versions, conflicts, transactions, what is refused before it is stored."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from pathlib import Path

import orjson
import pytest

from fhir_server.changes import Settled
from fhir_server.errors import BadRequest, Gone, Invalid, NotFound, PreconditionFailed
from fhir_server.parse import parse
from fhir_server.prepare import Prepared
from fhir_server.repository import Create, Delete, Repository, Update
from fhir_server.splice import members
from fhir_server.store.history import HistoryQuery
from tests.fhir_server.serving import opened, patient
from tests.reference import reference


def test_versions_are_kept_and_told_apart(tmp_path: Path) -> None:
    async def run(repository: Repository) -> None:
        first = await repository.create("Patient", patient(gender="male"))
        body = patient(id=first.id, gender="female")
        second, created = await repository.update("Patient", first.id, body)
        assert (first.version, second.version, created) == (1, 2, False)
        assert await repository.read("Patient", first.id) == second.__class__(
            "Patient", first.id, 2, second.last_updated, second.body
        )
        assert (await repository.vread("Patient", first.id, 1)).body == first.body
        third = await repository.delete("Patient", first.id)
        assert (third.version, third.deleted) == (3, True)
        with pytest.raises(Gone):
            await repository.read("Patient", first.id)
        with pytest.raises(Gone):
            await repository.vread("Patient", first.id, 3)
        with pytest.raises(NotFound):
            await repository.vread("Patient", first.id, 4)
        again, created = await repository.update("Patient", first.id, body)
        assert (again.version, created) == (4, True)
        told = [
            (s.version, s.method, s.deleted)
            for s in (await repository.history(HistoryQuery("Patient", first.id))).entries
        ]
        assert told == [
            (4, "PUT", False),
            (3, "DELETE", True),
            (2, "PUT", False),
            (1, "POST", False),
        ]

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_the_same_content_again_is_no_new_version(tmp_path: Path) -> None:
    async def run(repository: Repository) -> None:
        body = patient(id="same", gender="male")
        first, _ = await repository.update("Patient", "same", body)
        again, created = await repository.update("Patient", "same", body)
        assert (again.version, again.body, created) == (1, first.body, False)
        await repository.delete("Patient", "same")
        assert (await repository.delete("Patient", "same")).version == 2

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_no_update_is_lost(tmp_path: Path) -> None:
    """32 writers each add one to a counter, and try again when another was faster."""

    async def run(repository: Repository) -> None:
        def counter(n: int) -> bytes:
            return patient(id="c", multipleBirthInteger=n)

        await repository.update("Patient", "c", counter(0))

        async def add() -> int:
            refused = 0
            while True:
                stored = await repository.read("Patient", "c")
                n = orjson.loads(stored.body)["multipleBirthInteger"]
                try:
                    await repository.update("Patient", "c", counter(n + 1), stored.version)
                except PreconditionFailed:
                    refused += 1
                else:
                    return refused

        refused = await asyncio.gather(*(add() for _ in range(32)))
        last = await repository.read("Patient", "c")
        assert orjson.loads(last.body)["multipleBirthInteger"] == 32
        assert last.version == 33
        assert sum(refused) > 0

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_if_match_wants_a_living_resource(tmp_path: Path) -> None:
    async def run(repository: Repository) -> None:
        with pytest.raises(PreconditionFailed):
            await repository.update("Patient", "x", patient(id="x"), 1)
        await repository.update("Patient", "x", patient(id="x"))
        with pytest.raises(PreconditionFailed):
            await repository.delete("Patient", "x", 2)
        await repository.delete("Patient", "x", 1)
        with pytest.raises(PreconditionFailed):
            await repository.update("Patient", "x", patient(id="x"), 2)

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


def test_a_transaction_takes_dicts_and_bytes(tmp_path: Path) -> None:
    async def run(repository: Repository) -> None:
        person = {"resourceType": "Patient", "id": "p"}
        condition = {"resourceType": "Condition", "subject": {"reference": "Patient/p"}}
        stored = await repository.transact(
            [
                Update("Patient", "p", person),
                Create("Condition", condition),
                Create("Patient", patient(), "mine"),
            ]
        )
        assert [(s.type, s.id) for s in stored] == [
            ("Patient", "p"),
            ("Condition", "id-1"),
            ("Patient", "mine"),
        ]
        assert len({s.last_updated for s in stored}) == 1
        assert await repository.transact([]) == []
        await repository.transact([Delete("Condition", "id-1"), Delete("Patient", "p")])

    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))


REFUSED = [
    ("Patient", b"{", BadRequest),
    ("Patient", b'{"resourceType":"Patient","id":"a","id":"b"}', BadRequest),
    ("Patient", b'{"resourceType":"Group"}', BadRequest),
    ("Patient", b"{}", BadRequest),
    ("Patient", b'{"resourceType":"Patient","birthDate":"1970-02-30"}', Invalid),
    ("Patient", b'{"resourceType":"Patient","gender":"m"}', Invalid),
    ("Patient", b'{"resourceType":"Patient","meta":null}', Invalid),
    ("Patient", b'{"resourceType":"Patient","name":[]}', Invalid),
    ("Patience", b'{"resourceType":"Patience"}', NotFound),
]


@pytest.mark.parametrize(("kind", "body", "error"), REFUSED)
def test_what_is_wrong_is_not_stored(
    tmp_path: Path, kind: str, body: bytes, error: type[Exception]
) -> None:
    with opened(tmp_path) as (repository, store):
        with pytest.raises(error):
            asyncio.run(repository.create(kind, body))
        with pytest.raises(NotFound):
            store.read(kind, "id-1")


@pytest.mark.parametrize("resource_id", ["", "a/b", "a b", "x" * 65, "é"])
def test_ids_are_those_of_the_specification(tmp_path: Path, resource_id: str) -> None:
    with opened(tmp_path) as (repository, _), pytest.raises(BadRequest):
        asyncio.run(repository.update("Patient", resource_id, patient(id=resource_id)))


def test_what_takes_long_to_prepare_is_prepared_beside_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, beside = Repository.prepare, []

    def seen(self: Repository, settled: Iterable[Settled]) -> list[Prepared]:
        beside.append(threading.current_thread() is not threading.main_thread())
        return prepare(self, settled)

    async def run(repository: Repository) -> None:
        for body in (patient(), patient(), b'{"resourceType":"Basic","code":{"text":"a"}}'):
            await repository.create(parse(body)["resourceType"], body)
        await repository.create("Patient", patient(name=[{"text": "x" * 70_000}]))

    monkeypatch.setattr(Repository, "prepare", seen)
    with opened(tmp_path) as (repository, _):
        asyncio.run(run(repository))
    assert beside == [True, False, True, True]  # a type's first is, and what is large


def test_official_examples_come_back_byte_for_byte(tmp_path: Path) -> None:
    """All that validate; what does not is for the validator's own tests to judge."""

    async def run(repository: Repository) -> tuple[int, int]:
        kept = refused = 0
        for file in sorted(reference("data/fhir/examples").glob("*-*.json")):
            body = file.read_bytes()
            try:
                stored = await repository.create(parse(body)["resourceType"], body)
            except Invalid:
                refused += 1
                continue
            read = await repository.read(stored.type, stored.id)
            assert values(read.body) == values(body), file.name
            kept += 1
        return kept, refused

    with opened(tmp_path) as (repository, _):
        kept, refused = asyncio.run(run(repository))
    assert kept > 300
    assert refused < 10


def values(body: bytes) -> list[tuple[str, bytes]]:
    """The members but id and meta, each with its bytes."""
    found = members(body, 0, len(body))
    return [(m.name, body[m.start : m.end]) for m in found if m.name not in ("id", "meta")]
