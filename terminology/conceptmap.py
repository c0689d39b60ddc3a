"""Concept maps as plain values, and translation by them in either direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from terminology.codesystem import Coding, canonical
from terminology.versions import fits

# R5 relationship: R4 equivalence (the target as seen from the source)
EQUIVALENCES = {
    "equivalent": "equivalent",
    "related-to": "relatedto",
    "source-is-narrower-than-target": "wider",
    "source-is-broader-than-target": "narrower",
    "not-related-to": "unmatched",
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
UNRELATED = frozenset({"unmatched", "disjoint"})


@dataclass(frozen=True, slots=True)
class Dependency:
    """A further coded value that a mapping depends on or gives (dependsOn, product)."""

    property: str
    value: str
    system: str = ""
    display: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """One source code to one target code; `equivalence` is a code of R4."""

    source: str
    target: str
    equivalence: str
    display: str = ""
    comment: str = ""
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
    """A code that another one translates to; `source` is the mapped code, `origin` the map."""

    target: Coding
    source: Coding
    equivalence: str
    origin: str
    comment: str = ""
    product: tuple[Dependency, ...] = ()

    @property
    def relationship(self) -> str:
        """The equivalence as R5 words it."""
        return RELATIONSHIPS.get(self.equivalence, "related-to")

    @property
    def related(self) -> bool:
        """Whether it is a translation, and not a note that there is none."""
        return self.equivalence not in UNRELATED


def translate(
    maps: Iterable[ConceptMap],
    coding: Coding,
    target_system: str = "",
    *,
    reverse: bool = False,
    known: Iterable[ConceptMap] = (),
) -> list[Translation]:
    """What the maps say of a code, in their order; from target to source where `reverse`.

    `target_system` is that of the codes to give, all where empty. `known` are the maps that
    an "other-map" may name.
    """
    found: dict[tuple[Coding, str, str], Translation] = {}
    for concept_map in maps:
        told = _backward if reverse else _forward
        for each in told(concept_map, coding, tuple(known), ()):
            wanted = each.source.system if reverse else each.target.system
            if not target_system or wanted == target_system:
                other = each.source if reverse else each.target
                found.setdefault((other, each.equivalence, each.origin), each)
    return list(found.values())


def _forward(
    concept_map: ConceptMap, coding: Coding, known: tuple[ConceptMap, ...], seen: tuple[str, ...]
) -> Iterator[Translation]:
    for group in concept_map.groups:
        if group.source != coding.system:
            continue
        if coding.version and not fits(group.source_version, coding.version):
            continue
        rows = [m for m in group.mappings if m.source == coding.code]
        for row in rows:
            yield _translation(concept_map, group, row, coding)
        if not rows and group.unmapped is not None:
            yield from _unmapped(concept_map, group, coding, known, seen)


def _backward(
    concept_map: ConceptMap, coding: Coding, known: tuple[ConceptMap, ...], seen: tuple[str, ...]
) -> Iterator[Translation]:
    for group in concept_map.groups:
        if group.target == coding.system or not coding.system:
            for row in group.mappings:
                if row.target == coding.code:
                    yield _translation(concept_map, group, row, Coding(group.source, row.source))


def _translation(
    concept_map: ConceptMap, group: Group, row: Mapping, source: Coding
) -> Translation:
    target = Coding(group.target, row.target, group.target_version, row.display)
    return Translation(
        target, source, row.equivalence, concept_map.canonical, row.comment, row.product
    )


def _unmapped(
    concept_map: ConceptMap,
    group: Group,
    coding: Coding,
    known: tuple[ConceptMap, ...],
    seen: tuple[str, ...],
) -> Iterator[Translation]:
    unmapped = group.unmapped
    if unmapped is None:
        return
    if unmapped.mode in ("provided", "use-source-code"):
        row = Mapping(coding.code, coding.code, unmapped.equivalence, coding.display)
        yield _translation(concept_map, group, row, coding)
    elif unmapped.mode == "fixed":
        row = Mapping(coding.code, unmapped.code, unmapped.equivalence, unmapped.display)
        yield _translation(concept_map, group, row, coding)
    elif unmapped.mode == "other-map" and unmapped.url not in seen:
        for other in known:
            if unmapped.url in (other.url, other.canonical):
                yield from _forward(other, coding, known, (*seen, unmapped.url))
