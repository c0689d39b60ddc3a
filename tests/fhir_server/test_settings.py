"""Settings that are switches."""

from __future__ import annotations

from dataclasses import fields

import pytest

from fhir_server.settings import CHOICES, DEFAULTS, RANGES, Settings, load


@pytest.mark.parametrize(("raw", "expected"), [("true", True), ("0", False), ("No", False)])
def test_a_switch(raw: str, expected: bool) -> None:
    assert load({"MEDPARSER_REFERENTIAL_INTEGRITY": raw}).referential_integrity is expected
    assert load({}, referential_integrity=expected).referential_integrity is expected


def test_what_is_no_switch_is_told() -> None:
    with pytest.raises(ValueError, match="MEDPARSER_DELETE_MULTIPLE: 'maybe' is not one of"):
        load({"MEDPARSER_DELETE_MULTIPLE": "maybe"})


def test_handling_is_one_of_two() -> None:
    assert load({"MEDPARSER_HANDLING": "lenient"}).handling == "lenient"
    with pytest.raises(ValueError, match="MEDPARSER_HANDLING"):
        load({"MEDPARSER_HANDLING": "loose"})


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        *(("MAX_BODY", "-3"), ("MAX_NOTE", "0"), ("PORT", "99999"), ("MLLP_PORT", "-2")),
        *(("MIN_SCORE", "1.5"), ("MIN_SCORE", "nan"), ("MATCH_WORKERS", "-2"), ("ENGINE", "foo")),
    ],
)
def test_what_no_server_could_follow_is_refused_at_the_start(name: str, raw: str) -> None:
    with pytest.raises(ValueError, match=f"^MEDPARSER_{name}: '?{raw}'? is not (one of|from) "):
        load({f"MEDPARSER_{name}": raw})


def test_every_number_has_a_range_and_holds_its_own_default() -> None:
    numbers = {f.name for f in fields(Settings) if type(getattr(DEFAULTS, f.name)) in (int, float)}
    assert numbers == RANGES.keys()
    assert load({}, **{name: getattr(DEFAULTS, name) for name in (*RANGES, *CHOICES)})
