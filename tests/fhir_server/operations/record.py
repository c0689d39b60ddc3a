"""A small record of one patient, and what a Bundle of it holds."""

from __future__ import annotations

from typing import Any

import httpx

Json = dict[str, Any]
RECORD: list[Json] = [
    {"resourceType": "Organization", "id": "clinic", "name": "Clinic"},
    {"resourceType": "Practitioner", "id": "dr"},
    {"resourceType": "Practitioner", "id": "other"},
    {"resourceType": "Patient", "id": "p", "managingOrganization": {"reference": "Organization/clinic"}},
    {"resourceType": "Patient", "id": "q"},
    {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}, "subject": {"reference": "Patient/p"}, "period": {"start": "2020-05-01", "end": "2020-05-02"}, "participant": [{"individual": {"reference": "Practitioner/dr"}}]},
    {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"}, "code": {"text": "x"}},
    {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/p"}, "effectiveDateTime": "2021-02-03", "performer": [{"reference": "Practitioner/dr"}]},
    {"resourceType": "Observation", "id": "theirs", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/q"}},
]  # fmt: skip


async def stored(http: httpx.AsyncClient) -> None:
    for resource in RECORD:
        reply = await http.put(f"{resource['resourceType']}/{resource['id']}", json=resource)
        assert reply.status_code == 201, reply.text


def names(bundle: Json) -> list[str]:
    """The resources of a Bundle in its order."""
    found = (e["resource"] for e in bundle.get("entry", ()))
    return [f"{r['resourceType']}/{r['id']}" for r in found]
