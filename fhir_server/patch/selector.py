"""The selectors of an XML Patch: RFC 5261's part of XPath that a resource has use for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from capability.fhirpath import Budget
from fhir_server.errors import BadRequest
from fhir_server.http.xml import NAMESPACE
from fhir_server.http.xml_tree import Node
from fhir_server.patch.limits import LONGEST_SELECTOR

NAME = r"(?:[A-Za-z_][\w.\-]*:)?(?:[A-Za-z_][\w.\-]*|\*)"
_ATTRIBUTE = re.compile(r"/@([A-Za-z_][\w.\-]*)\Z")
_STEP = re.compile(NAME)
_TEST = re.compile(r"\[([^\]'\"]*+)(?:('[^']*'|\"[^\"]*\")\s*+)?\]")
_VALUE = re.compile(rf"((?:{NAME}/)*)@([A-Za-z_][\w.\-]*)\s*=\s*")


@dataclass(frozen=True, slots=True)
class Predicate:
    """What a predicate asks: a place among those found (from 1 on), or an attribute's value."""

    place: int = 0
    steps: tuple[Step, ...] = ()
    attribute: str = ""
    value: str = ""

    def kept(self, nodes: list[Node], budget: Budget) -> list[Node]:
        if self.place:
            return nodes[self.place - 1 : self.place]
        budget.spend(len(nodes))
        return [n for n in nodes if any(self._holds(o) for o in _inside(n, self.steps, budget))]

    def _holds(self, node: Node) -> bool:
        return node.attributes.get(self.attribute) == self.value


@dataclass(frozen=True, slots=True)
class Step:
    """Child elements of a name ("*" for any) that pass the tests."""

    space: str
    name: str
    tests: tuple[Predicate, ...] = ()

    def of(self, nodes: list[Node], budget: Budget) -> list[Node]:
        budget.spend(len(nodes))
        named = self.name, self.space
        found = [n for n in nodes if self.name == "*" or (n.name, n.space) == named]
        for test in self.tests:
            found = test.kept(found, budget)
        return found


@dataclass(frozen=True, slots=True)
class Selector:
    """The way to elements from the root on, or to their `attribute`."""

    steps: tuple[Step, ...]
    attribute: str

    def find(self, root: Node, budget: Budget) -> list[tuple[Node, ...]]:
        """Each element after all that it is in; of an attribute, those elements that have it.

        Raises PathError where the budget is used up.
        """
        ways: list[tuple[Node, ...]] = [(node,) for node in self.steps[0].of([root], budget)]
        for step in self.steps[1:]:
            ways = [(*way, node) for way in ways for node in step.of(way[-1].children, budget)]
        return [w for w in ways if not self.attribute or self.attribute in w[-1].attributes]


def read_selector(text: str, spaces: Mapping[str, str], place: str) -> Selector:
    """A selector such as `fhir:Patient/fhir:name[2]/@id`; raises BadRequest for another XPath.

    `spaces` are the namespaces by prefix; a name without one is of the default, or of FHIR.
    """
    if len(text) > LONGEST_SELECTOR:
        raise BadRequest(f"sel has up to {LONGEST_SELECTOR} characters", place)
    path, attribute = text.strip(), ""
    if last := _ATTRIBUTE.search(path, path.rfind("/")):
        path, attribute = path[: last.start()], last[1]
    steps = tuple(_steps(path.removeprefix("/"), spaces, place))
    if not steps:
        raise _unread(place)
    return Selector(steps, attribute)


def _steps(path: str, spaces: Mapping[str, str], place: str) -> Iterator[Step]:
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            raise _unread(place)
        at, tests = found.end(), []
        while path.startswith("[", at):
            asked = _TEST.match(path, at)
            if asked is None:
                raise _unread(place)
            tests.append(_test(asked[1], asked[2] or "", spaces, place))
            at = asked.end()
        yield _named(found[0], spaces, place, tuple(tests))
        if at < len(path) and (path[at] != "/" or at + 1 == len(path)):
            raise _unread(place)
        at += 1


def _test(asked: str, value: str, spaces: Mapping[str, str], place: str) -> Predicate:
    asked = asked.strip()
    if not value and re.fullmatch(r"[1-9][0-9]{0,6}", asked):
        return Predicate(int(asked))
    found = _VALUE.fullmatch(asked)
    if not value or found is None:
        raise _unread(place)
    steps = tuple(_named(name, spaces, place) for name in found[1].split("/")[:-1])
    return Predicate(0, steps, found[2], value[1:-1])


def _named(
    name: str, spaces: Mapping[str, str], place: str, tests: tuple[Predicate, ...] = ()
) -> Step:
    prefix, _, local = name.rpartition(":")
    if prefix and prefix not in spaces:
        raise BadRequest(f"the prefix {prefix!r} is not declared", place)
    return Step(spaces.get(prefix, NAMESPACE), local, tests)


def _inside(node: Node, steps: tuple[Step, ...], budget: Budget) -> list[Node]:
    found = [node]
    for step in steps:
        found = [inner for each in found for inner in step.of(each.children, budget)]
    return found


def _unread(place: str) -> BadRequest:
    return BadRequest(
        "sel is a path of names, [n] and […/@attribute='value'], as in fhir:Patient/fhir:name[1]",
        place,
    )
