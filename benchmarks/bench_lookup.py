"""Looking up codes: the index against the library that carries the same release."""

from __future__ import annotations

import gc
import os
import random
import resource
import statistics
import subprocess
import sys
import time
import warnings
from itertools import pairwise
from pathlib import Path

from race import claim, race

from terminology.building.build import build
from terminology.expansion import Options, expand
from terminology.indexedsystem import LoadedLayer
from terminology.library import Library
from terminology.service import Terminology
from terminology.types import ICD10CM
from terminology.valueset import Include, ValueSet

DATA = Path(os.environ.get("MEDPARSER_DATA", Path(__file__).parents[1] / ".data"))
COUNT = 2_000
START = """
import time
began = time.process_time()
{}
seconds = time.process_time() - began
resident = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(seconds, int(resident.split()[1]) / 1024)
"""
OPENED = f"""
from pathlib import Path
from terminology.service import Terminology
began = time.process_time()
terminology = Terminology.open(Path({str(DATA)!r}))
terminology.lookup("icd10cm", "I10").display
"""
OURS = f"""
from pathlib import Path
from terminology.service import Terminology
Terminology.open(Path({str(DATA)!r})).lookup("icd10cm", "I10")
"""
THEIRS = """
import simple_icd_10_cm
simple_icd_10_cm.get_description("I10")
"""


def started(code: str) -> tuple[float, float]:
    """CPU seconds to the first answer and megabytes of a fresh process that runs the code."""
    ran = subprocess.run(
        [sys.executable, "-c", START.format(code)], capture_output=True, text=True, check=True
    )
    seconds, megabytes = ran.stdout.split()
    return float(seconds), float(megabytes)


def own_limits(terminology: Terminology) -> None:
    """What has no reference but a limit: opening, first look-ups, ancestry, an expansion."""
    opened = statistics.median(started(OPENED)[0] for _ in range(5))
    claim("a process opens the index and looks up, against 100 ms", opened, 0.1, "s")
    draw = random.Random(2)  # noqa: S311 - a sample
    asked = draw.sample(list(terminology.codes(ICD10CM)), COUNT)
    gc.collect()
    began = time.process_time()
    for code in asked:
        terminology.lookup(ICD10CM, code)
    first = (time.process_time() - began) / COUNT
    claim("lookup, the first time, against 1 µs", first * 1e6, 1.0, "µs")
    pairs = list(pairwise(draw.sample(list(terminology.codes(ICD10CM)), COUNT)))
    library = Library((LoadedLayer(terminology.index),))
    some = ValueSet("", include=(Include(ICD10CM),))
    jobs = {
        "subsumes, against 1 µs": (
            lambda: [terminology.subsumes(ICD10CM, *pair) for pair in pairs],
            1e6 / len(pairs),
            1.0,
            "µs",
        ),
        "expand 100 codes with a filter by text, against 2 ms": (
            lambda: expand(library, some, Options(text="fracture of", count=100)),
            1e3,
            2.0,
            "ms",
        ),
    }
    for name, (job, per, limit, unit) in jobs.items():
        claim(name, race({"ours": job})["ours"] * per, limit, unit)


def main() -> None:
    """Prints one line a claim."""
    began = time.process_time()
    if build(DATA):
        seconds = time.process_time() - began
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"# index built in {seconds:.1f} s of CPU time, {megabytes:.0f} MB", file=sys.stderr)
    ours, theirs = started(OURS), started(THEIRS)
    claim("ICD-10-CM: start to first look-up", ours[0], theirs[0], "s")
    claim("ICD-10-CM: memory after the first look-up", ours[1], theirs[1], "MB")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import simple_icd_10_cm as reference
    terminology = Terminology.open(DATA)
    draw = random.Random(1)  # noqa: S311 - a sample
    codes = draw.sample(reference.get_all_codes(), COUNT)
    codes = [code for code in codes if terminology.exists(ICD10CM, code)]

    def known() -> int:
        return sum(terminology.exists(ICD10CM, code) for code in codes)

    def known_reference() -> int:
        return sum(reference.is_valid_item(code) for code in codes)

    def told() -> int:
        return sum(len(terminology.lookup(ICD10CM, code).properties) for code in codes)

    def told_reference() -> int:
        return sum(
            len(reference.get_description(code))
            + len(reference.get_includes(code))
            + len(reference.get_inclusion_term(code))
            + len(reference.get_excludes1(code))
            + len(reference.get_excludes2(code))
            + len(reference.get_children(code))
            + len(reference.get_parent(code))
            + reference.is_leaf(code)
            for code in codes
        )

    taken = race({"ours": known, "reference": known_reference})
    per = 1e6 / len(codes)
    claim("ICD-10-CM: does a code exist", taken["ours"] * per, taken["reference"] * per, "µs")
    own_limits(terminology)
    taken = race({"ours": told, "reference": told_reference})
    claim("ICD-10-CM: all of one code", taken["ours"] * per, taken["reference"] * per, "µs")


if __name__ == "__main__":
    main()
