"""$match: batches, contexts, and worker processes that answer as the server itself does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from fhir_server.http.asgi import ASGI
from fhir_server.terminology.matching import CHUNK, Matching
from terminology.errors import UnknownSystem
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM
from tests.fhir_server.terminology.animals import get, post

TEXTS = [f"{word} fracture of the left radius" for word in ("open", "closed")] * CHUNK
WAIT = 30.0  # seconds for a process to start


def parts(given: Any, *names: str) -> list[dict[str, Any]]:
    found = [p["part"] for p in given if p["name"] in names]
    return [{p["name"]: p.get("part") or _value(p) for p in part} for part in found]


def _value(given: dict[str, Any]) -> Any:
    return next(v for k, v in given.items() if k.startswith("value"))


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


async def _started(matching: Matching) -> None:
    async with asyncio.timeout(WAIT):
        while not matching.ready:
            await asyncio.sleep(0.02)


def test_workers_answer_as_the_server_does_and_end(terminology: Terminology, data: Path) -> None:
    async def conversation() -> None:
        matching = Matching(terminology, data)
        here = await matching(TEXTS, "icd10cm", 3)
        matching.start(1)
        assert await matching(TEXTS[:1], ICD10CM, 3) == here[:1]  # while it starts
        await _started(matching)
        assert await matching(TEXTS, ICD10CM, 3) == here
        many = await asyncio.gather(*(matching([t], ICD10CM, 3) for t in TEXTS[:4]))
        assert [found for (found,) in many] == here[:4]
        with pytest.raises(UnknownSystem):
            await matching(["x"], "urn:unknown", 3)
        await matching.close()

    asyncio.run(conversation())


def test_who_leaves_takes_no_worker_along(terminology: Terminology, data: Path) -> None:
    async def conversation() -> None:
        matching = Matching(terminology, data)
        matching.start(1)
        here = await matching(TEXTS[:2], ICD10CM, 3)
        await _started(matching)
        leaving = asyncio.create_task(matching(TEXTS, ICD10CM, 3))
        await asyncio.sleep(0.001)
        leaving.cancel()
        async with asyncio.timeout(WAIT):
            assert await matching(TEXTS[:2], ICD10CM, 3) == here
        assert leaving.cancelled()
        await matching.close()

    asyncio.run(conversation())


def test_without_workers_others_have_their_turn_and_who_leaves_is_given_up(
    terminology: Terminology, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    monkeypatch.setattr(terminology, "match", lambda text, *_: done.append(text))

    async def conversation() -> None:
        leaving = asyncio.create_task(Matching(terminology, data)(TEXTS, ICD10CM, 3))
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving

    asyncio.run(conversation())
    assert done == TEXTS[:CHUNK]


def test_a_worker_that_is_lost_is_done_without(terminology: Terminology, data: Path) -> None:
    async def conversation() -> None:
        matching = Matching(terminology, data)
        matching.start(1)
        await matching(TEXTS[:1], ICD10CM, 3)  # the first question starts it
        await _started(matching)
        for process in matching.processes:
            process.kill()
            process.join()
        found = await asyncio.gather(*(matching([t], ICD10CM, 3) for t in TEXTS[:4]))
        assert [f for (f,) in found] == [terminology.match(t, ICD10CM, 3) for t in TEXTS[:4]]
        await matching.close()

    asyncio.run(conversation())


def test_one_text_has_candidates_that_tell_whether_they_are_billable(app: ASGI) -> None:
    told = get(app, "CodeSystem/$match", text="type 2 diabetes", context="condition")
    best, *_ = parts(told["parameter"], "match")
    assert (best["code"]["code"], best["billable"]) == ("E11.9", True)
    drug = get(app, "CodeSystem/$match", text="lisinopril 10 mg tablet", context="medication")
    assert {m["code"]["system"] for m in parts(drug["parameter"], "match")} == {RXNORM}
    assert "billable" not in parts(drug["parameter"], "match")[0]


def test_many_texts_are_answered_in_their_order(app: ASGI) -> None:
    texts = ["hypertension", "xyzzy", "asthma"]
    given = [{"name": "text", "valueString": text} for text in texts]
    context = {"name": "context", "valueCode": "condition"}
    told = post(app, "CodeSystem/$match", *given, context)
    results = [p["part"] for p in told["parameter"] if p["name"] == "result"]
    assert [result[0]["valueString"] for result in results] == texts
    best = [result[1]["part"][0]["valueCoding"]["code"] for result in results if result[1:]]
    assert (best[0], best[-1]) == ("I10", "J45.90")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"text": " ", "context": "condition"}, "text"),
        ({"text": "x" * 1_001, "context": "condition"}, "text"),
        ({"text": "x", "context": "weather"}, "context"),
        ({"text": "x"}, "system"),
        ({"text": "x", "context": "condition", "count": "0"}, "count"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    app: ASGI,
    given: dict[str, str],
    place: str,
) -> None:
    (issue,) = get(app, "CodeSystem/$match", 400, **given)["issue"]
    assert issue["expression"] == [place]
