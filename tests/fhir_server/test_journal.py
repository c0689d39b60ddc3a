"""The journal keeps every message once, byte for byte, with what became of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from fhir_server.store.journal import Journal
from fhir_server.store.sqlite import Store
from tests.fhir_server.serving import START, opened

RAW = b"MSH|^~\\&|A|B|||20260301||ADT^A01|7|P|2.5\rPID|1||\xe9\x00\r"


def journal(store: Store) -> Journal:
    return Journal(store, lambda: START)


def test_a_message_is_kept_as_it_came(tmp_path: Path) -> None:
    with opened(tmp_path) as (_, store):
        entry = asyncio.run(journal(store).append(RAW, "10.0.0.1:4000", "7", "A|B"))
    with opened(tmp_path) as (_, store):
        assert asyncio.run(journal(store).unfinished()) == [entry]
    assert (entry.raw, entry.state, entry.ack) == (RAW, "received", None)


def test_the_same_message_again_is_the_same_entry(tmp_path: Path) -> None:
    async def run(kept: Journal) -> None:
        first = await kept.append(RAW, "a:1", "7", "A|B")
        await kept.settle(first.seq, "done", b"MSA|AA|7")
        again = await kept.append(RAW, "b:2", "7", "A|B")
        assert again == replace(first, state="done", ack=b"MSA|AA|7")
        others = [
            await kept.append(RAW + b"X", "a:1", "7", "A|B"),
            await kept.append(RAW, "a:1", "8", "A|B"),
            await kept.append(RAW, "a:1", "7", "C|D"),
        ]
        assert len({first.seq, *(e.seq for e in others)}) == 4

    with opened(tmp_path) as (_, store):
        asyncio.run(run(journal(store)))


def test_what_is_settled_is_finished_and_keeps_its_answer(tmp_path: Path) -> None:
    async def run(kept: Journal) -> None:
        one = await kept.append(RAW, "a:1", "1", "A|B")
        two = await kept.append(RAW, "a:1", "2", "A|B")
        await kept.settle(one.seq, "stored", b"AA")
        assert [(e.seq, e.ack) for e in await kept.unfinished()] == [
            (one.seq, b"AA"),
            (two.seq, None),
        ]
        await kept.settle(one.seq, "unextracted", None, "no text")
        await kept.settle(two.seq, "failed", b"AE", "no patient")
        assert await kept.unfinished() == []
        again = await kept.append(RAW, "a:1", "1", "A|B")
        assert (again.state, again.ack, again.error) == ("unextracted", b"AA", "no text")

    with opened(tmp_path) as (_, store):
        asyncio.run(run(journal(store)))
