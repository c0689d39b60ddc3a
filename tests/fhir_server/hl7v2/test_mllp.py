"""mllp: frames survive any chunking; a connection carries many; bad frames are answered."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_server.hl7v2.mllp import (
    OUTSIDE_BYTES,
    BadFrame,
    Listener,
    Outside,
    frame,
    frames,
    send,
)

messages = st.binary(max_size=60).filter(lambda b: not {0x0B, 0x1C} & set(b))


def read_all(wire: bytes, step: int, limit: int = 1 << 16) -> list[bytes]:
    async def collect() -> list[bytes]:
        reader = asyncio.StreamReader(limit=limit)
        for i in range(0, len(wire), step):
            reader.feed_data(wire[i : i + step])
        reader.feed_eof()
        return [m async for m in frames(reader)]

    return asyncio.run(collect())


@settings(max_examples=50)
@given(st.lists(messages, max_size=5), st.integers(1, 9))
def test_frames_survive_any_chunking(sent: list[bytes], step: int) -> None:
    assert read_all(b"".join(map(frame, sent)), step) == sent


@pytest.mark.parametrize(
    ("wire", "said"),
    [
        (b"\x0bcut", "ended inside"),
        (b"no start\x1c\r", "no start byte"),
        (frame(b"x" * 200), "over the size limit"),
        (b"\x0bone\x1c" + frame(b"two"), "0x1C without 0x0D"),
        (b"\x0bone\x1c", "0x1C without 0x0D"),
        (b"\x0bone" + frame(b"two"), "a frame begins"),
    ],
)
def test_bad_frames(wire: bytes, said: str) -> None:
    for step in (1, 4096):
        with pytest.raises(BadFrame, match=said):
            read_all(wire, step, limit=100)


@pytest.mark.parametrize("wire", [b"\x0bone\x1c" + frame(b"two"), b"\x0bone" + frame(b"two")])
def test_a_bad_frame_is_told_with_what_it_holds(wire: bytes) -> None:
    with pytest.raises(BadFrame) as caught:
        read_all(wire, 4096)
    assert caught.value.raw == b"one"


def test_a_return_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fhir_server.hl7v2.mllp.RETURN_SECONDS", 0.01)

    async def waiting() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(b"\x0bone\x1c")
        async for _ in frames(reader):
            pass

    with pytest.raises(BadFrame, match="0x1C without 0x0D"):
        asyncio.run(waiting())


def test_bytes_outside_of_a_frame_are_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    assert read_all(b"SECRET" + frame(b"a") + b"\rxy\n" + frame(b"b"), 3) == [b"a", b"b"]
    assert read_all(b"SECRET", 3) == []
    assert [r.getMessage().split()[0] for r in caplog.records] == ["6", "3", "6"]
    assert "SECRET" not in caplog.text


def test_no_end_of_bytes_outside_of_a_frame() -> None:
    with pytest.raises(Outside, match="over 65536 bytes"):
        read_all(b"x" * (OUTSIDE_BYTES + 1) + frame(b"a"), 4096)


def test_bytes_outside_of_a_frame_close_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fhir_server.hl7v2.mllp.OUTSIDE_SECONDS", 0.01)

    async def waiting() -> bytes:
        listener = Listener(lambda m, p: asyncio.sleep(0, m), lambda text, _: text.encode(), 1000)
        await listener.start("127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(b"hello")
        async with asyncio.timeout(10):
            got = await reader.read()
        writer.close()
        await listener.close()
        return got

    assert asyncio.run(waiting()) == b""


def test_line_ends_between_frames_are_no_frame() -> None:
    assert read_all(frame(b"a") + b"\r\n" + frame(b"b") + b"\r\n", 3) == [b"a", b"b"]


async def talk(wire: bytes, limit: int = 1000) -> bytes:
    async def answer(message: bytes, peer: str) -> bytes:
        assert peer.startswith("127.0.0.1:")
        return message.upper()

    listener = Listener(answer, lambda text, raw: b"refused " + text.encode(), limit)
    await listener.start("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(wire)
    writer.write_eof()
    got = await reader.read()
    writer.close()
    await writer.wait_closed()
    await listener.close()
    return got


def test_one_connection_many_messages() -> None:
    assert asyncio.run(talk(frame(b"one") + frame(b"two"))) == frame(b"ONE") + frame(b"TWO")


@pytest.mark.parametrize(
    "wire", [b"\x0btruncated", b"GET / HTTP/1.1\r\n\r\n\x1c\r", frame(b"x" * 2000)]
)
def test_a_bad_frame_is_refused_and_the_listener_stays_up(wire: bytes) -> None:
    assert b"refused" in asyncio.run(talk(wire))
    assert asyncio.run(talk(frame(b"next"))) == frame(b"NEXT")


def test_send_gives_the_reply() -> None:
    async def both() -> bytes:
        async def answer(message: bytes, _: str) -> bytes:
            return b"got " + message

        listener = Listener(answer, lambda text, raw: text.encode(), 1000)
        await listener.start("127.0.0.1", 0)
        reply = await send("127.0.0.1", listener.port, b"hello")
        await listener.close()
        return reply

    assert asyncio.run(both()) == b"got hello"


def test_a_message_whose_sender_leaves_is_taken() -> None:
    async def both() -> tuple[list[bytes], bytes]:
        begun, left, taken = asyncio.Event(), asyncio.Event(), []

        async def answer(message: bytes, _: str) -> bytes:
            begun.set()
            await left.wait()
            taken.append(message)
            return message

        listener = Listener(answer, lambda text, raw: text.encode(), 1000)
        await listener.start("127.0.0.1", 0)
        _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(frame(b"last words"))
        await begun.wait()
        writer.transport.abort()
        await asyncio.sleep(0.02)
        left.set()
        reply = await send("127.0.0.1", listener.port, b"next")
        await listener.close()
        return taken, reply

    assert asyncio.run(both()) == ([b"last words", b"next"], b"next")
