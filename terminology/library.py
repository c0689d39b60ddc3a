"""The code systems, value sets and concept maps of a request: layers, the nearest one first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar
from urllib.parse import unquote

from terminology.codesystem import PARTIAL, CodeSystem, canonical, split
from terminology.conceptmap import ConceptMap
from terminology.filters import SNOMED
from terminology.grammars import ucum
from terminology.issue import Refused, issue
from terminology.messages import SUPPLEMENT_MISSING
from terminology.supplemented import Supplemented
from terminology.table import Table
from terminology.valueset import Filter, Include, ValueSet
from terminology.versions import fits, latest, ordered

IMPLICIT = "?fhir_vs"
LOINC = "http://loinc.org/vs"
UNITS = f"{ucum.SYSTEM}/vs"
T = TypeVar("T", Table, ValueSet, CodeSystem)


class Layer(Protocol):
    """A set of terminology resources by url; several versions stand side by side."""

    def systems(self, url: str) -> Sequence[CodeSystem]: ...
    def supplements(self, url: str) -> Sequence[Table]: ...
    def value_sets(self, url: str) -> Sequence[ValueSet]: ...
    def concept_maps(self) -> Sequence[ConceptMap]: ...


@dataclass(frozen=True)
class Shelf:
    """A layer of plain values."""

    tables: tuple[Table, ...] = ()
    sets: tuple[ValueSet, ...] = ()
    maps: tuple[ConceptMap, ...] = ()

    @cached_property
    def _systems(self) -> Mapping[str, list[Table]]:
        return _by_url(t for t in self.tables if t.defines)

    @cached_property
    def _supplements(self) -> Mapping[str, list[Table]]:
        return _by_url(t for t in self.tables if t.supplemented)

    @cached_property
    def _sets(self) -> Mapping[str, list[ValueSet]]:
        return _by_url(self.sets)

    def systems(self, url: str) -> Sequence[CodeSystem]:
        return self._systems.get(url, ())

    def supplements(self, url: str) -> Sequence[Table]:
        return self._supplements.get(url, ())

    def value_sets(self, url: str) -> Sequence[ValueSet]:
        return self._sets.get(url, ())

    def concept_maps(self) -> Sequence[ConceptMap]:
        return self.maps


class SystemsLayer:
    """A layer of code systems alone."""

    def __init__(self, systems: Iterable[CodeSystem]) -> None:
        self._systems = _by_url(systems)

    def urls(self) -> Iterable[str]:
        """The urls of the systems."""
        return self._systems.keys()

    def systems(self, url: str) -> Sequence[CodeSystem]:
        return self._systems.get(url, ())

    def supplements(self, url: str) -> Sequence[Table]:
        return ()

    def value_sets(self, url: str) -> Sequence[ValueSet]:
        return ()

    def concept_maps(self) -> Sequence[ConceptMap]:
        return ()


@dataclass(frozen=True, slots=True)
class Library:
    """What a request may draw on. In an earlier layer a url and version hides that of a later.

    `sent` came along with the request, so it is preferred whatever its version. `using` are the
    canonicals of supplements to work into the systems they add to.
    """

    known: tuple[Layer, ...]
    using: tuple[str, ...] = ()
    sent: Layer = field(default_factory=Shelf)
    _worked: dict[tuple[int, tuple[str, ...]], CodeSystem] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All of it, the nearest first."""
        return (self.sent, *self.known)

    def with_supplements(self, references: Iterable[str]) -> Library:
        """The same with more supplements in use; raises Refused where one is not known."""
        added = tuple(r for r in references if r not in self.using)
        missing = [r for r in added if self.supplement(r) is None]
        if missing:
            raise Refused(issue(SUPPLEMENT_MISSING, ",".join(missing)))
        return Library(self.known, self.using + added, self.sent) if added else self

    def supplement(self, reference: str) -> Table | None:
        """The supplement of a canonical, the newest where it names no version."""
        url, version = split(reference)
        found = {t.version: t for layer in reversed(self.layers) for t in layer.supplements(url)}
        best = latest(found, version)
        return None if best is None else found[best]

    def versions(self, url: str) -> Sequence[str]:
        """The versions of a code system that are known, oldest first."""
        return ordered(s.version for layer in self.layers for s in layer.systems(url))

    def system(self, url: str, version: str = "") -> CodeSystem | None:
        """The code system, the newest that the version or pattern allows; None where none is.

        One that is there in part gives way to those that are complete.
        """
        for layers in ((self.sent,), self.known):
            found = _by_version(each for layer in layers for each in layer.systems(url))
            whole = {v: each for v, each in found.items() if each.content not in PARTIAL}
            best = _best(whole, version) or _best(found, version)
            if best is not None:
                return self.supplemented(best)
        return None

    def value_set(self, reference: str, version: str = "") -> ValueSet | None:
        """The value set of a url or canonical, also an implicit one; None where none is known."""
        url, named = split(reference)
        wanted = version or named
        for layers in ((self.sent,), self.known):
            found = _by_version(each for layer in layers for each in layer.value_sets(url))
            if (best := _best(found, wanted)) is not None:
                return best
        return self._implicit(url, wanted)

    def concept_maps(self) -> Sequence[ConceptMap]:
        """Every map; a url and version of an earlier layer hides that of a later."""
        found: dict[str, ConceptMap] = {}
        for layer in self.layers:
            for each in layer.concept_maps():
                found.setdefault(canonical(each.url, each.version) or each.id, each)
        return tuple(found.values())

    def _implicit(self, url: str, version: str) -> ValueSet | None:
        """A set that its url defines, or the url in its system's CodeSystem.valueSet.

        `?fhir_vs` is all of a system, `=isa/CODE` what is below a code, `=ecl/…` a constraint of
        SNOMED CT, whose edition may be part of the url. Units of UCUM are told by one of them.
        """
        base, mark, rest = url.partition(IMPLICIT)
        if mark:
            edition = base if base.startswith(f"{SNOMED}/") else ""
            return self._defined(url, SNOMED if edition else base, version or edition, rest)
        if base == LOINC or base.startswith(f"{LOINC}/"):
            below = base.removeprefix(LOINC).removeprefix("/")
            return self._defined(url, "http://loinc.org", version, below and f"=isa/{below}")
        if base == UNITS or base.startswith(f"{UNITS}/"):
            return _units(url, unquote(base.removeprefix(UNITS).removeprefix("/")))
        for layer in self.layers:
            for each in getattr(layer, "tables", ()):
                if each.value_set and each.value_set == url and fits(version, each.version):
                    return ValueSet(
                        url, each.version, each.name, include=(Include(each.url, each.version),)
                    )
        return None

    def _defined(self, url: str, system: str, version: str, rest: str) -> ValueSet | None:
        found = self.system(system, version)
        kind, _, value = rest.removeprefix("=").partition("/")
        value = unquote(value)
        filters: tuple[Filter, ...] = ()
        if found is None:
            return None
        if kind == "isa" and found.find(value) is not None:
            filters = (Filter("concept", "is-a", value),)
        elif kind == "ecl" and system == SNOMED:
            filters = (Filter("constraint", "=", value),)
        elif rest:
            return None
        return ValueSet(url, version, include=(Include(system, version, filters=filters),))

    def supplemented(self, system: CodeSystem) -> CodeSystem:
        """The system with what the supplements in use add to it."""
        if not self.using:
            return system
        key = (id(system), self.using)
        if key not in self._worked:
            found = [t for r in self.using if (t := self.supplement(r)) is not None]
            own = [t for t in _each_once(found) if _adds_to(t, system)]
            if isinstance(system, Table):
                self._worked[key] = system.with_supplements(own)
            else:
                self._worked[key] = Supplemented(system, own) if own else system
        return self._worked[key]


def _units(url: str, comparable: str) -> ValueSet | None:
    """The units that are comparable to one, or all; None where there is no such unit.

    https://hl7.org/fhir/R4/ucum.html
    """
    known = ucum.canonical(comparable) if comparable else None
    if comparable and known is None:
        return None
    filters = (Filter("canonical", "=", known.unit),) if known else ()
    return ValueSet(url, include=(Include(ucum.SYSTEM, filters=filters),))


def _adds_to(supplement: Table, system: CodeSystem) -> bool:
    url, version = split(supplement.supplemented)
    return url == system.url and fits(version, system.version)


def _each_once(tables: Iterable[Table]) -> Iterable[Table]:
    """One supplement may be named by its url, and by its url and version."""
    return {(table.url, table.version): table for table in tables}.values()


def _by_version(values: Iterable[T]) -> dict[str, T]:
    """The first of each version."""
    return {each.version: each for each in reversed(list(values))}


def _best(found: Mapping[str, T], version: str) -> T | None:
    """The one of a version, or the newest that a pattern allows; any where it is empty."""
    best = version if version and version in found else latest(found, version)
    return None if best is None else found[best]


def _by_url(values: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for value in values:
        found.setdefault(value.url, []).append(value)
    return found
