"""Loading releases of full size, and asking what was loaded."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
import timeit
from itertools import pairwise
from pathlib import Path

from race import claim
from releases import rxnorm, snomed

from terminology.opening import open_releases
from terminology.systems.icd10cm import files
from terminology.types import ICD10CM, RXNORM

SNOMED = "http://snomed.info/sct"
LOAD = """
import resource, sys, time
from pathlib import Path
from terminology.loading import releases
from terminology.opening import open_releases
from terminology.systems import FORMATS
form = next(each for each in FORMATS if each.name == sys.argv[1])
started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
marks = {}
began = time.process_time()
def progress(stage, done, total):
    marks.setdefault(stage, time.process_time() - began)
releases.load(Path(sys.argv[3]), form, Path(sys.argv[2]), progress=progress)
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(marks["words"], time.process_time() - began, used / 1024)
"""
# seconds and megabytes that the project sets itself as limits: concepts, whole, memory
LIMITS = {
    "icd10cm": (2.0, 4.0, 400.0),
    "rxnorm": (30.0, 30.0, 1000.0),
    "snomed": (60.0, 60.0, 1000.0),
}


def loaded(form: str, source: Path, data: Path) -> None:
    """Loads in a fresh process; prints CPU seconds of the concepts, of all, and peak megabytes."""
    ran = subprocess.run(
        [sys.executable, "-c", LOAD, form, source, data], capture_output=True, text=True, check=True
    )
    measured = map(float, ran.stdout.split())
    names = ("concepts", "with the index of words", "peak memory")
    for name, ours, limit, unit in zip(
        names, measured, LIMITS[form], ("s", "s", "MB"), strict=True
    ):
        claim(f"load {form}: {name}, against the limit", ours, limit, unit)


def asked(data: Path, url: str) -> None:
    """Microseconds of one question to what was loaded, against 1 µs."""
    store = next(each for each in open_releases(data) if each.url == url)
    draw = random.Random(5)  # noqa: S311 - a sample
    codes = draw.sample(list(store.codes()), 2_000)
    pairs = list(pairwise(codes))
    began = time.process_time()
    for code in codes:
        store.lookup(code)
    first = (time.process_time() - began) / len(codes) * 1e6
    claim(f"{url}: lookup, the first time, against 1 µs", first, 1.0, "µs")
    jobs = {
        "lookup, met before": lambda: [store.lookup(code) for code in codes],
        "subsumes": lambda: [store.subsumes(a, b) for a, b in pairs],
    }
    for name, job in jobs.items():
        job()
        best = (
            min(timeit.repeat(job, timer=time.process_time, number=1, repeat=9)) / len(codes) * 1e6
        )
        claim(f"{url}: {name}, against 1 µs", best, 1.0, "µs")


def main() -> None:
    """Prints one line a claim."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        data = home / "data"
        loaded("icd10cm", files(None)[0].parent, data)
        loaded("rxnorm", rxnorm(home / "RxNorm_full_01052026"), data)
        loaded("snomed", snomed(home / "SnomedCT"), data)
        for url in (ICD10CM, RXNORM, SNOMED):
            asked(data, url)


if __name__ == "__main__":
    main()
