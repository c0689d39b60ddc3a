"""Whether a code is in a value set, without expanding it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from terminology.codesystem import CodeSystem, canonical, split
from terminology.filters import check, condition
from terminology.imports import Imports
from terminology.issue import Refused, issue
from terminology.library import Library
from terminology.messages import UNKNOWN_VALUE_SET
from terminology.valueset import Include, Reference, ValueSet
from terminology.versions import VersionRules, fits


@dataclass(frozen=True, slots=True)
class Found:
    """A code in a value set; `active_only` says that the set takes no inactive codes."""

    listed: Reference | None = None
    active_only: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An include that draws on a system, in the set itself or in one that it imports."""

    include: Include
    value_set: ValueSet


class Membership:
    """A value set ready to be asked; raises Refused where its definition can't be followed."""

    def __init__(
        self,
        library: Library,
        value_set: ValueSet,
        rules: VersionRules,
        set_versions: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._library, self._rules, self._set_versions = library, rules, dict(set_versions)
        self._imports: dict[tuple[str, str], ValueSet] = {}
        self.value_set = value_set
        self.places: list[Place] = []
        self.seen: dict[ValueSet, None] = {}
        self._followed = Imports()
        self._prepare(value_set, ())

    @property
    def library(self) -> Library:
        """The library, with the supplements in use that the sets ask for."""
        return self._library

    def mentions(self, url: str) -> list[Place]:
        """The includes that draw on a system, in the order of the definition."""
        return [p for p in self.places if p.include.system == url]

    def systems(self) -> list[str]:
        """The urls of the systems that the set draws on."""
        own = [p.include.system for p in self.places if p.include.system]
        own += [e.system for v in self.seen for e in v.expansion or ()]
        return list(dict.fromkeys(own))

    def find(self, system: CodeSystem, code: str) -> Found | None:
        """How a code is in the set, or None. A fragment is taken to have any code."""
        return self._find(self.value_set, system, code)

    def has_all(self, system: CodeSystem) -> bool:
        """Whether the set is just this system, so that every code of it is in the set."""
        include, exclude = self.value_set.include, self.value_set.exclude
        if len(include) != 1 or exclude or not include[0].whole:
            return False
        wanted = self._rules.wanted(include[0].system, include[0].version)
        return include[0].system == system.url and fits(wanted, system.version)

    def _find(self, value_set: ValueSet, system: CodeSystem, code: str) -> Found | None:
        if value_set.expansion is not None and not value_set.include:
            for each in value_set.expansion:
                if each.system == system.url and each.code == code:
                    return Found(Reference(each.code, each.display))
            return None
        found: Found | None = None
        for include in value_set.include:
            own = self._included(include, value_set, system, code)
            if own is not None and not own.active_only:
                found = own
                break  # no other include takes more
            found = found or own
        if found is None:
            return None
        if any(self._excluded(e, value_set, system, code) for e in value_set.exclude):
            return None
        return Found(found.listed, found.active_only or value_set.inactive is False)

    def _included(
        self, include: Include, origin: ValueSet, system: CodeSystem, code: str
    ) -> Found | None:
        found: Found | None = Found()
        if include.system:
            found = self._of_system(include, origin, system, code)
        for reference in include.value_sets:
            if found is None:
                break
            other = self._find(self._imports[(origin.canonical, reference)], system, code)
            if other is not None:
                found = Found(found.listed or other.listed, found.active_only or other.active_only)
            else:
                found = None
        return found if include.system or include.value_sets else None

    def _excluded(self, exclude: Include, origin: ValueSet, system: CodeSystem, code: str) -> bool:
        """Whether an exclude takes a code out.

        In a set that takes a system in one version alone it does so whatever version it names.
        """
        if self._included(exclude, origin, system, code):
            return True
        if exclude.system != system.url or len(self._drawn(system.url)) > 1:
            return False
        wanted = self._rules.wanted(exclude.system, exclude.version)
        other = self._library.system(exclude.system, wanted)
        if other is None or other.version == system.version:
            return False
        return self._included(exclude, origin, other, code) is not None

    def _drawn(self, url: str) -> set[str]:
        """The versions in which the set takes a system."""
        wanted = {self._rules.wanted(url, p.include.version) for p in self.mentions(url)}
        found = (self._library.system(url, version) for version in wanted)
        return {system.version for system in found if system is not None}

    def _of_system(
        self, include: Include, origin: ValueSet, system: CodeSystem, code: str
    ) -> Found | None:
        if include.system != system.url:
            return None
        if not fits(self._rules.wanted(include.system, include.version), system.version):
            return None
        listed = None
        if include.concepts:
            listed = next((c for c in include.concepts if _same(system, c.code, code)), None)
            if listed is None:
                return None
        elif system.find(code) is None:
            return Found() if system.content == "fragment" and not include.filters else None
        if system.find(code) is None:
            return Found(listed) if system.content == "fragment" else None
        if all(condition(system, f, origin.canonical)(code) for f in include.filters):
            return Found(listed)
        return None

    def _prepare(self, value_set: ValueSet, above: tuple[ValueSet, ...]) -> None:
        path = self._followed.follow(value_set, above)
        self.seen[value_set] = None
        self._library = self._library.with_supplements(value_set.supplements)
        for include in value_set.include:
            self._prepare_include(include, path)
            self.places.append(Place(include, value_set))
        for exclude in value_set.exclude:
            self._prepare_include(exclude, path)

    def _prepare_include(self, include: Include, path: tuple[ValueSet, ...]) -> None:
        if include.filters:
            wanted = self._rules.wanted(include.system, include.version)
            if system := self._library.system(include.system, wanted):
                check(system, include.filters, path[-1].canonical)
        for reference, imported in self._imported(include, path):
            self._imports[(path[-1].canonical, reference)] = imported
            self._prepare(imported, path)

    def _imported(
        self, include: Include, path: tuple[ValueSet, ...]
    ) -> Iterator[tuple[str, ValueSet]]:
        for reference in include.value_sets:
            inner = next((i for v in reversed(path) if (i := v.inner(reference))), None)
            if inner is None:
                url, version = split(reference)
                version = version or self._set_versions.get(url, "")
                inner = self._library.value_set(url, version)
                if inner is None:
                    raise Refused(issue(UNKNOWN_VALUE_SET, canonical(url, version)))
            yield reference, inner


def _same(system: CodeSystem, listed: str, code: str) -> bool:
    if listed == code:
        return True
    return not system.case_sensitive and listed.casefold() == code.casefold()
