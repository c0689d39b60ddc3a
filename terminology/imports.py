"""Value sets that import others: how far they are followed, and what they draw on by that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from terminology.codesystem import CodeSystem
from terminology.issue import Refused, issue
from terminology.messages import CIRCULAR, SET_VERSION_NOT_ALLOWED, TOO_MANY_IMPORTS
from terminology.valueset import Include, ValueSet
from terminology.versions import VersionRules

DEEPEST = 100  # sets in a chain
MOST = 10_000  # sets that are gone through: two that both import the next two, and so on


class Imports:
    """The sets that one request goes through."""

    def __init__(self) -> None:
        self._count = 0

    def follow(self, value_set: ValueSet, above: tuple[ValueSet, ...]) -> tuple[ValueSet, ...]:
        """The chain with the set that its last one imports.

        Raises Refused where it is endless or too long, or the set one too many.
        """
        path = (*above, value_set)
        self._count += 1
        if value_set in above:
            told = " → ".join(each.canonical for each in path)
            raise Refused(issue(CIRCULAR, value_set.canonical, told))
        if len(path) > DEEPEST or self._count > MOST:
            raise Refused(issue(TOO_MANY_IMPORTS, path[0].canonical))
        return path


def allowed(value_set: ValueSet, rules: VersionRules) -> ValueSet:
    """The set itself; raises Refused where the rules of the request want another version of it."""
    if required := rules.required(value_set.url, value_set.version):
        told = value_set.version, value_set.url, required
        raise Refused(issue(SET_VERSION_NOT_ALLOWED, *told))
    return value_set


def drawn(
    includes: Iterable[Include],
    path: tuple[ValueSet, ...],
    system_of: Callable[[Include], CodeSystem | None],
    sets_of: Callable[[Include, tuple[ValueSet, ...]], Iterable[ValueSet]],
) -> Iterator[CodeSystem]:
    """The systems that includes of the last set of a path may give codes of.

    `system_of` gives the system that an include names, `sets_of` the sets that it imports.
    """
    for include in includes:
        if not include.system:
            for each in sets_of(include, path):
                yield from drawn(each.include, (*path, each), system_of, sets_of)
        elif (system := system_of(include)) is not None:
            yield system
