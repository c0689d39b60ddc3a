"""Claim: $lookup and $validate-code over HTTP are not far from answering with a constant."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from load import latencies, measure, rate, request
from race import claim
from servers import Served, in_turn, served

from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM

DATA = Path(os.environ.get("MEDPARSER_DATA", Path(__file__).parents[1] / ".data"))
CLIENTS, SECONDS, COUNT, ROUNDS = 32, 1.5, 2_000, 5  # of servers.in_turn
SET = f"{ICD10CM}?fhir_vs"
PHRASES = ("type 2 diabetes with ckd stage {}", "htn {}", "fracture of left radius {}", "copd {}")


def lookup(code: str, system: str = ICD10CM) -> bytes:
    return request("GET", f"/fhir/CodeSystem/$lookup?system={system}&code={code}")


def validate(code: str, system: str = ICD10CM) -> bytes:
    query = f"url={system}%3Ffhir_vs&system={system}&code={code}"
    return request("GET", f"/fhir/ValueSet/$validate-code?{query}")


def posted(code: str) -> bytes:
    coding = {"system": ICD10CM, "code": code}
    given = [{"name": "url", "valueUri": SET}, {"name": "coding", "valueCoding": coding}]
    body = json.dumps({"resourceType": "Parameters", "parameter": given}).encode()
    return request("POST", "/fhir/ValueSet/$validate-code", body)


def codes(url: str) -> list[str]:
    """Every code of a loaded system, in an order of chance."""
    every = list(Terminology.open(DATA).codes(url))
    random.Random(1).shuffle(every)  # noqa: S311 - an order
    return every


def main() -> None:
    """Races the operations, asked before and never asked, against bare ASGI."""
    every = {url: codes(url) for url in (ICD10CM, RXNORM)}
    some = every[ICD10CM][:COUNT]
    for name, make, url in (
        ("ICD-10-CM $lookup", lookup, ICD10CM),
        ("RxNorm $lookup", lookup, RXNORM),
        ("ICD-10-CM $validate-code", validate, ICD10CM),
    ):
        # a server of its own for each, which has not been asked for any code
        with served("whole") as whole, served("bare", _usual(whole, make, every[url], url)) as bare:
            never = iter([make(code, url) for code in every[url][COUNT:]])
            share = (len(every[url]) - COUNT) // (ROUNDS + 1)
            again = [make(code, url) for code in every[url][:COUNT]] * 100
            # as many requests to either, for each round has its connections to open as well
            fresh = partial(_next, never, share)
            _race(f"{name}, first time", whole, bare, again[:share], fresh)
            _race(f"{name}, asked before", whole, bare, again)
            if make is validate:
                posts = [posted(code) for code in some] * 100
                _race("POST $validate-code, asked before", whole, bare, posts)
    with served("whole") as whole:
        asked = [make(code) for code in some for make in (lookup, validate)]
        random.Random(2).shuffle(asked)  # noqa: S311 - an order
        fresh = [lookup(code) for code in every[ICD10CM][COUNT:]]
        for kind, sent in (("asked before", asked), ("first time", fresh)):
            taken = sorted(asyncio.run(latencies(whole.port, sent, CLIENTS, 30.0, 4.0)))
            p99 = 1e3 * taken[int(0.99 * len(taken))]
            name = f"p99 of {CLIENTS} clients, {30 * CLIENTS} requests a second, {kind} (vs 5 ms)"
            claim(name, p99, 5, "ms")
        _match(whole)


def _usual(whole: Served, make: Callable[[str, str], bytes], every: list[str], url: str) -> bytes:
    """A reply of the usual length, of codes that are not asked for again."""
    replies = []
    for code in every[:101]:
        path = make(code, url).split()[1].decode()
        with urlopen(f"http://127.0.0.1:{whole.port}{path}") as reply:
            replies.append(reply.read())
    return sorted(replies, key=len)[50]


def _next(never: Iterator[bytes], count: int) -> list[bytes]:
    """Requests for codes that nobody has asked for yet."""
    return list(itertools.islice(never, count))


def _race(
    name: str,
    whole: Served,
    bare: Served,
    again: list[bytes],
    never: Callable[[], list[bytes]] | None = None,
) -> None:
    """Rounds of requests that were sent in the round before, or of such as `never` were."""
    used: dict[str, list[float]] = {"ours": [], "bare": []}

    def job(kind: str) -> float:
        server = whole if kind == "ours" else bare
        sent = never() if never and kind == "ours" else again
        before, began = server.cpu(), time.perf_counter()
        given = server.port, sent, CLIENTS, SECONDS, b"HTTP/1.1 200", len(sent)
        found = asyncio.run(rate(*given))
        used[kind].append((server.cpu() - before) / (found * (time.perf_counter() - began)))
        return found

    rates = in_turn({"ours": lambda: job("ours"), "bare": lambda: job("bare")})
    claim(f"{name} (vs bare ASGI)", rates["ours"], rates["bare"], "requests/s")
    ours, reference = (1e6 * statistics.median(used[each]) for each in ("ours", "bare"))
    claim(f"{name}, server CPU (vs bare ASGI)", ours, reference, "us")


def _match(whole: Served) -> None:
    """How many $match a second many clients get against one, and how many cores that takes."""
    texts = [phrase.format(n) for n in range(200) for phrase in PHRASES]
    drugs = [f"lisinopril {n} mg tab" for n in range(200)]
    sent = [_matching(t, ICD10CM) for t in texts] + [_matching(t, RXNORM) for t in drugs]
    random.Random(3).shuffle(sent)  # noqa: S311 - an order
    rates: dict[int, list[float]] = {1: [], 8: []}
    cores: dict[int, list[float]] = {1: [], 8: []}
    for clients in (1, 8) * 5:
        before = whole.cpu()
        rates[clients].append(measure(whole.port, sent, clients, SECONDS, b"HTTP/1.1 200")())
        cores[clients].append((whole.cpu() - before) / SECONDS)
    one, many = (statistics.median(rates[n]) for n in (1, 8))
    claim("$match, 8 clients (vs 1 client)", many, one, "requests/s")
    busy, alone = (statistics.median(cores[n]) for n in (8, 1))
    claim("cores that $match keeps busy, 8 clients (vs 1 client)", busy, alone, "cores/s")


def _matching(text: str, system: str) -> bytes:
    return request("GET", f"/fhir/CodeSystem/$match?system={system}&text={text.replace(' ', '+')}")


if __name__ == "__main__":
    main()
