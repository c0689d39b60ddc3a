"""The fullUrl of an entry is absolute and of its resource; told, never an error."""

from __future__ import annotations

import pytest

from capability.validate import validate


@pytest.mark.parametrize(
    ("type", "url", "told"),
    [
        ("collection", "https://x.test/Patient/p", False),
        ("collection", "https://x.test/things/p", False),
        ("collection", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", False),
        ("collection", "https://x.test/Patient/q", True),
        ("collection", "https://x.test/Group/p", True),
        ("collection", "Patient/p", True),
        ("transaction", "Patient/q", False),
    ],
)
def test_full_urls(type: str, url: str, told: bool) -> None:
    entry = {"fullUrl": url, "resource": {"resourceType": "Patient", "id": "p"}}
    if type == "transaction":
        entry["request"] = {"method": "PUT", "url": "Patient/p"}
    bundle = {"resourceType": "Bundle", "type": type, "entry": [entry]}
    assert validate(bundle) == []
    places = [issue.expression for issue in validate(bundle, warnings=True)]
    assert ("Bundle.entry[0].fullUrl" in places) == told
