"""Claim: validating a resource takes a small part of what fhir.resources R4B takes, and finds more.

Both are given the same parsed resources, made up here and shaped as servers meet them, and both
compile their models first. With folders of transactions (Synthea's) or of single resources (R4's
examples), each type in one is raced too, and all of it together; what the reference can't read is
left out, since its models are those of R4B.
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import orjson
from fhir.resources.R4B import get_fhir_model_class
from race import claim, race

from capability.validate import validate

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.capability.samples import SAMPLES

Json = dict[str, Any]
COUNT = 1000


def _bundle() -> Json:
    """A collection of many resources."""
    entries = [
        {"fullUrl": f"http://localhost/fhir/{s['resourceType']}/{n}", "resource": s}
        for s in SAMPLES[:5]
        for n in range(COUNT // 5)
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": copy.deepcopy(entries)}


def _of(folder: Path) -> dict[str, list[Json]]:
    """COUNT resources or a few more of each type in a folder; Bundles taken apart."""
    found: dict[str, list[Json]] = {}
    for path in sorted(folder.glob("*.json")):
        one = orjson.loads(path.read_bytes())
        if "resourceType" not in one:  # an index of the folder
            continue
        entries = one.get("entry", ()) if one.get("type") == "transaction" else ({"resource": one},)
        for resource in (entry["resource"] for entry in entries if "resource" in entry):
            rows = found.setdefault(resource["resourceType"], [])
            if len(rows) < COUNT and _readable(resource):
                rows.append(resource)
    return {kind: rows * -(-COUNT // len(rows)) for kind, rows in sorted(found.items()) if rows}


def _readable(resource: Json) -> bool:
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except (KeyError, ValueError):
        return False
    return True


def _folder(folder: Path) -> None:
    """One claim for each type in a folder, and one for all."""
    whole = {"ours": 0.0, "reference": 0.0}
    for name, given in _of(folder).items():
        model = get_fhir_model_class(name)
        times = race(
            {
                "ours": lambda given=given: [validate(o, conditional=True) for o in given],
                "reference": lambda given=given, model=model: [
                    model.model_validate(o) for o in given
                ],
            },
            limit=1.0,
        )
        ours, reference = (times[key] / len(given) * 1e6 for key in ("ours", "reference"))
        claim(
            f"validate {len(given)} {name} of {folder.name} vs fhir.resources R4B",
            ours,
            reference,
            "µs",
        )
        whole = {key: whole[key] + times[key] * 1e3 for key in whole}
    claim(f"validate all of {folder.name} vs fhir.resources R4B", *whole.values(), "ms")


def main() -> None:
    """One claim for each type of resource, one for a Bundle of all, and those of the folders."""
    for sample in (*SAMPLES[:6], _bundle()):
        name = sample["resourceType"]
        count = 1 if name == "Bundle" else COUNT
        given = [copy.deepcopy(sample) for _ in range(count)]
        model = get_fhir_model_class(name)
        times = race(
            {
                "ours": lambda given=given: [validate(one) for one in given],
                "reference": lambda given=given, model=model: [
                    model.model_validate(o) for o in given
                ],
            }
        )
        label = f"validate {name}" + (" with a contained resource" if "contained" in sample else "")
        ours, reference = (times[key] / count * 1e6 for key in ("ours", "reference"))
        claim(f"{label} vs fhir.resources R4B", ours, reference, "µs")
    for folder in sys.argv[1:]:
        _folder(Path(folder))


if __name__ == "__main__":
    main()
