"""Code systems that are short lists of codes and names, and ship as tables."""

from __future__ import annotations

from terminology.codesystem import ConceptDefinition, ConceptProperty, Standing
from terminology.coding.tables import DATA, rows
from terminology.library import SystemsLayer
from terminology.systems.table import Node, Table

# url, title, file with the columns code, name and status (active, retired)
ROWS = (("urn:iso:std:iso:4217", "ISO 4217", "currencies.tsv"),)


class ListsLayer(SystemsLayer):
    """The systems of ROWS as a layer of a library."""

    def __init__(self) -> None:
        super().__init__(_table(*row) for row in ROWS)


def _table(url: str, title: str, file: str) -> Table:
    listed = rows(DATA / file, ["code", "name", "status"])
    nodes = (
        Node(ConceptDefinition(code, name, properties=_status(status)))
        for code, name, status in listed
    )
    return Table(url, "", title, title, "en", standing=Standing("active"), roots=tuple(nodes))


def _status(status: str) -> tuple[ConceptProperty, ...]:
    return () if status == "active" else (ConceptProperty("status", "code", status),)
