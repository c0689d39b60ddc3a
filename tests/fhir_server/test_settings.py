"""Settings that are switches."""

from __future__ import annotations

import pytest

from fhir_server.settings import load


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
