"""Transactions: order, conditions, all or nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_server.bundles.entries import Entry, read
from fhir_server.bundles.transaction import transact
from fhir_server.errors import FhirError
from fhir_server.store.history import HistoryQuery
from tests.fhir_server.serving import BASE, opened, patient, served, talk
from tests.fhir_server.transactions import (
    SYSTEM,
    Json,
    bundle,
    condition,
    entry,
    person,
    post,
    statuses,
    urn,
)


def test_every_verb_in_its_order_answers_in_the_order_of_the_request(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        for id in ("old", "changed", "patched"):
            await http.put(f"Patient/{id}", content=patient(id=id, active=True))
        patch = {
            "resourceType": "Parameters",
            "parameter": [
                {
                    "name": "operation",
                    "part": [
                        {"name": "type", "valueCode": "replace"},
                        {"name": "path", "valueString": "Patient.active"},
                        {"name": "value", "valueBoolean": False},
                    ],
                }
            ],
        }
        reply = await post(
            http,
            entry("GET", "Patient?active=true&_count=0"),
            entry("GET", "Patient/changed"),
            entry("PATCH", "Patient/patched", patch),
            entry("PUT", "Patient/changed", person(id="changed", gender="male")),
            entry("POST", "Patient", person(active=True), urn(1)),
            entry("DELETE", "Patient/old"),
            entry("HEAD", "Patient/changed"),
        )
        assert statuses(reply) == ["200", "200", "200", "200", "201", "204", "200"]
        told = reply.json()
        assert told["type"] == "transaction-response"
        found, read_, patched, changed, made, gone, head = told["entry"]
        assert (found["resource"]["type"], found["resource"]["total"]) == ("searchset", 1)
        assert read_["resource"]["gender"] == "male"
        assert read_["response"]["etag"] == changed["response"]["etag"] == 'W/"2"'
        assert patched["response"]["etag"] == 'W/"2"'
        assert made["response"]["location"] == f"{BASE}/Patient/id-1/_history/1"
        assert made["response"]["lastModified"].endswith("Z")
        assert "location" not in gone["response"]
        assert "resource" not in head
        assert "resource" not in made
        assert (await http.get("Patient/old")).status_code == 410
        assert (await http.get("Patient/patched")).json()["active"] is False

    with served(tmp_path) as app:
        talk(app, conversation)


def test_conditions_are_resolved(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await post(
            http, entry("POST", "Patient", person("1")), entry("POST", "Patient", person("2"))
        )
        reply = await post(
            http,
            entry("POST", "Patient", person("1"), urn(1), ifNoneExist=f"identifier={SYSTEM}|1"),
            entry("POST", "Patient", person("3"), urn(3), ifNoneExist=f"identifier={SYSTEM}|3"),
            entry("PUT", f"Patient?identifier={SYSTEM}|2", person("2", active=True), urn(2)),
            entry("POST", "Condition", condition(urn(1))),
            entry("POST", "Condition", condition(urn(2))),
            entry("POST", "Condition", condition(f"Patient?identifier={SYSTEM}|3")),
            entry("DELETE", f"Patient?identifier={SYSTEM}|nobody"),
        )
        assert statuses(reply) == ["200", "201", "200", "201", "201", "201", "204"]
        found = (await http.get("Condition?_sort=_id")).json()["entry"]
        subjects = sorted(e["resource"]["subject"]["reference"] for e in found)
        assert subjects == ["Patient/id-1", "Patient/id-2", "Patient/id-3"]
        assert (await http.get("Patient/id-2")).json()["active"] is True
        early = await post(
            http, entry("POST", "Condition", condition(f"Patient?identifier={SYSTEM}|1"))
        )
        assert statuses(early) == ["201"]

    with served(tmp_path) as app:
        talk(app, conversation)


HERE = person("1")


REFUSED: list[tuple[list[Json], int, str]] = [
    ([entry("POST", "Patient", person(gender="m"))], 422, "Bundle.entry[1].resource.gender"),
    ([entry("POST", "Patience", HERE)], 404, "Bundle.entry[1].request.url"),
    ([entry("POST", "Patient", condition("Patient/a"))], 400, "Bundle.entry[1].resource"),
    ([entry("PUT", "Patient/a", person(id="b"))], 400, "Bundle.entry[1].resource.id"),
    ([entry("PUT", "Patient/a_b", person(id="a_b"))], 400, "Bundle.entry[1].resource.id"),
    ([entry("PUT", "Patient", HERE)], 400, "Bundle.entry[1].request.url"),
    ([entry("POST", "Patient")], 400, "Bundle.entry[1].resource"),
    ([entry("POST", "Patient/x", HERE)], 400, "Bundle.entry[1].request.url"),
    ([entry("GET", "Patient/nobody")], 404, "Bundle.entry[1].request.url"),
    ([entry("GET", "Patient?colour=red")], 400, "Bundle.entry[1].request.url"),
    ([entry("GET", "Patient/a/$everything")], 400, "Bundle.entry[1].request.url"),
    ([entry("DELETE", "Patient/nobody", ifMatch='W/"1"')], 412, "Bundle.entry[1].resource"),
    ([entry("DELETE", "Patient/here", ifMatch='W/"4"')], 412, "Bundle.entry[1].resource"),
    (
        [entry("PUT", "Patient/a", person(id="a"), ifMatch="x")],
        400,
        "Bundle.entry[1].request.ifMatch",
    ),
    (
        [entry("PUT", "Patient/here", person(id="here"), ifNoneMatch="*")],
        412,
        "Bundle.entry[1].resource",
    ),
    (
        [entry("POST", "Condition", condition("Patient?identifier=none|x"))],
        412,
        "Bundle.entry[1].resource",
    ),
    (
        [entry("POST", "Condition", condition("Patient?active=true"))],
        412,
        "Bundle.entry[1].resource",
    ),
    (
        [entry("POST", "Condition", condition("Patient?colour=red"))],
        400,
        "Bundle.entry[1].resource",
    ),
    ([entry("POST", "Patient", HERE, ifNoneExist="active=true")], 412, "Bundle.entry[1].request"),
    ([entry("POST", "Patient", HERE, ifNoneExist="colour=red")], 400, "Bundle.entry[1].request"),
    (
        [entry("PUT", "Patient/a", person(id="a")), entry("DELETE", "Patient/a")],
        400,
        "Bundle.entry[1].request.url",
    ),
    (
        [entry("POST", "Patient", person("9"), ifNoneExist=f"identifier={SYSTEM}|9")] * 2,
        400,
        "Bundle.entry[2].request",
    ),
    (
        [
            entry(
                "PATCH",
                "Patient/here",
                {"resourceType": "Parameters", "parameter": [{"name": "x"}]},
            )
        ],
        400,
        "Bundle.entry[1].resource.parameter[0]",
    ),
    (
        [
            entry(
                "PATCH",
                "Patient/here",
                {"resourceType": "Binary", "contentType": "text/plain", "data": "eA=="},
            )
        ],
        415,
        "Bundle.entry[1].resource",
    ),
]


@pytest.mark.parametrize(("wrong", "status", "place"), REFUSED)
def test_one_bad_entry_undoes_all_and_is_located(
    tmp_path: Path, wrong: list[Json], status: int, place: str
) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        await http.put("Patient/here", content=patient(id="here", active=True))
        await http.put("Patient/there", content=patient(id="there", active=True))
        before = (await http.get("_history")).json()
        reply = await post(http, entry("POST", "Patient", person("first")), *wrong)
        assert reply.status_code == status, reply.text
        [issue, *_] = reply.json()["issue"]
        assert issue["expression"][0].startswith(place)
        assert (await http.get("_history")).json() == before

    with served(tmp_path) as app:
        talk(app, conversation)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"resourceType":"Patient"}', 400),
        (bundle(kind="collection"), 400),
        (bundle({"resource": HERE}), 422),
        (bundle(entry("FETCH", "Patient/a")), 422),
        (b'{"resourceType":"Bundle","type":"transaction","type":"batch"}', 400),
        (b'{"resourceType":"Bundle","type":"transaction","colour":"red"}', 422),
    ],
)
def test_what_is_no_transaction(tmp_path: Path, body: bytes, status: int) -> None:
    async def conversation(http: httpx.AsyncClient) -> int:
        return (await http.post("http://test/fhir", content=body)).status_code

    with served(tmp_path) as app:
        assert talk(app, conversation) == status


def test_the_reply_holds_the_resources_on_demand(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        reply = await post(http, entry("POST", "Patient", HERE), prefer="return=representation")
        assert reply.json()["entry"][0]["resource"]["id"] == "id-1"
        assert (await http.post("http://test/fhir/", content=bundle())).status_code == 200

    with served(tmp_path) as app:
        talk(app, conversation)


def test_each_write_has_an_outcome_for_who_prefers_one(tmp_path: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        entries = [
            entry("POST", "Patient", HERE),
            entry("PUT", "Patient/b", person(id="b")),
            entry("DELETE", "Patient/c"),
            entry("GET", "Patient/b"),
        ]
        for kind in ("transaction", "batch"):
            headers = {"prefer": "return=OperationOutcome"}
            sent = bundle(*entries, kind=kind)
            told = (await http.post("http://test/fhir", content=sent, headers=headers)).json()
            outcomes = [e["response"].get("outcome") for e in told["entry"]]
            texts = [o["issue"][0]["diagnostics"] for o in outcomes[:3]]
            assert texts[1:] == [f"stored as {BASE}/Patient/b/_history/1", "deleted"]
            assert outcomes[3] is None
            assert [("resource" in e) for e in told["entry"]] == [False, False, False, True]

    with served(tmp_path) as app:
        talk(app, conversation)


verb = st.sampled_from(["POST", "PUT", "DELETE", "bad", "late"])


@given(st.lists(st.tuples(verb, st.integers(0, 3)), max_size=6))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_transaction_is_all_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    made = {
        "POST": lambda n: entry("POST", "Patient", person(f"{n}")),
        "PUT": lambda n: entry("PUT", f"Patient/p{n}", person(id=f"p{n}", active=True)),
        "DELETE": lambda n: entry("DELETE", f"Patient/p{n}"),
        "bad": lambda n: entry("POST", "Patient", person(gender="none")),
        "late": lambda n: entry("POST", "Condition", condition(f"Patient?identifier={SYSTEM}|{n}")),
    }
    body = bundle(*(made[verb](n) for verb, n in steps))

    async def run() -> None:
        await repository.update("Patient", "p0", patient(id="p0"))
        before = await repository.history(HistoryQuery())
        _, entries = read(body, BASE)
        asked = [e for e in entries if isinstance(e, Entry)]
        try:
            results = await transact(repository, asked)
        except FhirError:
            assert await repository.history(HistoryQuery()) == before
            return
        assert len(results) == len(steps)
        written = sum(step[0] != "DELETE" or step == ("DELETE", 0) for step in steps)  # p0 is there
        after = await repository.history(HistoryQuery())
        assert (after.total or 0) - (before.total or 0) == written

    with opened(tmp_path_factory.mktemp("store")) as (repository, _):
        asyncio.run(run())
