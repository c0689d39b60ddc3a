"""Claim: validating a resource takes a small part of what fhir.resources R4B takes, and finds more.

Both are given the same parsed resources, made up here and shaped as servers meet them, and both
compile their models first.
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from race import claim, race

from capability.validate import validate

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.capability.samples import SAMPLES

Json = dict[str, Any]
COUNT = 200


def _bundle() -> Json:
    """A collection of many resources."""
    entries = [
        {"fullUrl": f"http://localhost/fhir/{s['resourceType']}/{n}", "resource": s}
        for s in SAMPLES[:5]
        for n in range(COUNT // 5)
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": copy.deepcopy(entries)}


def main() -> None:
    """One claim for each type of resource, and one for a Bundle of all."""
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


if __name__ == "__main__":
    main()
