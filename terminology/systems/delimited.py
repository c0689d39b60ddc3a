"""A code system as any table: CSV or TSV with a code, a display, and whatever else.

Memory: 500 bytes a code.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from terminology.errors import SourceError
from terminology.loading.draft import Draft
from terminology.loading.layout import INACTIVE
from terminology.loading.lines import required
from terminology.loading.sniff import table_rows
from terminology.loading.source import Head, Options

COLUMNS = ("code", "display", "parent", "definition", "synonym", "inactive")
PARTS = "|"  # between the parents or synonyms of one cell
TRUE = frozenset({"1", "true", "yes", "y", "inactive", "retired", "deprecated"})


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads a table; `options` names the url and which column is what. Other columns: properties.

    A column that no option names is what it is called: code, display, parent, definition, synonym,
    inactive. Several parents or synonyms stand in one cell with | between. Raises SourceError.
    """
    table = required(path, "table", "*.csv", "*.tsv")
    if not options.url or not options.version:
        raise SourceError(f"{table.name}: a table needs the system's url and version to be named")
    given = table_rows(table, draft, options)
    number, head = next(given, (1, []))
    at = _columns(table, number, head, dict(options.columns))
    more = [(place, name) for place, name in enumerate(head) if place not in at.values() and name]
    for number, row in given:
        if len(row) != len(head):
            raise SourceError(f"{table.name}:{number}: {len(row)} cells, the head has {len(head)}")
        cell = {what: row[place].strip() for what, place in at.items()}
        if not cell["code"]:
            raise SourceError(f"{table.name}:{number}: no code")
        try:
            concept = _concept(draft, cell, options.language or "en")
        except SourceError as error:
            raise SourceError(f"{table.name}:{number}: {error}") from None
        for parent in filter(None, map(str.strip, cell.get("parent", "").split(PARTS))):
            draft.below(concept, parent, f"{table.name}:{number}")
        for place, name in more:
            if row[place]:
                draft.property(concept, name, row[place], "string")
    title = options.title or table.stem
    return Head(
        options.url,
        title,
        options.version,
        f"{title}; {table.name}",
        language=options.language or "en",
        name=table.stem,
    )


def _columns(path: Path, number: int, head: list[str], named: Mapping[str, str]) -> dict[str, int]:
    if unknown := set(named) - set(COLUMNS):
        raise SourceError(f"no column is a {' '.join(sorted(unknown))}: {' '.join(COLUMNS)} are")
    lower = [name.strip().lower() for name in head]
    found = {what: lower.index(what) for what in COLUMNS if what in lower and what not in named}
    for what, name in named.items():
        if name not in head:
            raise SourceError(f"{path.name}:{number}: no column {name!r} for {what}")
        found[what] = head.index(name)
    if "code" not in found:
        raise SourceError(f"{path.name}:{number}: no column is the code: name it")
    return found


def _concept(draft: Draft, cell: Mapping[str, str], language: str) -> int:
    old = cell.get("inactive", "").lower() in TRUE
    concept = draft.concept(cell["code"], cell.get("display", ""), language, INACTIVE if old else 0)
    for synonym in filter(None, map(str.strip, cell.get("synonym", "").split(PARTS))):
        draft.term(concept, synonym, "synonym", language)
    if definition := cell.get("definition", ""):
        draft.property(concept, "definition", definition, "string")
    return concept
