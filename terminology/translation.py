"""What concept maps say of a code, in either direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from terminology.budget import Spend, free
from terminology.codesystem import Coding, split
from terminology.conceptmap import ConceptMap, Dependency, Group, Mapping, Unmapped
from terminology.issue import Refused, issue
from terminology.messages import CIRCULAR_MAP
from terminology.versions import fits, latest

_STEPS = 10  # that a look at a group counts for
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
    spend: Spend = free,
) -> list[Translation]:
    """What the maps say of a code, in their order; from target to source where `reverse`.

    `target_system` is that of the codes to give, all where empty. A map that another one hands the
    code on to is not asked by itself. Raises Refused where maps hand it on in a circle, and what
    `spend` raises.
    """
    found: dict[tuple[Coding, str, str], Translation] = {}
    walk = _Walk(asked, spend)
    for concept_map in maps:
        told = _backward(concept_map, asked, spend) if reverse else walk.told(concept_map)
        for each in told:
            wanted = each.source.system if reverse else each.target.system
            if not target_system or wanted == target_system:
                other = each.source if reverse else each.target
                found.setdefault((other, each.equivalence, each.origin), each)
    return [each for each in found.values() if each.origin not in walk.handed_on]


class _Walk:
    """Through the maps that hand a code on to each other, each asked once on the way from one.

    A map that is come to again has nothing new to say: it says the same of the code on any way.
    """

    def __init__(self, asked: TranslationRequest, spend: Spend) -> None:
        self._asked, self._spend = asked, spend
        self._versions: dict[str, dict[str, ConceptMap]] = {}
        for each in asked.known:
            self._versions.setdefault(each.url, {}).setdefault(each.version, each)
        self._silent: set[int] = set()  # maps that no translation is behind, by their identity
        self.handed_on: set[str] = set()  # maps that others led to, with a translation behind

    def told(self, first: ConceptMap) -> Iterator[Translation]:
        """What a map says, and those it hands the code on to; its own stack, as chains are long."""
        path, waiting = [first], [_steps(self._asked, first, self._spend)]
        asked, speaking = {id(first)}, set[int]()
        while path:
            here = path[-1]
            step = next(waiting[-1], None)
            if step is None:
                path.pop()
                waiting.pop()
                if id(here) not in speaking:
                    self._silent.add(id(here))
                elif path:
                    self.handed_on.add(here.canonical)
                    speaking.add(id(path[-1]))
            elif isinstance(step, _Told):
                speaking.add(id(here))
                self._spend(len(path))
                yield _translation(path, step, self._asked.coding)
            elif (further := self._named(step)) is not None and id(further) not in self._silent:
                self._spend(len(path))
                if any(each.url == further.url and each == further for each in path):
                    told = " → ".join(m.canonical for m in (*path, further))
                    raise Refused(issue(CIRCULAR_MAP, first.canonical, told))
                if id(further) not in asked:
                    asked.add(id(further))
                    path.append(further)
                    waiting.append(_steps(self._asked, further, self._spend))
                elif id(further) in speaking:
                    speaking.add(id(here))

    def _named(self, reference: str) -> ConceptMap | None:
        url, version = split(reference)
        named = self._versions.get(url, {})
        best = latest(named, version)
        return None if best is None else named[best]


class _Told(NamedTuple):
    """What a map itself says of a code."""

    group: Group
    row: Mapping


def _steps(
    asked: TranslationRequest, concept_map: ConceptMap, spend: Spend
) -> Iterator[_Told | str]:
    """What a map says of a code, and the canonicals of the maps that it hands it on to."""
    coding = asked.coding
    for group in concept_map.groups:
        spend(_STEPS)
        if group.source != coding.system:
            continue
        if coding.version and not fits(group.source_version, coding.version):
            continue
        spend(len(group.mappings))
        rows = [m for m in group.mappings if asked.names(m.source)]
        for row in rows:
            if all(asked.meets(each) for each in row.depends_on):
                yield _Told(group, row)
        if not rows and group.unmapped is not None and asked.exists:
            yield from _unmapped(coding, group, group.unmapped)


def _unmapped(coding: Coding, group: Group, unmapped: Unmapped) -> Iterator[_Told | str]:
    if unmapped.mode in ("provided", "use-source-code"):
        row = Mapping(coding.code, coding.code, unmapped.equivalence, coding.display)
        yield _Told(group, row)
    elif unmapped.mode == "fixed":
        row = Mapping(coding.code, unmapped.code, unmapped.equivalence, unmapped.display)
        yield _Told(group, row)
    elif unmapped.mode == "other-map":
        yield unmapped.url


def _backward(
    concept_map: ConceptMap, asked: TranslationRequest, spend: Spend
) -> Iterator[Translation]:
    coding = asked.coding
    for group in concept_map.groups:
        spend(_STEPS)
        if coding.version and not fits(group.target_version, coding.version):
            continue
        if group.target == coding.system or not coding.system:
            spend(len(group.mappings))
            for row in group.mappings:
                if asked.names(row.target) and all(asked.meets(d) for d in row.depends_on):
                    source = Coding(group.source, row.source)
                    yield _translation([concept_map], _Told(group, row), source)


def _translation(path: Sequence[ConceptMap], told: _Told, source: Coding) -> Translation:
    group, row = told
    target = Coding(group.target, row.target, group.target_version, row.display)
    asked, *others = (each.canonical for each in path)
    remarks = row.comment, row.remark, row.product
    return Translation(target, source, row.equivalence, asked, tuple(others), *remarks)
