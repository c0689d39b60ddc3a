"""Concept maps as plain values, and translation by them in either direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from terminology.codesystem import Coding, canonical, split
from terminology.issue import Refused, issue
from terminology.messages import CIRCULAR_MAP
from terminology.versions import fits, latest

# R5 relationship: R4 equivalence (the target as seen from the source)
EQUIVALENCES = {
    "equivalent": "equivalent",
    "related-to": "relatedto",
    "source-is-narrower-than-target": "wider",
    "source-is-broader-than-target": "narrower",
    "not-related-to": "disjoint",
}
RELATIONSHIPS = {
    "relatedto": "related-to",
    "equivalent": "equivalent",
    "equal": "equivalent",
    "wider": "source-is-narrower-than-target",
    "subsumes": "source-is-narrower-than-target",
    "narrower": "source-is-broader-than-target",
    "specializes": "source-is-broader-than-target",
    "inexact": "related-to",
    "unmatched": "not-related-to",
    "disjoint": "not-related-to",
}
INVERSE = {
    "wider": "narrower",
    "narrower": "wider",
    "subsumes": "specializes",
    "specializes": "subsumes",
}


@dataclass(frozen=True, slots=True)
class Dependency:
    """A further coded value that a mapping depends on or gives (dependsOn, product)."""

    property: str
    value: str
    system: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One source code to one target code; `equivalence` is a code of R4.

    Without a target it says that there is none. `remark` is made on the source, `comment` on this.
    """

    source: str
    target: str
    equivalence: str
    display: str = ""
    comment: str = ""
    remark: str = ""
    depends_on: tuple[Dependency, ...] = ()
    product: tuple[Dependency, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What to do with a source code that has no row: mode provided, fixed or other-map."""

    mode: str
    code: str = ""
    display: str = ""
    url: str = ""
    equivalence: str = "relatedto"


@dataclass(frozen=True, slots=True)
class Group:
    """The mappings between two systems, in the order of the map."""

    source: str
    target: str
    mappings: tuple[Mapping, ...]
    source_version: str = ""
    target_version: str = ""
    unmapped: Unmapped | None = None


@dataclass(frozen=True, slots=True)
class ConceptMap:
    """A concept map; `source` and `target` are the value sets it is meant for, or empty."""

    url: str = ""
    version: str = ""
    id: str = ""
    source: str = ""
    target: str = ""
    groups: tuple[Group, ...] = ()

    @property
    def canonical(self) -> str:
        """url|version."""
        return canonical(self.url, self.version)


@dataclass(frozen=True, slots=True)
class Translation:
    """A code that another one translates to, or none; `source` is the mapped code.

    `origin` is the map that was asked, `used` are those that it handed the code on to.
    """

    target: Coding
    source: Coding
    equivalence: str
    origin: str
    used: tuple[str, ...] = ()
    comment: str = ""
    remark: str = ""
    product: tuple[Dependency, ...] = ()

    @property
    def translates(self) -> bool:
        """Whether the target means anything like the source: a map may also say that it doesn't."""
        return self.relationship != "not-related-to"

    @property
    def relationship(self) -> str:
        """The equivalence as R5 words it."""
        return RELATIONSHIPS.get(self.equivalence, "related-to")


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """What is to be translated: a code, and what else is known of whom it is about.

    `known` are the maps that another one may hand the code on to. `case_sensitive` is what the
    system says of its codes, `exists` whether it may have this one: else no `unmapped` applies.
    """

    coding: Coding
    dependencies: tuple[Dependency, ...] = ()
    known: tuple[ConceptMap, ...] = ()
    case_sensitive: bool = True
    exists: bool = True

    def names(self, code: str) -> bool:
        """Whether a code of a map is the one that is to be translated."""
        own = self.coding.code
        return code == own or (not self.case_sensitive and code.casefold() == own.casefold())

    def meets(self, dependency: Dependency) -> bool:
        """Whether what a mapping depends on is known, and so."""
        return any(
            (each.property, each.value) == (dependency.property, dependency.value)
            and (not dependency.system or each.system in ("", dependency.system))
            for each in self.dependencies
        )


def translate(
    maps: Iterable[ConceptMap],
    asked: TranslationRequest,
    target_system: str = "",
    *,
    reverse: bool = False,
) -> list[Translation]:
    """What the maps say of a code, in their order; from target to source where `reverse`.

    `target_system` is that of the codes to give, all where empty. A map that another one hands the
    code on to is not asked by itself. Raises Refused where maps hand it on in a circle.
    """
    found: dict[tuple[Coding, str, str], Translation] = {}
    for concept_map in maps:
        told = _backward(concept_map, asked) if reverse else _forward(asked, (concept_map,))
        for each in told:
            wanted = each.source.system if reverse else each.target.system
            if not target_system or wanted == target_system:
                other = each.source if reverse else each.target
                found.setdefault((other, each.equivalence, each.origin), each)
    handed_on = {name for each in found.values() for name in each.used}
    return [each for each in found.values() if each.origin not in handed_on]


def _forward(asked: TranslationRequest, path: tuple[ConceptMap, ...]) -> Iterator[Translation]:
    """What the last map of a path says, the path being how the code came there."""
    coding = asked.coding
    for group in path[-1].groups:
        if group.source != coding.system:
            continue
        if coding.version and not fits(group.source_version, coding.version):
            continue
        rows = [m for m in group.mappings if asked.names(m.source)]
        for row in rows:
            if all(asked.meets(each) for each in row.depends_on):
                yield _translation(path, group, row, coding)
        if not rows and group.unmapped is not None and asked.exists:
            yield from _unmapped(asked, path, group, group.unmapped)


def _backward(concept_map: ConceptMap, asked: TranslationRequest) -> Iterator[Translation]:
    coding = asked.coding
    for group in concept_map.groups:
        if group.target == coding.system or not coding.system:
            for row in group.mappings:
                if asked.names(row.target) and all(asked.meets(d) for d in row.depends_on):
                    source = Coding(group.source, row.source)
                    yield _translation((concept_map,), group, row, source)


def _translation(
    path: tuple[ConceptMap, ...], group: Group, row: Mapping, source: Coding
) -> Translation:
    target = Coding(group.target, row.target, group.target_version, row.display)
    asked, *others = (each.canonical for each in path)
    told = row.comment, row.remark, row.product
    return Translation(target, source, row.equivalence, asked, tuple(others), *told)


def _unmapped(
    asked: TranslationRequest, path: tuple[ConceptMap, ...], group: Group, unmapped: Unmapped
) -> Iterator[Translation]:
    coding = asked.coding
    if unmapped.mode in ("provided", "use-source-code"):
        row = Mapping(coding.code, coding.code, unmapped.equivalence, coding.display)
        yield _translation(path, group, row, coding)
    elif unmapped.mode == "fixed":
        row = Mapping(coding.code, unmapped.code, unmapped.equivalence, unmapped.display)
        yield _translation(path, group, row, coding)
    elif unmapped.mode == "other-map":
        url, version = split(unmapped.url)
        named = {m.version: m for m in reversed(asked.known) if m.url == url}
        best = latest(named, version)
        if best is None:
            return
        if named[best] in path:
            told = " → ".join(m.canonical for m in (*path, named[best]))
            raise Refused(issue(CIRCULAR_MAP, path[0].canonical, told))
        yield from _forward(asked, (*path, named[best]))
