"""Text to code: match() against rapidfuzz's extract over the same phrases, in time and in rank."""

from __future__ import annotations

import os
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time

from race import claim, misspell
from rapidfuzz import fuzz, process

from kernels.text import normalise
from terminology.building.build import build
from terminology.service import Terminology
from terminology.types import ICD10CM, RXNORM

DATA = Path(os.environ.get("MEDPARSER_DATA", Path(__file__).parents[1] / ".data"))
COUNT = 200


def spent(job: Callable[[str], object], queries: list[str]) -> float:
    """Median milliseconds of one query."""
    times = []
    for query in queries:
        began = perf_counter()
        job(query)
        times.append(1e3 * (perf_counter() - began))
    return statistics.median(times)


def limits(alias: str, ask: Callable[[str], object], queries: list[str], name: str) -> None:
    """One line for each limit that the project sets itself."""
    times = []
    for query in queries:
        began = thread_time()
        ask(query)
        times.append(1e3 * (thread_time() - began))
    p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[-1]
    claim(f"{alias}: a match, median of CPU time, against the limit", p50, 1.0, "ms")
    claim(f"{alias}: a match, 99th percentile of CPU time, against the limit", p99, 5.0, "ms")
    began = thread_time()
    for _ in range(COUNT):
        ask(name)
    exact = 1e6 * (thread_time() - began) / COUNT
    claim(f"{alias}: an exact match, against the limit", exact, 20.0, "µs")


def main() -> None:
    """Prints one line a claim."""
    build(DATA)
    terminology = Terminology.open(DATA)
    draw = random.Random(3)  # noqa: S311 - a sample
    display = terminology.display
    kinds: dict[str, tuple[str, Callable[[str], bool]]] = {
        "icd10cm": (ICD10CM, lambda code: len(code) < 8 and terminology.is_billable(code)),
        "rxnorm": (RXNORM, lambda code: not any(map(str.isdigit, display(RXNORM, code)))),
    }
    for alias, (system, wanted) in kinds.items():
        codes = [code for code in terminology.codes(system) if wanted(code)]
        names = {code: normalise(terminology.display(system, code)) for code in codes}
        asked = {code: misspell(names[code], draw) for code in draw.sample(codes, COUNT)}

        def ours(query: str, url: str = system) -> str:
            found = terminology.match(query, url, 1)
            return normalise(found[0].display) if found else ""

        def theirs(query: str, known: dict[str, str] = names) -> str:
            return process.extractOne(query, known, scorer=fuzz.token_sort_ratio)[0]

        queries = list(asked.values())
        taken = [spent(job, queries) for job in (ours, theirs)]
        claim(f"{alias}: a misspelt name to its code", *taken, "ms")
        known_name = {"icd10cm": "heart attack", "rxnorm": "metformin"}[alias]
        limits(alias, ours, queries, known_name)
        wrong = [
            sum(job(query) != names[code] for code, query in asked.items())
            for job in (ours, theirs)
        ]
        claim(
            f"{alias}: of {COUNT} misspelt names, another came first", *map(float, wrong), "names"
        )


if __name__ == "__main__":
    main()
