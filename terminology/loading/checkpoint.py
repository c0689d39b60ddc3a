"""A load that was broken off, as it is kept in the folder of its draft, so that the next goes on.

checkpoint       a line of JSON, then the arrays whose lengths it tells, back to back
<stage>.stage    what a finished stage gave, as MessagePack
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

FILE, STAGE = "checkpoint", ".stage"
Place = tuple[int, int]  # lines first + 1 … last of a file are done; those up to first, its head


class Facts(msgspec.Struct):
    """All of a draft but for its arrays; `lengths` are theirs in bytes, `texts` those of files."""

    key: str
    codes: list[str]
    term_keys: list[tuple[str, str, str]]
    property_keys: list[tuple[str, str]]
    awaited: dict[int, str]
    kinds: dict[str, str]
    stages: list[str]
    places: dict[str, Place]
    told: dict[str, str]
    texts: dict[str, int]
    lengths: list[int]


def find(home: Path, wanted: str) -> Path | None:
    """The folder under `home` with a whole checkpoint of this key, or None."""
    for each in sorted(home.glob(f"*/{FILE}")):
        facts = read(each.parent)
        if facts is not None and facts[0].key == wanted:
            return each.parent
    return None


def read(folder: Path) -> tuple[Facts, list[bytes]] | None:
    """The checkpoint of a folder with its arrays; None where it, or a file it tells of, is cut."""
    try:
        with (folder / FILE).open("rb") as file:
            facts = msgspec.json.decode(file.readline(), type=Facts)
            arrays = [file.read(length) for length in facts.lengths]
        texts = [(folder / name).stat().st_size >= size for name, size in facts.texts.items()]
    except (OSError, msgspec.DecodeError):
        return None
    whole = [len(each) for each in arrays] == facts.lengths and all(texts)
    return (facts, arrays) if whole else None


def write(folder: Path, facts: Facts, arrays: Iterable[array[int] | bytearray]) -> None:
    """Puts a checkpoint in the place of the last one, in one rename."""
    held = list(arrays)
    facts.lengths = [memoryview(each).nbytes for each in held]
    new = folder / f"{FILE}.new"
    with new.open("wb") as file:
        file.write(msgspec.json.encode(facts) + b"\n")
        for each in held:
            file.write(each)
        settle(file)
    new.replace(folder / FILE)


def settle(file: BinaryIO) -> None:
    """Sees that what was written survives a loss of power."""
    if file.writable():
        file.flush()
    os.fsync(file.fileno())


def clear(folder: Path) -> None:
    """Removes what a release that is in use needs no more."""
    for each in (*folder.glob(f"*{STAGE}"), folder / FILE):
        each.unlink(missing_ok=True)


def restored(kinds: Sequence[str], arrays: Sequence[bytes]) -> list[array[int]]:
    """Arrays of these type codes from their bytes."""
    made = [array(kind) for kind in kinds]
    for each, raw in zip(made, arrays, strict=True):
        each.frombytes(raw)
    return made
