"""The tabular list of ICD-10-CM as its XML has it: chapters, blocks and codes with their notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from terminology.errors import SourceError

NOTES = {
    # element of the tabular list: name of the property
    "includes": "includes",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "codeFirst",
    "useAdditionalCode": "useAdditionalCode",
    "codeAlso": "codeAlso",
    "notes": "note",
    "sevenChrNote": "seventhCharacter",
}


@dataclass(slots=True)
class Node:
    """A chapter, block or code of the tabular list while it is read."""

    element: str
    parent: Node | None
    name: str = ""
    title: str = ""
    inclusion: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    seventh: dict[str, str] = field(default_factory=dict)
    leaf: bool = True

    def sevenths(self) -> dict[str, str]:
        """Its 7th characters: its own or those of the nearest ancestor that defines some."""
        node: Node | None = self
        while node is not None and not node.seventh:
            node = node.parent
        return node.seventh if node is not None else {}

    def ancestor(self, element: str) -> Node | None:
        """The nearest ancestor that is a "chapter" or a "section"."""
        node = self.parent
        while node is not None and node.element != element:
            node = node.parent
        return node


def tabular_list(path: Path) -> tuple[str, list[Node]]:
    """The year and every chapter, block and code in the order of the file.

    Raises SourceError, with file and line, where it is no tabular list.
    """
    reader = _Tabular()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text.append
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        raise SourceError(f"{path.name}:{error.lineno}: {expat.ErrorString(error.code)}") from None
    if not any(node.element == "diag" for node in reader.nodes):
        raise SourceError(f"{path.name}:1: no <diag> in it, so it is not a tabular list")
    return reader.year, reader.nodes


class _Tabular:
    """The state of the walk through the XML."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.text: list[str] = []
        self.year = ""
        self._open: Node | None = None
        self._path: list[str] = []
        self._seventh = ""

    def start(self, element: str, attributes: dict[str, str]) -> None:
        self.text.clear()
        self._path.append(element)
        if element in ("chapter", "section", "diag"):
            if self._open is not None and element == "diag":
                self._open.leaf = False
            name = attributes.get("id", "")
            self._open = Node(element, self._open, name)
            self.nodes.append(self._open)
        elif element == "extension":
            self._seventh = attributes.get("char", "")

    def end(self, element: str) -> None:
        text = " ".join("".join(self.text).split())
        self._path.pop()
        node = self._open
        if node is None:
            self.year = text if element == "version" else self.year
        elif element == node.element:
            self._open = node.parent
        elif element == "name":
            node.name = text
        elif element == "desc":
            node.title = text
        elif element == "extension" and text:
            node.seventh[self._seventh] = text
        elif element == "note" and text:
            within = self._path[-1]
            if within == "inclusionTerm":
                node.inclusion.append(text)
            elif within in NOTES:
                node.notes.append((NOTES[within], text))
        self.text.clear()
