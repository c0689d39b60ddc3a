"""Rule: one invariant as a function, with what a JSON schema can say of it beforehand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from capability.facts import count, each, has, in_order
from capability.issue import Severity
from capability.sure import every, none_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """`holds` gets the element at `path`, whose structure is sound, as parsed JSON.

    A rule can break only where every property in `when` is there ("value[x]": one of the choice),
    and where all the schemas in `sure` (draft 4, of the element) decline: else it is not asked.
    """

    key: str
    path: str
    says: str
    holds: Callable[[Json], bool]
    severity: Severity = "error"
    when: tuple[str, ...] = ()
    sure: tuple[Json, ...] = ()


class Test(ABC):
    """Asks of some elements alone; `schema` (draft 4) says the same, siblings apart."""

    def __init__(self, *names: str) -> None:
        self.names = names

    @property
    @abstractmethod
    def schema(self) -> Json: ...

    @abstractmethod
    def __call__(self, owner: Json) -> bool: ...


class Needs(Test):
    """The first element needs the second."""

    @property
    def schema(self) -> Json:
        return {"dependencies": {self.names[0]: [self.names[1]]}}

    def __call__(self, owner: Json) -> bool:
        return not has(owner, self.names[0]) or has(owner, self.names[1])


class AnyOf(Test):
    """At least one of the elements."""

    @property
    def schema(self) -> Json:
        return {"anyOf": [{"required": [name]} for name in self.names]}

    def __call__(self, owner: Json) -> bool:
        return any(name in owner or "_" + name in owner for name in self.names)


class OneOf(Test):
    """Exactly one of the elements."""

    @property
    def schema(self) -> Json:
        return {"oneOf": [{"required": [name]} for name in self.names]}

    def __call__(self, owner: Json) -> bool:
        return count(owner, *self.names) == 1


class NotBoth(Test):
    """One of the two elements at most."""

    @property
    def schema(self) -> Json:
        return {"not": {"required": list(self.names)}}

    def __call__(self, owner: Json) -> bool:
        return count(owner, *self.names) < 2


class Without(Test):
    """No entry of the element has the value in a property of its own."""

    def __init__(self, name: str, key: str, value: str) -> None:
        super().__init__(name)
        self._key, self._value = key, value

    @property
    def schema(self) -> Json:
        return every(self.names[0], none_of(self._key, self._value))

    def __call__(self, owner: Json) -> bool:
        return self._value not in each(owner, self.names[0], self._key)


class InOrder(Test):
    """The first element, a date, dateTime or instant, is not after the second."""

    @property
    def schema(self) -> Json:
        first, second = self.names
        return {"dependencies": {first: {"dependencies": {second: {"ordered": [first, second]}}}}}

    def __call__(self, owner: Json) -> bool:
        return in_order(owner.get(self.names[0]), owner.get(self.names[1]))


class NotNegative(Test):
    """The number is 0 or more."""

    @property
    def schema(self) -> Json:
        return {"properties": {self.names[0]: {"minimum": 0}}}

    def __call__(self, owner: Json) -> bool:
        return bool(owner.get(self.names[0], 0) >= 0)
