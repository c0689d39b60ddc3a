"""Replies that are given again: what they are told apart by, and when they are forgotten."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from fhir_server import remembered
from fhir_server.http.asgi import Message, Receive, Scope, Send
from fhir_server.remembered import LARGEST, LONGEST, Remembered

PATH = "/fhir/CodeSystem/$lookup"


class Counting:
    """An app that answers with how often it was asked, and with what."""

    def __init__(self) -> None:
        self.asked, self.status, self.size = 0, 200, 0
        self.during = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        body = b""
        if scope["method"] == "POST":
            message = await receive()
            while message.get("more_body"):
                body += message["body"]
                message = await receive()
            body += message["body"]
        self.during()
        told = b"%d %s" % (self.asked, body) + b"x" * self.size
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": told})


class Asking:
    """A client of the app behind its memory; `version` is what the replies are made from."""

    def __init__(self) -> None:
        self.app, self.version = Counting(), 1
        self.front = Remembered(self.app, {PATH}, lambda: self.version)

    def __call__(
        self,
        query: bytes = b"code=a",
        *,
        method: str = "GET",
        path: str = PATH,
        parts: tuple[bytes, ...] = (),
        **headers: str,
    ) -> bytes:
        told: list[Message] = []
        sent = [(n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()]
        if parts:
            sent.append((b"content-length", b"%d" % sum(map(len, parts))))
        waiting: list[dict[str, Any]] = [
            {"type": "http.request", "body": part, "more_body": n < len(parts)}
            for n, part in enumerate(parts, 1)
        ]

        async def receive() -> Message:
            return waiting.pop(0)

        async def send(message: Message) -> None:
            told.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": sent,
        }
        asyncio.run(self.front(scope, receive, send))  # type: ignore[arg-type]
        return bytes(told[1]["body"])


def test_the_same_request_has_the_same_reply_unasked() -> None:
    ask = Asking()
    assert [ask(), ask(), ask(b"code=b"), ask()] == [b"1 ", b"1 ", b"2 ", b"1 "]


@pytest.mark.parametrize("name", ["accept", "accept_language", "accept_encoding", "prefer"])
def test_what_a_reply_depends_on_tells_requests_apart(name: str) -> None:
    ask = Asking()
    assert ask() != ask(**{name: "x"}) == ask(**{name: "x"}) != ask(**{name: "y"})
    assert ask() == ask(user_agent="x")


def test_a_post_is_known_by_its_body_which_the_app_gets_whole() -> None:
    ask = Asking()
    first = ask(method="POST", parts=(b"one ", b"two"))
    assert first == b"1 one two"
    assert ask(method="POST", parts=(b"one two",)) == first
    assert ask(method="POST", parts=(b"three",)) == b"2 three"
    long = b"x" * (LONGEST + 1)
    assert ask(method="POST", parts=(long,)) != ask(method="POST", parts=(long,))


def test_other_paths_methods_and_long_queries_are_always_asked() -> None:
    ask = Asking()
    assert ask(path="/fhir/Patient") != ask(path="/fhir/Patient")
    assert ask(method="HEAD") != ask(method="HEAD")
    assert ask(b"x" * (LONGEST + 1)) != ask(b"x" * (LONGEST + 1))


def test_a_change_forgets_everything() -> None:
    ask = Asking()
    before = ask()
    ask.version += 1
    assert ask() != before


def test_what_changed_while_the_reply_was_made_is_not_kept() -> None:
    ask = Asking()

    def change() -> None:
        ask.version += 1

    ask.app.during = change
    first = ask()
    ask.app.during = lambda: None
    assert ask() != first


@pytest.mark.parametrize(("status", "kept"), [(200, True), (404, True), (500, False), (503, False)])
def test_failures_of_the_server_are_not_kept(status: int, kept: bool) -> None:
    ask = Asking()
    ask.app.status = status
    assert (ask() == ask()) is kept


def test_memory_is_bounded_and_what_is_in_use_stays_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = Asking()
    ask.app.size = LARGEST + 1
    assert ask() != ask()
    ask.app.size = 0
    monkeypatch.setattr(remembered, "BUDGET", 4096)
    first = ask(b"0")
    for n in range(1, 4):
        ask(b"%d" % n)
    assert ask(b"0") == first
    for n in range(4, 12):
        ask(b"%d" % n)
    assert ask(b"0") != first


def test_what_is_answered_directly_is_kept_from_the_second_time_on() -> None:
    asking, found = Asking(), [0]

    def direct(path: str, query: bytes, body: bytes, told: object, as_of: object) -> bytes | None:
        found[0] += 1
        return b"%s %d" % (query, found[0]) if query.startswith(b"code=a") else None

    asking.front = Remembered(asking.app, {PATH}, lambda: asking.version, direct)
    assert [asking(b"code=a") for _ in range(4)] == [b"code=a 1", *[b"code=a 2"] * 3]
    assert asking.app.asked == 0
    assert asking(b"code=b") == asking(b"code=b") == b"1 "
    asking.version += 1
    assert asking(b"code=a") == b"code=a 4"
