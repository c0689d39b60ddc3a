"""The tables of facts, from the official R4 definition bundles: only facts go through, no prose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from capability.derive.expand import Expander
from capability.derive.summary import summaries
from capability.derive.terminology import core

HERE = Path(__file__).parent.parent / "definitions"
FHIR = "http://hl7.org/fhir/"
VERSION = "4.0.1"
SOURCES = ("profiles-types.json", "profiles-resources.json")
TERMINOLOGY = ("valuesets.json", "v3-codesystems.json", "v2-tables.json", "conceptmaps.json")
SYSTEM = "http://hl7.org/fhirpath/System."
SHARED = {"ele": "Element", "ext": "Extension", "dom": "DomainResource"}  # told of every path

ANY = 140  # a parameter with as many targets lists every resource type

Json = dict[str, Any]


def derive(folder: Path, out: Path = HERE) -> list[Path]:
    """Write the tables that `folder`'s bundles give into `out`; returns their paths.

    Raises FileNotFoundError that names the bundle that is missing.
    """
    structures = list(_structures(folder))
    expander = Expander(r for name in TERMINOLOGY for r in _resources(folder / name))
    tables = {
        "structures": _elements(structures),
        "invariants": _invariants(structures),
        "summary": summaries(structures),
        "valuesets": _value_sets(structures, expander),
        "terminology": core(r for name in TERMINOLOGY for r in _resources(folder / name)),
        "search": _search(_resources(folder / "search-parameters.json")),
        "compartments": _compartments(sorted(folder.glob("compartmentdefinition-*.json"))),
    }
    written = []
    for name, table in tables.items():
        path = out / f"{name}.json"
        path.write_bytes(orjson.dumps(table, option=orjson.OPT_APPEND_NEWLINE))
        written.append(path)
    return written


def _resources(path: Path) -> Iterator[Json]:
    for entry in orjson.loads(path.read_bytes())["entry"]:
        yield entry["resource"]


def _structures(folder: Path) -> Iterator[Json]:
    """The base types and resources, without profiles and others' additions."""
    for name in SOURCES:
        for resource in _resources(folder / name):
            if (
                resource["resourceType"] == "StructureDefinition"
                and resource.get("fhirVersion") == VERSION
                and resource.get("derivation") != "constraint"
                and resource.get("kind") != "logical"
            ):
                yield resource


def _elements(structures: Iterable[Json]) -> Json:
    """{"resources": [name], "primitives": {type: regex}, "elements": {path: [row]}}.

    A row is [name, min, max, types] and, where there is something to tell, a fifth value: an
    object of "targets" (of references), "content" (path whose elements it repeats), "codes" (the
    value set that its codes have to be of) and "simple" (a quantity without comparator).
    """
    table: Json = {"resources": [], "primitives": {}, "elements": {}}
    for structure in structures:
        if structure["kind"] == "primitive-type":
            table["primitives"][structure["id"]] = _regex(structure)
            continue
        if structure["kind"] == "resource" and not structure.get("abstract"):
            table["resources"].append(structure["id"])
        for element in structure["snapshot"]["element"]:
            parent, _, name = element["path"].rpartition(".")
            if parent:
                table["elements"].setdefault(parent, []).append(_row(name, element))
    table["resources"].sort()
    return table


def _regex(structure: Json) -> str:
    for element in structure["snapshot"]["element"]:
        if element["path"].endswith(".value"):
            for extension in element["type"][0].get("extension", ()):
                if extension["url"].endswith("/regex"):
                    return str(extension["valueString"])
    return ""


def _row(name: str, element: Json) -> list[Any]:
    types = [_type(t) for t in element.get("type", ())]
    more: Json = {}
    targets = {_tail(p) for t in element.get("type", ()) for p in t.get("targetProfile", ())}
    if targets and "Reference" in types and "Resource" not in targets:
        more["targets"] = sorted(targets)
    if content := element.get("contentReference"):
        more["content"] = content.removeprefix("#")
    if codes := _required(element):
        more["codes"] = codes
    if any(
        _tail(p) == "SimpleQuantity" for t in element.get("type", ()) for p in t.get("profile", ())
    ):
        more["simple"] = True
    row = [name, element["min"], element["max"], types]
    return [*row, more] if more else row


def _type(given: Json) -> str:
    code = str(given["code"])
    if not code.startswith(SYSTEM):
        return code
    for extension in given.get("extension", ()):
        if extension["url"].endswith("-fhir-type"):
            return str(extension.get("valueUrl") or extension.get("valueUri"))
    return code.removeprefix(SYSTEM).lower()


def _required(element: Json) -> str:
    """The value set that has to be kept to: of a required binding, or the largest of a code."""
    binding = element.get("binding", {})
    url = binding.get("valueSet", "") if binding.get("strength") == "required" else ""
    if [t["code"] for t in element.get("type", ())] == ["code"]:
        for extension in binding.get("extension", ()):
            if extension["url"].endswith("/elementdefinition-maxValueSet"):
                url = url or extension["valueCanonical"]
    return str(url).partition("|")[0]


def _value_sets(structures: Iterable[Json], expander: Expander) -> Json:
    """{url: {system: [code]}} of every required binding that lists its codes."""
    urls = {_required(e) for s in structures for e in s["snapshot"]["element"]} - {""}
    expanded = {url: expander.expand(url) for url in sorted(urls)}
    return {url: systems for url, systems in expanded.items() if systems}


def _invariants(structures: Iterable[Json]) -> Json:
    """{path: {key: [severity, expression]}}; those of every element stand at their first owner."""
    table: Json = {}
    for structure in structures:
        for element in structure["snapshot"]["element"]:
            for rule in element.get("constraint", ()):
                if "expression" in rule:
                    path = SHARED.get(rule["key"].partition("-")[0], element["path"])
                    row = [rule["severity"], rule["expression"]]
                    table.setdefault(path, {})[rule["key"]] = row
    return dict(sorted(table.items()))


def _search(resources: Iterable[Json]) -> list[Json]:
    rows = []
    for parameter in resources:
        if not parameter["url"].startswith(FHIR):
            continue
        row: Json = {
            k: parameter[k] for k in ("url", "code", "type", "base", "expression") if k in parameter
        }
        if len(targets := parameter.get("target", ())) < ANY:
            row["target"] = targets
        if "component" in parameter:
            row["component"] = [[c["definition"], c["expression"]] for c in parameter["component"]]
        rows.append(row)
    return sorted(rows, key=lambda row: (row["code"], row["url"]))


def _compartments(paths: Iterable[Path]) -> Json:
    """{compartment: {resource type: search parameters}}; "{def}" stands for the owner itself."""
    table: Json = {}
    for path in paths:
        definition = orjson.loads(path.read_bytes())
        table[definition["code"]] = {
            row["code"]: params
            for row in definition["resource"]
            if (params := [p for p in row.get("param", ()) if p != "{def}"])
        }
    return table


def _tail(url: str) -> str:
    return url.rpartition("/")[2]
