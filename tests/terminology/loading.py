"""Loads a release that a test has made, in the form that users load it."""

from __future__ import annotations

from pathlib import Path

from terminology import releases
from terminology.source import Options
from terminology.stored import Stored
from terminology.systems import FORMATS


def load(form: str, path: Path, data: Path, options: Options | None = None) -> Stored:
    """Loads into the data folder; gives what was loaded."""
    found = next(each for each in FORMATS if each.name == form)
    releases.load(data, found, path, options)
    return releases.opened(data)[0]


def table(path: Path, *rows: str, end: str = "\n") -> Path:
    """A file of these lines, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(row + end for row in rows), encoding="utf-8")
    return path
