"""Links of a transaction: what its entries call one another, rewritten; other bytes stay."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from fhir_server import conditions
from fhir_server.bundles import plan
from tests.fhir_server.serving import patient, served, talk
from tests.fhir_server.transactions import (
    Json,
    condition,
    entry,
    person,
    post,
    statuses,
    urn,
)
from tests.reference import reference


def test_links_are_rewritten_and_other_bytes_stay(tmp_path: Path) -> None:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{urn(1)}#x">a</a> {urn(1)}</div>'
    related = [{"reference": "#c"}, {"reference": "http://other/fhir/Patient/9"}]
    document = {
        "resourceType": "DocumentReference",
        "status": "current",
        "text": {"status": "additional", "div": div},
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": urn(1)}],
        "subject": {"reference": urn(1)},
        "content": [{"attachment": {"url": urn(1), "title": urn(1)}}],
        "contained": [condition(urn(1), id="c")],
        "context": {"related": related},
    }
    plan = {"resourceType": "CarePlan", "status": "active", "intent": "plan"}
    plan |= {"subject": {"reference": "Patient/7"}, "instantiatesCanonical": [urn(2)]}

    async def conversation(http: httpx.AsyncClient) -> None:
        reply = await post(
            http,
            entry("POST", "DocumentReference", document, urn(2)),
            entry("POST", "Patient", person(), urn(1)),
            entry("POST", "CarePlan", plan, "http://other/fhir/CarePlan/5"),
            entry("POST", "Patient", person(), "http://other/fhir/Patient/7"),
        )
        assert statuses(reply) == ["201"] * 4
        stored = (await http.get("DocumentReference/id-1")).json()
        assert stored["subject"] == {"reference": "Patient/id-2"}
        assert stored["contained"][0]["subject"] == {"reference": "Patient/id-2"}
        assert stored["context"]["related"] == related
        assert stored["content"] == [{"attachment": {"url": "Patient/id-2", "title": urn(1)}}]
        assert stored["text"]["div"] == div.replace(f'"{urn(1)}#', '"Patient/id-2#')
        assert stored["identifier"] == document["identifier"]
        told = (await http.get("CarePlan/id-3")).json()
        assert told["subject"] == {"reference": "Patient/id-4"}
        assert told["instantiatesCanonical"] == ["DocumentReference/id-1"]
        spaced = b'{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"%b","resource":{"resourceType":"Observation","status":"final", "code" : {"text":"x"},"valueQuantity":{"value":1.50}},"request":{"method":"POST","url":"Observation"}}]}'
        await http.post("http://test/fhir", content=spaced % urn(1).encode())
        assert (
            b' "code" : {"text":"x"},"valueQuantity":{"value":1.50}}'
            in (await http.get("Observation/id-5")).content
        )

    with served(tmp_path) as app:
        talk(app, conversation)


def test_entries_refer_to_later_ones_however_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fhir_server.store.rows.KEPT", 1)
    count = 12

    async def run(http: httpx.AsyncClient) -> None:
        made = [
            entry(
                "POST",
                "Condition",
                condition(urn(n), evidence=[{"detail": [{"reference": urn(n + 1)}]}]),
            )
            for n in range(count)
        ]
        people = [entry("POST", "Patient", person(str(n)), full=urn(n)) for n in range(count + 1)]
        assert statuses(await post(http, *made, *people)) == ["201"] * (2 * count + 1)
        for n in range(count):
            found = (await http.get(f"Condition?subject:Patient.identifier={n}")).json()
            assert found["total"] == 1
            assert (await http.get(f"Patient?identifier={n}")).json()["total"] == 1

    with served(tmp_path) as app:
        talk(app, run)


def test_a_urn_that_no_entry_has_is_refused_with_its_place(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        both = [entry("POST", "Patient", person(), full=urn(1))]
        lost = condition(urn(1), evidence=[{"detail": [{"reference": urn(2)}]}])
        reply = await post(http, *both, entry("POST", "Condition", lost))
        assert reply.status_code == 400
        [issue] = reply.json()["issue"]
        assert issue["expression"] == ["Bundle.entry[1].resource.evidence[0].detail[0].reference"]
        assert urn(2) in issue["diagnostics"]
        found = await http.get("Patient")
        assert "entry" not in found.json(), "nothing is done"
        inner = {"resourceType": "Condition", "subject": {"reference": urn(3)}}
        document = {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"fullUrl": urn(4), "resource": inner}],
        }
        reply = await post(http, entry("POST", "Bundle", document))
        assert statuses(reply) == ["201"], "the links of a stored Bundle are its own"

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize("kind", ["Wand", ["Patient"], 1])
def test_links_in_what_is_no_resource_are_told_as_such(tmp_path: Path, kind: object) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        inner = {"resourceType": kind, "id": "a", "url": urn(1)}
        sent = person(id={"odd": 1}, contained=[inner])
        both = entry("POST", "Patient", person(), full=urn(1)), entry("POST", "Patient", sent)
        reply = await post(http, *both)
        assert reply.status_code == 422
        assert "Bundle.entry[1].resource.contained[0].resourceType" in reply.text

    with served(tmp_path) as app:
        talk(app, conversation)


def test_ids_are_links_where_there_is_no_full_url(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/p", content=patient(id="p"))
        new = entry("POST", "Patient", person(id="p"))
        told = await post(http, new, entry("POST", "Condition", condition("Patient/p")))
        made, found = (e["response"]["location"].split("/")[-3] for e in told.json()["entry"])
        subject = (await http.get(f"Condition/{found}")).json()["subject"]["reference"]
        assert subject == f"Patient/{made}" != "Patient/p"
        written = entry("PUT", "Patient/p", person(id="p", active=True))
        told = await post(http, new, written, entry("POST", "Condition", condition("Patient/p")))
        found = told.json()["entry"][2]["response"]["location"].split("/")[-3]
        subject = (await http.get(f"Condition/{found}")).json()["subject"]["reference"]
        assert subject == "Patient/p"

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize(
    ("new", "linked"),
    [
        (entry("POST", "Patient", person(), full="http://x/Patient/far"), "Patient/id-1"),
        (entry("POST", "Patient", person("7"), "http://x/Patient/far", ifNoneExist="identifier=7"), "Patient/near"),
        (entry("PUT", "Patient?identifier=7", person("7"), full="http://x/Patient/far"), "Patient/near"),
        (entry("PUT", "Patient/near", person("7", id="near"), full="http://x/Patient/far"), "Patient/near"),
        (entry("PUT", "Patient/far", person("7", id="far"), full="http://x/Patient/far"), "Patient/far"),
    ],
)  # fmt: skip
def test_relative_links_lead_to_the_full_url_that_ends_so(
    tmp_path: Path, new: Json, linked: str
) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/near", json=person("7", id="near"))
        told = await post(http, new, entry("PUT", "Condition/c", condition("Patient/far", id="c")))
        assert told.status_code == 200, told.text
        stored = (await http.get("Condition/c")).json()
        assert stored["subject"]["reference"] == linked

    with served(tmp_path) as app:
        talk(app, conversation)


def test_synthea_patients_are_stored_as_they_are(tmp_path: Path) -> None:
    [path, *_] = sorted(reference("data/fhir/synthea").glob("*.json"))
    given_ = orjson.loads(path.read_bytes())

    async def conversation(http: httpx.AsyncClient) -> None:
        reply = await http.post("http://test/fhir", content=path.read_bytes())
        assert statuses(reply) == ["201"] * len(given_["entry"])
        homes = [e["response"]["location"].split("/")[-4:-2] for e in reply.json()["entry"]]
        names = {e["fullUrl"]: "/".join(h) for e, h in zip(given_["entry"], homes, strict=True)}
        for sent, home in zip(given_["entry"], homes, strict=True):
            stored = (await http.get("/".join(home))).json()
            text = orjson.dumps(sent["resource"]).decode()
            wanted = orjson.loads(re.sub(r"urn:uuid:[0-9a-f-]{36}", lambda m: names[m[0]], text))
            meta = {**wanted.get("meta", {}), "versionId": "1"}
            meta["lastUpdated"] = stored["meta"]["lastUpdated"]
            assert stored == {**wanted, "id": home[1], "meta": meta}

    with served(tmp_path, limit=1 << 24) as app:
        talk(app, conversation)


@pytest.mark.parametrize("named", [urn(1), "Patient?identifier=1"])
def test_links_of_a_patch_are_rewritten(tmp_path: Path, named: str) -> None:
    parts = [
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": "Condition.subject"},
        {"name": "value", "valueReference": {"reference": named}},
    ]
    patch = {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}

    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Condition/c", json=condition("Patient/a", id="c"))
        made = entry("POST", "Patient", person("1"), urn(1))
        changed = entry("PATCH", "Condition/c", patch)
        assert (await post(http, changed)).status_code in (400, 412)
        assert statuses(await post(http, changed, made)) == ["200", "201"]
        (found,) = (await http.get("Condition?subject.identifier=1")).json()["entry"]
        assert found["resource"]["id"] == "c"

    with served(tmp_path) as app:
        talk(app, conversation)


def test_nothing_is_asked_of_what_is_not_written(tmp_path: Path) -> None:
    lost = condition("Patient?identifier=nobody", id="c", identifier=[{"value": "1"}])

    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Condition/c", json=lost | {"subject": {"reference": "Patient/a"}})
        kept = entry("POST", "Condition", lost, ifNoneExist="identifier=1")
        assert statuses(await post(http, kept)) == ["200"]
        assert statuses(await post(http, entry("DELETE", "Condition/c", lost))) == ["204"]
        assert (await post(http, kept)).status_code == 412

    with served(tmp_path) as app:
        talk(app, conversation)


def linked(own: str, other: str) -> Json:
    to = {"reference": f"Patient?identifier={other}"}
    return person(own, link=[{"other": to, "type": "seealso"}])


def test_conditional_references_lead_in_a_circle(tmp_path: Path) -> None:
    """R4 3.1.0.11.2: they are resolved when all is created, whoever names whom."""

    async def conversation(http: httpx.AsyncClient) -> None:
        ring = [entry("POST", "Patient", linked(str(n), str((n + 1) % 3))) for n in range(3)]
        last = entry("POST", "Condition", condition("Patient?identifier=0"))
        itself = entry("POST", "Patient", linked("9", "9"))
        assert statuses(await post(http, last, *ring, itself)) == ["201"] * 5
        for n in range(3):
            (found,) = (await http.get(f"Patient?identifier={n}")).json()["entry"]
            (link,) = found["resource"]["link"]
            other = await http.get(link["other"]["reference"])
            assert other.json()["identifier"][0]["value"] == str((n + 1) % 3)
            assert found["resource"]["meta"]["versionId"] == "1"
        assert (await http.get("Condition?subject.identifier=0&_total=accurate")).json()["total"]
        assert (await http.get("Patient?link=Patient/-")).json()["total"] == 0
        lost = await post(http, *ring[:2], entry("POST", "Patient", linked("x", "nobody")))
        assert lost.status_code == 412
        assert (await http.get("Patient?_total=accurate")).json()["total"] == 4, "nothing is done"

    with served(tmp_path) as app:
        talk(app, conversation)


def test_conditional_references_do_not_depend_on_the_order(tmp_path: Path) -> None:
    two = [entry("POST", "Patient", linked("c", "d")), entry("POST", "Patient", person("c"))]
    rest = [
        entry("POST", "Patient", person("d")),
        entry("POST", "Condition", condition("Patient?identifier=c")),
    ]

    async def conversation(http: httpx.AsyncClient) -> None:
        for order in itertools.permutations([*two, *rest]):
            assert (await post(http, *order)).status_code == 412, "two match"
        assert statuses(await post(http, rest[1], two[0], rest[0])) == ["201"] * 3
        (found,) = (await http.get("Condition?_total=accurate")).json()["entry"]
        subject = await http.get(found["resource"]["subject"]["reference"])
        assert subject.json()["identifier"][0]["value"] == "c"

    with served(tmp_path) as app:
        talk(app, conversation)


def test_each_conditional_reference_of_a_row_is_searched_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def matches(*given: Any) -> tuple[str, ...]:
        asked.append(given[2])
        return conditions.matches(*given)

    async def conversation(http: httpx.AsyncClient) -> None:
        row = [entry("POST", "Patient", linked(str(n), str(n + 1))) for n in range(20)]
        end = entry("POST", "Patient", person("20"))
        assert statuses(await post(http, *row, end)) == ["201"] * 21
        assert len(asked) == 20

    monkeypatch.setattr(plan, "matches", matches)
    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize(("rounds", "status"), [(2, 200), (1, 400)])
def test_references_found_through_others_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: int, status: int
) -> None:
    about = {"condition": {"reference": "Condition?subject.identifier=a"}}
    visit = {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}}
    entries = [
        entry("POST", "Encounter", visit | {"diagnosis": [about]}),
        entry("POST", "Condition", condition("Patient?identifier=a")),
        entry("POST", "Patient", linked("a", "b")),
        entry("POST", "Patient", linked("b", "a")),
    ]
    monkeypatch.setattr(plan, "ROUNDS", rounds)

    async def conversation(http: httpx.AsyncClient) -> None:
        reply = await post(http, *entries)
        assert reply.status_code == status, reply.text
        found = (await http.get("Encounter?_total=accurate")).json()
        assert found["total"] == (status == 200)

    with served(tmp_path) as app:
        talk(app, conversation)
