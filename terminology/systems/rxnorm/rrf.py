"""Files in Rich Release Format: which there are, of which date, and their rows, checked.

Format: https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html (section 12). Columns end
with a bar; rows of SAB=RXNORM are given, those of other sources are only counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np

from terminology.errors import SourceError
from terminology.loading.lines import Progress, raw_blocks

FILES = {"RXNCONSO": 18, "RXNREL": 16, "RXNSAT": 13}  # number of columns
OURS = "|RXNORM|"


def files(folder: Path) -> tuple[Path, ...]:
    """RXNCONSO, RXNREL and RXNSAT of a release, plain or gzipped, in the folder or its rrf/.

    Raises SourceError that names the one that is missing.
    """
    return tuple(_file(folder, name) for name in FILES)


def _file(folder: Path, name: str) -> Path:
    for place in (folder, folder / "rrf"):
        for suffix in (".RRF", ".RRF.gz", ".rrf", ".rrf.gz"):
            if (path := place / f"{name}{suffix}").exists():
                return path
    raise SourceError(f"{folder.name}: no {name}.RRF in the RxNorm folder or its rrf/")


def version(folder: Path, conso: Path) -> str:
    """The date that the folder's name tells (RxNorm_full_04062026), else that of the file."""
    for name in (folder.name, folder.parent.name):
        if found := re.search(r"_(\d\d)(\d\d)(\d{4})", name):
            return f"{found[3]}-{found[1]}-{found[2]}"
    stamp = conso.stat().st_mtime
    return datetime.fromtimestamp(stamp).astimezone().strftime("%Y-%m-%d")


def rows(path: Path, progress: Progress) -> Iterator[list[str]]:
    """The rows of SAB=RXNORM, split; every row must have the right number of columns."""
    name = path.name.partition(".")[0].upper()
    for first, block in raw_blocks(path, progress):
        try:
            regular = _regular(block, FILES[name], name != "RXNREL")
            text = block.decode()
        except UnicodeDecodeError:
            regular, text = False, block.decode(errors="replace")
        if not regular:
            _check(path.name, name, first, block)
        for line in text.split("\n"):
            if OURS in line:
                yield line.split("|")


def _regular(block: bytes, columns: int, numbered: bool) -> bool:
    """Whether every line has its columns and begins with a number, if it must."""
    raw = np.frombuffer(block, np.uint8)
    bars, ends = np.flatnonzero(raw == ord("|")), np.flatnonzero(raw == ord("\n"))
    if len(bars) != columns * len(ends):
        return False
    own = bars.reshape(-1, columns)
    if (own[:, -1] > ends).any() or (own[1:, 0] < ends[:-1]).any():
        return False
    digits = raw[np.concatenate(([0], ends[:-1] + 1))] - ord("0")
    return not numbered or bool((digits < 10).all())


def _check(file: str, name: str, first: int, block: bytes) -> None:
    """Raises SourceError for the first line that is broken; other sources' may be no UTF-8."""
    columns = FILES[name]
    for number, line in enumerate(block.removesuffix(b"\n").split(b"\n"), first):
        if not line.strip():
            continue
        if (count := line.count(b"|")) != columns:
            raise SourceError(f"{file}:{number}: {count} columns where {name} has {columns}")
        if name != "RXNREL" and not line[:1].isdigit():
            raise SourceError(f"{file}:{number}: the RXCUI is not a number")
        try:
            if OURS.encode() in line:
                line.decode()
        except UnicodeDecodeError:
            raise SourceError(f"{file}:{number}: not UTF-8") from None
