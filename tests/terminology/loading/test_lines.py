"""Lines of release files: the same however they are cut, ended, marked and packed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terminology.errors import SourceError
from terminology.loading import lines

TEXTS = st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=12))


@given(TEXTS, st.sampled_from(["\n", "\r\n"]), st.integers(1, 9), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_lines_do_not_depend_on_chunks(
    tmp_path: Path, texts: list[str], end: str, chunk: int, packed: bool
) -> None:
    path = tmp_path / ("a.gz" if packed else "a.txt")
    raw = "".join(text + end for text in texts).encode()
    path.write_bytes(gzip.compress(raw) if packed else raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "CHUNK", chunk + 3)  # a mark of three bytes fits in
        found = [(number, line.decode()) for number, line in lines.raw_lines(path)]
        blocks = list(lines.raw_blocks(path))
    # U+FEFF at the very start is a mark of the file, not a part of its text
    texts = [texts[0].removeprefix("\ufeff"), *texts[1:]] if texts else []
    assert found == list(enumerate(texts, start=1))
    assert "".join(block.decode() for _, block in blocks) == "".join(text + end for text in texts)
    before = 0
    for number, block in blocks:
        assert (number, block[-1:]) == (before + 1, b"\n")
        before += block.count(b"\n")


def test_a_last_line_without_end_and_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo")
    assert list(lines.raw_lines(path)) == [(1, b"one"), (2, b"two")]
    assert b"".join(block for _, block in lines.raw_blocks(path)) == b"one\r\ntwo\n"


def test_progress_tells_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x\n" * 10)
    heard: list[tuple[str, int, int]] = []
    list(lines.raw_lines(path, lambda *told: heard.append(told)))
    assert heard == [("a.txt", 20, 20)]


@pytest.mark.parametrize("kept", [5, 25])
def test_an_archive_that_is_cut_is_named(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"abc\n" * 1000)[:kept])
    with pytest.raises(SourceError, match=r"a\.gz: not a whole file"):
        list(lines.raw_lines(path))


def test_a_line_without_end_is_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 100)
    monkeypatch.setattr(lines, "CHUNK", 64)
    path = tmp_path / "a.txt"
    path.write_bytes(b"ok\n" + b"x" * 500)
    with pytest.raises(SourceError, match=r"a\.txt:2: a line of over"):
        list(lines.raw_lines(path))


def test_files_are_found_whatever_their_case(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "LOINC.CSV").write_text("")
    assert lines.find(tmp_path, "**/Loinc.csv") == tmp_path / "sub" / "LOINC.CSV"
    with pytest.raises(SourceError, match="no table"):
        lines.required(tmp_path, "table", "*.tsv")
