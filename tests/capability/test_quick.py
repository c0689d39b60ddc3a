"""The quick yes of validation: never a yes where the walk finds a fault."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from capability import narrative
from capability.quick import accepted
from capability.validate import explain, validate
from tests.capability.mutants import ABSENT, Mutants
from tests.capability.samples import MEDICATION_REQUEST, NAMESPACE, SAMPLES, changed
from tests.reference import reference

Json = dict[str, Any]
CONTAINED: Json = {"resourceType": "Organization", "id": "o", "name": "A", "_alias": [ABSENT]}


def _agree(mutants: Mutants, count: int) -> None:
    """A quick yes is a yes of the walk and of the invariants, of every mutant."""
    said = 0
    for _ in range(count):
        mutant = mutants.one()
        for conditional in (False, True):
            if accepted(mutant, conditional):
                said += 1
                assert not list(explain(mutant, conditional=conditional)), orjson.dumps(mutant)
    assert count / 20 < said < count * 1.8, "some mutants are valid, some are not"


def test_a_quick_yes_is_a_yes_of_the_walk() -> None:
    _agree(Mutants(list(SAMPLES), 4), 2000)


def test_a_quick_yes_is_a_yes_of_the_walk_for_the_official_examples() -> None:
    texts = [p.read_bytes() for p in sorted(reference("data/fhir/examples").glob("*-*.json"))]
    small = [orjson.loads(text) for text in texts if len(text) < 6000]
    _agree(Mutants(small, 5), 3000)


def test_what_is_contained_is_known_to_references_in_it_and_around_it() -> None:
    assert accepted(MEDICATION_REQUEST)
    inner = changed(MEDICATION_REQUEST, "contained.0.manufacturer", {"reference": "#org"})
    assert not accepted(inner)
    inner["contained"].append({"resourceType": "Organization", "id": "org", "name": "A"})
    assert accepted(inner)
    assert not accepted(changed(inner, "contained.1.resourceType", "Device"))
    assert not accepted(changed(inner, "contained.0.manufacturer")), "nobody names the other"


NAME = {"family": "Doe", "given": [None, "M."], "_given": [ABSENT, None]}
SIBLINGS: tuple[tuple[Json, bool], ...] = (
    ({"name": [NAME]}, True),
    ({"name": [{"_given": [ABSENT, ABSENT]}]}, True),
    ({"name": [{"given": ["A", "B"], "_given": [None, ABSENT]}]}, True),
    ({"_deceasedDateTime": ABSENT}, True),
    ({"_deceasedDateTime": ABSENT, "deceasedDateTime": "2024"}, True),
    ({"contact": [{"name": NAME}], "_gender": ABSENT}, True),
    ({"name": [{"given": [None, "M."], "_given": [None, ABSENT]}]}, False),
    ({"name": [{"given": [None, "M."]}]}, False),
    ({"name": [{"given": ["A"], "_given": [ABSENT, ABSENT]}]}, False),
    ({"name": [{"_given": [None, ABSENT]}]}, False),
    ({"name": [{"given": [None], "_given": [{"id": "a"}]}]}, False),
    ({"_deceasedDateTime": ABSENT, "deceasedBoolean": False}, False),
)


@pytest.mark.parametrize(("given", "valid"), SIBLINGS)
def test_siblings_wherever_they_stand_are_known_at_the_second_look(
    given: Json, valid: bool
) -> None:
    for kind, within in (("Patient", {}), ("Patient", {"contained": [CONTAINED]})):
        made = {"resourceType": kind, **given, **within}
        if within:
            made["managingOrganization"] = {"reference": "#o"}
        assert accepted(made) == valid
        assert bool(list(explain(made))) != valid
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": made}]}
    assert accepted(bundle) == valid


def test_what_is_required_may_be_given_by_a_sibling() -> None:
    told = {"resourceType": "Observation", "_status": ABSENT, "code": {"text": "a"}}
    assert accepted(told)
    assert accepted({**told, "_valueString": ABSENT})
    assert not accepted({**told, "_valueString": ABSENT, "dataAbsentReason": {"text": "b"}})
    assert not accepted({"resourceType": "Observation", "code": {"text": "a"}})


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
