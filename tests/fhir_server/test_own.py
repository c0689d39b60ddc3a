"""What each interaction makes of a resource that the server has of itself."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import orjson
import pytest

from capability.terminology import core_urls
from fhir_server.app import create_app, wired
from fhir_server.http.asgi import ASGI
from fhir_server.settings import Settings
from tests.fhir_server.serving import BASE, FHIR, talk
from tests.fhir_server.transactions import Json, bundle, entry, post, statuses

R4 = "http://hl7.org/fhir/ValueSet/"
GENDER = f"{R4}administrative-gender"
IDS = [
    url.removeprefix(R4)
    for url in sorted(core_urls("ValueSet"))
    if url.startswith(R4) and url > GENDER
]
PATCH = "application/json-patch+json"


@contextmanager
def serving(folder: Path, data: Path, **more: Any) -> Iterator[ASGI]:
    settings = Settings(
        data=data, database=f"sqlite:///{folder / 's.sqlite'}", base_url=BASE, **more
    )
    with wired(settings) as (ctx, _):
        yield create_app(ctx)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[ASGI]:
    with serving(tmp_path_factory.mktemp("own"), data) as app:
        yield app


def value_set(**more: Any) -> Json:
    return {"resourceType": "ValueSet", "status": "retired", **more}


class Case(NamedTuple):
    """`<id>` is the id of a ValueSet of R4, `more` what goes with the request, as a Bundle has it;
    `instead` says that another is read in its place then."""

    method: str
    path: str
    status: int
    body: Any = None
    more: Mapping[str, str] = {}
    instead: bool = False


HEADERS = {"ifNoneMatch": "if-none-match", "ifMatch": "if-match", "ifNoneExist": "if-none-exist"}
BY_URL = f"ValueSet?url={R4}<id>"
RETIRE = [{"op": "replace", "path": "/status", "value": "retired"}]
CASES = {
    "read": Case("GET", "ValueSet/<id>", 200),
    "search": Case("GET", BY_URL, 200),
    "vread": Case("GET", "ValueSet/<id>/_history/1", 404),
    "history": Case("GET", "ValueSet/<id>/_history", 404),
    "update": Case("PUT", "ValueSet/<id>", 201, value_set(id="<id>"), instead=True),
    "update where there is none": Case(
        "PUT", "ValueSet/<id>", 412, value_set(id="<id>"), {"ifNoneMatch": "*"}
    ),
    "update of a version": Case(
        "PUT", "ValueSet/<id>", 412, value_set(id="<id>"), {"ifMatch": 'W/"1"'}
    ),
    "conditional update": Case("PUT", BY_URL, 201, value_set(), instead=True),
    "conditional update of several": Case("PUT", f"ValueSet?url:below={R4}", 412, value_set()),
    "conditional create": Case(
        "POST", "ValueSet", 200, value_set(), {"ifNoneExist": f"url={R4}<id>"}
    ),
    "patch": Case("PATCH", "ValueSet/<id>", 409, RETIRE),
    "conditional patch": Case("PATCH", BY_URL, 409, RETIRE),
    "delete": Case("DELETE", "ValueSet/<id>", 409),
    "conditional delete": Case("DELETE", BY_URL, 409),
}


def _filled(value: Any, id: str) -> Any:
    return orjson.loads(orjson.dumps(value).replace(b"<id>", id.encode()))


async def _sent(http: httpx.AsyncClient, case: Case, way: str) -> int:
    """The status that a request is answered with, alone or as the entry of a Bundle."""
    if not way:
        kind = {"content-type": PATCH} if case.method == "PATCH" else FHIR
        headers = kind | {HEADERS[name]: value for name, value in case.more.items()}
        content = orjson.dumps(case.body) if case.body else b""
        answer = await http.request(case.method, case.path, content=content, headers=headers)
        return answer.status_code
    body = case.body
    if case.method == "PATCH":
        text = base64.b64encode(orjson.dumps(body)).decode()
        body = {"resourceType": "Binary", "contentType": PATCH, "data": text}
    sent = bundle(entry(case.method, case.path, body, **case.more), kind=way)
    answer = await http.post("", content=sent)
    if answer.status_code >= 400:
        return answer.status_code
    (told,) = answer.json()["entry"]
    assert "/_history/" not in told["response"].get("location", "") or case.instead
    return int(told["response"]["status"][:3])


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("way", "nth"), [("", 0), ("batch", 1), ("transaction", 2)])
def test_an_interaction(name: str, way: str, nth: int, app: ASGI) -> None:
    id = IDS[3 * list(CASES).index(name) + nth]
    case = CASES[name]
    path, body, more = (_filled(each, id) for each in (case.path, case.body, case.more))

    async def conversation(http: httpx.AsyncClient) -> None:
        before = (await http.get(f"ValueSet/{id}")).json()
        sent = case._replace(path=path, body=body, more=more)
        assert await _sent(http, sent, way) == case.status
        after = (await http.get(f"ValueSet/{id}")).json()
        assert (after != before) is case.instead
        assert not case.instead or after["status"] == "retired"
        found = (await http.get("ValueSet", params={"url": f"{R4}{id}"})).json()
        assert found["total"] == len(found.get("entry", ()))

    talk(app, conversation)


def test_a_conditional_create_tells_where_it_is(app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        headers = {"if-none-exist": f"url={GENDER}"}
        content = orjson.dumps(value_set())
        answer = await http.post("ValueSet", content=content, headers=headers)
        assert answer.headers["location"] == f"{BASE}/ValueSet/administrative-gender"
        assert "etag" not in answer.headers
        assert answer.json()["url"] == GENDER

    talk(app, conversation)


def test_no_condition_overwrites_what_it_does_not_match(tmp_path: Path, data: Path) -> None:
    """One of the server's own matches, and another is stored in its place meanwhile."""

    async def conversation(http: httpx.AsyncClient) -> None:
        async def put(path: str, **more: Any) -> int:
            sent = orjson.dumps(value_set(**more))
            return (await http.put(path, content=sent)).status_code

        for id in IDS[:12]:
            name = f"ValueSet/{id}"
            by_url = put(f"ValueSet?url={R4}{id}", title="by url", url=f"{R4}{id}")
            by_id = put(name, id=id, url="urn:other", title="by id")
            told = await asyncio.gather(by_url, by_id)
            versions = (await http.get(f"{name}/_history")).json()["entry"]
            titles = [each["resource"]["title"] for each in versions]
            assert titles in (["by id"], ["by id", "by url"]), (told, titles)

    with serving(tmp_path, data) as app:
        talk(app, conversation)


def test_a_transaction_reads_what_it_stores_in_the_place_of_one(tmp_path: Path, data: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        for id in IDS[:2]:
            other = value_set(id=id, url="urn:other")
            queries = {f"_id={id}": 1, f"url={R4}{id}": 0, f"url={R4}{IDS[2]}": 1}
            reads = [entry("GET", f"ValueSet?{query}") for query in queries]
            answer = await post(http, entry("PUT", f"ValueSet/{id}", other), *reads)
            pages = [each["resource"] for each in answer.json()["entry"][1:]]
            assert [(page["total"], len(_ids(page))) for page in pages] == [
                (total, total) for total in queries.values()
            ]

    with serving(tmp_path, data) as app:
        talk(app, conversation)


def _about(target: str) -> Json:
    return {
        "resourceType": "Provenance",
        "target": [{"reference": target}],
        "recorded": "2026-01-01T00:00:00Z",
        "agent": [{"who": {"display": "somebody"}}],
    }


@pytest.mark.parametrize("among", [(), (entry("POST", "ValueSet", value_set(url="urn:x")),)])
def test_a_conditional_reference_leads_to_one(among: tuple[Json, ...], app: ASGI) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        about = entry("POST", "Provenance", _about(f"ValueSet?url={GENDER}"))
        answer = await post(http, *among, about, prefer="return=representation")
        assert statuses(answer)[-1] == "201"
        (target,) = answer.json()["entry"][-1]["resource"]["target"]
        assert target == {"reference": "ValueSet/administrative-gender"}

    talk(app, conversation)


def test_integrity_takes_a_reference_to_one(tmp_path: Path, data: Path) -> None:
    async def conversation(http: httpx.AsyncClient) -> None:
        for target, status in (("administrative-gender", 201), ("no-such-set", 409)):
            about = orjson.dumps(_about(f"ValueSet/{target}"))
            assert (await http.post("Provenance", content=about)).status_code == status

    with serving(tmp_path, data, referential_integrity=True) as app:
        talk(app, conversation)


@pytest.mark.parametrize("stored", [0, 3, 5, 7])
def test_pages_lead_there_and_back(stored: int, tmp_path: Path, data: Path) -> None:
    """Stored matches come first, whatever the sort; all are on a page each way."""

    async def conversation(http: httpx.AsyncClient) -> None:
        for n in range(stored):
            made = value_set(id=f"s{n}", name="Administrative")
            await http.put(f"ValueSet/s{n}", content=orjson.dumps(made))
        query = {"name": "a", "_sort": "name", "_count": "5", "_elements": "id"}
        page = (await http.get("ValueSet", params=query)).json()
        there = [page]
        while link := _link(there[-1], "next"):
            there.append((await http.get(link)).json())
        back = [there[-1]]
        while link := _link(back[-1], "previous"):
            back.append((await http.get(link)).json())
        assert {each["total"] for each in there} == {page["total"]}
        forth = [id for each in there for id in _ids(each)]
        assert forth[:stored] == [f"s{n}" for n in range(stored)]
        assert len(set(forth)) == len(forth) == page["total"] > stored + 20
        assert [id for each in reversed(back) for id in _ids(each)] == forth

    with serving(tmp_path, data) as app:
        talk(app, conversation)


def _link(page: Json, relation: str) -> str:
    return next((each["url"] for each in page["link"] if each["relation"] == relation), "")


def _ids(page: Json) -> list[str]:
    return [each["resource"]["id"] for each in page.get("entry", ())]


def test_stored_parameters_find_them(app: ASGI) -> None:
    parameter = {
        "resourceType": "SearchParameter",
        "id": "standing",
        "url": "urn:standing",
        "name": "Standing",
        "status": "active",
        "description": "By status",
        "code": "standing",
        "base": ["ValueSet"],
        "type": "token",
        "expression": "ValueSet.status",
    }

    async def conversation(http: httpx.AsyncClient) -> None:
        sent = await http.put("SearchParameter/standing", content=orjson.dumps(parameter))
        assert sent.status_code == 201
        query = {"standing": "active,draft", "url": GENDER}
        for _ in range(50):
            if (answer := await http.get("ValueSet", params=query)).status_code == 200:
                break
            await asyncio.sleep(0.1)
        assert answer.json()["total"] == 1

    talk(app, conversation)
