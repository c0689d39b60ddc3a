"""The rows of the tables in nlp/data, and patterns that name lists of words among them.

A row of wording.tsv is a list's name and one of its words or phrases, a regular expression in which
a blank is any white space. In a pattern "<procedure>" stands for all rows of "procedure", in their
order, parted by bars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import groupby

_LIST = re.compile(r"(?<!\?P)<([a-z][a-z-]+)>")


def rows(table: str) -> Iterator[list[str]]:
    """The rows of a table of nlp/data, cut at tabs; lines that open with # are comments."""
    text = files("nlp").joinpath("data", table).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def _wording() -> dict[str, tuple[str, ...]]:
    by_list = groupby(rows("wording.tsv"), lambda row: row[0])
    return {name: tuple(phrase for _, phrase in told) for name, told in by_list}


_WORDING = _wording()


def listed(name: str) -> tuple[str, ...]:
    """The words of a list, in their order; raises KeyError where there is no such list."""
    return _WORDING[name]


def worded(pattern: str) -> str:
    """The pattern with the words of the lists that it names; raises KeyError for no such list."""
    return _LIST.sub(lambda named: "|".join(listed(named[1])).replace(" ", r"\s"), pattern)


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The compiled pattern, the lists that it names in it."""
    return re.compile(worded(pattern), flags)
