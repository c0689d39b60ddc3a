"""Concept maps as plain values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from terminology.codesystem import canonical

# R5 relationship: R4 equivalence (the target as seen from the source)
EQUIVALENCES = {
    "equivalent": "equivalent",
    "related-to": "relatedto",
    "source-is-narrower-than-target": "wider",
    "source-is-broader-than-target": "narrower",
    "not-related-to": "disjoint",
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

    def speaks_of(self, systems: Collection[str], *, reverse: bool) -> bool:
        """Whether it may map codes of one of these systems; "" is any, backward."""
        if reverse:
            return "" in systems or any(group.target in systems for group in self.groups)
        return any(group.source in systems for group in self.groups)
