"""The quick read answers as the whole server would, and leaves to it what it can't."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fhir_server.http.asgi import Receive, Reply, Scope, Send, answer
from fhir_server.reads import Reads
from fhir_server.rest import Rest
from tests.fhir_server.serving import client, opened, patient

Headers = dict[str, str]
PLAIN: tuple[Headers, ...] = (
    {},
    {"accept": "*/*"},
    {"accept": "application/fhir+json"},
    {"accept": "application/json", "authorization": "x", "accept-encoding": "identity"},
)
MORE: tuple[tuple[str, str, Headers], ...] = (
    ("GET", "Patient/a?_summary=true", {}),
    ("GET", "Patient/a", {"accept": "application/fhir+xml"}),
    ("GET", "Patient/a", {"accept-encoding": "gzip"}),
    ("GET", "Patient/a", {"if-none-match": 'W/"1"'}),
    ("GET", "Patient/a", {"if-modified-since": "Sun, 01 Mar 2026 12:00:00 GMT"}),
    ("GET", "Patient/a", {"origin": "http://other"}),
    ("HEAD", "Patient/a", {}),
    ("GET", "Patient/a/_history/1", {}),
    ("GET", "Patient/a/", {}),
    ("GET", "Patient", {}),
    ("GET", "Patient/nobody", {}),
    ("GET", "Patient/gone", {}),
    ("GET", "Elephant/a", {}),
    ("GET", "Patient/$op", {}),
)


async def _beyond(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, Reply(299))


def test_a_plain_read_is_what_the_server_gives(tmp_path: Path) -> None:
    with opened(tmp_path) as (repository, _):
        rest = Rest(repository, _beyond, "/fhir", 1 << 20)
        quick = Reads(_beyond, repository, "/fhir")

        async def run() -> None:
            await repository.update("Patient", "a", patient(id="a", name=[{"family": "É"}]))
            async with client(rest) as whole, client(quick) as short:
                for headers in PLAIN:
                    for http in (whole, short):
                        http.headers.clear()
                    expected = await whole.get("Patient/a", headers=headers)
                    found = await short.get("Patient/a", headers=headers)
                    assert found.status_code == 200
                    assert found.content == expected.content
                    assert found.headers == expected.headers

        asyncio.run(run())


@pytest.mark.parametrize(("method", "path", "headers"), MORE)
def test_anything_more_goes_on(tmp_path: Path, method: str, path: str, headers: Headers) -> None:
    with opened(tmp_path) as (repository, _):

        async def run() -> None:
            for id in ("a", "gone"):
                await repository.update("Patient", id, patient(id=id))
            await repository.delete("Patient", "gone")
            async with client(Reads(_beyond, repository, "/fhir")) as http:
                http.headers.clear()
                found = await http.request(method, path, headers=headers)
                assert found.status_code == 299

        asyncio.run(run())
