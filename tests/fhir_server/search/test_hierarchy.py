"""Hierarchies of resources: `location:below=ward` (R4 search, "searching hierarchies")."""

from __future__ import annotations

import pytest

from fhir_server.errors import BadRequest
from tests.fhir_server.search.loaded import BASE, Loaded, Resource


def part(type: str, id: str, whole: str = "") -> Resource:
    of = {"partOf": {"reference": f"{type}/{whole}"}} if whole else {}
    return {"resourceType": type, "id": id, **of}


RESOURCES: list[Resource] = [
    part("Location", "house"),
    part("Location", "ward", "house"),
    part("Location", "room", "ward"),
    part("Location", "shed"),
    part("Location", "left", "right"),
    part("Location", "right", "left"),
    part("Organization", "ward"),
    part("Organization", "team", "ward"),
    *(
        {"resourceType": "Procedure", "id": at, "status": "completed", "subject": {"display": "x"}}
        | {"location": {"reference": f"Location/{at}"}}
        for at in ("house", "ward", "room", "shed", "left")
    ),
    *(
        {"resourceType": "PractitionerRole", "id": f"{kind}-{at}"}
        | {kind: {"reference": f"Organization/{at}"}}
        for kind, at in (("organization", "ward"), ("organization", "team"))
    ),
]


@pytest.mark.parametrize(
    ("type", "name", "value", "expected"),
    [
        ("Procedure", "location:below", "ward", "ward room"),
        ("Procedure", "location:below", "Location/house", "house ward room"),
        ("Procedure", "location:below", f"{BASE}/Location/room", "room"),
        ("Procedure", "location:below", "room,shed", "room shed"),
        ("Procedure", "location:above", "ward", "house ward"),
        ("Procedure", "location:above", "house", "house"),
        ("Procedure", "location:below", "right", "left"),
        ("Procedure", "location:above", "right", "left"),
        ("Procedure", "location:below", "nowhere", ""),
        ("Procedure", "location:below", "Organization/ward", ""),
        ("Procedure", "location:missing", "false", "house ward room shed left"),
        ("Location", "partof:below", "house", "ward room"),
        ("Location", "partof:above", "ward", "ward room"),
        ("PractitionerRole", "organization:below", "ward", "organization-ward organization-team"),
        (
            "Organization",
            "_has:PractitionerRole:organization:organization:below",
            "ward",
            "ward team",
        ),
        ("Location", "_has:Procedure:location:location:above", "room", "house ward room"),
    ],
)
def test_what_is_below_and_above(
    some: Loaded, type: str, name: str, value: str, expected: str
) -> None:
    found = some.find(type, (name, value))
    assert sorted(found) == sorted(expected.split())


def test_what_is_above_is_here(some: Loaded) -> None:
    with pytest.raises(BadRequest, match="of this server"):
        some.find("Procedure", ("location:above", "http://other.test/fhir/Location/ward"))
