"""Claim: $lookup and $validate-code over HTTP are not far from answering with a constant."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

from load import latencies, measure, request
from race import claim
from servers import Served, in_turn, served

from terminology.loaded import LoadedLayer
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM

DATA = Path(os.environ.get("MEDPARSER_DATA", Path(__file__).parents[1] / ".data"))
CLIENTS, SECONDS, COUNT = 32, 1.5, 2_000
TURNS = itertools.count()
SET = f"{ICD10CM}?fhir_vs"
PHRASES = ("type 2 diabetes with ckd stage {}", "htn {}", "fracture of left radius {}", "copd {}")


def lookup(code: str, more: str = "") -> bytes:
    return request("GET", f"/fhir/CodeSystem/$lookup?system={ICD10CM}&code={code}{more}")


def validate(code: str, more: str = "") -> bytes:
    query = f"url={SET.replace('?', '%3F')}&system={ICD10CM}&code={code}{more}"
    return request("GET", f"/fhir/ValueSet/$validate-code?{query}")


def posted(code: str) -> bytes:
    coding = {"system": ICD10CM, "code": code}
    given = [{"name": "url", "valueUri": SET}, {"name": "coding", "valueCoding": coding}]
    body = json.dumps({"resourceType": "Parameters", "parameter": given}).encode()
    return request("POST", "/fhir/ValueSet/$validate-code", body)


def codes() -> list[str]:
    """Codes of the loaded ICD-10-CM, in an order of chance."""
    (system,) = LoadedLayer(Terminology.open(DATA).index).systems(ICD10CM)
    every = system.codes()
    places = random.Random(1).sample(range(len(every)), COUNT)  # noqa: S311 - a sample
    return [every[place] for place in places]


def main() -> None:
    """Races both operations, asked before and never asked, against bare ASGI."""
    every = codes()
    with served("whole") as whole:
        path = f"/fhir/CodeSystem/$lookup?system={ICD10CM}&code={every[0]}"
        with urlopen(f"http://127.0.0.1:{whole.port}{path}") as reply:
            body = reply.read()
        with served("bare", body) as bare:
            for name, make in (("$lookup", lookup), ("$validate-code", validate)):
                _race(f"{name}, asked before", whole, bare, lambda m=make: list(map(m, every)))
                _race(f"{name}, first time", whole, bare, lambda m=make: _fresh(m, every))
            posts = [posted(code) for code in every]
            _race("POST $validate-code, asked before", whole, bare, lambda: posts)
        asked = [make(code) for code in every for make in (lookup, validate)]
        random.Random(2).shuffle(asked)  # noqa: S311 - an order
        for kind, sent in (("asked before", asked), ("first time", _fresh(lookup, every))):
            taken = sorted(asyncio.run(latencies(whole.port, sent, CLIENTS, 30.0, 4.0)))
            p99 = 1e3 * taken[int(0.99 * len(taken))]
            name = f"p99 of {CLIENTS} clients, {30 * CLIENTS} requests a second, {kind} (vs 5 ms)"
            claim(name, p99, 5, "ms")
        _match(whole)


def _fresh(make: Callable[[str, str], bytes], every: list[str]) -> list[bytes]:
    """Requests that nobody has sent yet."""
    return [make(code, f"&displayLanguage=en-x{next(TURNS)}") for code in every * 12]


def _race(name: str, whole: Served, bare: Served, requests: Callable[[], list[bytes]]) -> None:
    used: dict[str, list[float]] = {"ours": [], "bare": []}

    def job(kind: str) -> float:
        server, sent = (whole if kind == "ours" else bare), requests()
        before = server.cpu()
        found = measure(server.port, sent, CLIENTS, SECONDS, b"HTTP/1.1 200")()
        used[kind].append((server.cpu() - before) / (found * SECONDS))
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
