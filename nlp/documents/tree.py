"""An XML document as a tree whose text knows where it stood."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.documents.markup import Text
from nlp.documents.origins import Step
from nlp.documents.xml import parse


class Node(Step):
    """An element; `parts` are its text and its elements in order."""

    __slots__ = ("attributes", "parts", "space")

    def __init__(
        self, space: str, name: str, attributes: dict[str, str], above: Node | None
    ) -> None:
        super().__init__(name, above)
        self.space, self.attributes = space, attributes
        self.parts: list[Node | Text] = []

    @property
    def under(self) -> Node | None:
        """The element that it is in."""
        return self.above if isinstance(self.above, Node) else None

    def nodes(self, *names: str) -> Iterator[Node]:
        """The elements right in it, of those names if any are given."""
        for part in self.parts:
            if isinstance(part, Node) and (not names or part.name in names):
                yield part

    def first(self, *path: str) -> Node | None:
        """The first element at a path of names."""
        at: Node | None = self
        for name in path:
            at = next(at.nodes(name), None) if at else None
        return at

    def get(self, attribute: str, *path: str) -> str:
        """An attribute of the first element at a path, "" where there is none."""
        node = self.first(*path)
        return node.attributes.get(attribute, "") if node else ""

    def all(self) -> Iterator[Node]:
        """Itself and every element in it, in order."""
        yield self
        for node in self.nodes():
            yield from node.all()

    def texts(self) -> Iterator[Text]:
        """Every text in it, in order."""
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.texts()
            else:
                yield part


class _Grower:
    def __init__(self) -> None:
        self.root = self._at = Node("", "", {}, None)  # above the document's own

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        node = Node(space, name, attributes, self._at)
        self._at.parts.append(node)
        self._at = node

    def end(self, space: str, name: str) -> None:
        self._at = self._at.under or self.root

    def text(self, text: str, start: int, end: int) -> None:
        self._at.parts.append(Text(text, start, end))


def tree(source: str) -> Node:
    """The root of a document; offsets are code points of `source`. Raises as `xml.parse` does."""
    grower = _Grower()
    parse(source, grower)
    return next(grower.root.nodes())
