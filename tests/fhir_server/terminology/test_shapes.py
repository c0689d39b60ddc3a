"""Resources that travel with a request: whatever is wrong with one is told, and nothing breaks."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.errors import BadRequest
from fhir_server.terminology.resources import shelf
from terminology.codesystem import Coding
from terminology.expansion import Options, expand
from terminology.issue import Refused
from terminology.library import Library
from terminology.translation import TranslationRequest, translate
from terminology.validation import Codings, validate_in_value_set
from terminology.validation import Options as Checking
from tests.fhir_server.terminology.animals import MAP, SET, SYSTEM, URL

STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
LISTED = SET | {
    "url": "http://example.org/listed",
    "extension": [{"url": STATUS, "valueCode": "draft"}],
    "compose": {
        "inactive": False,
        "include": [
            {"system": URL, "concept": [{"code": "hen", "designation": [{"value": "Huhn"}]}]},
            {"system": URL, "filter": [{"property": "legs", "op": "=", "value": "2"}]},
            {"valueSet": [SET["url"]]},
        ],
    },
    "expansion": {"contains": [{"system": URL, "code": "hen", "contains": [{"code": "x"}]}]},
}
WHOLE = [SYSTEM, SET, LISTED, MAP]
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from places(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from places(each, (*path, number))


PLACES = [path for path in places(WHOLE) if path]


@given(st.sampled_from(PLACES), odd)
def test_whatever_stands_somewhere_is_used_or_told(path: tuple[Any, ...], value: Any) -> None:
    sent = copy.deepcopy(WHOLE)
    holder: Any = sent
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    with suppress(BadRequest, Refused):
        known = Library((shelf(sent),))
        for each in known.layers[1].value_sets(LISTED["url"]):  # type: ignore[arg-type]
            expand(known, each, Options())
            asked = Codings((Coding(URL, "hen"),), ("",))
            validate_in_value_set(known, each, asked, Checking())
        translate(known.concept_maps(), TranslationRequest(Coding(URL, "hen")))


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        (SYSTEM | {"concept": [{"code": "a", "display": 7}]}, r"concept\[0\]\.display"),
        (SYSTEM | {"concept": {"code": "a"}}, "concept"),
        (SET | {"compose": None}, "compose"),
        (MAP | {"group": [{"element": [{"target": "x"}]}]}, r"group\[0\]\.element\[0\]\.target"),
        ({k: v for k, v in SYSTEM.items() if k != "url"}, "needs a url"),
        (SET | {"compose": {"include": [{}]}}, "no system"),
        (SET | {"compose": {"include": [], "exclude": [{"valueSet": []}]}}, "exclude names no"),
        (SET | {"compose": {"include": [{"concept": [{"code": "a"}]}]}}, "no system"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(resource: dict[str, Any], told: str) -> None:
    with pytest.raises(BadRequest, match=told):
        shelf([resource])
    assert shelf([resource], strict=False).tables == ()


@pytest.mark.parametrize("place", ["", "compose", "include", "concept"])
def test_what_may_mean_another_thing_is_not_read(place: str) -> None:
    told = copy.deepcopy(LISTED)
    include = told["compose"]["include"][0]
    elements = {"": told, "compose": told["compose"], "include": include}
    element = elements.get(place) or include["concept"][0]
    element["modifierExtension"] = [{"url": "urn:not", "valueBoolean": True}]
    with pytest.raises(BadRequest, match="modifierExtension"):
        shelf([told])
    element["modifierExtension"] = []
    assert shelf([told]).sets
    with pytest.raises(BadRequest, match="implicitRules"):
        shelf([told | {"implicitRules": "urn:rules"}])
