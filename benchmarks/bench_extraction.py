"""Claim: compiled search parameters index a resource far faster than fhirpathpy, and alike.

The reference evaluates the same expressions, parsed beforehand. Each element that it finds must be
indexed, and each row of the index must come of one: what differs is printed as a claim of its own.
Resources are those of a folder (`bench_extraction.py FOLDER`), Bundles taken apart, else made up.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fhirpathpy
import orjson
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.models import models
from race import claim, race

from capability.definitions import SearchParameter, search_parameters
from fhir_server.search.extract import compiled, rows
from fhir_server.search.index import TABLES, Rows
from fhir_server.search.types import SEARCH_TYPES
from fhir_server.search.types.reference import local

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.capability.samples import SAMPLES

Json = dict[str, Any]
BASE = "http://localhost/fhir"
OF_A_TYPE = 12  # resources


def resolved(values: list[Any]) -> list[Any]:
    """The resources that references name, as far as their URLs tell: their type."""
    found = []
    for value in values:
        data = getattr(value, "data", value)
        if target := local(str(data.get("reference", "")), BASE):
            found.append(ResourceNode.create_node({"resourceType": target[0]}, target[0]))
    return found


OPTIONS = {"userInvocationTable": {"resolve": {"fn": resolved, "arity": {0: []}}}}
AS = re.compile(r"\(([\w.]+) as (\w+)\)")
ANY = re.compile(r"\b(?:Domain)?Resource\.")


def _plain(expression: str, resource_type: str) -> str:
    """The expression in words that the reference takes: several elements before `as`, one type."""
    return ANY.sub(f"{resource_type}.", AS.sub(r"\1.ofType(\2)", expression))


@cache
def expressions(resource_type: str) -> tuple[tuple[SearchParameter, Callable[..., Any]], ...]:
    """The parameters of a type that are indexed by elements, each with the reference's form."""
    known = compiled(resource_type).kinds
    return tuple(
        (p, fhirpathpy.compile(_plain(p.expression, resource_type), models["r4"], OPTIONS))
        for p in search_parameters(resource_type)
        if p.code in known and p.expression and p.type != "composite"
    )


def interpreted(resource: Json) -> list[list[Any]]:
    """What the reference finds, by parameter."""
    return [find(resource) for _, find in expressions(resource["resourceType"])]


def differences(resource: Json) -> Iterator[str]:
    """The parameters whose index rows are not those of the elements that the reference finds."""
    kind = resource["resourceType"]
    indexed, known = rows(resource, BASE), compiled(kind)
    for (parameter, _), elements in zip(expressions(kind), interpreted(resource), strict=True):
        code = parameter.code
        targets = {p.path: p.target for p in known.paths[code]}
        ours = {
            row[1:]
            for table in TABLES
            for row in getattr(indexed, table)
            if _is_of(row, table, targets)
        }
        each = [_forms(parameter.type, element) for element in elements]
        explained = {row for forms in each for form in forms for row in form}
        if any(targets.values()):
            explained = {row for row in explained if row in ours}
            each = [forms for forms in each if any(len(row) == 3 for f in forms for row in f)]
        if not (ours <= explained and all(any(f <= ours for f in forms) for forms in each)):
            yield f"{kind}.{code}"


def _is_of(row: tuple[Any, ...], table: str, targets: dict[str, str]) -> bool:
    """Whether a row lies where a parameter looks; texts and base units lie under its path."""
    path = next((p for p in targets if row[0] == p or row[0].startswith(f"{p}:")), None)
    if path is None:
        return False
    return not targets[path] or (table == "ref" and row[1] == targets[path])


def _forms(kind: str, element: Any) -> list[set[tuple[Any, ...]]]:
    """The rows that an element has if it is of one type or another."""
    found = []
    for emit in SEARCH_TYPES[kind].emit.values():
        out = Rows()
        try:
            emit("")(element, out, BASE)
            found.append({row[1:] for table in TABLES for row in getattr(out, table)})
        except (AttributeError, TypeError, ValueError, KeyError):
            continue
    return found


def resources() -> list[Json]:
    """Some of each type."""
    if len(sys.argv) < 2:
        return list(SAMPLES[:-1])
    seen: Counter[str] = Counter()
    found = []
    for path in sorted(Path(sys.argv[1]).glob("*.json")):
        whole = orjson.loads(path.read_bytes())
        entries = whole.get("entry", ()) if whole.get("resourceType") == "Bundle" else ()
        for resource in (whole, *(e["resource"] for e in entries if "resource" in e)):
            if "resourceType" not in resource:
                continue
            seen[resource["resourceType"]] += 1
            if seen[resource["resourceType"]] <= OF_A_TYPE:
                found.append(resource)
    return found


def indexed_too(resource: Json) -> list[Json]:
    """The contained resources that have rows among those of the resource."""
    named = {uri for _, uri in rows(resource, BASE).uri}
    return [each for each in resource.get("contained", ()) if f"#{each['id']}" in named]


def each(find: Callable[[Json], object], given: list[Json], times: int = 1) -> None:
    """Does it with each resource, and keeps nothing of what is found."""
    for resource in given * times:
        find(resource)


def main() -> None:
    """Prints the ratio, and how many parameters of how many resources differ."""
    given = resources()
    whole = [one for resource in given for one in (resource, *indexed_too(resource))]
    for resource in whole:
        expressions(resource["resourceType"])
    times = race(
        {
            "ours": lambda: each(lambda resource: rows(resource, BASE), given, 20),
            "reference": lambda: each(interpreted, whole),
        },
        rounds=5,
    )
    ours, reference = 1e6 * times["ours"] / len(given) / 20, 1e6 * times["reference"] / len(given)
    claim("index rows of a resource (vs fhirpathpy)", ours, reference, "µs")
    differing = Counter(name for resource in given for name in differences(resource))
    asked = sum(len(expressions(r["resourceType"])) for r in given)
    agreeing = asked - differing.total()
    claim(f"parameters that agree; not so: {dict(differing)}", agreeing, asked, "parameters")


if __name__ == "__main__":
    main()
