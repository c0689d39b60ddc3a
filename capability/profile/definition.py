"""A profile read: the tree of its element definitions (R4 profiling, StructureDefinition)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from capability.definitions import PRIMITIVES, RESOURCE_TYPES
from capability.issue import Severity

Json = dict[str, Any]
Find = Callable[[str], Json | None]  # a StructureDefinition by its canonical
CORE = "http://hl7.org/fhir/StructureDefinition/"
VALUED = ("fixed", "pattern", "minValue", "maxValue")
UNBOUNDED = 1 << 62


class Type(NamedTuple):
    """A type that an element may have; `profiles` are of the value, `targets` of a reference."""

    code: str
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


class Discriminator(NamedTuple):
    """What tells the slices apart: value, exists, pattern, type or profile of a path."""

    type: str
    path: str


class Slicing(NamedTuple):
    """How a list is sliced; `rules` is open, closed or openAtEnd."""

    discriminators: tuple[Discriminator, ...]
    rules: str


class Binding(NamedTuple):
    """A value set that the codes of an element are of, as strongly as `strength` says."""

    strength: str
    value_set: str


class Constraint(NamedTuple):
    """A condition in FHIRPath; `source` is the definition that it comes from, "" if untold."""

    key: str
    severity: Severity
    human: str
    expression: str
    source: str


@dataclass(slots=True)
class Rule:
    """What a profile asks of an element, or of a slice of it.

    `values` are fixed, pattern, minValue and maxValue as they are given.
    """

    name: str
    slice: str = ""
    min: int = 0
    max: int = UNBOUNDED
    types: tuple[Type, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    max_length: int = UNBOUNDED
    binding: Binding | None = None
    slicing: Slicing | None = None
    constraints: tuple[Constraint, ...] = ()
    children: dict[tuple[str, str], Rule] = field(default_factory=dict)

    def named(self, name: str) -> Iterator[Rule]:
        """The rules of the child elements of a name, a choice's without its [x] too."""
        for (own, _), rule in self.children.items():
            if own == name or own.removesuffix("[x]") == name:
                yield rule


def plain(canonical: str) -> str:
    """A canonical without its version."""
    return canonical.partition("|")[0]


def core(canonical: str) -> str:
    """The type that a canonical of R4's own definitions names; "" for any other."""
    url = plain(canonical)
    name = url.removeprefix(CORE)
    if url == name or "/" in name:
        return ""
    own = name in RESOURCE_TYPES or name in PRIMITIVES or name in ("Resource", "DomainResource")
    return name if own or (name[:1].isupper() and name.isalpha()) else ""


def tree(structure: Json, find: Find) -> Rule:
    """The rules of a profile: its snapshot, else its differential over what it derives from."""
    root = Rule(structure["type"])
    for id, element in _merged(structure, find, 0).items():
        _put(root, id.split(".")[1:], element)
    return root


def mentioned(structure: Json) -> Iterator[str]:
    """The canonicals of the profiles that a profile goes by, those of R4 itself left out."""
    listed = [structure.get("baseDefinition", "")]
    for element in _elements(structure):
        for given in element.get("type", ()):
            listed += given.get("profile", ()) + given.get("targetProfile", [])
    yield from (url for url in dict.fromkeys(listed) if url and not core(url))


def _elements(structure: Json) -> Iterable[Json]:
    for view in ("snapshot", "differential"):
        if listed := structure.get(view, {}).get("element"):
            return listed  # type: ignore[no-any-return]
    return ()


def _merged(structure: Json, find: Find, depth: int) -> dict[str, Json]:
    """Element definitions by id; what a differential leaves out is as in the base profile."""
    made: dict[str, Json] = {}
    if "snapshot" not in structure and depth < 20:
        base = structure.get("baseDefinition", "")
        if base and not core(base) and (found := find(base)):
            made = _merged(found, find, depth + 1)
    for id, element in _identified(_elements(structure)):
        base = made.get(id, {})
        made[id] = {**base, **element}
        if "constraint" in base and "snapshot" not in structure:  # a differential adds to them
            told = {c.get("key"): c for c in (*base["constraint"], *element.get("constraint", ()))}
            made[id]["constraint"] = list(told.values())
    return made


def _identified(elements: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    """Elements by id; without one the path and the slices on the way tell it."""
    current: dict[str, str] = {}
    for element in elements:
        path = element["path"]
        above, _, name = path.rpartition(".")
        made = f"{current.get(above, above)}.{name}" if above else name
        if "sliceName" in element:
            made += f":{element['sliceName']}"
        current[path] = element.get("id", made)
        yield current[path], element


def _put(root: Rule, segments: list[str], element: Json) -> None:
    owner = root
    for segment in segments[:-1]:
        owner = owner.children.setdefault(_key(segment), Rule(*_key(segment)))
    if not segments:
        _fill(root, element)
        return
    key = _key(segments[-1])
    _fill(owner.children.setdefault(key, Rule(*key)), element)


def _key(segment: str) -> tuple[str, str]:
    name, _, part = segment.partition(":")
    return name, part


def _fill(rule: Rule, element: Json) -> None:
    rule.min = element.get("min", 0)
    most = element.get("max", "*")
    rule.max = UNBOUNDED if most == "*" else int(most)
    rule.types = tuple(
        Type(t.get("code", ""), tuple(t.get("profile", ())), tuple(t.get("targetProfile", ())))
        for t in element.get("type", ())
    )
    rule.values = {
        name: value
        for name in VALUED
        for key, value in element.items()
        if key.startswith(name) and key[len(name) : len(name) + 1].isupper()
    }
    rule.max_length = element.get("maxLength", UNBOUNDED)
    if (bound := element.get("binding")) and "valueSet" in bound:
        rule.binding = Binding(bound.get("strength", ""), bound["valueSet"])
    if sliced := element.get("slicing"):
        given = sliced.get("discriminator", ())
        found = tuple(Discriminator(d.get("type", ""), d.get("path", "")) for d in given)
        rule.slicing = Slicing(found, sliced.get("rules", "open"))
    rule.constraints = tuple(
        Constraint(
            c["key"],
            "warning" if c.get("severity") == "warning" else "error",
            c.get("human", ""),
            c.get("expression", ""),
            c.get("source", ""),
        )
        for c in element.get("constraint", ())
        if "key" in c
    )
