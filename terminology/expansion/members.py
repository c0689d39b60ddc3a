"""The codes of a value set: every include, less every exclude, in the order of the definition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from terminology.budget import Budget
from terminology.codesystem import (
    PARTIAL,
    CodeSystem,
    ConceptDefinition,
    ConceptProperty,
    Standing,
    canonical,
    concern,
    split,
    words_of,
)
from terminology.expansion.types import Codes, Key, Member, Options
from terminology.filters import selected
from terminology.grammars.expressions import endless
from terminology.imports import Imports, allowed, drawn
from terminology.issue import Issue, Refused, either, issue
from terminology.library import Library
from terminology.messages import (
    IS_SUPPLEMENT,
    TOO_COSTLY,
    UNKNOWN_PINNED_VALUE_SET,
    UNKNOWN_SYSTEM_EXPANDED,
    UNKNOWN_VALUE_SET,
    UNKNOWN_VERSION_EXPANDED,
    UNKNOWN_VERSION_NONE_EXPANDED,
    VERSION_NOT_ALLOWED,
)
from terminology.table import Node, Table
from terminology.valueset import Contained, Include, Reference, ValueSet
from terminology.versions import fits

# what the parameter of a request is called that decided on the version of a system
RULES = {
    "force": "force-system-version",
    "default": "system-version",
    "check": "check-system-version",
}
USED_SYSTEM = "used-codesystem"
ON_A_PART = "This extension is based on {} of the code system {}"  # as others word it
PARTS = {"fragment": "a fragment", "example": "an example"}
LIMIT = 1_000  # codes of an expansion that is not paged


class Making:
    """One expansion at work: what was used, and whether the codes may be nested."""

    def __init__(self, library: Library, options: Options, source: ValueSet) -> None:
        self._library, self._options, self._source = library, options, source
        self.used: dict[tuple[str, str], None] = {}
        self.unclosed: dict[str, None] = {}
        self.nests = True
        self._imports = Imports()
        self._budget = Budget(source.called)

    def members(
        self, value_set: ValueSet, above: tuple[ValueSet, ...] = (), text: str = ""
    ) -> dict[Key, Member]:
        """The codes of a value set that a text finds, in the order of its definition."""
        path = self._imports.follow(value_set, above)
        self._warn(value_set.canonical, value_set.standing)
        found: dict[Key, Member] = {}
        active = self._options.active_only or value_set.inactive is False
        parts: Iterator[dict[Key, Member]]
        if value_set.expansion is not None and not value_set.include:
            parts = iter([self._stored(value_set, text)])
        else:
            parts = (self._included(include, path, text) for include in value_set.include)
        for part in parts:
            for key, member in part.items():
                if not (active and member.system.is_inactive(member.code)):
                    found.setdefault(key, member)
        return self._less(found, path) if value_set.exclude else found

    def _less(self, found: dict[Key, Member], path: tuple[ValueSet, ...]) -> dict[Key, Member]:
        """The codes of a set, the last of a path, without those that it excludes.

        Of a system that is taken in several versions, an exclude takes out its own alone.
        """
        nests, value_set = self.nests, path[-1]
        systems = drawn(value_set.include, path, self._system, self._sets)
        several = several_versions((s.url, s.version) for s in systems)
        gone = {
            _scoped(key, several)
            for exclude in value_set.exclude
            for key in self._included(exclude, path, "")
        }
        self.nests = nests  # what is left out has no say in it
        return {key: m for key, m in found.items() if _scoped(key, several) not in gone}

    def _included(
        self, include: Include, path: tuple[ValueSet, ...], text: str
    ) -> dict[Key, Member]:
        self._budget.look()
        own = self._of_system(include, path[-1], text) if include.system else None
        for imported in self._sets(include, path):
            if own is None:
                own = self.members(imported, path, text)
            else:
                # what two parts have in common is a matter of codes, whatever their versions
                also = {(url, code) for url, _, code in self.members(imported, path)}
                own = {k: m for k, m in own.items() if (k[0], k[2]) in also}
        return own or {}

    def _sets(self, include: Include, path: tuple[ValueSet, ...]) -> Iterator[ValueSet]:
        return (self._imported(reference, path) for reference in include.value_sets)

    def _imported(self, reference: str, path: tuple[ValueSet, ...]) -> ValueSet:
        for outer in reversed(path):
            if inner := outer.inner(reference):
                return inner
        url, version = split(reference)
        rule, wanted = self._options.set_rules.applied(url, version)
        found = self._library.value_set(url, wanted)
        if found is None and rule:
            raise Refused(issue(UNKNOWN_PINNED_VALUE_SET, url, wanted, rule))
        if found is None:
            raise Refused(issue(UNKNOWN_VALUE_SET, reference))
        allowed(found, self._options.set_rules)
        self.used[("used-valueset", found.canonical)] = None
        self._library = self._library.with_supplements(found.supplements)
        return found

    def versioned(self) -> frozenset[str]:
        """The systems whose version matters: named or used in several."""
        parts = (*self._source.include, *self._source.exclude)
        named = several_versions((each.system, each.version) for each in parts if each.system)
        return named | several_versions(split(r) for name, r in self.used if name == USED_SYSTEM)

    def lone(self, value_set: ValueSet) -> Codes | None:
        """The codes of a set that is one include of one system, by filters at most; else None."""
        if len(value_set.include) != 1 or value_set.exclude:
            return None
        include = value_set.include[0]
        if not include.system or include.concepts or include.value_sets:
            return None
        if include.system in self._options.excluded:
            return None
        self._warn(value_set.canonical, value_set.standing)
        found = self._codes(self._system(include), include, value_set, self._options.text)
        if not (self._options.active_only or value_set.inactive is False):
            return found
        active = [code for code in found.codes if not found.system.is_inactive(code)]
        return Codes(found.system, active)

    def _of_system(self, include: Include, origin: ValueSet, text: str) -> dict[Key, Member]:
        if include.system in self._options.excluded:
            return {}  # whatever its version, and known or not
        system = self._system(include)
        if include.concepts:
            return self._listed(system, include, text)
        found = self._codes(system, include, origin, text)
        url, version = system.url, system.version
        return {(url, version, m.code): m for m in found.members(0, None)}

    def _codes(self, system: CodeSystem, include: Include, origin: ValueSet, text: str) -> Codes:
        if _is_excluded(system, self._options.excluded):
            return Codes(system, ())
        self._use(system)
        if endless(system):
            raise Refused(issue(TOO_COSTLY, origin.called, LIMIT))
        if system.content in PARTIAL:
            self.used[(f"used-{system.content}", canonical(system.url, system.version))] = None
            self.unclosed[ON_A_PART.format(PARTS[system.content], system.url)] = None
        if not text:
            return Codes(system, selected(system, include.filters, origin.called, self._budget))
        if not include.filters:
            self.nests = False  # the whole system is searched, and hits stand side by side
            return Codes(system, system.search(text))
        codes = selected(system, include.filters, origin.called, self._budget)
        return Codes(system, [code for code in codes if system.matches(code, text)])

    def _listed(self, system: CodeSystem, include: Include, text: str) -> dict[Key, Member]:
        self.nests = False
        if _is_excluded(system, self._options.excluded):
            return {}
        self._use(system)
        found: dict[Key, Member] = {}
        # a code that a part of its system lacks may be in another part
        other = listed_system(include, system.version) if system.content in PARTIAL else None
        for listed in include.concepts:
            code = system.find(listed.code)
            own = system if code is not None or other is None else other
            if (code := own.find(listed.code)) is None:
                continue  # the set names a code that its system has not
            if text and not _reads(own, listed, text):
                continue
            key = (system.url, system.version, code)
            found.setdefault(key, Member(own, code, listed))
        if include.filters:
            passed = set(selected(system, include.filters, "", self._budget))
            found = {k: m for k, m in found.items() if m.code in passed}
        return found

    def _system(self, include: Include) -> CodeSystem:
        rules = self._options.rules
        rule, wanted = rules.applied(include.system, include.version)
        if rule:
            self.used[(RULES[rule], canonical(include.system, wanted))] = None
        system = self._library.system(include.system, wanted)
        if system is None:
            if supplement := self._library.supplement(include.system):
                told = canonical(supplement.url, supplement.version)
                raise Refused(issue(IS_SUPPLEMENT, told))
            if include.concepts and not self._library.versions(include.system) and not wanted:
                return listed_system(include, include.version)
            raise Refused(_unknown(self._library, include.system, wanted))
        if required := rules.required(include.system, system.version):
            raise Refused(issue(VERSION_NOT_ALLOWED, system.version, system.url, required))
        return system

    def _use(self, system: CodeSystem) -> None:
        self.used[(USED_SYSTEM, canonical(system.url, system.version))] = None
        for supplement in system.supplements:
            self.used[("used-supplement", supplement)] = None
        self._warn(canonical(system.url, system.version), system.standing)

    def _warn(self, reference: str, standing: Standing) -> None:
        if reference and (told := concern(standing, self._source.standing)):
            self.used[(f"warning-{told}", reference)] = None

    def _stored(self, value_set: ValueSet, text: str) -> dict[Key, Member]:
        self.nests = False
        found: dict[Key, Member] = {}
        for each in value_set.expansion or ():
            if each.system in self._options.excluded:
                continue
            listed = Reference(each.code, each.display)
            system = self._library.system(each.system, each.version)
            code = system.find(each.code) if system else None
            if system is None or code is None:
                system, code = stored_system(each), each.code
            if text and not _reads(system, listed, text):
                continue
            found[(each.system, system.version, code)] = Member(system, code, listed)
        return found


def several_versions(drawn: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The systems that are drawn on in more than one version, of (url, version)s."""
    seen: dict[str, str] = {}
    return frozenset(url for url, version in drawn if seen.setdefault(url, version) != version)


def _scoped(key: Key, several: frozenset[str]) -> Key:
    url, version, code = key
    return (url, version if url in several else "", code)


def listed_system(include: Include, version: str) -> Table:
    """A version of a system, as it is known by what a value set lists of it alone."""
    roots = tuple(Node(ConceptDefinition(c.code, c.display)) for c in include.concepts)
    return Table(include.system, version, content="fragment", roots=roots)


def stored_system(given: Contained) -> Table:
    """A system as it is known by one code of a stored expansion."""
    told = {"inactive": given.inactive, "notSelectable": given.abstract}
    properties = tuple(ConceptProperty(name, "boolean", True) for name in told if told[name])
    concept = ConceptDefinition(given.code, given.display, properties=properties)
    return Table(given.system, given.version, content="fragment", roots=(Node(concept),))


def _unknown(library: Library, url: str, version: str) -> Issue:
    if not version:
        return issue(UNKNOWN_SYSTEM_EXPANDED, url)
    if known := library.versions(url):
        return issue(UNKNOWN_VERSION_EXPANDED, url, version, either(known))
    return issue(UNKNOWN_VERSION_NONE_EXPANDED, url, version)


def _is_excluded(system: CodeSystem, excluded: Iterable[str]) -> bool:
    for reference in excluded:
        url, version = split(reference)
        if url == system.url and fits(version, system.version):
            return True
    return False


def _reads(system: CodeSystem, listed: Reference, text: str) -> bool:
    """Whether a text finds a code by its system, or by what a value set says of it."""
    code = system.find(listed.code)
    if code is not None and system.matches(code, text):
        return True
    found = words_of([listed.display, *(d.value for d in listed.designations)])
    return all(any(word.startswith(each) for word in found) for each in words_of([text]))
