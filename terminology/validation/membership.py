"""Whether a code is in a value set, without expanding it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from terminology.budget import ONE, Budget
from terminology.codesystem import PARTIAL, CodeSystem, canonical, split
from terminology.filters import Test, check, condition
from terminology.imports import Imports, allowed, drawn
from terminology.issue import Refused, issue
from terminology.library import Library
from terminology.messages import UNKNOWN_VALUE_SET
from terminology.valueset import Filter, Include, Reference, ValueSet
from terminology.versions import VersionRules, fits


@dataclass(frozen=True, slots=True)
class Member:
    """A code in a value set; `active_only` says that the set takes no inactive codes."""

    listed: Reference | None = None
    active_only: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An include that draws on a system, in the set itself or in one that it imports."""

    include: Include
    value_set: ValueSet


@dataclass(frozen=True, slots=True)
class Sought:
    """A code as its system writes it; `version` is preferred to the newest one, or empty.

    `known` is what was found of the question: sets that import each other's are asked once.
    """

    system: CodeSystem
    code: str
    version: str = ""
    known: dict[tuple[int, str, str, str], Member | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def inactive(self) -> bool:
        """Whether the system has the code and gave it up."""
        return self.system.find(self.code) is not None and self.system.is_inactive(self.code)

    def taken(self, found: Member | None) -> bool:
        """Whether a set has the code, being as active as the set wants it."""
        return found is not None and not (found.active_only and self.inactive)


class Membership:
    """A value set ready to be asked; raises Refused where its definition can't be followed.

    It has the codes of its expansion. A code that comes with a version may be in the set as well
    as it would be by that version, where includes leave the version open.
    """

    def __init__(
        self,
        library: Library,
        value_set: ValueSet,
        rules: VersionRules,
        set_rules: VersionRules | None = None,
    ) -> None:
        self._library, self._rules = library, rules
        self._set_rules = set_rules or VersionRules()
        self._imports: dict[tuple[str, str], ValueSet] = {}
        self._systems: dict[tuple[str, str], CodeSystem | None] = {}
        self._tests: dict[tuple[Filter, str, str], Test] = {}
        self.value_set = value_set
        self.places: list[Place] = []
        self._excludes: list[Include] = []
        self.seen: dict[ValueSet, None] = {}
        self._followed = Imports()
        self._budget = Budget(value_set.called, ONE)
        self._prepare(value_set, ())

    @property
    def library(self) -> Library:
        """The library, with the supplements in use that the sets ask for."""
        return self._library

    def mentions(self, url: str) -> list[Place]:
        """The includes that draw on a system, in the order of the definition."""
        return [p for p in self.places if p.include.system == url]

    def lacking(self, url: str) -> list[str]:
        """The versions of a system that excludes name and that aren't known."""
        if not self._excludes:
            return []
        own = (e for e in self._excludes if e.system == url)
        wanted = dict.fromkeys(self._rules.wanted(url, each.version) for each in own)
        return [version for version in wanted if self._system(url, version) is None]

    def systems(self) -> list[str]:
        """The urls of the systems that the set draws on."""
        own = [p.include.system for p in self.places if p.include.system]
        own += [e.system for v in self.seen for e in v.expansion or ()]
        return list(dict.fromkeys(own))

    def find(self, system: CodeSystem, code: str, version: str = "") -> Member | None:
        """How a code is in the set, or None. A fragment is taken to have any code.

        `version` is that which came with the code.
        """
        self._budget.begin()
        found = self._find(self.value_set, Sought(system, code))
        if found is None and version:
            found = self._find(self.value_set, Sought(system, code, version))
        return found

    def has_all(self, system: CodeSystem) -> bool:
        """Whether the set is just this system, so that every code of it is in the set."""
        include, exclude = self.value_set.include, self.value_set.exclude
        if len(include) != 1 or exclude or not include[0].whole:
            return False
        wanted = self._rules.wanted(include[0].system, include[0].version)
        return include[0].system == system.url and fits(wanted, system.version)

    def _find(self, value_set: ValueSet, sought: Sought) -> Member | None:
        key = id(value_set), sought.system.version, sought.code, sought.version
        if key not in sought.known:
            sought.known[key] = self._search(value_set, sought)
        return sought.known[key]

    def _search(self, value_set: ValueSet, sought: Sought) -> Member | None:
        if value_set.expansion is not None and not value_set.include:
            for each in value_set.expansion:
                if each.system == sought.system.url and each.code == sought.code:
                    return Member(Reference(each.code, each.display))
            return None
        found: Member | None = None
        for include in value_set.include:
            own = self._included(include, value_set, sought)
            if own is not None and not own.active_only:
                found = own
                break  # no other include takes more
            found = found or own
        if found is None or (value_set.exclude and self._excluded(value_set, sought)):
            return None
        return Member(found.listed, found.active_only or value_set.inactive is False)

    def _included(self, include: Include, origin: ValueSet, sought: Sought) -> Member | None:
        found = self._of_system(include, origin, sought) if include.system else None
        for number, imported in enumerate(self._sets(include, (origin,))):
            if number or include.system:
                # what two parts have in common is a matter of codes, whatever their versions
                other = self._in_any_version(imported, sought) if found else None
                found = found and other and Member(found.listed or other.listed, found.active_only)
            else:
                found = self._find(imported, sought)
        return found

    def _in_any_version(self, value_set: ValueSet, sought: Sought) -> Member | None:
        for each in self._versions(value_set.include, value_set, sought):
            if each.taken(found := self._find(value_set, each)):
                return found
        return None

    def _excluded(self, value_set: ValueSet, sought: Sought) -> bool:
        """Whether an exclude takes a code out.

        In a set that takes a system in several versions, of its own version alone.
        """
        versions = self._versions(value_set.include, value_set, sought)
        several = len({each.system.version for each in versions}) > 1
        for exclude in value_set.exclude:
            ways = [sought] if several else self._versions((exclude,), value_set, sought)
            if any(each.taken(self._included(exclude, value_set, each)) for each in ways):
                return True
        return False

    def _versions(
        self, includes: Iterable[Include], origin: ValueSet, sought: Sought
    ) -> list[Sought]:
        """The code in each version of its system that the includes draw on."""
        url = sought.system.url
        found = drawn(includes, (origin,), lambda i: self._drawn(i, sought), self._sets)
        systems = {system.version: system for system in found if system.url == url}
        return [
            replace(sought, system=s, code=s.find(sought.code) or sought.code)
            for s in systems.values()
        ]

    def _drawn(self, include: Include, sought: Sought) -> CodeSystem | None:
        """The system that an include draws on."""
        url, wanted = include.system, self._rules.wanted(include.system, include.version)
        given = sought.version if url == sought.system.url else ""
        own = self._system(url, given) if given and fits(wanted, given) else None
        return own or self._system(url, wanted)

    def _system(self, url: str, version: str) -> CodeSystem | None:
        key = url, version
        if key not in self._systems:
            self._systems[key] = self._library.system(url, version)
        return self._systems[key]

    def _of_system(self, include: Include, origin: ValueSet, sought: Sought) -> Member | None:
        system, code = sought.system, sought.code
        if include.system != system.url:
            return None
        own = self._drawn(include, sought)
        if own is None or own.version != system.version:
            return None
        listed = None
        if include.concepts:
            listed = next((c for c in include.concepts if _same(system, c.code, code)), None)
            if listed is None:
                return None
        elif system.find(code) is None:
            return Member() if system.content in PARTIAL and not include.filters else None
        if system.find(code) is None:
            return Member(listed) if system.content in PARTIAL else None
        if all(self._test(f, system, origin)(code) for f in include.filters):
            return Member(listed)
        return None

    def _test(self, given: Filter, system: CodeSystem, origin: ValueSet) -> Test:
        key = given, system.url, system.version
        if key not in self._tests:
            self._tests[key] = condition(system, given, origin.called, self._budget)
        return self._tests[key]

    def _sets(self, include: Include, path: tuple[ValueSet, ...]) -> list[ValueSet]:
        """The value sets that an include imports, of the last set of a path."""
        return [self._imports[(path[-1].canonical, each)] for each in include.value_sets]

    def _prepare(self, value_set: ValueSet, above: tuple[ValueSet, ...]) -> None:
        path = self._followed.follow(value_set, above)
        self.seen[value_set] = None
        self._library = self._library.with_supplements(value_set.supplements)
        for include in value_set.include:
            self._prepare_include(include, path)
            self.places.append(Place(include, value_set))
        for exclude in value_set.exclude:
            self._prepare_include(exclude, path)
        self._excludes += value_set.exclude

    def _prepare_include(self, include: Include, path: tuple[ValueSet, ...]) -> None:
        if include.filters:
            wanted = self._rules.wanted(include.system, include.version)
            if system := self._library.system(include.system, wanted):
                check(system, include.filters, path[-1].called, self._budget)
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
                version = self._set_rules.wanted(url, version)
                found = self._library.value_set(url, version)
                if found is None:
                    raise Refused(issue(UNKNOWN_VALUE_SET, canonical(url, version)))
                inner = allowed(found, self._set_rules)
            yield reference, inner


def _same(system: CodeSystem, listed: str, code: str) -> bool:
    if listed == code:
        return True
    return not system.case_sensitive and listed.casefold() == code.casefold()
