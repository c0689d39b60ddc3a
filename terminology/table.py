"""A code system in memory: uploaded, sent along with a request, or of the specification itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from terminology.codesystem import (
    ConceptDefinition,
    ConceptDesignation,
    PropertyDefinition,
    Standing,
    canonical,
    property_code,
    words_of,
)
from terminology.status import status_of

RETIRED = frozenset({"retired", "inactive", "withdrawn"})
SUBSUMED_BY = "subsumedBy"  # what HL7's own systems call the parent


@dataclass(frozen=True, slots=True)
class Node:
    """A concept with its place: `children` are nested in it."""

    concept: ConceptDefinition
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Table:
    """A code system as plain values; what is derived from them is made once, when it is asked for.

    `supplemented` is the canonical that a supplement adds to; such a table holds no codes itself.
    """

    url: str
    version: str = ""
    name: str = ""
    title: str = ""
    language: str = ""
    content: str = "complete"
    case_sensitive: bool = True
    version_needed: bool = False
    standing: Standing = field(default_factory=Standing)
    declared: tuple[PropertyDefinition, ...] = ()
    roots: tuple[Node, ...] = ()
    value_set: str = ""
    supplemented: str = ""
    supplements: tuple[str, ...] = ()
    compositional: bool = False

    @property
    def defines(self) -> bool:
        """Whether it says which codes there are; a supplement does not, nor does a mere name."""
        named_only = self.content == "not-present" or (self.content == "example" and not self.roots)
        return not self.supplemented and not named_only

    @cached_property
    def properties(self) -> Mapping[str, PropertyDefinition]:
        """The declared properties by code."""
        return {p.code: p for p in self.declared}

    @cached_property
    def _concepts(self) -> dict[str, ConceptDefinition]:
        return {node.concept.code: node.concept for node in walk(self.roots)}

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {code.casefold(): code for code in reversed(self._concepts)}

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        below: dict[str, dict[str, None]] = {}
        parent, child = property_code(self, "parent"), property_code(self, "child")
        for node in walk(self.roots):
            own = node.concept.code
            below.setdefault(own, {}).update((c.concept.code, None) for c in node.children)
            for told in node.concept.properties:
                if told.code in (parent, SUBSUMED_BY):
                    below.setdefault(str(told.value), {})[own] = None
                elif told.code == child:
                    below[own][str(told.value)] = None
        known = self._concepts
        return {code: [c for c in found if c in known] for code, found in below.items()}

    @cached_property
    def _above(self) -> dict[str, list[str]]:
        above: dict[str, list[str]] = {}
        for code, found in self._below.items():
            if code in self._concepts:
                for each in found:
                    above.setdefault(each, []).append(code)
        return above

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        return tuple(self._concepts)

    @cached_property
    def _inactive(self) -> frozenset[str]:
        inactive = property_code(self, "inactive")
        return frozenset(
            code
            for code, each in self._concepts.items()
            if _is_true(each.property(inactive)) or status_of(self, each) in RETIRED
        )

    @cached_property
    def _abstract(self) -> frozenset[str]:
        told = {property_code(self, "notSelectable"), "notSelectable", "abstract"}
        return frozenset(
            code
            for code, concept in self._concepts.items()
            for p in concept.properties
            if p.code in told and _is_true(p.value)
        )

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        return {code: words_of(names(concept)) for code, concept in self._concepts.items()}

    def find(self, code: str) -> str | None:
        if code in self._concepts:
            return code
        return None if self.case_sensitive else self._folded.get(code.casefold())

    def concept(self, code: str) -> ConceptDefinition:
        return self._concepts[code]

    def codes(self) -> Sequence[str]:
        return self._codes

    def parents(self, code: str) -> Sequence[str]:
        return self._above.get(code, ())

    def children(self, code: str) -> Sequence[str]:
        return self._below.get(code, ())

    def is_inactive(self, code: str) -> bool:
        return code in self._inactive

    def is_abstract(self, code: str) -> bool:
        return code in self._abstract

    def search(self, text: str) -> Sequence[str]:
        wanted = words_of([text])
        return [code for code, found in self._words.items() if _all_start(wanted, found)]

    def matches(self, code: str, text: str) -> bool:
        return _all_start(words_of([text]), self._words[code])

    def with_supplements(self, supplements: Iterable[Table]) -> Table:
        """This system with what supplements add to its concepts; their other codes are ignored."""
        added = list(supplements)
        if not added:
            return self
        return replace(
            self,
            roots=tuple(_merged(node, added) for node in self.roots),
            declared=self.declared + tuple(p for table in added for p in table.declared),
            supplements=self.supplements + tuple(canonical(t.url, t.version) for t in added),
        )


def _is_true(value: object) -> bool:
    """Whether a boolean is true, which some systems write as text."""
    return str(value).lower() == "true"


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node, parents first."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def names(concept: ConceptDefinition) -> list[str]:
    """What a concept may be searched by."""
    return [concept.code, concept.display, *(d.value for d in concept.designations)]


def supplement_concept(concept: ConceptDefinition, added: Iterable[Table]) -> ConceptDefinition:
    """The concept with the designations, properties and extensions that supplements give it."""
    for table in added:
        more = table._concepts.get(concept.code)
        if more is None:
            continue
        source = canonical(table.url, table.version)
        told = [replace(d, source=source) for d in more.designations]
        if more.display and more.display != concept.display:
            told.append(ConceptDesignation(more.display, table.language, source=source))
        concept = replace(
            concept,
            designations=(*concept.designations, *told),
            properties=concept.properties + more.properties,
            extensions=concept.extensions + more.extensions,
        )
    return concept


def _merged(node: Node, added: Sequence[Table]) -> Node:
    children = tuple(_merged(child, added) for child in node.children)
    return Node(supplement_concept(node.concept, added), children)


def _all_start(wanted: Sequence[str], found: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in found) for each in wanted)
