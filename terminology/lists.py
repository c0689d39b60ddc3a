"""Code systems that are short lists of codes and names, and ship as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from terminology.codesystem import ConceptDefinition, ConceptProperty, Standing
from terminology.facts import DATA, rows
from terminology.library import SystemsLayer
from terminology.table import Node, Table

# url, title, file with the columns code, name and status (active, retired)
ROWS = (
    ("urn:iso:std:iso:3166", "ISO 3166-1", "countries.tsv"),
    ("urn:iso:std:iso:4217", "ISO 4217", "currencies.tsv"),
)


class ListsLayer(SystemsLayer):
    """The systems of ROWS as a layer of a library."""

    def __init__(self) -> None:
        super().__init__(_table(*row) for row in ROWS)


def codes(url: str) -> list[str]:
    """The codes of one of the systems, those given up among them."""
    return [code for known, _, file in ROWS if known == url for code, *_ in _listed(file)]


def _listed(file: str) -> Iterable[Sequence[str]]:
    return rows(DATA / file, ["code", "name", "status"])


def _table(url: str, title: str, file: str) -> Table:
    nodes = (
        Node(ConceptDefinition(code, name, properties=_status(status)))
        for code, name, status in _listed(file)
    )
    return Table(url, "", title, title, "en", standing=Standing("active"), roots=tuple(nodes))


def _status(status: str) -> tuple[ConceptProperty, ...]:
    return () if status == "active" else (ConceptProperty("status", "code", status),)
