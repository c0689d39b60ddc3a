"""Any table as a code system: columns by name, encodings, marks, and broken rows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from terminology.errors import SourceError
from terminology.loading.source import Options
from tests.terminology.release import load, table

GIVEN = Options(url="urn:test", version="1")
ROWS = (
    "code,display,parent,synonym,inactive,definition,colour",
    'b,"Béta, second",a,bee|two,,The second,blue',
    "a,Alpha,,,,,",
    "c,Gamma,a|b,,yes,,",
)


def test_columns_are_what_they_are_called(tmp_path: Path) -> None:
    own = load("csv", table(tmp_path / "own.csv", *ROWS), tmp_path / "data", GIVEN)
    assert (own.url, own.name, next(iter(own.codes()))) == ("urn:test", "own", "b")
    assert own.display("b") == "Béta, second"
    assert own.parents("c") == ["a", "b"]
    assert own.subsumes("a", "c")
    assert own.is_inactive("c")
    assert own.concept("b").definition == "The second"
    assert own.concept("b").property("colour") == "blue"
    assert own.match("two", 1)[0].code == "b"


def test_columns_that_are_named(tmp_path: Path) -> None:
    file = table(tmp_path / "own.tsv", "Key\tText\tcode", "k1\tOne\tx")
    given = Options("1", "urn:test", columns=(("code", "Key"), ("display", "Text")))
    own = load("csv", file, tmp_path / "data", given)
    assert own.display("k1") == "One"
    assert own.concept("k1").property("code") == "x"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8-sig", ""), ("utf-16", ""), ("cp1252", "cp1252"), ("utf-8", "")],
)
def test_encodings_and_marks(tmp_path: Path, encoding: str, named: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text("\r\n".join(ROWS), encoding=encoding)
    given = Options("1", "urn:test", encoding=named)
    assert load("csv", file, tmp_path / "data", given).display("b") == "Béta, second"


def test_a_compressed_table(tmp_path: Path) -> None:
    file = tmp_path / "own.csv.gz"
    file.write_bytes(gzip.compress("\n".join(ROWS).encode()))
    assert load("csv", file, tmp_path / "data", GIVEN).display("a") == "Alpha"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("code\na\n\n\nb,c\n", r"own\.csv:5: 2 cells, the head has 1"),
        ('code,display\na,"x\ny"\na,z\n', r"own\.csv:4: code 'a' occurs twice"),
        ("code,parent\na,b\n", r"own\.csv:2: its parent 'b'"),
        ("code,display\n,x\n", r"own\.csv:2: no code"),
        ('code,display\na,"x\n', r"own\.csv:2: unexpected end of data"),
        ("key\na\n", r"own\.csv:1: no column is the code"),
        ("code\n", "no code in the release"),
        ("code,parent\na,b\nb,a\n", "stands above itself"),
    ],
)
def test_broken_rows_are_located(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "own.csv"
    file.write_text(text)
    with pytest.raises(SourceError, match=place):
        load("csv", file, tmp_path / "data", GIVEN)


def test_bytes_of_another_encoding_are_located(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes("\n".join(ROWS).encode("cp1252"))
    with pytest.raises(SourceError, match=r"own\.csv:2: not utf-8; name the file's encoding"):
        load("csv", file, tmp_path / "data", GIVEN)
    with pytest.raises(SourceError, match="no encoding is called"):
        load("csv", file, tmp_path / "data", Options("1", "urn:test", encoding="klingon"))


def test_a_table_needs_url_and_version(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="url and version"):
        load("csv", table(tmp_path / "own.csv", *ROWS), tmp_path / "data")


@pytest.mark.parametrize(
    ("columns", "said"),
    [((("code", "nowhere"),), "no column 'nowhere'"), ((("colour", "code"),), "no column is a")],
)
def test_columns_that_are_not_there(
    tmp_path: Path, columns: tuple[tuple[str, str], ...], said: str
) -> None:
    given = Options("1", "urn:test", columns=columns)
    with pytest.raises(SourceError, match=said):
        load("csv", table(tmp_path / "own.csv", *ROWS), tmp_path / "data", given)
