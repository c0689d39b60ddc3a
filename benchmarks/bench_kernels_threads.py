"""Claim: two threads get through kernel calls at nearly twice the rate of one, in one process.

The one bench that goes by the clock: run it on an idle machine. The best round counts, since
whatever else runs can only slow two threads down.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from race import claim, notes, terms

from kernels.cosine import cosines
from kernels.embed import embed
from kernels.fuzzy import FuzzyIndex
from kernels.gazetteer import Gazetteer
from kernels.native import backend
from kernels.text import tokenize

ROUNDS, CALLS = 15, 16
QUERIES = ["acute nefritis of the knee", "chronic cardiopaty"] * 8


def seconds(work: Callable[[], object], threads: int) -> float:
    """Wall time of CALLS calls shared out among threads."""
    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        list(pool.map(lambda _: work(), range(CALLS)))
        return time.perf_counter() - began


def main() -> None:
    """Each kernel with one thread and with two, in turn."""
    names = terms(100_000)
    text = notes(names, 4_000_000)
    tokens = tokenize(text)
    gazetteer, index = Gazetteer.build(names), FuzzyIndex.build(names)
    rows = embed(names, 128)
    jobs: dict[str, Callable[[], object]] = {
        "find 100,000 phrases in 4 MB": lambda: gazetteer.match(tokens),
        "top 10 of 100,000 strings, 16 times": lambda: [index.topk(each, 10) for each in QUERIES],
        "cosines with 100,000 rows": lambda: cosines(rows[7], rows),
    }
    for said, work in jobs.items():
        work()
        rounds = [(seconds(work, 1), seconds(work, 2)) for _ in range(ROUNDS)]
        one, two = (CALLS / min(times) for times in zip(*rounds, strict=True))
        claim(f"{said}, two threads vs one ({backend('text')})", two, one, "calls/s")


if __name__ == "__main__":
    main()
