"""RxNorm as users load it: what is stored is what was read, drugs and their parts included."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.errors import SourceError
from terminology.types import RXNORM
from tests.terminology.release import load
from tests.terminology.systems.test_rxnorm import release


def test_a_release_and_its_relations(tmp_path: Path) -> None:
    rx = load("rxnorm", release(tmp_path), tmp_path / "data")
    assert (rx.url, rx.version, rx.name) == (RXNORM, "2026-04-06", "rxnorm")
    told = {(p.code, p.value) for p in rx.lookup("314076").properties}
    assert {("TTY", "SCD"), ("consists_of", "316151"), ("strength", "10 MG")} <= told
    assert not any(code.startswith("\0") for code, _ in told)
    assert rx.is_inactive("999001")
    entry = next(e for e in rx.release().entries if e.code == "104377")
    assert entry.tty == "SBD"
    assert entry.drug is not None
    assert (entry.drug.ingredients, entry.drug.brand) == (("29046",), "203644")


def test_text_finds_active_drugs_alone(tmp_path: Path) -> None:
    rx = load("rxnorm", release(tmp_path), tmp_path / "data")
    assert rx.match("lisinopril 10 mg oral tablet", 1)[0].code == "314076"
    assert rx.match("zestrl", 1)[0].code == "203644"
    assert "999001" not in [m.code for m in rx.match("lisinopril 7 mg", 9)]


def test_line_ends_marks_and_blank_lines_do_not_count(tmp_path: Path) -> None:
    folder = release(tmp_path)
    plain = load("rxnorm", folder, tmp_path / "data").release()
    for each in sorted(folder.rglob("*.RRF")):
        written = each.read_bytes().replace(b"\n", b"\r\n")
        each.write_bytes(b"\xef\xbb\xbf" + written + b"\r\n\n")
    other = load("rxnorm", folder, tmp_path / "other").release()
    assert other.entries == plain.entries


def test_bytes_of_other_sources_are_not_looked_at(tmp_path: Path) -> None:
    folder = release(tmp_path)
    path = folder / "rrf" / "RXNCONSO.RRF"
    row = next(line for line in path.read_bytes().splitlines() if b"|RXNORM|" in line)
    other = row.replace(b"|RXNORM|", b"|MTHSPL|").replace(b"N|", b"\xef|", 1)
    path.write_bytes(path.read_bytes() + other + b"\n")
    assert load("rxnorm", folder, tmp_path / "data").match("zestrl", 1)[0].code == "203644"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [(b"|RXNORM|", b"|RXNORM", "17 columns"), (b"", b"x", "the RXCUI is not a number")],
)
def test_a_broken_row_is_located(tmp_path: Path, old: bytes, new: bytes, message: str) -> None:
    folder = release(tmp_path)
    path = folder / "rrf" / "RXNCONSO.RRF"
    rows = path.read_bytes().split(b"\n")
    rows[2] = rows[2].replace(old, new, 1)
    path.write_bytes(b"\n".join(rows))
    with pytest.raises(SourceError, match=rf"RXNCONSO\.RRF:3: {message}"):
        load("rxnorm", folder, tmp_path / "data")


def test_bytes_that_are_not_utf8_are_located(tmp_path: Path) -> None:
    folder = release(tmp_path)
    path = folder / "rrf" / "RXNCONSO.RRF"
    path.write_bytes(path.read_bytes().replace(b"Zestril", b"Zestr\xefl", 1))
    with pytest.raises(SourceError, match=r"RXNCONSO\.RRF:2: not UTF-8"):
        load("rxnorm", folder, tmp_path / "data")
