"""Mutants of resources: what is right made wrong, or right in another way, at random from a seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from capability.definitions import RESOURCE_TYPES
from capability.shape import Field, Shape, shape

Json = dict[str, Any]
Place = tuple[Any, Any, Shape | None]  # object or array, its key, the shape of an object
ABSENT = {"extension": [{"url": "http://example.org/absent", "valueCode": "unknown"}]}
STRANGE: tuple[object, ...] = (
    None, "", " ", "a b", " a", "a\x01", "é", "1", "true", "#", "#x", "Patient/1", "Patient/_", "Observation/1",
    "Patient?identifier=1", "http://x/Patient/1", "http://x/patient/1", "urn:uuid:1", "urn:oid:1.2",
    "2024-02-30", "2024-02-29", "2023-02-29", "2024", "2024-02", "2024-02-03T04:05:06Z", "2024-02-03T04:05:06",
    "24:00:00", "10:20:30", 0, -1, 1, 1.0, 1.5, 1e30, 1 << 31, True, False, [], {}, [None], [{}], [[]], ["a"],
    {"id": "x"}, {"reference": "#x"}, {"reference": "Patient/1", "type": "Patient"}, {"start": "2024", "end": "2023"},
    ABSENT, [ABSENT], [None, ABSENT], {"coding": [{"code": "x"}]}, {"value": -1}, "<div/>",
)  # fmt: skip


def places(value: Any, form: Shape | None = None) -> Iterator[Place]:
    """Every place in a resource, with the shape of the object that it is in."""
    if isinstance(value, dict):
        if value.get("resourceType") in RESOURCE_TYPES:
            form = shape(value["resourceType"])
        for key, item in value.items():
            yield value, key, form
            field = form.fields.get(key) if form else None
            inner = shape(field.type) if field and field.kind in ("object", "sibling") else None
            yield from places(item, inner)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield value, index, form
            yield from places(item, form)


class Mutants:
    """Makes mutants of resources, with values that it has seen in others."""

    def __init__(self, resources: list[Json], seed: int) -> None:
        self._resources = resources
        self._draw = random.Random(seed)  # noqa: S311 - made-up faults
        self._seen: dict[tuple[str, bool], list[Any]] = {}
        for resource in resources:
            for owner, key, form in places(resource):
                if isinstance(owner, dict) and form and (field := form.fields.get(key)):
                    self._seen.setdefault((field.type, field.many), []).append(owner[key])

    def one(self) -> Json:
        """A copy of a resource with one to three changes."""
        made = copy.deepcopy(self._draw.choice(self._resources))
        hows: tuple[Callable[[Place], None], ...] = (
            self._remove, self._strange, self._rename, self._add, self._add, self._other, self._sibling, self._text,
        )  # fmt: skip
        for _ in range(self._draw.choice((1, 1, 2, 3))):
            there = list(places(made))
            if there:
                self._draw.choice(hows)(self._draw.choice(there))
        return made

    def _remove(self, place: Place) -> None:
        owner, key, _ = place
        if key != "resourceType":
            del owner[key]

    def _strange(self, place: Place) -> None:
        owner, key, _ = place
        owner[key] = copy.deepcopy(self._draw.choice(STRANGE))

    def _rename(self, place: Place) -> None:
        owner, key, form = place
        if isinstance(owner, dict) and form and key != "resourceType":
            names = [*form.fields, key.upper(), "madeUp", "_" + key]
            owner[self._draw.choice(names)] = owner.pop(key)

    def _add(self, place: Place) -> None:
        """Another element of the same object, mostly with a value of its type."""
        owner, _, form = place
        if isinstance(owner, dict) and form:
            field = self._draw.choice(list(form.fields.items()))
            owner[field[0]] = self._value(field[1])

    def _other(self, place: Place) -> None:
        """Another value of the type, or one entry more."""
        owner, key, form = place
        if isinstance(owner, list):
            owner.append(copy.deepcopy(owner[key]))
        elif form and (field := form.fields.get(key)):
            owner[key] = self._value(field)

    def _sibling(self, place: Place) -> None:
        owner, key, _ = place
        if isinstance(owner, dict):
            beside = ABSENT if not isinstance(owner[key], list) else [ABSENT] * len(owner[key])
            owner[f"_{key}"] = copy.deepcopy(beside)
            if self._draw.random() < 0.5:
                del owner[key]

    def _text(self, place: Place) -> None:
        owner, key, _ = place
        if isinstance(text := owner[key], str) and key != "resourceType":
            at = self._draw.randrange(len(text) + 1)
            sign = self._draw.choice(
                (" ", "\n", "\x02", "_", "0", "9", "-", "#", "<b>", "é", "\u2028", "")
            )
            owner[key] = text[:at] + sign + text[at + self._draw.randrange(2) :]

    def _value(self, field: Field) -> Any:
        values = self._seen.get((field.type, field.many), [])
        if not values or self._draw.random() < 0.1:
            return copy.deepcopy(self._draw.choice(STRANGE))
        return copy.deepcopy(self._draw.choice(values))
