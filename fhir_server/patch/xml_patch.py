"""XML Patch (RFC 5261) on a resource, by the XML that it would be."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from xml.parsers import expat

from capability.fhirpath import Budget, PathError
from capability.issue import error
from fhir_server.errors import BadRequest, Invalid
from fhir_server.http.xml import to_xml, tree_to_json
from fhir_server.http.xml_tree import Node, feed, parse
from fhir_server.patch.limits import MOST_DECLARED, MOST_ELEMENTS, check_number
from fhir_server.patch.selector import Selector, read_selector

KINDS = ("add", "replace", "remove")
PLACES = ("", "prepend", "before", "after")
Way = tuple[Node, ...]  # an element after all that it is in


@dataclass(slots=True)
class Operation:
    """One operation; `text` and `nodes` are what it brings."""

    kind: str
    given: dict[str, str]
    place: str
    sel: Selector
    text: str = ""
    nodes: list[Node] = field(default_factory=list)


def read(patch: bytes) -> Callable[[bytes], bytes]:
    """What the patch does to a resource's bytes (JSON); raises BadRequest where it is no patch.

    The function raises Invalid where a selector does not lead to the one node that is needed.
    What a removal leaves empty goes too: FHIR has no empty elements.
    """
    operations = _Reader(patch).operations

    def apply(body: bytes) -> bytes:
        root, budget = parse(to_xml(body)), Budget(MOST_ELEMENTS)
        for operation in operations:
            _do(root, operation, budget)
        return tree_to_json(root)

    return apply


class _Reader:
    """The operations of a diff document, the content of each as it is to be put in."""

    def __init__(self, patch: bytes) -> None:
        self.operations: list[Operation] = []
        self._patch, self._depth, self._from = patch, 0, -1
        self._spaces: dict[str, str] = {}
        self._attributes: dict[str, str] = {}
        self._text: list[str] = []
        self._parser = parser = expat.ParserCreate("UTF-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        feed(parser, patch, "patch")

    def _begin(self) -> None:
        if self._depth == 2 and self._from < 0:
            self._from = self._parser.CurrentByteIndex

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._begin()
        self._depth += 1
        if self._depth == 1:
            if tag.rpartition(":")[2] != "diff":
                raise BadRequest("an XML Patch is a diff of add, replace and remove")
            self._spaces = _declared(attributes, "diff")
        elif self._depth == 2:
            self._attributes, self._text, self._from = attributes, [], -1

    def _characters(self, text: str) -> None:
        self._begin()
        if self._depth == 2:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        self._begin()
        self._depth -= 1
        if self._depth == 1:
            kind = tag.rpartition(":")[2]
            content = self._patch[self._from : self._parser.CurrentByteIndex]
            self.operations.append(self._operation(kind, content))

    def _operation(self, kind: str, content: bytes) -> Operation:
        check_number(len(self.operations) + 1)
        place = f"diff/*[{len(self.operations) + 1}]"
        given, text = self._attributes, "".join(self._text).strip()
        if kind not in KINDS:
            raise BadRequest(f"an operation of a diff is one of {', '.join(KINDS)}", place)
        if "sel" not in given:
            raise BadRequest(f"{kind} needs sel", place)
        if given.get("pos", "") not in PLACES:
            raise BadRequest("pos is prepend, before or after", place)
        spaces = self._spaces | _declared(given, place)
        operation = Operation(kind, given, place, read_selector(given["sel"], spaces, place), text)
        if kind != "remove" and b"<" in content:
            if text:
                raise BadRequest("text stands between elements", place)
            declared = "".join(
                f' xmlns{":" if prefix else ""}{prefix}="{uri}"' for prefix, uri in spaces.items()
            )
            operation.nodes = parse(b"<x%b>%b</x>" % (declared.encode(), content)).children
        return operation


def _declared(attributes: dict[str, str], place: str) -> dict[str, str]:
    """The namespaces that attributes declare, by prefix; raises BadRequest for very many."""
    spaces = {
        name.partition(":")[2]: uri.replace("&", "&amp;").replace('"', "&quot;")
        for name, uri in attributes.items()
        if name == "xmlns" or name.startswith("xmlns:")
    }
    if sum(len(prefix) + len(uri) for prefix, uri in spaces.items()) > MOST_DECLARED:
        raise BadRequest(
            f"namespaces and their prefixes have up to {MOST_DECLARED} characters", place
        )
    return spaces


def _do(root: Node, operation: Operation, budget: Budget) -> None:
    try:
        found = operation.sel.find(root, budget)
    except PathError as fault:
        raise BadRequest(f"the patch takes too much work: {fault}", operation.place) from None
    if len(found) != 1:
        raise _unfit(operation, f"sel leads to {len(found)} nodes, one is needed")
    [way] = found
    if operation.sel.attribute:
        _change(way, operation.sel.attribute, operation)
    elif operation.kind == "add":
        _add(way, operation)
    elif len(way) < 2:
        raise _unfit(operation, "the resource itself is replaced by PUT and ended by DELETE")
    elif operation.kind == "remove":
        del way[-2].children[_at(way)]
        _prune(way[:-1])
    elif len(operation.nodes) == 1:
        [way[-2].children[_at(way)]] = deepcopy(operation.nodes)
    else:
        raise _unfit(operation, "an element is replaced by one element")


def _add(way: Way, operation: Operation) -> None:
    kind, pos = operation.given.get("type", ""), operation.given.get("pos", "")
    if kind.startswith("@"):
        if kind[1:] in way[-1].attributes:
            raise _unfit(operation, f"{kind} is there already: replace it")
        way[-1].attributes[kind[1:]] = operation.text
    elif kind or not operation.nodes:
        raise _unfit(operation, "elements and attributes can be added")
    elif pos in ("before", "after"):
        if len(way) < 2:
            raise _unfit(operation, "there is one root")
        at = _at(way) + (pos == "after")
        way[-2].children[at:at] = deepcopy(operation.nodes)
    else:
        at = 0 if pos == "prepend" else len(way[-1].children)
        way[-1].children[at:at] = deepcopy(operation.nodes)


def _change(way: Way, attribute: str, operation: Operation) -> None:
    if operation.kind == "add" or operation.nodes:
        raise _unfit(operation, "an attribute is added by type, and is text")
    if operation.kind == "replace":
        way[-1].attributes[attribute] = operation.text
    else:
        del way[-1].attributes[attribute]
        _prune(way)


def _prune(way: Way) -> None:
    """Takes away what is empty on the way to where something was removed."""
    for depth in range(len(way) - 1, 0, -1):
        node = way[depth]
        if node.children or node.attributes or node.markup:
            return
        del way[depth - 1].children[_at(way[: depth + 1])]


def _at(way: Way) -> int:
    return next(n for n, child in enumerate(way[-2].children) if child is way[-1])


def _unfit(operation: Operation, text: str) -> Invalid:
    return Invalid([error("processing", operation.place, text)])
