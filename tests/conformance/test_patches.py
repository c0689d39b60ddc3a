"""The official cases of FHIRPath Patch and JSON Patch, where their files are at hand."""

from __future__ import annotations

import pytest

from tests.conformance.patch_cases import Case, cases, failure
from tests.reference import HOME

CASES = list(cases(HOME / "data/patch"))
EXCLUDED = {  # the reason, beside each case that is not passed
    "fhir-path-tests.xml/Consecutive operations": "wrong-case: its output changes what no operation"
    " names, and adds to an item that is not there; fhir-patch-tests.xml has it right",
}


@pytest.mark.skipif(not CASES, reason="no reference data at data/patch (set MEDPARSER_REFERENCE)")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case) -> None:
    told = failure(case)
    if case.id in EXCLUDED:
        assert told is not None, f"passes, so take it off the exclusions: {EXCLUDED[case.id]}"
        pytest.xfail(EXCLUDED[case.id])
    assert told is None, told
