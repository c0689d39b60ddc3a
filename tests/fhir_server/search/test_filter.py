"""_filter: what its operators find, joined by and, or, not and brackets."""

from __future__ import annotations

from contextlib import suppress

import pytest

from fhir_server.errors import FhirError
from fhir_server.search.criteria import Unknown
from tests.fhir_server.search import various
from tests.fhir_server.search.loaded import Loaded
from tests.fhir_server.search.various import UCUM
from tests.growth import linear

RESOURCES = various.RESOURCES
FILTERS: list[tuple[str, str, str]] = [
    ("Patient", 'family eq "smith"', "ann"),
    ("Patient", "family sw smith", "ann bob"),
    ("Patient", "family ew ers", "bob"),
    ("Patient", "birthdate po 1980-05 or birthdate po 1990", "ann bob"),
    ("Patient", "family co mith", "ann bob"),
    ("Patient", "family ne smith", "bob"),
    ("Patient", "family gt smith", "bob"),
    ("Patient", "family ge smith and family le smithers", "ann bob"),
    ("Patient", "family lt SMITHERS", "ann"),
    ("Patient", "family lt smith or family gt smithers", ""),
    ("Patient", "gender eq male and birthdate ge 1985", "bob"),
    ("Patient", "birthdate ne 1990", "ann"),
    ("Patient", "_id ne bob", "ann"),
    ("Patient", "general-practitioner ne Practitioner/x", "ann"),
    ("Patient", "general-practitioner ne Practitioner/dr", ""),
    ("Patient", "gender eq male or birthdate lt 1985", "ann bob"),
    ("Patient", "not (gender eq male)", "ann"),
    ("Patient", "not (gender eq male or gender eq female)", ""),
    ("Patient", "(gender eq male or given eq ann) and family sw smith", "ann bob"),
    ("Patient", "gender eq male or given eq ann and family eq nobody", "bob"),
    ("Patient", "_id eq bob", "bob"),
    ("Patient", "generalPractitioner pr true", ""),
    ("Patient", "general-practitioner pr true", "ann"),
    ("Patient", "general-practitioner pr false", "bob"),
    ("Patient", "general-practitioner re Practitioner/dr", "ann"),
    ("Patient", "identifier eq urn:mrn|7", "ann"),
    ("Observation", 'code eq "urn:c|bp" and component-value-quantity gt 140', "bp2"),
    ("Observation", f"value-quantity eq 70500|{UCUM}|g", "mass"),
    ("Observation", "subject.family eq smithers", "bp2 dose"),
    ("Observation", "patient[gender eq female].given eq ann", "bp1 mass"),
    ("Observation", "patient[gender eq male].given eq ann", ""),
    ("Observation", "status ne final", "mass"),
    ("Condition", "onset-date ge 2020-01 and code eq cold", "cold"),
    ("Condition", "onset-date po 2020", "cold"),
    ("Condition", "onset-date po 2020-02-02T09:00:00Z", "cold"),
    ("Condition", "onset-date po 2020-03", ""),
]


@pytest.mark.parametrize(("type", "filter", "expected"), FILTERS)
def test_filter(some: Loaded, type: str, filter: str, expected: str) -> None:
    if "generalPractitioner" in filter:
        with pytest.raises(Unknown):
            some.find(type, ("_filter", filter))
        return
    assert set(some.find(type, ("_filter", filter))) == set(expected.split())
    both = set(some.find(type, ("_filter", filter), ("_id", "ann,bp2")))
    assert both == set(expected.split()) & {"ann", "bp2"}


@pytest.mark.parametrize("name", ["_filter", "_content"])
@pytest.mark.parametrize(("begin", "run"), [("", "( "), ("", " "), ('"', "a"), ("", "a")])
def test_long_texts_are_read_in_time_that_their_length_sets(
    some: Loaded, name: str, begin: str, run: str
) -> None:
    def job(size: int) -> None:
        with suppress(FhirError):
            some.find("Patient", (name, begin + run * size))

    assert linear(job, 60_000)
