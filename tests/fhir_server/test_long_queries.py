"""Long queries: the links to their next pages stay short and lead on."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from fhir_server.errors import Gone
from fhir_server.long_queries import LONG, LongQueries
from tests.fhir_server.serving import patient, served, talk

CURSOR = ("_cursor", "here")


def query(name: str, size: int = LONG) -> tuple[tuple[str, str], ...]:
    return ((name, "x" * size), ("_count", "2"))


def test_short_ones_are_left_as_they_are() -> None:
    asked = (("name", "x"), CURSOR)
    assert LongQueries().short(asked) == LongQueries().whole(asked) == asked


def test_long_ones_come_back() -> None:
    long = LongQueries()
    short = long.short((*query("a"), CURSOR))
    assert short[0][0] == "_page"
    assert short[1:] == (CURSOR,)
    assert long.whole(short) == (*query("a"), CURSOR)
    assert long.short((*query("a"), ("_cursor", "there")))[0] == short[0]


def test_the_oldest_are_forgotten() -> None:
    long = LongQueries(most=3 * LONG)
    first, second = long.short(query("a")), long.short(query("b"))
    long.whole(first)
    long.short(query("c"))
    assert long.whole(first) == query("a")
    with pytest.raises(Gone):
        long.whole(second)
    largest = long.short(query("d", 9 * LONG))
    assert long.whole(largest) == query("d", 9 * LONG)
    with pytest.raises(Gone):
        long.whole(first)


def test_a_search_for_thousands_is_paged(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        for n in range(5):
            await http.put(f"Patient/p{n}", content=patient(id=f"p{n}", active=True))
        ids = ",".join([*(f"none-{n:030}" for n in range(3000)), *(f"p{n}" for n in range(5))])
        form = {"_id": ids, "_count": "2", "_elements": "id", "_sort": "_id"}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        reply = await http.post("Patient/_search", data=form, headers=headers)
        found = []
        while True:
            told = reply.json()
            assert told["total"] == 5
            found += [entry["resource"] for entry in told["entry"]]
            following = [k["url"] for k in told["link"] if k["relation"] == "next"]
            if not following:
                break
            assert len(following[0]) < 200
            reply = await http.get(following[0])
        assert [each["id"] for each in found] == [f"p{n}" for n in range(5)]
        assert not any("active" in each for each in found)
        assert (await http.get("Patient?_page=0123")).status_code == 410

    with served(tmp_path) as app:
        talk(app, conversation)
