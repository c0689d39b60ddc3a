"""A small vocabulary for the tests of value sets, validation and translation."""

from __future__ import annotations

from terminology.codesystem import (
    Coding,
    ConceptDefinition,
    ConceptDesignation,
    ConceptProperty,
    PropertyDefinition,
)
from terminology.expansion import Options, expand
from terminology.library import Library, Shelf
from terminology.table import Node, Table
from terminology.valueset import Filter, Include, ValueSet

URL = "http://example.org/animals"


def concept(
    code: str, display: str, *designations: ConceptDesignation, **properties: str | bool
) -> ConceptDefinition:
    """A concept; a property is a boolean, a dateTime or a code, by its value."""
    told = tuple(ConceptProperty(name, _kind(value), value) for name, value in properties.items())
    return ConceptDefinition(code, display, f"what {code} is", designations, told)


def _kind(value: str | bool) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "dateTime" if value[:1].isdigit() else "code"


def animals(version: str = "1.0.0", **given: object) -> Table:
    """animal > (mammal > (cat, dog), bird > (hen)); dodo is retired, animal not selectable."""
    cat = concept("cat", "Cat", ConceptDesignation("Katze", "de"), legs="four", tame=True)
    dog = concept("dog", "Dog", legs="four", tame=True)
    mammal = Node(concept("mammal", "Mammal"), (Node(cat), Node(dog)))
    hen = Node(concept("hen", "Hen bird", legs="two", tame=True))
    dodo = Node(concept("dodo", "Dodo bird", legs="two", status="retired"))
    bird = Node(concept("bird", "Bird"), (hen, dodo))
    declared = (PropertyDefinition("legs"), PropertyDefinition("tame", kind="boolean"))
    values: dict[str, object] = {
        "language": "en",
        "declared": declared,
        "roots": (Node(concept("animal", "Animal", notSelectable=True), (mammal, bird)),),
    } | given
    return Table(URL, version, "Animals", **values)  # type: ignore[arg-type]


def library(*tables: Table, sets: tuple[ValueSet, ...] = ()) -> Library:
    """A library of these systems, or of the animals."""
    return Library((Shelf(tables or (animals(),), sets),))


def filtered(*filters: tuple[str, str, str]) -> ValueSet:
    """A value set of the animals that pass (property, operator, value)."""
    return ValueSet("http://example.org/vs", "1", include=(Include(URL, filters=_all(filters)),))


def codes(value_set: ValueSet, known: Library | None = None, **options: object) -> list[str]:
    """The codes of the flat expansion."""
    made = expand(known or library(), value_set, Options(nested=False, **options))  # type: ignore[arg-type]
    return [each.code for each in made.contains]


def animal(code: str, version: str = "", display: str = "") -> Coding:
    """A Coding of the animals."""
    return Coding(URL, code, version, display)


def _all(filters: tuple[tuple[str, str, str], ...]) -> tuple[Filter, ...]:
    return tuple(Filter(*each, place=f"filter[{n}]") for n, each in enumerate(filters))
