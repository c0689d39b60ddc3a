"""A table whose columns some character parts: which one, and the rows by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from terminology.loading.draft import Draft
from terminology.loading.lines import rows, text_lines
from terminology.loading.source import Options

DELIMITERS = "\t;|,"


def delimiter(path: Path, encoding: str = "") -> str:
    """The one of tab, semicolon, bar and comma that the line of column names has most."""
    _, head = next(text_lines(path, encoding=encoding), (1, ""))
    return max(DELIMITERS, key=head.count) if any(map(head.count, DELIMITERS)) else ","


def table_rows(table: Path, draft: Draft, options: Options) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of what is left to read of a table for a draft, the column names first."""
    parted, encoding = delimiter(table, options.encoding), options.encoding

    def read(skip: range) -> Iterator[tuple[int, list[str]]]:
        return rows(table, draft.progress, delimiter=parted, encoding=encoding, skip=skip)

    return draft.each(table, read, heads=1)
