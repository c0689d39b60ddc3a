"""Races two forms of one job fairly: interleaved rounds, CPU time of the process, medians."""

from __future__ import annotations

import gc
import json
import random
import statistics
import time
from collections.abc import Callable

Job = Callable[[], object]


def race(jobs: dict[str, Job], rounds: int = 7, limit: float = 8.0) -> dict[str, float]:
    """Median CPU seconds of each job, run in turn from a rotating start, each warmed up once.

    Stops after `rounds`, or after `limit` wall seconds once every job has run three times. CPU time
    counts all threads, so keep the libraries to one (`OMP_NUM_THREADS=1` and the like).
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    began = time.monotonic()
    names = list(jobs)
    for turn in range(rounds):
        if turn >= 3 and time.monotonic() - began > limit:
            break
        gc.collect()
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            start = time.process_time()
            jobs[name]()
            times[name].append(time.process_time() - start)
    return {name: statistics.median(taken) for name, taken in times.items()}


def claim(name: str, ours: float, reference: float, unit: str) -> None:
    """Prints one claim as a JSON line; `ratio` above 1 says that ours is better.

    Of a rate ("/s") and of F1 more is better; any other unit is a cost.
    """
    rate = unit.endswith("/s") or unit == "F1"
    ratio = ours / reference if rate else reference / ours
    line = {"claim": name, "ours": ours, "reference": reference, "ratio": ratio, "unit": unit}
    rounded = {
        key: float(f"{value:.4g}") if isinstance(value, float) else value
        for key, value in line.items()
    }
    print(json.dumps(rounded), flush=True)


def skip(name: str, reason: str) -> None:
    """Prints that a claim wasn't measured, and why."""
    print(json.dumps({"claim": name, "skipped": reason}), flush=True)


SYLLABLES = "ba co di fe lo mi nu pra re so tu vi xa zo card neph gast derm neur hep"
ENDINGS = "itis osis oma pathy algia emia ectomy plasty statin olol pril mycin azole idine"
MODIFIERS = """
    acute chronic left right bilateral severe mild initial subsequent unspecified of with
    without type stage disorder disease injury fracture joint arm leg hand knee hip upper lower
    oral tablet capsule injection solution mg ml extended release 5 10 20 40 50 100 250 500
"""
FILLER = "the patient was seen and has a history of no in on for is she he reports today plan"


def terms(count: int, seed: int = 1) -> list[str]:
    """Distinct made-up names as long and as alike as those of clinical terminologies."""
    draw = random.Random(seed)  # noqa: S311 - made-up data
    syllables, endings, modifiers = SYLLABLES.split(), ENDINGS.split(), MODIFIERS.split()
    roots = [
        "".join(draw.choices(syllables, k=draw.randint(1, 3))) + draw.choice(endings)
        for _ in range(20_000)
    ]
    found: dict[str, None] = {}
    while len(found) < count:
        words = [
            roots[int(len(roots) * draw.random() ** 3)]
            if draw.random() < 0.4
            else draw.choice(modifiers)
            for _ in range(draw.randint(1, 8))
        ]
        found[" ".join(words)] = None
    return list(found)


def notes(names: list[str], size: int, seed: int = 2) -> str:
    """About `size` characters of made-up notes in which some of the names occur."""
    draw = random.Random(seed)  # noqa: S311 - made-up data
    common = (FILLER + MODIFIERS).split()
    parts: list[str] = []
    length = 0
    while length < size:
        words = [
            draw.choice(names) if draw.random() < 0.04 else draw.choice(common)
            for _ in range(draw.randint(6, 22))
        ]
        sentence = " ".join(words).capitalize() + draw.choice([". ", ". ", ", ", ".\n", "?\n\n"])
        parts.append(sentence)
        length += len(sentence)
    return "".join(parts)


def misspell(text: str, draw: random.Random) -> str:
    """The text with about one letter in twelve changed, lost or added."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 12)):
        at = draw.randrange(len(letters))
        letters[at : at + draw.randint(0, 1)] = draw.choice(["", "a", "e", "n", "t"])
    return "".join(letters) or text
