"""What lies below or above a resource: those that are part of it, those that it is part of.

R4 search 3.1.1.5.6, "searching hierarchies": `location:below=42`.
"""

from __future__ import annotations

from functools import cache

import orjson

from capability.definitions import RESOURCE_TYPES, elements

NAMES = ("partOf", "parent")  # of the elements that lead from a resource to one of its type
STEPS = {  # by modifier; a circle ends where it closes
    "below": "SELECT f.rid FROM h CROSS JOIN ref f ON f.tgt_rid = h.rid AND {}",
    "above": "SELECT f.tgt_rid FROM h CROSS JOIN ref f INDEXED BY ref_back ON f.rid = h.rid AND {}",
}
UPWARD = "f.p IN (SELECT p FROM path WHERE text IN (SELECT value FROM json_each(?)))"


def reach(modifier: str, roots: str) -> str:
    """The SELECT of the row ids of the `roots` (a SELECT of some) and of all below or above them.

    It binds what the roots do, then `paths()`.
    """
    step = STEPS[modifier].format(UPWARD)
    return f"WITH RECURSIVE h(rid) AS ({roots} UNION {step}) SELECT rid FROM h"


@cache
def paths() -> str:
    """The elements that resources hang together by, as a JSON array."""
    found = [
        f"{type}.{element.name}"
        for type in RESOURCE_TYPES
        for element in elements(type)
        if element.name in NAMES and type in element.targets
    ]
    return orjson.dumps(found).decode()
