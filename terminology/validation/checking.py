"""One validation at work: each code checked against its system and the value set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from terminology.codesystem import PARTIAL, CodeSystem, Coding, canonical, concern
from terminology.issue import Issue, issue
from terminology.library import Library
from terminology.messages import (
    CANNOT_INFER,
    CANNOT_INFER_AMONG,
    IS_SUPPLEMENT,
    IS_VALUE_SET,
    MANY_SYSTEMS,
    NO_CODE,
    NO_SYSTEM,
    NO_SYSTEM_OR_CODE,
    NO_VALID_CODING,
    NOT_CHECKED,
    RELATIVE_SYSTEM,
    STATUS,
    UNKNOWN_OTHER_SYSTEM,
    UNKNOWN_SYSTEM,
    UNKNOWN_VERSION,
    UNKNOWN_VERSION_NONE,
)
from terminology.status import status_of
from terminology.validation import remarks
from terminology.validation.display import check_display, preferred
from terminology.validation.membership import Member, Membership, Place
from terminology.validation.types import Checked, Codings, Options, Outcome
from terminology.validation.version import at, choose, likeliest, own_version, unknown_version
from terminology.valueset import ValueSet
from terminology.versions import fits

UNRESOLVED = frozenset(each.id for each in (UNKNOWN_SYSTEM, UNKNOWN_VERSION, UNKNOWN_VERSION_NONE))


class Checking:
    """One validation at work: it gathers issues and unknown systems."""

    def __init__(
        self,
        library: Library,
        options: Options,
        membership: Membership | None,
        system: CodeSystem | None = None,
        url: str = "",
    ) -> None:
        self._library, self._options, self._membership = library, options, membership
        self._system, self._url = system, url
        self._issues: dict[Issue, None] = {}
        self._unknown: dict[str, None] = {}
        self._caused: dict[str, None] = {}

    def outcome(self, asked: Codings) -> Outcome:
        """Checks every code and sums up."""
        checked = [
            self._check(c, p, asked) for c, p in zip(asked.codings, asked.paths, strict=True)
        ]
        members = [c for c in checked if c.member]
        if self._membership is not None:
            self._tell_sets(self._membership)
            if asked.concept and not members and not self._caused:
                self._add(issue(NO_VALID_CODING, self._name))
        best = members[0] if members else None if asked.concept else checked[0]
        issues = tuple(self._excused(asked, checked) if members else self._issues)
        result = bool(members) and not any(i.severity == "error" for i in issues)
        if result:
            return Outcome(result, best, issues)  # what isn't known has caused nothing
        return Outcome(result, best, issues, tuple(self._unknown), tuple(self._caused))

    def _excused(self, asked: Codings, checked: list[Checked]) -> Iterator[Issue]:
        """The issues where some coding is in the set: one that isn't may be of an unknown system.

        It could not be checked, which takes nothing from the others.
        """
        others = {
            at(path, "system"): canonical(coding.system, coding.version)
            for coding, path, each in zip(asked.codings, asked.paths, checked, strict=True)
            if not each.member
        }
        for each in self._issues:
            excused = each.id in UNRESOLVED and each.place in others
            yield issue(NOT_CHECKED, others[each.place], place=each.place) if excused else each

    def undisputed(self, coding: Coding) -> CodeSystem | None:
        """The system to look a coding up in, where neither it nor the value set calls for a word.

        None too where the value set has it in several versions: the code may decide then.
        """
        if self._membership is not None:
            places = self._membership.mentions(coding.system)
            if len({place.include.version for place in places}) != 1:
                return None
            self._tell_sets(self._membership)
        if ":" not in coding.system:
            return None
        system, mentioned = self._chosen(coding, "", Codings((coding,), ("",)))
        if system is None or not mentioned:
            return None
        self._tell_standing("CodeSystem", canonical(system.url, system.version), system)
        return None if self._issues or self._unknown or self._caused else system

    @property
    def _name(self) -> str:
        value_set = self._membership.value_set if self._membership else ValueSet()
        return value_set.called

    def _add(self, *issues: Issue) -> None:
        self._issues.update(dict.fromkeys(issues))

    def _check(self, coding: Coding, path: str, asked: Codings) -> Checked:
        none = Checked(coding.system, coding.code)
        if not coding.code:
            missing = NO_CODE if coding.system else NO_SYSTEM_OR_CODE
            self._add(issue(missing, coding.system, place=path))
            return Checked()
        if not coding.system:
            coding = self._inferred(coding, path)
            if not coding.system:
                self._not_in(replace(coding, display=""), path, asked)
                return replace(none, system="")
        elif self._url not in ("", coding.system):
            self._add(remarks.foreign(coding, self._url, path, concept=asked.concept))
            return none
        elif ":" not in coding.system:
            self._add(issue(RELATIVE_SYSTEM, place=at(path, "system")))
        system, mentioned = self._chosen(coding, path, asked)
        if system is None:
            if not mentioned:
                self._not_in(coding, path, asked)
            return own_version(self._library, coding, self._options)
        return self._in_system(system, coding, path, asked)

    def _inferred(self, coding: Coding, path: str) -> Coding:
        # inferSystem goes with a bare code: a Coding says itself what its system is
        if path or not self._options.infer_system or self._membership is None:
            self._add(issue(NO_SYSTEM, place=path))
            return coding
        urls = self._membership.systems()
        found = []
        for url in urls:
            places = self._membership.mentions(url)
            version = self._included(replace(coding, system=url), places)
            system = self._library.system(url, self._options.rules.wanted(url, version))
            if system is None and _lists(places, coding.code):
                found.append(url)
            if system is None or (code := system.find(coding.code)) is None:
                continue
            if self._membership.find(system, code):
                found.append(url)
        if len(found) == 1:
            return replace(coding, system=found[0])
        place = at(path, "code")
        if found:
            told = coding.code, self._name, ", ".join(found)
            self._add(issue(MANY_SYSTEMS, *told, place=place))
        elif urls:
            told = coding.code, self._name, ", ".join(urls)
            self._add(issue(CANNOT_INFER_AMONG, *told, place=place))
        else:
            self._add(issue(CANNOT_INFER, coding.code, self._name, place=place))
        return coding

    def _chosen(self, coding: Coding, path: str, asked: Codings) -> tuple[CodeSystem | None, bool]:
        """The system to look in, and whether the value set draws on it."""
        if self._system is not None and self._system.url == coding.system:
            return self._system, True
        places = self._membership.mentions(coding.system) if self._membership else []
        included = self._included(coding, places)
        if not self._library.versions(coding.system) and not self._library.system(coding.system):
            return None, self._missing(coding, path, bool(places), included)
        choice = choose(self._library, self._options.rules, coding, included, path)
        if not self._options.membership_only:
            self._add(*choice.issues)
        self._caused.update(dict.fromkeys(choice.unknown))
        for version in self._membership.lacking(coding.system) if self._membership else ():
            # what it leaves out can't be told
            self._add(unknown_version(self._library, coding.system, version, path))
            self._caused[canonical(coding.system, version)] = None
        return choice.system, bool(places) or self._membership is None

    def _included(self, coding: Coding, places: list[Place]) -> str:
        """The version in which the value set takes the system, the coding's if it has several."""
        if self._membership is None:
            return coding.version
        versions = list(dict.fromkeys(p.include.version for p in places))
        if coding.version and coding.version in versions:
            return coding.version
        if len(versions) < 2:
            return versions[0] if versions else ""
        if coding.version:
            unnamed = "" if "" in versions else versions[0]
            return next((v for v in versions if v and fits(v, coding.version)), unnamed)
        given = self._library, self._membership, self._options, coding, versions
        return likeliest(*given)

    def _missing(self, coding: Coding, path: str, mentioned: bool, version: str) -> bool:
        """Tells that a system isn't known at all; gives `mentioned` back."""
        place, url = at(path, "system"), coding.system
        if self._options.membership_only and not mentioned:
            return False
        if self._library.value_set(url) is not None:
            self._add(issue(IS_VALUE_SET, url, place=place))
            return mentioned
        if supplement := self._library.supplement(url):
            told = canonical(supplement.url, supplement.version)
            self._add(issue(IS_SUPPLEMENT, told, place=place))
            return mentioned
        wanted = coding.version or self._options.rules.wanted(url, version)
        if wanted:
            self._add(unknown_version(self._library, url, wanted, path))
        elif mentioned or self._membership is None or ":" not in url:
            self._add(issue(UNKNOWN_SYSTEM, url, place=place))
        else:
            self._add(issue(UNKNOWN_OTHER_SYSTEM, url, place=place))
        (self._caused if mentioned else self._unknown)[url] = None
        return mentioned

    def _in_system(self, system: CodeSystem, coding: Coding, path: str, asked: Codings) -> Checked:
        options = self._options
        code = system.find(coding.code)
        checked = Checked(coding.system, coding.code, system.version)
        self._tell_standing("CodeSystem", canonical(system.url, system.version), system)
        if code is None:
            partial = system.content in PARTIAL
            if partial or not options.membership_only:
                self._add(*remarks.unknown(system, coding, path))
            found = self._member(system, coding.code, coding.version) if partial else None
            if found is None:
                self._not_in(coding, path, asked)
            listed = found.listed if found else None
            named = listed.display if listed else ""
            return replace(checked, display=named, member=found is not None)
        found = self._member(system, code, coding.version)
        concept = system.concept(code)
        listed = found.listed if found else None
        inactive = system.is_inactive(code)
        active_only = options.active_only or (found is not None and found.active_only)
        barred = remarks.barred(system, code, path, options.abstract, active_only)
        self._add(*barred)
        member = found is not None and not barred
        if not member:
            self._not_in(coding, path, asked)
        if not options.membership_only:
            self._add(*remarks.use(system, code, coding.code, path))
            self._add(*remarks.given_up(system, code, listed, self._name, path))
            if coding.display:
                given = system, concept, listed, coding.display, options.languages
                wrong = check_display(*given, at(path, "display"), lenient=options.lenient_display)
                if wrong is not None:
                    self._add(wrong)
        status = status_of(system, concept)
        return Checked(
            coding.system,
            coding.code,
            system.version,
            preferred(system, concept, listed, options.languages),
            code if code != coding.code else "",
            "" if status == "inactive" else status,  # that is told already
            inactive,
            member,
        )

    def _member(self, system: CodeSystem, code: str, version: str) -> Member | None:
        if self._membership is None:
            return Member()
        return self._membership.find(system, code, version)

    def _not_in(self, coding: Coding, path: str, asked: Codings) -> None:
        if self._membership is not None:
            self._add(remarks.outsider(coding, self._name, path, concept=asked.concept))

    def _tell_sets(self, membership: Membership) -> None:
        for value_set in membership.seen:
            self._tell_standing("ValueSet", value_set.canonical, value_set)

    def _tell_standing(self, kind: str, reference: str, resource: CodeSystem | ValueSet) -> None:
        source = self._membership.value_set if self._membership else resource
        if told := concern(resource.standing, source.standing):
            self._add(issue(STATUS[told], kind, reference))


def _lists(places: Iterable[Place], code: str) -> bool:
    """Whether one of the includes lists a code."""
    return any(each.code == code for place in places for each in place.include.concepts)
