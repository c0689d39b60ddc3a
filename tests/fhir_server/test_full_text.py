"""_text and _content: the same is found while resources wait for the full text, and after."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from fhir_server.errors import BadRequest
from fhir_server.search.words import holds, query, read, texts
from fhir_server.store import words
from fhir_server.store.migrations import upgrade
from fhir_server.store.sqlite import Store
from tests.fhir_server.serving import opened

XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
NOTES = {
    "a": ("Enjoys <b>cycling</b> &amp; chess", "Łódź"),
    "b": ("Rides a bicycle in łódź", "cycling_club"),
    "c": ("", "Cycling"),
}
QUERIES = [
    ("_text", "cycling", "a"),
    ("_text", "CYC", "a"),
    ("_text", "chess enjoys", "a"),
    ("_text", "bicycle,chess", "a b"),
    ("_text", "łodz", "b"),
    ("_content", "łodz", "a b"),
    ("_content", "cycling", "a b c"),
    ("_content", "cycling_c", "b"),
    ("_content", "club", ""),
    ("_content", "generated", "a b c"),
    ("_content", "patient", ""),
    ("_text", "nothing", ""),
    ("_content", "cycling enjoys", "a"),
    ("_text", "chess OR bicycle", "a b"),
    ("_text", "(chess or bicycle) and rides", "b"),
    ("_content", "cycling and (chess bicycle or łodz)", "a b"),
    ("_content", "cycling not łodz", "c"),
    ("_content", "cycling and not (chess or bicycle)", "c"),
    ("_text", "none or bicycle not chess", "b c"),
    ("_text", "łodz not cycling", "b"),
    ("_text", "enjoys or (rides NOT chess not nobody)", "a b"),
]

# of words that follow each other: the full text alone finds more
PHRASES = [
    ("_text", '"rides a"', "b"),
    ("_text", '"a rides"', ""),
    ("_text", '"cycling chess"', "a"),
    ("_text", '"cycl"', ""),
    ("_text", '"enjoys" or "in łódź"', "a b"),
    ("_text", 'a not "bicycle rides"', "b"),
    ("_text", 'a not "rides a"', ""),
    ("_content", '"łódź" cycling', "a b"),
]


def body(id: str, div: str, city: str, **more: Any) -> bytes:
    text = {"status": "generated", "div": f"<div {XHTML}><p>{div or 'none'}</p></div>"}
    patient = {"resourceType": "Patient", "id": id, "text": text, "address": [{"city": city}]}
    return orjson.dumps(patient | more)


def test_brackets_are_not_nested_without_end() -> None:
    assert read(f"{'(' * 20}bone{')' * 20}", "_text") == "bone"
    for depth in (21, 3_000):
        with pytest.raises(BadRequest, match="up to 20 brackets"):
            read(f"{'(' * depth}bone{')' * depth}", "_text")


@pytest.mark.parametrize("value", ["bone " * 301, f'"{"bone " * 301}"'])
def test_words_have_an_end(value: str) -> None:
    with pytest.raises(BadRequest, match="up to 300 words"):
        read(value, "_text")


@pytest.mark.parametrize("value", ["not bone", "bone or not liver", "bone and (not liver)", "not"])
def test_something_is_wanted_beside_what_is_not(value: str) -> None:
    with pytest.raises(BadRequest, match=r"beside what is|a word was expected"):
        read(value, "_text")


@pytest.mark.parametrize(("name", "value", "expected"), QUERIES)
def test_both_ways_agree(name: str, value: str, expected: str) -> None:
    """What is read and what FTS5 finds."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE words USING fts5(narrative, other, content='', detail=column,"
        " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    )
    bodies = {n: body(n, *note) for n, note in NOTES.items()}
    for at, each in enumerate(bodies.values()):
        row = (at, *texts(each))
        connection.execute("INSERT INTO words (rowid, narrative, other) VALUES (?, ?, ?)", row)
    read, indexed = set(), set()
    for one in value.split(","):
        read |= {n for n, each in bodies.items() if holds(name, one, each)}
        rows = connection.execute(
            "SELECT rowid FROM words WHERE words MATCH ?", (query(one, name),)
        )
        indexed |= {list(bodies)[at] for (at,) in rows}
    connection.close()
    assert read == indexed == set(expected.split())


def waiting(store: Store) -> int:
    new = "SELECT rid FROM res WHERE body IS NOT NULL AND rid > (SELECT rid FROM seen)"
    sql = f"SELECT count(*) FROM (SELECT rid FROM todo UNION {new})"  # noqa: S608
    return int(store.connection.execute(sql).fetchone()[0])


def test_what_is_written_is_found_at_once_and_taken_up_later(tmp_path: Path) -> None:
    async def run() -> None:
        async def found(name: str, value: str) -> set[str]:
            page = await repository.search("Patient", [(name, value), ("_total", "none")])
            return {each.id for each in page.entries}

        for id, note in NOTES.items():
            await repository.update("Patient", id, body(id, *note))
        assert waiting(store) == 3
        for name, value, expected in (*QUERIES, *PHRASES):
            assert await found(name, value) == set(expected.split()), value
        await repository.full_text.settled()
        assert waiting(store) == 0
        for name, value, expected in (*QUERIES, *PHRASES):
            assert await found(name, value) == set(expected.split()), value
        await repository.update("Patient", "a", body("a", "Sails", "Gdynia"))
        await repository.delete("Patient", "c")
        for _ in range(2):
            assert await found("_text", "cycling,sails") == {"a"}
            assert await found("_content", "cycling") == {"b"}
            await repository.full_text.settled()
        assert waiting(store) == 0
        await repository.reindex()
        assert waiting(store) == 2
        assert await found("_text", "sails") == {"a"}
        await repository.full_text.close()

    with opened(tmp_path) as (repository, store):
        asyncio.run(run())


def test_an_index_of_the_past_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "STALE", 3)

    async def run() -> None:
        for n in range(6):
            await repository.update("Patient", "a", body("a", f"word{n}", "x"))
            await words.index(store, texts)
        count = store.connection.execute("SELECT max(doc) FROM doc").fetchone()[0]
        assert (waiting(store), count) == (0, 1)
        page = await repository.search("Patient", [("_text", "word5"), ("_total", "none")])
        assert [each.id for each in page.entries] == ["a"]
        await repository.full_text.close()

    with opened(tmp_path) as (repository, store):
        asyncio.run(run())


def before(folder: Path, *, indexed: bool) -> None:
    """A database of revision 0006: three patients, the words of two taken up, or of none."""
    with closing(sqlite3.connect(folder / "store.sqlite", isolation_level=None)) as connection:
        upgrade(connection, "0006")
        connection.execute("INSERT INTO type VALUES (1, 'Patient')")
        for at, (id, note) in enumerate(NOTES.items(), 1):
            row = (at, 1, id, 1, 0, 0, 1, body(id, *note))
            connection.execute("INSERT INTO res VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            if indexed and at < 3:
                connection.execute("INSERT INTO doc VALUES (?, ?)", (at, at))
                told = (at, *texts(row[-1]))
                connection.execute(
                    "INSERT INTO words (rowid, narrative, other) VALUES (?, ?, ?)", told
                )
                connection.execute("DELETE FROM todo WHERE rid = ?", (at,))


@pytest.mark.parametrize("indexed", [True, False])
def test_what_waited_in_an_earlier_revision_is_found(tmp_path: Path, indexed: bool) -> None:
    before(tmp_path, indexed=indexed)

    async def run() -> None:
        assert waiting(store) == (1 if indexed else 3)
        for _ in range(2):
            page = await repository.search("Patient", [("_content", "cycling")])
            assert {each.id for each in page.entries} == {"a", "b", "c"}
            await repository.full_text.settled()
            assert waiting(store) == 0
        assert await words.index(store, texts) == 0
        await repository.create("Patient", body("d", "Cycling", "x"))
        assert waiting(store) == 1
        page = await repository.search("Patient", [("_text", "cycling"), ("_total", "none")])
        assert len(page.entries) == 2
        await repository.full_text.close()

    with opened(tmp_path) as (repository, store):
        asyncio.run(run())


def test_what_changes_while_it_is_read_waits_on(tmp_path: Path) -> None:
    async def run() -> None:
        for id, note in NOTES.items():
            await repository.update("Patient", id, body(id, *note))
        read = await store.query(lambda c, _: words._read(c, texts))
        await repository.update("Patient", "c", body("c", "Sails", "Gdynia"))
        await repository.update("Patient", "e", body("e", "Sails", "Gdynia"))
        await store.transact(lambda s: words._put(s, read), ())
        assert waiting(store) == 2
        await words.reset(store)
        await store.transact(lambda s: words._put(s, read), ())  # of an index that is no more
        await words.index(store, texts)
        assert waiting(store) == 0
        page = await repository.search("Patient", [("_text", "sails"), ("_total", "none")])
        assert {each.id for each in page.entries} == {"c", "e"}
        await repository.full_text.close()

    with opened(tmp_path) as (repository, store):
        asyncio.run(run())
