"""_text and _content: the same is found while resources wait for the full text, and after."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import orjson
import pytest

from fhir_server.search.words import holds, query, texts
from fhir_server.store import words
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
]


def body(id: str, div: str, city: str, **more: Any) -> bytes:
    text = {"status": "generated", "div": f"<div {XHTML}><p>{div or 'none'}</p></div>"}
    patient = {"resourceType": "Patient", "id": id, "text": text, "address": [{"city": city}]}
    return orjson.dumps(patient | more)


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
    assert read == indexed == set(expected.split())


def waiting(store: Store) -> int:
    return int(store.connection.execute("SELECT count(*) FROM todo").fetchone()[0])


def test_what_is_written_is_found_at_once_and_taken_up_later(tmp_path: Path) -> None:
    async def run() -> None:
        async def found(name: str, value: str) -> set[str]:
            page = await repository.search("Patient", [(name, value), ("_total", "none")])
            return {each.id for each in page.entries}

        for id, note in NOTES.items():
            await repository.update("Patient", id, body(id, *note))
        assert waiting(store) == 3
        for name, value, expected in QUERIES:
            assert await found(name, value) == set(expected.split()), value
        await repository.full_text.settled()
        assert waiting(store) == 0
        for name, value, expected in QUERIES:
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
