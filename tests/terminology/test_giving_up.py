"""Codes, names and systems that are being given up, incomplete or missing, and what is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from terminology.codesystem import (
    STANDARDS_STATUS,
    Coding,
    ConceptDefinition,
    ConceptDesignation,
    ConceptProperty,
    Extension,
)
from terminology.expansion import LIMIT, expand
from terminology.expansion import Options as Expanding
from terminology.issue import Refused
from terminology.languages import is_well_formed
from terminology.library import Library, Shelf
from terminology.table import Node, Table
from terminology.validation import (
    Codings,
    Options,
    Outcome,
    validate_in_system,
    validate_in_value_set,
)
from terminology.valueset import DEPRECATED, Include, Reference, ValueSet
from terminology.versions import VersionRules

URL = "urn:lamps"
OLD_NAME = ConceptDesignation(
    "Wick lamp", "en", extensions=(Extension(STANDARDS_STATUS, "code", "withdrawn"),)
)
LAMPS = Table(
    URL,
    "1",
    language="en",
    roots=(
        Node(ConceptDefinition("oil", "Oil lamp", designations=(OLD_NAME,))),
        Node(
            ConceptDefinition(
                "gas", "Gas lamp", extensions=(Extension(STANDARDS_STATUS, "code", "deprecated"),)
            )
        ),
    ),
)
ALL = ValueSet("urn:all", "1", include=(Include(URL),))
FADING = ValueSet(
    "urn:fading",
    "1",
    include=(
        Include(
            URL,
            "",
            (
                Reference("oil", extensions=(Extension(DEPRECATED, "code", "true"),)),
                Reference("gas"),
            ),
        ),
    ),
)


def library(*tables: Table, sets: tuple[ValueSet, ...] = ()) -> Library:
    return Library((Shelf(tables or (LAMPS,), sets),))


def in_set(value_set: ValueSet, *codings: Coding, **options: object) -> Outcome:
    asked = Codings(codings, tuple(f"Coding[{n}]" for n in range(len(codings))), len(codings) > 1)
    return validate_in_value_set(library(), value_set, asked, Options(**options))  # type: ignore[arg-type]


def kinds(outcome: Outcome) -> list[tuple[str, str]]:
    return [(i.severity, i.id) for i in outcome.issues]


def test_a_code_that_its_system_gives_up_is_remarked_with_its_status() -> None:
    found = in_set(ALL, Coding(URL, "gas"))
    assert found.result
    assert found.best is not None
    assert (found.best.status, found.best.inactive) == ("deprecated", False)
    assert kinds(found) == [("warning", "DEPRECATED_CONCEPT_FOUND")]


def test_a_code_that_the_set_gives_up_is_remarked() -> None:
    found = in_set(FADING, Coding(URL, "oil"))
    assert (found.result, found.message) == (True, "")
    assert kinds(found) == [("warning", "CONCEPT_DEPRECATED_IN_VALUESET")]


@pytest.mark.parametrize(
    ("lenient", "severity", "result"),
    [(None, "warning", True), (True, "warning", True), (False, "error", False)],
)
def test_a_name_that_was_given_up_is_no_longer_right(
    lenient: bool | None, severity: str, result: bool
) -> None:
    found = in_set(ALL, Coding(URL, "oil", display="wick lamp"), lenient_display=lenient)
    assert (found.result, kinds(found)) == (result, [(severity, "INACTIVE_DISPLAY_FOUND")])


@pytest.mark.parametrize(
    ("coding", "told"),
    [
        (Coding(URL), [("warning", "Coding_has_no_code__cannot_validate")]),
        (Coding(display="Oil"), [("warning", "Coding_has_no_system_or_code__cannot_validate")]),
    ],
)
def test_a_coding_without_a_code_is_not_valid_and_that_is_all(
    coding: Coding, told: list[tuple[str, str]]
) -> None:
    found = in_set(ALL, coding)
    assert (found.result, kinds(found)) == (False, told)
    asked = Codings((coding,), ("Coding",))
    assert kinds(validate_in_system(library(), None, asked, Options())) == told


def test_a_coding_without_a_system_does_no_harm_beside_a_valid_one() -> None:
    found = in_set(ALL, Coding("", "oil"), Coding(URL, "oil"))
    assert found.result
    assert ("warning", "Coding_has_no_system__cannot_validate") in kinds(found)


def test_the_expansion_of_a_fragment_says_that_it_may_lack_codes() -> None:
    part = Table(URL, "1", content="fragment", roots=LAMPS.roots)
    found = expand(library(part), ALL, Expanding())
    assert found.unclosed
    assert ("used-fragment", f"{URL}|1") in found.used
    assert not expand(library(part), FADING, Expanding()).unclosed
    assert not expand(library(), ALL, Expanding()).unclosed


def test_a_pinned_import_that_is_not_there_is_told_with_its_version() -> None:
    importing = ValueSet("urn:importing", include=(Include(value_sets=("urn:all",)),))
    known = library(LAMPS, sets=(ALL,))
    pinned = Expanding(set_rules=VersionRules({"urn:all": "3"}))
    with pytest.raises(Refused, match="3") as refused:
        expand(known, importing, pinned)
    assert refused.value.missing
    asked = Codings((Coding(URL, "oil"),), ("Coding",))
    found = validate_in_value_set(
        known, importing, asked, Options(set_rules=VersionRules({"urn:all": "3"}))
    )
    assert "'urn:all|3'" in found.message


def test_the_version_of_an_import_is_set_by_the_request() -> None:
    sets = [replace(ALL, version=version) for version in ("1", "2")]
    importing = ValueSet("urn:importing", include=(Include(value_sets=("urn:all|1",)),))
    known = library(LAMPS, sets=(*sets, importing))
    asked = Codings((Coding(URL, "oil"),), ("Coding",))
    for rules, used in (
        (VersionRules(), "1"),
        (VersionRules(default={"urn:all": "2"}), "1"),
        (VersionRules(force={"urn:all": "2"}), "2"),
        (VersionRules(check={"urn:all": "1"}), "1"),
    ):
        made = expand(known, importing, Expanding(set_rules=rules))
        assert ("used-valueset", f"urn:all|{used}") in made.used
        assert validate_in_value_set(known, importing, asked, Options(set_rules=rules)).result
    barred = VersionRules(check={"urn:all": "2"})
    with pytest.raises(Refused, match="required to be '2'"):
        expand(known, importing, Expanding(set_rules=barred))
    with pytest.raises(Refused, match="required to be '2'"):
        validate_in_value_set(known, importing, asked, Options(set_rules=barred))


def test_more_codes_than_the_limit_are_given_in_pages() -> None:
    roots = tuple(Node(ConceptDefinition(f"c{n}")) for n in range(LIMIT + 1))
    known = library(Table(URL, "1", roots=roots))
    with pytest.raises(Refused, match="too many codes"):
        expand(known, ALL, Expanding())
    page = expand(known, ALL, Expanding(count=LIMIT + 1))
    assert len(page.contains) == page.total == LIMIT + 1


@pytest.mark.parametrize(
    ("told", "fine"),
    [("de", True), ("de-CH, en;q=0.5, *;q=0", True), ("-", False), ("", False), ("en;q=x", False)],
)
def test_languages_are_tags_with_weights(told: str, fine: bool) -> None:
    assert is_well_formed(told) is fine


@pytest.mark.parametrize(
    ("property", "extension", "inactive"),
    [
        ("withdrawn", "", True),
        ("retired", "", True),
        ("deprecated", "", False),
        ("", "withdrawn", True),
        ("", "deprecated", False),
        ("active", "withdrawn", False),
    ],
)
def test_what_is_withdrawn_is_inactive_as_its_property_or_else_its_extension_says(
    property: str, extension: str, inactive: bool
) -> None:
    properties = (ConceptProperty("status", "code", property),) if property else ()
    extensions = (Extension(STANDARDS_STATUS, "code", extension),) if extension else ()
    lamp = ConceptDefinition("lamp", "Lamp", properties=properties, extensions=extensions)
    assert Table(URL, roots=(Node(lamp),)).is_inactive("lamp") is inactive
