"""Which character parts the columns of a table."""

from __future__ import annotations

from pathlib import Path

from terminology.lines import text_lines

DELIMITERS = "\t;|,"


def delimiter(path: Path, encoding: str = "") -> str:
    """The one of tab, semicolon, bar and comma that the line of column names has most."""
    _, head = next(text_lines(path, encoding=encoding), (1, ""))
    return max(DELIMITERS, key=head.count) if any(map(head.count, DELIMITERS)) else ","
