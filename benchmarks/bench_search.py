"""Claims: search time hardly grows with the store; compiled extraction beats walking expressions.

The store is filled in memory with made-up observations of many patients; the reference of
extraction reads the same parsed expressions element by element, as an interpreter does.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from race import claim, race

from capability.definitions import search_parameters
from fhir_server.search.expression import (
    As,
    At,
    Equals,
    Field,
    Present,
    Resolves,
    parse,
)
from fhir_server.search.expression import (
    Path as Steps,
)
from fhir_server.search.extract import children, rows
from fhir_server.search.index import Rows
from fhir_server.search.planner import search
from fhir_server.search.types import SEARCH_TYPES
from fhir_server.store.migrations import upgrade
from fhir_server.store.names import Numbers
from fhir_server.store.rows import Index

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.capability.samples import SAMPLES

Json = dict[str, Any]
BASE = "http://localhost/fhir"
UCUM = "http://unitsofmeasure.org"
SMALL, LARGE = 10_000, 100_000  # or as many as the command line says, for the second
OF_ONE = 100  # observations of a patient
read = cache(parse)
ASKED = 400  # searches timed
WRITE = "UPDATE res SET vid = 1, ts = ?, del = 0, op = 1, body = ? WHERE rid = ?"


def observation(number: int) -> Json:
    """One of many vital signs."""
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "category": [{"coding": [{"system": "urn:category", "code": f"c{number % 5}"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": f"{number % 37}-1"}]},
        "subject": {"reference": f"Patient/p{number // OF_ONE}"},
        "effectiveDateTime": f"20{number % 20 + 10}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "valueQuantity": {"value": number % 200, "unit": "mg", "system": UCUM, "code": "mg"},
    }  # fmt: skip


def filled(count: int) -> tuple[sqlite3.Connection, Numbers]:
    """A store in memory with that many observations."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    upgrade(connection)
    numbers = Numbers(connection)
    index = Index(connection, numbers)
    connection.execute("BEGIN")
    for number in range(count):
        resource = observation(number)
        rid = index.target("Observation", resource["id"])
        connection.execute(WRITE, (number, orjson.dumps(resource), rid))
        index.change(rid, None, rows(resource, BASE))
        if number % 2000 == 0:
            index.flush()
    index.flush()
    connection.execute("COMMIT")
    return connection, numbers


def median(store: tuple[sqlite3.Connection, Numbers], count: int) -> float:
    """Median milliseconds of a search for one code of one patient."""
    draw = random.Random(3)  # noqa: S311 - made-up data
    taken = []
    for _ in range(ASKED):
        patient, code = draw.randrange(count // OF_ONE), f"http://loinc.org|{draw.randrange(37)}-1"
        query = [("patient", f"p{patient}"), ("code", code)]
        started = time.perf_counter()
        search(*store, "Observation", query, BASE)
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def interpreted(resource: Json) -> Rows:
    """Index rows by walking every expression from the root, element by element."""
    out = Rows()
    for parameter in search_parameters(resource["resourceType"]):
        kind = SEARCH_TYPES.get(parameter.type)
        if kind is None or not parameter.expression:
            continue
        for path in read(parameter.expression):
            for type_, value in _walk(path, resource):
                if emit := kind.emit.get(type_):
                    emit(path.root)(value, out, BASE)
    return out


def _walk(path: Steps, resource: Json) -> Iterator[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(resource["resourceType"], resource)]
    for step in path.steps:
        match step:
            case Field(name):
                found = [pair for type_, value in found for pair in _children(type_, value, name)]
            case As(wanted):
                found = [pair for pair in found if pair[0] == wanted]
            case Equals(name, text):
                found = [(t, v) for t, v in found if isinstance(v, dict) and v.get(name) == text]
            case At(position):
                found = found[position : position + 1]
            case Resolves() | Present():
                pass
    yield from found


def _children(type_: str, value: Any, name: str) -> Iterator[tuple[str, Any]]:
    child = children(type_).get(name)
    if child is None or not isinstance(value, dict):
        return
    for choice in child.choices:
        here = value.get(choice.name)
        for each in here if isinstance(here, list) else [] if here is None else [here]:
            yield choice.type, each


def main() -> None:
    """Prints both claims."""
    small = median(filled(SMALL), SMALL)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    large = median(filled(count), count)
    claim(f"search of a patient's code, {count:,} (vs {SMALL:,}), p50", large, small, "ms")
    for sample in SAMPLES[:4]:
        times = race(
            {
                "ours": lambda s=sample: [rows(s, BASE) for _ in range(200)],
                "reference": lambda s=sample: [interpreted(s) for _ in range(200)],
            }
        )
        ours, reference = (1e6 * times[name] / 200 for name in ("ours", "reference"))
        name = f"index rows of a {sample['resourceType']}, compiled (vs walking expressions)"
        claim(name, ours, reference, "µs")


if __name__ == "__main__":
    main()
