"""Text to code: match() against rapidfuzz's extract over the same phrases, in time and in rank."""

from __future__ import annotations

import os
import random
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from race import claim, misspell
from rapidfuzz import fuzz, process

from kernels.text import normalise
from terminology.load import build
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
        wrong = [
            sum(job(query) != names[code] for code, query in asked.items())
            for job in (ours, theirs)
        ]
        claim(
            f"{alias}: of {COUNT} misspelt names, another came first", *map(float, wrong), "names"
        )


if __name__ == "__main__":
    main()
