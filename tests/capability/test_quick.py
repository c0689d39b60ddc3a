"""The quick yes of validation: never a yes where the walk finds a fault."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from capability import narrative
from capability.quick import accepted
from capability.validate import explain, validate
from tests.capability.samples import MEDICATION_REQUEST, NAMESPACE, SAMPLES, changed

Json = dict[str, Any]
STRANGE: tuple[object, ...] = (
    None, "", " ", "a b", "#med", "#", "#x", "Patient/1", "Medication?code=1", "2024-02-30", 0, -1, 1.5, True,
    [], {}, [None], [{}], {"id": "x"}, {"reference": "#med"}, {"reference": "#x"}, {"start": "2024", "end": "2023"},
)  # fmt: skip


def _places(value: Any, at: str = "") -> list[str]:
    """Every dotted path into a resource."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, item in pairs:
        place = f"{at}.{key}" if at else str(key)
        found.append(place)
        if isinstance(item, dict | list):
            found += _places(item, place)
    return found


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s["resourceType"])
def test_a_quick_yes_is_a_yes_of_the_walk(sample: Json) -> None:
    draw = random.Random(4)  # noqa: S311 - made-up faults
    places = _places(sample)
    said = 0
    for _ in range(300):
        place, value = draw.choice(places), draw.choice((..., *STRANGE))
        mutant = changed(sample, place, copy.deepcopy(value))
        if accepted(mutant):
            said += 1
            assert not list(explain(mutant)), (place, value)
    assert said, "some mutants are valid: fewer elements, other words"


def test_what_is_contained_is_known_to_references_in_it_and_around_it() -> None:
    assert accepted(MEDICATION_REQUEST)
    inner = changed(MEDICATION_REQUEST, "contained.0.manufacturer", {"reference": "#org"})
    assert not accepted(inner)
    inner["contained"].append({"resourceType": "Organization", "id": "org", "name": "A"})
    assert accepted(inner)
    assert not accepted(changed(inner, "contained.1.resourceType", "Device"))
    assert not accepted(changed(inner, "contained.0.manufacturer")), "nobody names the other"


def test_nothing_contained_is_remembered() -> None:
    assert accepted(MEDICATION_REQUEST)
    alone = changed(MEDICATION_REQUEST, "contained")
    assert not accepted(alone)
    assert validate(alone)


@pytest.mark.parametrize(
    "inner",
    [
        '<p\nonclick="x()">a</p>',
        "<p title='a>b' onclick=\"x()\">a</p>",
        '<p title = "a" onclick = "x()">a</p>',
        '<p xmlns="http://www.w3.org/2000/svg">a</p>',
        '<p style="background: url(http://x/y.gif)">a</p>',
        '<p xmlns:x="urn:x"><x:script>a</x:script></p>',
        '<a href="http:javascript:x">a</a><script>b</script>',
        "<p>&#32;</p>",
        "</div><div>a",
    ],
)
def test_the_quick_yes_of_narratives_sees_what_is_hidden(inner: str) -> None:
    assert narrative.fault(f'<div xmlns="{NAMESPACE}">{inner}</div>') is not None
