"""History of a resource, a type, the system: times, pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fhir_server.serving import BASE, patient, served, talk

Names = list[str]


async def life(http: httpx.AsyncClient) -> None:
    """Six versions, a second apart: a1 a2 (Group g1) b1 a3 (deleted) b2."""
    await http.put("Patient/a", content=patient(id="a"))
    await http.put("Patient/a", content=patient(id="a", active=True))
    group = b'{"resourceType":"Group","id":"g","type":"person","actual":false}'
    assert (await http.put("Group/g", content=group)).status_code == 201
    await http.put("Patient/b", content=patient(id="b"))
    await http.delete("Patient/a")
    await http.put("Patient/b", content=patient(id="b", active=True))


def told(bundle: dict[str, Any]) -> Names:
    return [
        e["request"]["url"].partition("/")[2] + e["response"]["etag"][3:-1]
        for e in bundle.get("entry", ())
    ]


ASKED: list[tuple[str, str]] = [
    ("_history", "b2 a3 b1 g1 a2 a1"),
    ("Patient/_history", "b2 a3 b1 a2 a1"),
    ("Group/_history", "g1"),
    ("Patient/a/_history", "a3 a2 a1"),
    ("Patient/_history?_since=2026-03-01T12:00:03Z", "b2 a3 b1"),
    ("Patient/_history?_since=2027", ""),
    ("_history?_at=2026-03-01T12:00:00.500Z", "a1"),
    ("_history?_at=2026-03-01T12:00:03.500Z", "b1 g1 a2"),
    ("Patient/a/_history?_at=2026-03-01", "a3 a2 a1"),
    ("Patient/a/_history?_at=2025", ""),
    ("Observation/_history", ""),
]


@pytest.mark.parametrize(("url", "expected"), ASKED)
def test_history(tmp_path: Path, url: str, expected: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await life(http)
        bundle = (await http.get(url)).json()
        assert told(bundle) == expected.split()
        assert bundle["total"] == len(expected.split())

    with served(tmp_path) as app:
        talk(app, conversation)


LISTED: list[tuple[str, str]] = [
    ("_history?_list=some", "b2 b1 g1 a2"),
    ("Patient/_history?_list=List/some", "b2 b1 a2"),
    (f"Patient/a/_history?_list={BASE}/List/some&_count=1", "a2"),
    ("Patient/_history?_list=some&_since=2026-03-01T12:00:04Z", "b2"),
    ("_history?_list=nothing", ""),
    ("_history?_list=some,some", "b2 b1 g1 a2"),
    ("_history?_list=nothing,$current-problems", "c2 c1"),
    ("_history?_list=$current-problems", "c2 c1"),
]


@pytest.mark.parametrize(("url", "expected"), LISTED)
def test_history_of_what_a_list_refers_to(tmp_path: Path, url: str, expected: str) -> None:
    def condition(status: str) -> dict[str, Any]:
        told = {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical"}
        made = {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/b"}}
        return made | {"clinicalStatus": {"coding": [told | {"code": status}]}}

    items = ("Patient/a/_history/2", "Patient/a/_history/x", "Group/g", "Patient/b", "Device/none")
    listed = {"resourceType": "List", "id": "some", "status": "current", "mode": "working"}
    listed["entry"] = [{"item": {"reference": item}} for item in items]

    async def conversation(http: httpx.AsyncClient) -> None:
        await life(http)
        for status in ("resolved", "active"):
            await http.put("Condition/c", json=condition(status))
        assert (await http.put("List/some", json=listed)).status_code == 201
        bundle = (await http.get(url)).json()
        assert told(bundle) == expected.split()
        assert bundle["total"] == len(expected.split())

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize("url", ["_history", "Patient/_history", "Patient/a/_history"])
def test_pages_make_the_whole_though_others_write(tmp_path: Path, url: str) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await life(http)
        whole = told((await http.get(url)).json())
        found: Names = []
        following = f"{BASE}/{url}?_count=2"
        while following:
            bundle = (await http.get(following)).json()
            found += told(bundle)
            assert bundle["total"] == len(whole)
            links = {each["relation"]: each["url"] for each in bundle["link"]}
            assert links.get("first", links["self"]) == f"{BASE}/{url}?_count=2"
            following = links.get("next", "")
            await http.post("Patient", content=patient())
        assert found == whole
        back = told(bundle)
        while before := {each["relation"]: each["url"] for each in bundle["link"]}.get("previous"):
            bundle = (await http.get(before)).json()
            assert len(told(bundle)) <= 2
            back = told(bundle) + back
        assert back[-len(whole) :] == whole
        assert (len(back) > len(whole)) == ("Patient/a" not in url)

    with served(tmp_path) as app:
        talk(app, conversation)


def test_entries_tell_what_was_done(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await life(http)
        newest, gone, *_ = (await http.get("Patient/_history")).json()["entry"]
        assert newest["request"] == {"method": "PUT", "url": "Patient/b"}
        assert newest["resource"]["meta"]["versionId"] == "2"
        assert gone["request"] == {"method": "DELETE", "url": "Patient/a"}
        assert "resource" not in gone
        assert "entry" not in (await http.get("_history?_count=0")).json()

    with served(tmp_path) as app:
        talk(app, conversation)


def test_a_history_may_be_told_in_part(tmp_path: Path) -> None:
    """R4 http 3.1.0.1.7: the general parameters are for all interactions."""

    async def conversation(http: httpx.AsyncClient) -> None:
        await life(http)
        whole = (await http.get("Patient/_history")).json()
        short = (await http.get("Patient/_history?_elements=id&_count=3")).json()
        told = [e["resource"] for e in short["entry"] if "resource" in e]
        assert all(r["meta"]["tag"][0]["code"] == "SUBSETTED" for r in told)
        assert all(r.keys() == {"resourceType", "id", "meta"} for r in told)
        assert all("_elements=id" in link["url"] for link in short["link"])
        counted = (await http.get("Patient/_history?_summary=count")).json()
        assert (counted["total"], counted.get("entry")) == (whole["total"], None)

    with served(tmp_path) as app:
        talk(app, conversation)


BAD = [
    ("_history?_summary=some", 400),
    ("_history?_count=x", 400),
    ("_history?_since=yesterday", 400),
    ("_history?_at=2026-13", 400),
    ("_history?_cursor=1-2", 400),
    ("_history?_since=2026&_since=2027", 400),
    ("_history?colour=red", 400),
    ("_history?_list=$current-colours", 400),
    ("_history?_list=Patient/a", 400),
    ("_history?_list=", 400),
    ("Patient/nobody/_history", 404),
    ("Patience/_history", 404),
]


@pytest.mark.parametrize(("url", "status"), BAD)
def test_what_history_does_not_take(tmp_path: Path, url: str, status: int) -> None:
    async def conversation(http: httpx.AsyncClient) -> int:
        return (await http.get(url)).status_code

    with served(tmp_path) as app:
        assert talk(app, conversation) == status


def test_what_is_unknown_is_ignored_where_that_is_asked(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await life(http)
        lenient = {"prefer": "handling=lenient"}
        told = (await http.get("Patient/_history?colour=red&_count=1", headers=lenient)).json()
        assert len(told["entry"]) == 1
        assert all("colour" not in link["url"] for link in told["link"])

    with served(tmp_path) as app:
        talk(app, conversation)
