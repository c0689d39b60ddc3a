"""A value set that takes one code system in several versions: they are held apart."""

from __future__ import annotations

import pytest

from terminology.codesystem import Coding
from terminology.expansion import Options as Expanding
from terminology.expansion import expand
from terminology.library import Library, Shelf
from terminology.table import Node, Table
from terminology.validation import Codings, Options, Outcome, validate_in_value_set
from terminology.valueset import Include, Reference, ValueSet
from terminology.versions import VersionRules
from tests.terminology.vocabulary import URL, concept


def shapes(version: str, **displays: str) -> Table:
    roots = tuple(Node(concept(code, display)) for code, display in displays.items())
    return Table(URL, version, "Shapes", language="en", roots=roots)


KNOWN = Library(
    (
        Shelf(
            (
                shapes("1.0.0", disc="Disc", ring="Ring", cube="Cube"),
                shapes("2.0.0", disc="Disc", ring="Annulus", ball="Ball"),
            )
        ),
    )
)


def part(version: str, *codes: str) -> Include:
    return Include(URL, version, tuple(Reference(c) for c in codes))


BOTH = ValueSet("urn:both", include=(part("1.0.0"), part("2.0.0")))
LISTED = ValueSet("urn:listed", include=(part("1.0.0", "cube"), part("2.0.0", "ring")))
LESS_RING = ValueSet("urn:less", include=BOTH.include, exclude=(part("1.0.0", "ring"),))
LESS_OLD = ValueSet("urn:new", include=(part("2.0.0"),), exclude=(part("1.0.0"),))


def told(value_set: ValueSet) -> list[tuple[str, str]]:
    found = expand(KNOWN, value_set, Expanding(nested=False))
    return [(c.version, c.code) for c in found.contains]


def check(value_set: ValueSet, code: str, display: str = "", version: str = "") -> Outcome:
    coding = Coding(URL, code, version, display)
    return validate_in_value_set(KNOWN, value_set, Codings((coding,), ("Coding",)), Options())


def test_each_version_s_codes_stand_for_themselves() -> None:
    assert len(told(BOTH)) == 6
    assert told(LISTED) == [("1.0.0", "cube"), ("2.0.0", "ring")]


@pytest.mark.parametrize(("code", "result"), [("cube", True), ("ball", True), ("ring", False)])
def test_an_include_without_a_version_hides_none_with_one(code: str, result: bool) -> None:
    mixed = ValueSet("urn:mixed", include=(part("", "ball"), part("1.0.0", "cube")))
    assert check(mixed, code).result is result


def test_an_exclude_takes_out_those_of_its_version_alone() -> None:
    assert ("1.0.0", "ring") not in told(LESS_RING)
    assert ("2.0.0", "ring") in told(LESS_RING)
    assert check(LESS_RING, "ring", version="2.0.0").result
    assert not check(LESS_RING, "ring", version="1.0.0").result


def test_where_one_version_is_taken_an_exclude_counts_whatever_its_version() -> None:
    assert told(LESS_OLD) == [("2.0.0", "ball")]
    assert check(LESS_OLD, "ball").result
    assert not check(LESS_OLD, "disc").result


@pytest.mark.parametrize(
    ("code", "display", "version", "result"),
    [
        ("disc", "", "2.0.0", True),
        ("cube", "", "1.0.0", True),
        ("ball", "", "2.0.0", True),
        ("ring", "Ring", "1.0.0", True),
        ("ring", "Annulus", "2.0.0", True),
        ("ring", "Torus", "2.0.0", False),
        ("cone", "", "2.0.0", False),
    ],
)
def test_a_coding_without_a_version_is_of_the_newest_that_has_it_so(
    code: str, display: str, version: str, result: bool
) -> None:
    found = check(BOTH, code, display)
    assert found.best is not None
    assert (found.best.version, found.result) == (version, result)


def test_a_version_that_is_no_pattern_stands_for_itself() -> None:
    vague = ValueSet("urn:vague", include=(part("1"),))
    found = check(vague, "disc", version="1.0.0")
    assert [i.id for i in found.issues] == ["VALUESET_VALUE_MISMATCH", "UNKNOWN_CODESYSTEM_VERSION"]
    assert found.best is not None
    assert (found.best.version, found.best.display) == ("1.0.0", "Disc")
    forced = Options(rules=VersionRules(force={URL: "1.x"}))
    asked = Codings((Coding(URL, "cube"),), ("Coding",))
    assert validate_in_value_set(KNOWN, vague, asked, forced).result
