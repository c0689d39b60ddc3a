"""What is answered directly is what the operations answer, byte for byte."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.app import create_app, wired
from fhir_server.calls import Calls
from fhir_server.context import Context
from fhir_server.http.asgi import Message, Receive, Scope, Send
from fhir_server.operations import OPERATIONS
from fhir_server.settings import Settings
from fhir_server.terminology.direct import Direct
from terminology.types import ICD10CM, RXNORM
from tests.fhir_server.serving import BASE, talk

LOOKUP = "/fhir/CodeSystem/$lookup"
IN_SYSTEM = "/fhir/CodeSystem/$validate-code"
IN_SET = "/fhir/ValueSet/$validate-code"
PATHS = (LOOKUP, IN_SYSTEM, IN_SET)
CODES = ["E11.9", "I10", "A00", "S52.501A", "314076", "29046", "nothing", "", "i10", "M54.50"]
SYSTEMS = [ICD10CM, RXNORM, "icd10cm", "urn:unknown", ""]
SETS = [f"{ICD10CM}?fhir_vs", f"{RXNORM}?fhir_vs", f"{ICD10CM}?fhir_vs=isa/E11", "urn:unknown", ""]
LANGUAGES = ["", "en", "de", "de-CH, en;q=0.5", "*;q=0", "not well formed"]
Asked = list[tuple[str, str]]


@dataclass(frozen=True)
class Both:
    """The operations, and what answers in their place."""

    ctx: Context
    direct: Direct

    def told(self, path: str, query: bytes, body: bytes = b"", language: str = "") -> bytes:
        """The operation's reply."""
        got: list[Message] = []

        async def other(scope: Scope, receive: Receive, send: Send) -> None:
            raise AssertionError(scope["path"])

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def send(message: Message) -> None:
            got.append(message)

        scope = {
            "type": "http",
            "method": "POST" if body else "GET",
            "path": path,
            "query_string": query,
            "headers": headers(body, language),
        }
        asyncio.run(Calls(self.ctx, OPERATIONS, other)(scope, receive, send))
        return bytes(got[1]["body"])

    def direct_of(
        self, path: str, query: bytes, body: bytes = b"", language: str = ""
    ) -> bytes | None:
        """What is told in its place, or None."""
        as_of = self.ctx.vocabulary.as_of()
        return self.direct(path, query, body, headers(body, language), as_of)


def headers(body: bytes, language: str) -> list[tuple[bytes, bytes]]:
    told = [(b"accept", b"application/fhir+json")]
    if body:
        told.append((b"content-type", b"application/fhir+json"))
    return [*told, (b"accept-language", language.encode())] if language else told


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("direct")
    settings = Settings(data=data, database=f"sqlite:///{folder / 'store.sqlite'}", base_url=BASE)
    with wired(replace(settings, base_url=BASE)) as (context, _):
        asyncio.run(context.vocabulary.library())  # type: ignore[arg-type]
        yield Both(context, Direct(context.vocabulary, "/fhir"))


@pytest.mark.parametrize("system", [ICD10CM, RXNORM])
def test_codes_asked_plainly_are_answered_directly(both: Both, system: str) -> None:
    draw = random.Random(3)  # noqa: S311 - a sample
    for code in draw.sample(list(both.ctx.terminology.codes(system)), 150):
        for path, query in (
            (LOOKUP, f"system={system}&code={code}"),
            (LOOKUP, f"system={quote(system, safe='')}&code={code}&displayLanguage=de"),
            (IN_SYSTEM, f"url={system}&code={code}"),
            (IN_SET, f"url={quote(system)}%3Ffhir_vs&system={system}&code={code}"),
        ):
            direct = both.direct_of(path, query.encode())
            assert direct is not None, query
            assert direct == both.told(path, query.encode())


def test_a_posted_coding_is_answered_directly(both: Both) -> None:
    for path in PATHS:
        coding = {"system": ICD10CM, "code": "E11.9"}
        given = [{"name": "coding", "valueCoding": coding}]
        if path == IN_SET:
            given.append({"name": "url", "valueUri": SETS[0]})  # type: ignore[dict-item]
        body = orjson.dumps({"resourceType": "Parameters", "parameter": given})
        direct = both.direct_of(path, b"", body)
        assert direct is not None
        assert direct == both.told(path, b"", body)


def parameters() -> st.SearchStrategy[Asked]:
    one = st.one_of(
        st.tuples(st.sampled_from(["system", "url"]), st.sampled_from(SYSTEMS + SETS)),
        st.tuples(st.just("code"), st.sampled_from(CODES)),
        st.tuples(
            st.sampled_from(["version", "systemVersion", "valueSetVersion"]),
            st.sampled_from(["", "2026-04", "2026-xx", "1999", "2026"]),
        ),
        st.tuples(st.just("displayLanguage"), st.sampled_from(LANGUAGES)),
        st.tuples(
            st.just("display"),
            st.sampled_from(["", "cholera", "Essential (primary) hypertension", "wrong"]),
        ),
        st.tuples(st.just("property"), st.sampled_from(["parent", "*", "billable", "none"])),
        st.tuples(
            st.sampled_from(["date", "_format", "activeOnly", "abstract", "other"]), st.just("true")
        ),
    )
    named = st.tuples(st.just("code"), st.sampled_from(CODES[:6]))
    system = st.tuples(st.just("system"), st.sampled_from(SYSTEMS[:2]))
    whole = st.tuples(st.just("url"), st.sampled_from(SETS[:3]))
    more = st.lists(one, max_size=3)
    return st.tuples(st.lists(st.one_of(named, system, whole), max_size=4), more).map(
        lambda parts: [*parts[0], *parts[1]]
    )


@given(st.sampled_from(PATHS), parameters(), st.sampled_from(["", "", "de, en"]))
def test_whatever_a_query_says(both: Both, path: str, asked: Asked, language: str) -> None:
    query = urlencode(asked).encode()
    direct = both.direct_of(path, query, b"", language)
    assert direct is None or direct == both.told(path, query, b"", language)


@given(st.sampled_from(PATHS), parameters(), st.booleans(), st.sampled_from(["", "", "de, en"]))
def test_whatever_a_body_says(
    both: Both, path: str, asked: Asked, coded: bool, language: str
) -> None:
    given: list[dict[str, object]] = [{"name": n, "valueString": v} for n, v in asked]
    if coded:
        parts = {n: v for n, v in asked if n in ("system", "code", "version", "display")}
        rest = [(n, v) for n, v in asked if n not in parts]
        given = [{"name": n, "valueUri": v} for n, v in rest]
        given.append({"name": "coding", "valueCoding": parts})
    body = orjson.dumps({"resourceType": "Parameters", "parameter": given})
    direct = both.direct_of(path, b"", body, language)
    assert direct is None or direct == both.told(path, b"", body, language)


@pytest.mark.parametrize(
    ("query", "body", "header"),
    [
        (b"system=a&system=b", b"", (b"accept", b"*/*")),
        (b"system=%ff&code=1", b"", (b"accept", b"*/*")),
        (b"", b"{", (b"content-type", b"application/fhir+json")),
        (b"", b"[]", (b"content-type", b"application/fhir+json")),
        (b"", b'{"resourceType":"Patient"}', (b"content-type", b"application/fhir+json")),
        (b"code=E11&system=" + ICD10CM.encode(), b"", (b"accept", b"application/fhir+xml")),
        (b"code=E11&system=" + ICD10CM.encode(), b"", (b"accept-encoding", b"gzip")),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_alone(
    both: Both, query: bytes, body: bytes, header: tuple[bytes, bytes]
) -> None:
    as_of = both.ctx.vocabulary.as_of()
    assert both.direct(LOOKUP, query, body, [header], as_of) is None


def test_a_system_that_is_stored_comes_first(tmp_path: Path, data: Path) -> None:
    settings = Settings(data=data, database=f"sqlite:///{tmp_path / 's.sqlite'}", base_url=BASE)
    own = {
        "resourceType": "CodeSystem",
        "url": ICD10CM,
        "version": "9999",
        "status": "active",
        "content": "complete",
        "concept": [{"code": "E11.9", "display": "Ours"}],
    }
    with wired(replace(settings, base_url=BASE)) as (context, _):
        app = create_app(context)
        path = f"CodeSystem/$lookup?system={ICD10CM}&code=E11.9"
        for _ in range(2):
            assert b"Type 2" in talk(app, lambda http: http.get(path)).content
        talk(app, lambda http: http.post("CodeSystem", content=orjson.dumps(own)))
        for _ in range(2):
            assert b'"Ours"' in talk(app, lambda http: http.get(path)).content
