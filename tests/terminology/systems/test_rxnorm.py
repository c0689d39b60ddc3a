"""RxNorm: a small release in the official format, made here, and the starter."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from terminology.entry import Entry
from terminology.errors import SourceError
from terminology.systems.rxnorm import release as rxnorm
from terminology.systems.rxnorm import rrf, starter

ATOMS = [
    # RXCUI, SAB, TTY, STR, SUPPRESS
    ("29046", "RXNORM", "IN", "lisinopril", "N"),
    ("203644", "RXNORM", "BN", "Zestril", "N"),
    ("316151", "RXNORM", "SCDC", "lisinopril 10 MG", "N"),
    ("314076", "RXNORM", "SCD", "lisinopril 10 MG Oral Tablet", "N"),
    ("314076", "RXNORM", "PSN", "lisinopril 10 MG Oral Tablet (PSN)", "N"),
    ("314076", "RXNORM", "SY", "an old spelling", "Y"),
    ("314076", "MTHSPL", "DP", "lisinopril 10 mg/1 ORAL TABLET", "N"),
    ("104377", "RXNORM", "SBD", "lisinopril 10 MG Oral Tablet [Zestril]", "N"),
    ("317541", "RXNORM", "DF", "Oral Tablet", "N"),
    ("999001", "RXNORM", "SCD", "lisinopril 7 MG Oral Tablet", "O"),
    ("999002", "RXNORM", "SCD", "lisinopril 8 MG Oral Tablet", "Y"),
]
RELATIONS = [
    # the second concept has the relation to the first
    ("29046", "has_ingredient", "316151"),
    ("316151", "consists_of", "314076"),
    ("317541", "has_dose_form", "314076"),
    ("104377", "has_tradename", "314076"),
    ("314076", "tradename_of", "104377"),
    ("316151", "consists_of", "104377"),
    ("203644", "has_ingredient", "104377"),
    ("29046", "tradename_of", "203644"),
    ("29046", "has_ingredient", "999002"),
]
ATTRIBUTES = [("314076", "RXN_AVAILABLE_STRENGTH", "10 MG"), ("314076", "NDC", "00000000000")]


def atom(rxcui: str, sab: str, tty: str, name: str, suppress: str) -> str:
    row = [
        rxcui,
        "ENG",
        "",
        "",
        "",
        "",
        "",
        "1",
        "",
        "",
        "",
        sab,
        tty,
        rxcui,
        name,
        "",
        suppress,
        "",
    ]
    return "|".join(row) + "|"


def relation(first: str, name: str, second: str) -> str:
    row = [first, "", "CUI", "RO", second, "", "CUI", name, "1", "", "RXNORM", "", "", "", "", ""]
    return "|".join(row) + "|"


def attribute(rxcui: str, name: str, value: str) -> str:
    row = [rxcui, "", "", "", "CUI", rxcui, "", "", name, "RXNORM", value, "N", ""]
    return "|".join(row) + "|"


def release(folder: Path, *, zipped: bool = False) -> Path:
    """A release folder as NLM lays it out, files in rrf/."""
    texts = {
        "RXNCONSO": [atom(*row) for row in ATOMS],
        "RXNREL": [relation(*row) for row in RELATIONS],
        "RXNSAT": [attribute(*row) for row in ATTRIBUTES],
    }
    place = folder / "RxNorm_full_04062026" / "rrf"
    place.mkdir(parents=True)
    for name, rows in texts.items():
        content = ("\n".join(rows) + "\n").encode()
        if zipped:
            (place / f"{name}.RRF.gz").write_bytes(gzip.compress(content))
        else:
            (place / f"{name}.RRF").write_bytes(content)
    return place.parent


def by_code(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    return {entry.code: entry for entry in entries}


@pytest.mark.parametrize("zipped", [False, True])
def test_a_release_is_read_whole(tmp_path: Path, zipped: bool) -> None:
    read = rxnorm.read(release(tmp_path, zipped=zipped))
    assert (read.version, read.content) == ("2026-04-06", "complete")
    codes = by_code(read.entries)
    assert set(codes) == {"29046", "203644", "316151", "314076", "104377", "317541", "999001"}
    tablet = codes["314076"]
    assert tablet.display == "lisinopril 10 MG Oral Tablet"
    assert [d.value for d in tablet.designations] == ["lisinopril 10 MG Oral Tablet (PSN)"]
    said = {(each.code, each.value) for each in tablet.properties}
    assert {("TTY", "SCD"), ("consists_of", "316151"), ("has_tradename", "104377")} <= said
    assert ("strength", "10 MG") in said
    assert not any(value == "00000000000" for _, value in said)


def test_the_structure_of_a_drug_is_followed(tmp_path: Path) -> None:
    codes = by_code(rxnorm.read(release(tmp_path)).entries)
    branded = codes["104377"].drug
    assert branded is not None
    assert (branded.ingredients, branded.brand) == (("29046",), "203644")
    plain = codes["314076"].drug
    assert plain is not None
    assert (plain.ingredients, plain.brand, plain.form) == (("29046",), "", "Oral Tablet")


def test_obsolete_concepts_stay_without_names_to_match(tmp_path: Path) -> None:
    old = by_code(rxnorm.read(release(tmp_path)).entries)["999001"]
    assert old.names == ()
    assert any(each.code == "inactive" and each.value is True for each in old.properties)


@pytest.mark.parametrize(
    ("name", "row", "place"),
    [
        ("RXNCONSO", "314076|ENG|cut short|", "RXNCONSO.RRF:12: 3 columns where RXNCONSO has 18"),
        ("RXNREL", "29046|", "RXNREL.RRF:10"),
        ("RXNSAT", "x" + "|" * 13, "RXNSAT.RRF:3"),
    ],
)
def test_a_broken_row_is_located(tmp_path: Path, name: str, row: str, place: str) -> None:
    folder = release(tmp_path)
    with (folder / "rrf" / f"{name}.RRF").open("a") as file:
        file.write(row + "\n")
    with pytest.raises(SourceError, match=place):
        rxnorm.read(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = release(tmp_path)
    (folder / "rrf" / "RXNREL.RRF").unlink()
    with pytest.raises(SourceError, match=r"RXNREL\.RRF"):
        rrf.files(folder)


def test_a_truncated_archive_is_named(tmp_path: Path) -> None:
    folder = release(tmp_path, zipped=True)
    path = folder / "rrf" / "RXNSAT.RRF.gz"
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(SourceError, match="RXNSAT"):
        rxnorm.read(folder)


def test_the_starter_is_a_dated_fragment() -> None:
    read = starter.read()
    assert read.content == "fragment"
    assert read.version[:2] == "20"
    codes = by_code(read.entries)
    kinds = [entry.tty for entry in read.entries]
    assert kinds.count("IN") >= 1_200
    assert kinds.count("SCD") >= 3_000
    drug = codes["314076"].drug
    assert drug is not None
    assert drug.ingredients == ("29046",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# version: 2026-01-01\nrxcui\tname\n", ":2"),
        ("# version: 2026-01-01\n" + "\t".join(starter.COLUMNS) + "\n1\tIN\n", ":3"),
        ("\t".join(starter.COLUMNS) + "\n", "version"),
    ],
)
def test_a_broken_starter_is_located(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "rxnorm.tsv"
    path.write_text(text)
    with pytest.raises(SourceError, match=place):
        starter.read(path)
