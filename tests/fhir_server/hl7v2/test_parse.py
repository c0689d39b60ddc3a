"""parse: delimiters, repetitions, escapes, character sets; errors have a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_server.hl7v2.parse import BadMessage, Delimiters, header, parse, unescape

MSH = "MSH|^~\\&|APP|FAC|TO|THERE|20260914101500||ADT^A01^ADT_A01|42|P|2.5.1"


def test_fields_count_as_in_the_standard() -> None:
    message = parse(f"{MSH}\rPID|1||7^^^H&1.2.3&ISO^MR~8^^^G||Doe^Ann".encode())
    assert message.type == ("ADT", "A01")
    assert message.control_id == "42"
    assert message.msh.value(1) == "|"
    pid = message.first("PID")
    assert pid is not None
    assert [f.component(1) for f in pid.repetitions(3)] == ["7", "8"]
    assert (pid.value(3, 4, 1), pid.value(3, 4, 2)) == ("H", "1.2.3")
    assert pid.value(99) == ""


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_any_line_end_ends_a_segment(end: str) -> None:
    assert len(parse(f"{MSH}{end}PID|1{end}".encode()).segments) == 2


def test_other_delimiters() -> None:
    message = parse(b"MSH$%*!@$A$F$$$$$ADT%A01$9$P$2.5\rPID$1$$5%%%H*6%%%G")
    assert message.type == ("ADT", "A01")
    pid = message.first("PID")
    assert pid is not None
    assert len(pid.repetitions(3)) == 2


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\\F\\b", "a|b"),
        ("a\\S\\b\\T\\c\\R\\d\\E\\e", "a^b&c~d\\e"),
        ("one\\.br\\two", "one\ntwo"),
        ("\\X4869\\", "Hi"),
        ("kept \\Zxy\\", "kept \\Zxy\\"),
        ("\\.sp2\\x", "\n\nx"),
        ("\\.sp999999999\\x", "\\.sp999999999\\x"),  # more lines than any page has
        (f"\\.sp{'9' * 20}\\x", f"\\.sp{'9' * 20}\\x"),
        (f"\\.sk{'9' * 20}\\x", " x"),
        ("\\H\\bold\\N\\", "bold"),
    ],
)
def test_escapes(raw: str, text: str) -> None:
    assert unescape(raw, Delimiters()) == text


def test_character_sets() -> None:
    latin = f"{MSH}||||||8859/1\rPID|1||1||M\xfcller".encode("latin-1")
    undeclared = f"{MSH}\rPID|1||1||M\xfcller".encode("cp1252")
    for raw in (latin, undeclared, f"{MSH}||||||UNICODE UTF-8\rPID|1||1||Müller".encode()):
        pid = parse(raw).first("PID")
        assert pid is not None
        assert pid.value(5) == "Müller"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "100"),
        (b"PID|1", "100"),
        (b"MSH", "102"),
        (b"MSH|", "102"),
        (b"MSH||||||", "102"),
        (b"MSH|^~\\&|A\r|nonsense", "100"),
        (f"{MSH}\rPID|1\r{MSH}\rPID|2".encode(), "100"),
        (f"{MSH}||||||KLINGON".encode(), "103"),
        (f"{MSH}||||||UNICODE UTF-8\rPID|\xff".encode("latin-1"), "102"),
    ],
)
def test_bad_messages_have_a_code_and_a_place(raw: bytes, code: str) -> None:
    with pytest.raises(BadMessage) as caught:
        parse(raw)
    assert caught.value.code == code
    assert caught.value.location.startswith("MSH")


def test_a_line_that_is_no_segment_is_placed_after_the_one_before() -> None:
    with pytest.raises(BadMessage, match="line 4, after OBX") as caught:
        parse(f"{MSH}\rOBX|1\rOBX|2\rdear colleague".encode())
    assert caught.value.location == "OBX^2"


@pytest.mark.parametrize("end", ["\r", "\n", ""])
def test_a_header_is_read_of_what_is_no_message(end: str) -> None:
    for raw in (
        f"\ufeff{MSH}||||||KLINGON{end}".encode(),
        f"{MSH}||||||UNICODE UTF-8{end}{'PID|Ü' if end else ''}".encode("latin-1"),
    ):
        found = header(raw)
        assert found is not None
        assert (found.control_id, found.sender) == ("42", "APP|FAC")


@pytest.mark.parametrize("raw", [b"", b"PID|1", b"MSH", b"MSH||||||", b"\xff\xfeM\x00S\x00H\x00"])
def test_there_is_no_header_without_delimiters(raw: bytes) -> None:
    assert header(raw) is None


@given(st.binary(max_size=200))
def test_any_bytes_parse_or_are_refused(raw: bytes) -> None:
    for data in (raw, MSH.encode() + b"\r" + raw):
        try:
            message = parse(data)
        except BadMessage:
            continue
        assert message.segments[0].name == "MSH"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=30))
def test_an_escaped_value_comes_back(value: str) -> None:
    from fhir_server.hl7v2.ack import _escape

    assert unescape(_escape(value), Delimiters()) == value
