"""Whatever is asked is answered or refused: random queries over the official examples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capability.definitions import RESOURCE_TYPES, search_parameters
from fhir_server.errors import FhirError
from tests.fhir_server.search.loaded import Loaded
from tests.reference import reference

TYPES = st.sampled_from(RESOURCE_TYPES)
MARKS = ("", "", ":missing", ":not", ":exact", ":contains", ":below", ":above", ":identifier", ":text", ":of-type", ":Patient", ":x")  # fmt: skip
VALUES = ("a", "true", "2020-01", "gt2020", "ne5", "1e3", "a|b", "|b", "a|", "a$b", "5||mg", "Patient/1", "http://x|1", "urn:oid:1.2", "*", "\\", ",", "a,b", "(a or b)", "$current-problems")  # fmt: skip


@pytest.fixture(scope="module")
def examples() -> Iterator[Loaded]:
    read = (orjson.loads(p.read_bytes()) for p in sorted(reference("data/fhir/examples").glob("*-*.json")))  # fmt: skip
    loaded = Loaded(each for each in read if "id" in each)
    yield loaded
    loaded.connection.close()


@st.composite
def names(draw: st.DrawFn, type: str, links: int = 3) -> str:
    """A parameter of the type, chained or not, asked for by a reference to it or not."""
    known = search_parameters(type)
    references = [p for p in known if p.type == "reference"]
    way = draw(st.integers(0, 4)) if links and references else 0
    if way < 3:
        return draw(st.sampled_from([*known, *known])).code + draw(st.sampled_from(MARKS))
    by = draw(st.sampled_from(references))
    if way == 3:
        target = draw(st.sampled_from(by.targets or RESOURCE_TYPES))
        mark = draw(st.sampled_from(("", f":{target}")))
        return f"{by.code}{mark}.{draw(names(target, links - 1))}"
    return f"_has:{type}:{by.code}:{draw(names(type, links - 1))}"


@st.composite
def results(draw: st.DrawFn, type: str) -> tuple[str, str]:
    """A parameter that says how results are told."""
    code = draw(st.sampled_from([*(p.code for p in search_parameters(type)), "*"]))
    name = draw(st.sampled_from(("_include", "_revinclude", "_include:iterate", "_sort", "_list")))
    if "include" in name:
        return name, draw(st.sampled_from((f"{type}:{code}", f"{type}:*", "*")))
    return name, f"-{code}" if name == "_sort" else "example"


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_query_is_a_fault(examples: Loaded, data: st.DataObject) -> None:
    type = data.draw(TYPES)
    asked = st.tuples(names(type), st.sampled_from(VALUES)) | results(type)
    pairs = data.draw(st.lists(asked, min_size=1, max_size=3))
    with suppress(FhirError):
        page = examples.page(type, *pairs, strict=False)
        assert page.total is not None
        assert page.total >= len(page.entries)
